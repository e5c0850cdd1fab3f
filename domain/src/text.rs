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

/// Whether `slug` can stand in an address: small letters, digits, and hyphens between them.
#[must_use]
pub fn is_slug(slug: &str) -> bool {
    slug.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
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

/// How well `text` fits what somebody types to find it: 0 is best, `None` not at all. Each word typed has to be there, as the
/// beginning of a word, inside one, or with its letters in order; without regard to case.
#[must_use]
pub fn rank(typed: &str, text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let typed = typed.to_lowercase();
    typed.split_whitespace().map(|word| rank_word(word, &text)).sum()
}

fn rank_word(word: &str, text: &str) -> Option<u32> {
    if text.starts_with(word) {
        return Some(0);
    }
    let begins = text.match_indices(word).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric));
    if begins {
        return Some(1);
    }
    if text.contains(word) {
        return Some(4);
    }
    // The fewer letters lie between, the better.
    let mut letters = text.chars();
    let mut between = 0_u32;
    for letter in word.chars() {
        let mut skipped = 0;
        while letters.next()? != letter {
            skipped += 1;
        }
        between += skipped;
    }
    (word.chars().nth(1).is_some()).then_some(8 + between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_word_goes_before_its_middle_and_that_before_scattered_letters() {
        let names = ["Outgoing mail", "New ticket", "Assign to me", "Mark as done", "Teams"];
        let best = |typed: &str| {
            let mut found: Vec<_> = names.iter().filter_map(|name| Some((rank(typed, name)?, *name))).collect();
            found.sort_unstable();
            found.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(best("ma"), ["Mark as done", "Outgoing mail"]);
        assert_eq!(best("tick NEW"), ["New ticket"]);
        assert_eq!(best("atm"), ["Assign to me"]);
        assert_eq!(best("zz"), Vec::<&str>::new());
        assert_eq!(best("").len(), names.len());
        assert!(rank("é", "CAFÉ").is_some() && rank("x", "a").is_none() && rank("a", "").is_none());
    }
}
