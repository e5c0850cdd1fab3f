//! The forms of names and titles that the columns `*_key` hold: made here for sorting and searching, so that both engines
//! order and find alike.

use domain::text::display_name;

/// A text as it is sorted and searched: lower case, single spaces, no control characters.
#[must_use]
pub fn fold(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

/// The keys of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerKeys {
    /// Name to show.
    pub name: String,
    /// `customer.name_key` and `item.requester_key`.
    pub name_key: String,
    /// `customer.search_key`: the name and all addresses.
    pub search_key: String,
}

/// The keys of a customer with these names and addresses.
#[must_use]
pub fn customer(first_name: &str, last_name: &str, emails: &[String]) -> CustomerKeys {
    let name = display_name(first_name, last_name, emails.first().map(String::as_str));
    let name_key = fold(&name);
    let mut search_key = name_key.clone();
    for email in emails {
        search_key.push(' ');
        search_key.push_str(email);
    }
    CustomerKeys { name, name_key, search_key }
}

/// `item.search_key`: the folded title, a line break, the requester's `search_key` (empty without a requester). The line
/// break keeps a search from running over from one into the other.
#[must_use]
pub fn item_search(title_key: &str, requester_search_key: &str) -> String {
    format!("{title_key}\n{requester_search_key}")
}

/// The requester's part of an `item.search_key`.
#[must_use]
pub fn requester_of(item_search_key: &str) -> &str {
    item_search_key.split_once('\n').map_or("", |(_, requester)| requester)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_folded() {
        assert_eq!(fold("  ÉCOLE\u{a0} du\tNord\n"), "école du nord");
        let keys = customer("Ada", "", &["ada@acme.com".into(), "ada@home.net".into()]);
        assert_eq!(keys.search_key, "ada ada@acme.com ada@home.net");
        assert_eq!(customer("", " ", &["ada@acme.com".into()]).name, "ada@acme.com");
        assert_eq!(customer("", "", &[]).name, "–");
    }
}
