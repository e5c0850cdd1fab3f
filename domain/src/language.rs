//! The languages of the product. Adding one: a variant here and a file in `app/locales`.

use serde::{Deserialize, Serialize};

/// A language people can use the product in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English
    #[default]
    En,
    /// Français
    Fr,
    /// Deutsch
    De,
    /// Español
    Es,
    /// Italiano
    It,
    /// Português
    Pt,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::En, Self::Fr, Self::De, Self::Es, Self::It, Self::Pt];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Es => "es",
            Self::It => "it",
            Self::Pt => "pt",
        }
    }
    /// Its own name for itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
            Self::De => "Deutsch",
            Self::Es => "Español",
            Self::It => "Italiano",
            Self::Pt => "Português",
        }
    }
    /// The language of a BCP 47 tag such as `pt-BR`, if it is one of ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
    /// The best of ours for an `Accept-Language` header (RFC 9110 § 12.5.4), English if none fits.
    #[must_use]
    pub fn from_accept(header: &str) -> Self {
        let mut best = (0.0, Self::En);
        for part in header.split(',').take(20) {
            let mut pieces = part.trim().split(';');
            let Some(language) = pieces.next().and_then(Self::from_tag) else { continue };
            let quality =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }
}
