//! People: one look everywhere.

use leptos::prelude::*;

/// A person's initials in a circle, in a colour that stays theirs. Says nothing to screen readers: the name stands beside it.
#[component]
pub fn Avatar(
    /// Name of the person.
    #[prop(into)]
    name: String,
    /// 32 instead of 20 pixels.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let hue = name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte))) % 8;
    let initials = initials(&name);
    view! {
        <span class=format!("avatar avatar-{hue}") class:avatar-large=large aria-hidden="true" title=name>
            {initials}
        </span>
    }
}

/// A person: avatar and name.
#[component]
pub fn Person(
    /// Name of the person.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! {
        <span class="person">
            <Avatar name=name.clone() />
            <span class="truncate">{name}</span>
        </span>
    }
}

/// The first letters of the first and of the last word.
fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '@' || c == '.').filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana María López"), "AL");
        assert_eq!(initials("ßara"), "SS");
        assert_eq!(initials("jo@example.org"), "JO");
        assert_eq!(initials(""), "");
    }
}
