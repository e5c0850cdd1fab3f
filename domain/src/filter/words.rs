//! Words, as full-text search knows them: in memory and in both databases the same, because all of them get them from here.
//!
//! A word is a run of letters and digits, in lower case and without accents (`Straße` is `strasse`, `Málaga` is `malaga`). There are no
//! stems, so that the six languages need nothing of their own; the beginning of a word finds its other forms.

use crate::{limits, rich_text};

/// Stands between texts that belong together, so that no phrase runs over from one into the other. It is a word of its own
/// that nobody can type.
pub const GAP: &str = "\u{e000}";

/// Words that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words; at least one.
    pub words: Vec<String>,
    /// Whether the beginning of the last word is enough.
    pub prefix: bool,
}

impl Phrase {
    /// What a person searches for; `None` if there is no word in it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let words = words(text);
        (!words.is_empty()).then(|| Self { words, prefix: text.trim_end().ends_with('*') })
    }
    /// Whether these words hold it.
    #[must_use]
    pub fn is_in(&self, words: &[String]) -> bool {
        let Some((last, before)) = self.words.split_last() else { return false };
        words.windows(self.words.len()).any(|window| {
            let Some((end, begin)) = window.split_last() else { return false };
            begin == before && (end == last || self.prefix && end.starts_with(last.as_str()))
        })
    }
}

/// The words of a text, up to [`limits::SEARCH_WORDS`].
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() {
            fold_into(&mut word, c);
        } else if !is_mark(c) && end_word(&mut word, &mut words) {
            return words;
        }
    }
    end_word(&mut word, &mut words);
    words
}

/// The words of an item itself: its title, the name and addresses of who asks, the names of its files, its description (clean HTML).
#[must_use]
pub fn of_item<'t>(title: &str, requester: &str, files: impl Iterator<Item = &'t str>, description: &str) -> Vec<String> {
    let mut all = words(title);
    add(&mut all, requester);
    files.for_each(|name| add(&mut all, name));
    add(&mut all, &rich_text::to_text(description));
    all
}

/// The words of a message: the names of its files, its text (clean HTML).
#[must_use]
pub fn of_message<'t>(files: impl Iterator<Item = &'t str>, html: &str) -> Vec<String> {
    let mut all = Vec::new();
    files.for_each(|name| add(&mut all, name));
    add(&mut all, &rich_text::to_text(html));
    all
}

/// Adds the words of another text behind a [`GAP`], up to [`limits::SEARCH_WORDS`] in all.
fn add(all: &mut Vec<String>, text: &str) {
    let found = words(text);
    if !found.is_empty() && !all.is_empty() {
        all.push(GAP.to_owned());
    }
    all.extend(found);
    all.truncate(limits::SEARCH_WORDS);
}

/// Ends a word; answers whether there are enough.
fn end_word(word: &mut String, words: &mut Vec<String>) -> bool {
    if !word.is_empty() {
        word.truncate(word.floor_char_boundary(limits::SEARCH_WORD));
        words.push(std::mem::take(word));
    }
    words.len() >= limits::SEARCH_WORDS
}

/// An accent that stands behind its letter as a character of its own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn fold_into(word: &mut String, c: char) {
    // What is longer is cut off, and must not fill the memory before.
    if word.len() > 2 * limits::SEARCH_WORD {
        return;
    }
    if c.is_ascii() {
        word.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase().filter(|c| !is_mark(*c)) {
        match bare(c) {
            "" => word.push(c),
            letters => word.push_str(letters),
        }
    }
}

/// A Latin letter without what is above, below or through it; empty for others.
fn bare(c: char) -> &'static str {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_case_and_no_accents() {
        let found = |text: &str| words(text).join(" ");
        assert_eq!(found("L'École d'été à Málaga, señor!"), "l ecole d ete a malaga senor");
        assert_eq!(found("STRASSE Straße straẞe"), "strasse strasse strasse");
        assert_eq!(
            found("Ação não é opção; perché così; Œuvre; Ærø; Łódź; İstanbul"),
            "acao nao e opcao perche cosi oeuvre aero lodz istanbul"
        );
        assert_eq!(found("e\u{301}te\u{301} A\u{30a}"), "ete a", "accents behind their letters");
        assert_eq!(found("ana@acme.com 3.14 wi-fi 東京タワー"), "ana acme com 3 14 wi fi 東京タワー");
        assert_eq!(found(" \0\t— \u{e000}"), "");
        assert_eq!(words(&"é".repeat(1_000)), ["e".repeat(limits::SEARCH_WORD)]);
        assert_eq!(words(&"京".repeat(1_000))[0].len(), limits::SEARCH_WORD / 3 * 3);
        assert_eq!(words(&"a ".repeat(limits::SEARCH_WORDS + 7)).len(), limits::SEARCH_WORDS);
    }

    #[test]
    fn phrases_are_found_in_order() {
        let text = words("The printer on the second floor jams.");
        let is_in = |phrase: &str| Phrase::of(phrase).is_some_and(|phrase| phrase.is_in(&text));
        for found in ["printer", "PRINTER on", "the second floor jams", "jam*", "second flo*", "Jâms"] {
            assert!(is_in(found), "{found}");
        }
        for absent in ["print", "on printer", "printer second", "jam", "the floor", "seco* floor", "jams jams", "jams x*"] {
            assert!(!is_in(absent), "{absent}");
        }
        assert_eq!((Phrase::of("…*"), Phrase::of("")), (None, None));
        let between = [words("printer"), vec![GAP.to_owned()], words("jam")].concat();
        assert!(!Phrase::of("printer jam").is_some_and(|phrase| phrase.is_in(&between)));
    }
}
