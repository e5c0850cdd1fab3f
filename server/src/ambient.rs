//! The one source of the wall clock and of randomness. Everything else takes a [`Clock`] or asks here, so that time can be
//! set in tests; `clippy.toml` bans the direct ways elsewhere.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::time::{Clock, Timestamp};
use rand::RngCore;

/// The clock on the wall.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

impl Clock for WallClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one source of the time")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Random bytes from the operating system's generator, reseeded per thread.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one source of randomness")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A token of 256 random bits, URL-safe base64 without padding (43 characters).
#[must_use]
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A code of 8 characters for people to type: digits and capital letters without those that look alike (40 bits).
#[must_use]
pub fn code() -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    random_bytes::<8>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// A random password of 16 characters of the same alphabet (80 bits).
#[must_use]
pub fn password() -> String {
    format!("{}{}", code(), code())
}
