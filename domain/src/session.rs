//! Sign-in and sessions, the same for agents and customers but never shared between them.

use crate::{id::SessionId, language::Language, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Shortest time, in milliseconds, after which an unused session ends.
pub const IDLE: i64 = 14 * crate::time::DAY;
/// Time, in milliseconds, after which every session ends.
pub const ABSOLUTE: i64 = 90 * crate::time::DAY;
/// Time, in milliseconds, that a mailed code is good for.
pub const CODE_LIFE: i64 = 15 * crate::time::MINUTE;
/// Time, in milliseconds, that an invitation is good for.
pub const INVITATION_LIFE: i64 = 7 * crate::time::DAY;

/// Which of the two kinds of people signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    /// Agents.
    Agent,
    /// Customers.
    Customer,
}

impl Realm {
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Customer => "customer",
        }
    }
}

/// A session of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// The session.
    pub id: SessionId,
    /// Browser and system, as far as the user agent tells.
    pub device: String,
    /// Network address it was last used from.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A new session: the token goes into the cookie and is never kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// 256 random bits, URL-safe base64.
    pub token: String,
    /// Whose.
    pub realm: Realm,
}

/// Where a request came from; for limits and the list of sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address.
    pub address: String,
    /// `User-Agent` header.
    pub user_agent: String,
    /// The language that the person reads there, for mails to people whom we do not know yet.
    pub language: Option<Language>,
}

/// Checks a new password: 10–128 characters, none of the commonest.
///
/// # Errors
/// Invalid, at the field `password`.
pub fn check_password(password: &str) -> crate::Result<()> {
    let length = password.chars().count();
    let mut check = crate::error::Check::new();
    if length < crate::limits::PASSWORD_MIN {
        return Err(crate::Error::field("password", "error_password_short").with("min", crate::limits::PASSWORD_MIN));
    }
    check.at_most(password, crate::limits::PASSWORD_MAX, "password");
    check.that(!is_common(password), "password", "error_password_common");
    check.done()
}

/// Whether a password of allowed length is among the first that anybody tries: a commonly used word with digits or
/// punctuation around it, one or two characters repeated, or a run of the keyboard.
fn is_common(password: &str) -> bool {
    const WORDS: &[&str] = &[
        "password",
        "passwort",
        "passw0rd",
        "p@ssword",
        "motdepasse",
        "contrasena",
        "contraseña",
        "senha",
        "parola",
        "qwerty",
        "qwertyuiop",
        "azerty",
        "qwertz",
        "asdfghjkl",
        "zxcvbnm",
        "iloveyou",
        "letmein",
        "welcome",
        "willkommen",
        "bienvenue",
        "administrator",
        "admin",
        "changeme",
        "football",
        "baseball",
        "superman",
        "princess",
        "sunshine",
        "dragon",
        "monkey",
        "master",
        "trustno",
        "whatever",
        "starwars",
        "michael",
        "jennifer",
        "taquilla",
        "helpdesk",
        "support",
        "secret",
        "abc",
        "abcdefghij",
        "qazwsx",
        "qwaszx",
        "1q2w3e4r5t",
        "q1w2e3r4t5",
    ];
    let lower = password.to_lowercase();
    let letters = lower.trim_matches(|c: char| !c.is_alphabetic());
    let mut kinds: Vec<char> = lower.chars().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let digits_only = lower.chars().all(|c| c.is_ascii_digit());
    kinds.len() <= 2
        || digits_only && kinds.len() <= 10 && is_run(&lower)
        || WORDS.contains(&letters)
        || WORDS.contains(&lower.as_str())
}

fn is_run(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let steps: Vec<i16> = bytes.windows(2).map(|w| i16::from(w[1]) - i16::from(w[0])).collect();
    let straight = |step: i16| steps.iter().all(|s| *s == step || *s == step - 10 * step.signum() || *s == -9 * step);
    straight(1) || straight(-1) || straight(0)
}
