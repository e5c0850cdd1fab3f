//! Customer apps as administrators keep them: what they are called, where they are, what they show and how they look.

use super::rules::PortalRules;
use crate::{
    error::Check,
    id::PortalId,
    language::Language,
    limits,
    text::{is_colour, is_slug},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of thing customers see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppKind {
    /// Tickets of customers, at `/p/<slug>`.
    #[default]
    TicketPortal,
}

impl AppKind {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::TicketPortal];
    /// The stable name (database, message keys `app_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::TicketPortal => "ticket_portal",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What a portal says in one language. Plain text; empty: what the product says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalTexts {
    /// Over the list, and where one signs in.
    pub welcome: String,
    /// Where there are no tickets yet.
    pub empty: String,
    /// Under every page.
    pub footer: String,
}

impl PortalTexts {
    /// The texts with their names.
    fn each(&self) -> [(&'static str, &String); 3] {
        [("welcome", &self.welcome), ("empty", &self.empty), ("footer", &self.footer)]
    }
}

/// How a portal looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalLook {
    /// Accent colour, `#rrggbb`; `None`: the workspace's.
    pub colour: Option<String>,
    /// What it says, by language.
    pub texts: BTreeMap<Language, PortalTexts>,
}

/// What is said to readers of a language: a text that there is not in theirs is that of `otherwise`.
pub(super) fn texts(all: &BTreeMap<Language, PortalTexts>, language: Language, otherwise: Language) -> PortalTexts {
    let of = |language| all.get(&language).cloned().unwrap_or_default();
    let (mut texts, others) = (of(language), of(otherwise));
    for (text, other) in
        [(&mut texts.welcome, others.welcome), (&mut texts.empty, others.empty), (&mut texts.footer, others.footer)]
    {
        if text.is_empty() {
            *text = other;
        }
    }
    texts
}

/// A customer app in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerApp {
    /// The app.
    pub id: PortalId,
    /// What it is.
    pub kind: AppKind,
    /// Its name; empty: the workspace's.
    pub name: String,
    /// Its slug in the address.
    pub slug: String,
    /// Whether it is there for customers.
    pub enabled: bool,
    /// What it shows and allows.
    pub rules: PortalRules,
    /// How it looks.
    pub look: PortalLook,
    /// Counts changes; who changes says which one they saw.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An app to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// What it is.
    pub kind: AppKind,
    /// Its name; empty: the workspace's.
    pub name: String,
    /// Its slug; nobody else's.
    pub slug: String,
}

/// All that an administrator sets of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSettings {
    /// Its name; empty: the workspace's.
    pub name: String,
    /// Its slug; nobody else's. The address before leads nowhere.
    pub slug: String,
    /// Whether it is there for customers.
    pub enabled: bool,
    /// What it shows and allows.
    pub rules: PortalRules,
    /// How it looks.
    pub look: PortalLook,
}

impl CustomerApp {
    /// What an administrator sets of it.
    #[must_use]
    pub fn settings(&self) -> AppSettings {
        AppSettings {
            name: self.name.clone(),
            slug: self.slug.clone(),
            enabled: self.enabled,
            rules: self.rules.clone(),
            look: self.look.clone(),
        }
    }
}

impl AppSettings {
    /// Trims what is typed, and notes what is wrong with it.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`](crate::ErrorCode::Invalid) with what is wrong at each field.
    pub fn checked(mut self) -> crate::Result<Self> {
        let mut check = Check::new();
        (self.name, self.slug) = checked_name(&mut check, &self.name, &self.slug);
        self.rules.check(&mut check);
        if let Some(colour) = &mut self.look.colour {
            *colour = colour.trim().to_lowercase();
            check.that(is_colour(colour), "colour", "error_colour");
        }
        for (language, texts) in &self.look.texts {
            for (name, text) in texts.each() {
                check.at_most(text, limits::PORTAL_TEXT, &format!("texts.{}.{name}", language.tag()));
            }
        }
        self.look.texts.retain(|_, texts| texts.each().iter().any(|(_, text)| !text.trim().is_empty()));
        check.done()?;
        Ok(self)
    }
}

impl NewApp {
    /// Trims what is typed, and notes what is wrong with it.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`](crate::ErrorCode::Invalid) with what is wrong at each field.
    pub fn checked(mut self) -> crate::Result<Self> {
        let mut check = Check::new();
        (self.name, self.slug) = checked_name(&mut check, &self.name, &self.slug);
        check.done()?;
        Ok(self)
    }
}

fn checked_name(check: &mut Check, name: &str, slug: &str) -> (String, String) {
    let (name, slug) = (name.trim().to_owned(), slug.trim().to_lowercase());
    check.at_most(&name, limits::NAME, "name").not_empty(&slug, "slug");
    if !slug.is_empty() {
        check.at_most(&slug, limits::SLUG, "slug").that(is_slug(&slug), "slug", "error_slug");
    }
    (name, slug)
}
