//! Plain-text helpers that every surface shares.

/// An e-mail address as we keep and compare it: trimmed, lower case. `None` if it cannot be one.
///
/// A practical check, not RFC 5322 in full: one `@`, a local part of 1–64 bytes without spaces or quotes, a domain with a
/// dot and valid labels, at most 254 bytes in all.
#[must_use]
pub fn normalize_email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let local_ok = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    (email.len() <= crate::limits::EMAIL && local_ok && is_domain(domain)).then_some(email)
}

/// A mail domain as we keep and compare it: trimmed, lower case, without a leading `@`. `None` if it cannot be one.
#[must_use]
pub fn normalize_domain(text: &str) -> Option<String> {
    let domain = text.trim().trim_start_matches('@').to_lowercase();
    is_domain(&domain).then_some(domain)
}

fn is_domain(domain: &str) -> bool {
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// Whether `colour` is `#rrggbb`.
#[must_use]
pub fn is_colour(colour: &str) -> bool {
    colour.len() == 7 && colour.starts_with('#') && colour[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

/// A name to show for a person: first and last name, or else the address, or else a dash.
#[must_use]
pub fn display_name(first: &str, last: &str, email: Option<&str>) -> String {
    let name = format!("{} {}", first.trim(), last.trim());
    let name = name.trim();
    if name.is_empty() { email.unwrap_or("–").to_owned() } else { name.to_owned() }
}

/// One or two capital letters for an avatar.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '@' || c == '.').filter(|w| !w.is_empty());
    let first = words.next().and_then(|w| w.chars().next());
    let last = words.next_back().and_then(|w| w.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}
