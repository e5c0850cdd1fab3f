//! The text as pieces: words, quoted texts, operators.

use super::super::expr::Op;

/// A place in the text.
pub(super) struct Scanner<'t> {
    pub text: &'t str,
    pub at: usize,
}

/// A value as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Bare(String),
    /// With a `*` behind it, or not.
    Quoted(String, bool),
    /// Another field.
    Field(String),
}

/// An operator as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `:` is what people mean: equal, has the text, in the range.
    Colon,
    /// `!:` is its opposite.
    NotColon,
    Equal,
    NotEqual,
    Holds,
    HoldsNot,
    Order(Op),
}

/// The signs, longer ones before those that they begin with.
const SIGNS: [(&str, Sign); 10] = [
    ("!=", Sign::NotEqual),
    ("!~", Sign::HoldsNot),
    ("!:", Sign::NotColon),
    ("<=", Sign::Order(Op::Le)),
    (">=", Sign::Order(Op::Ge)),
    ("<", Sign::Order(Op::Lt)),
    (">", Sign::Order(Op::Gt)),
    ("=", Sign::Equal),
    ("~", Sign::Holds),
    (":", Sign::Colon),
];

impl<'t> Scanner<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
    pub(super) fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }
    /// Takes this text if it stands here.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        if there {
            self.at += text.len();
        }
        there
    }
    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }
    /// Takes what stands before the first character that ends it.
    fn take_until(&mut self, ends: impl Fn(char, &str) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.char_indices().find(|(at, c)| ends(*c, &rest[*at..])).map_or(rest.len(), |(at, _)| at);
        self.at += end;
        &rest[..end]
    }
    /// Takes a word that may be the name of a field.
    pub(super) fn word(&mut self) -> &'t str {
        self.take_until(|c, rest| ends_word(c) || SIGNS.iter().any(|(sign, _)| rest.starts_with(sign)))
    }
    /// Takes a word that is text, with whatever signs are in it.
    pub(super) fn plain(&mut self) -> &'t str {
        self.take_until(|c, _| ends_word(c))
    }
    /// Takes an operator; `:` before another one means nothing.
    pub(super) fn sign(&mut self) -> Option<Sign> {
        let here = |scanner: &mut Self| SIGNS.iter().find(|(sign, _)| scanner.take(sign)).map(|(_, sign)| *sign);
        let sign = here(self)?;
        let before = self.at;
        match (sign, here(self)) {
            (Sign::Colon, Some(second @ (Sign::Order(_) | Sign::NotEqual | Sign::Equal))) => Some(second),
            _ => {
                self.at = before;
                Some(sign)
            }
        }
    }
    /// Takes a quoted text, whose quotation mark stands here; answers whether it was closed.
    pub(super) fn quoted(&mut self) -> (String, bool) {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return (text, true);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, other)) => text.push(other),
                    None => {}
                },
                other => text.push(other),
            }
        }
        self.at = self.text.len();
        (text, false)
    }
    /// Takes a value; answers whether a quotation mark in it was closed. `None` where none stands.
    pub(super) fn value(&mut self) -> Option<(Raw, bool)> {
        if self.peek() == Some('"') {
            let (text, closed) = self.quoted();
            let star = self.take("*");
            return Some((Raw::Quoted(text, star), closed));
        }
        let bare = self.take_until(|c, _| ends_word(c) || matches!(c, ',' | '[' | ']'));
        if bare == "field." && self.peek() == Some('"') {
            let (text, closed) = self.quoted();
            return Some((Raw::Field(text), closed));
        }
        if let Some(name) = bare.strip_prefix("field.").filter(|name| !name.is_empty() && !name.contains("..")) {
            return Some((Raw::Field(name.to_owned()), true));
        }
        (!bare.is_empty()).then(|| (Raw::Bare(bare.to_owned()), true))
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"')
}

/// Appends a quoted text.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            _ => out.push(c),
        }
    }
    out.push('"');
}
