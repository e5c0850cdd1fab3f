//! How long what failed waits.

use crate::ambient;
use domain::time::{HOUR, Timestamp};

/// First wait between two tries in milliseconds; it grows fourfold each time.
const FIRST_WAIT: i64 = 30_000;
/// Longest wait between two tries in milliseconds.
const LONGEST_WAIT: i64 = 6 * HOUR;

/// When to try again after `attempts` tries: fourfold waits, and up to a quarter more by chance, so that what failed together
/// does not come back together.
pub(super) fn next_try(now: Timestamp, attempts: i64) -> Timestamp {
    let doublings = u32::try_from(2 * (attempts - 1).clamp(0, 20)).unwrap_or_default();
    let wait = FIRST_WAIT.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX)).min(LONGEST_WAIT);
    let [chance] = ambient::random_bytes::<1>();
    now.plus(wait + wait / 4 * i64::from(chance) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::TRIES;

    #[test]
    fn waits_grow_and_stay_within_bounds() {
        let now = Timestamp(0);
        let mut before = 0;
        for attempt in 1..=TRIES {
            let wait = next_try(now, attempt).0;
            assert!(wait >= before.min(LONGEST_WAIT), "try {attempt}: {wait}");
            assert!((FIRST_WAIT..=LONGEST_WAIT + LONGEST_WAIT / 4).contains(&wait), "try {attempt}: {wait}");
            before = wait;
        }
        assert!(next_try(now, i64::MAX / 4).0 <= 2 * LONGEST_WAIT);
    }
}
