//! How often somebody may try, and how much they may do: counters in the database, so that they hold over all processes and restarts.

use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{
    Error, ErrorCode, Result,
    actor::Party,
    limits,
    session::{Origin, Realm},
    time::{HOUR, MINUTE, Timestamp},
};
use std::net::{IpAddr, Ipv6Addr};

/// What is counted, how many are allowed, in how many milliseconds; and the key of what is said when it is too much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    name: &'static str,
    most: i64,
    window: i64,
    error: &'static str,
}

impl Rate {
    /// Tries of somebody who has not shown who they are.
    const fn tries(name: &'static str, most: i64, window: i64) -> Self {
        Self { name, most, window, error: "error_too_many" }
    }
    /// Things that are done in an hour.
    const fn hourly(name: &'static str, most: i64) -> Self {
        Self { name, most, window: HOUR, error: "error_rate" }
    }
}

/// Failed sign-ins of an account.
pub(super) const SIGN_INS_ACCOUNT: Rate = Rate::tries("sign_in_account", limits::SIGN_INS_ACCOUNT, 15 * MINUTE);
/// Failed sign-ins from a network address.
pub(super) const SIGN_INS_ADDRESS: Rate = Rate::tries("sign_in_address", limits::SIGN_INS_ADDRESS, 15 * MINUTE);
/// Codes for an account.
pub(super) const CODES_ACCOUNT: Rate = Rate::tries("code_account", limits::CODES_ACCOUNT, HOUR);
/// Codes for a network address.
pub(super) const CODES_ADDRESS: Rate = Rate::tries("code_address", limits::CODES_ADDRESS, HOUR);
/// Registrations from a network address.
pub(super) const REGISTRATIONS_ADDRESS: Rate = Rate::hourly("registration_address", limits::REGISTRATIONS_ADDRESS);
/// Requests that a customer makes.
pub(super) const REQUESTS_CUSTOMER: Rate = Rate::hourly("request", limits::REQUESTS_CUSTOMER);
/// Replies that a customer writes.
pub(super) const REPLIES_CUSTOMER: Rate = Rate::hourly("reply", limits::REPLIES_CUSTOMER);
/// Everything else that a customer changes.
pub(super) const CHANGES_CUSTOMER: Rate = Rate::hourly("change", limits::CHANGES_CUSTOMER);
/// Refused forms whose texts are kept.
pub(super) const FORMS: Rate = Rate::hourly("form", limits::FORMS_KEPT);
/// What an agent writes.
pub(super) const WRITES_AGENT: Rate = Rate::hourly("write", limits::WRITES_AGENT);
/// Bulk changes that an agent begins.
pub(super) const BULKS_AGENT: Rate = Rate::hourly("bulk", limits::BULKS_AGENT);

/// What an agent's tabs say about where they are.
pub(super) const PRESENCE_AGENT: Rate = Rate::hourly("presence", limits::PRESENCE_AGENT);

/// What somebody uploads.
pub(super) fn uploads(party: Party) -> Rate {
    let most = if matches!(party, Party::Agent(_)) { limits::UPLOADS_AGENT } else { limits::UPLOADS_CUSTOMER };
    Rate::hourly("upload", most)
}

/// Counts one try of `who`. In the transaction of what is done, only what succeeds is counted. The row stays locked until
/// then, so it is counted before any item is locked.
///
/// # Errors
/// Too many, with the seconds and minutes to wait.
pub(super) async fn count(tx: &mut Tx, rate: Rate, who: &str) -> Result<()> {
    let now = tx.now;
    let (start, used): (i64, i64) = tx
        .one(Sql::new(
            "INSERT INTO rate_limit (key, window_start, used) VALUES ($1, $2, 1) ON CONFLICT (key) DO UPDATE SET \
             used = CASE WHEN rate_limit.window_start <= $3 THEN 1 ELSE rate_limit.used + 1 END, \
             window_start = CASE WHEN rate_limit.window_start <= $3 THEN $2 ELSE rate_limit.window_start END \
             RETURNING window_start, used",
            args![key(rate, who), now, now.plus(-rate.window)],
        ))
        .await?;
    if used <= rate.most { Ok(()) } else { Err(too_many(rate, start, now)) }
}

/// Refuses what [`count`] would refuse, without counting: for what costs much before it is known whether it succeeds.
///
/// # Errors
/// Too many, with the seconds and minutes to wait.
pub(super) async fn look(db: &mut impl Read, rate: Rate, who: &str, now: Timestamp) -> Result<()> {
    let sql = "SELECT window_start FROM rate_limit WHERE key = $1 AND window_start > $2 AND used >= $3";
    let spent: Option<(i64,)> = db.optional(Sql::new(sql, args![key(rate, who), now.plus(-rate.window), rate.most])).await?;
    spent.map_or(Ok(()), |(start,)| Err(too_many(rate, start, now)))
}

fn too_many(rate: Rate, start: i64, now: Timestamp) -> Error {
    let left = (start + rate.window - now.0).max(0);
    Error::new(ErrorCode::TooMany, rate.error)
        .with("max", rate.most)
        .with("minutes", (left + MINUTE - 1) / MINUTE)
        .with("seconds", (left + 999) / 1000)
}

/// Takes one try back: it succeeded.
pub(super) async fn uncount(tx: &mut Tx, rate: Rate, who: &str) -> Result<()> {
    let sql = "UPDATE rate_limit SET used = used - 1 WHERE key = $1 AND used > 0";
    tx.execute(Sql::new(sql, args![key(rate, who)])).await?;
    Ok(())
}

/// Forgets all tries: whoever proved who they are begins anew.
pub(super) async fn forget(tx: &mut Tx, rate: Rate, who: &str) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM rate_limit WHERE key = $1", args![key(rate, who)])).await?;
    Ok(())
}

fn key(rate: Rate, who: &str) -> String {
    format!("{}:{who}", rate.name)
}

/// How an account is counted, whether it exists or not.
pub(super) fn account(realm: Realm, email: &str) -> String {
    format!("{}:{email}", realm.key())
}

/// How somebody who is signed in is counted.
pub(super) fn person(party: Party) -> String {
    format!("{}:{}", party.kind(), party.id().unwrap_or_default())
}

/// How a network address is counted: of IPv6 the network of 64 bits, which is what one subscriber has.
pub(super) fn address(origin: &Origin) -> String {
    match origin.address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Ok(address) => address.to_string(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_an_ipv6_network_count_together() {
        let of = |text: &str| address(&Origin { address: text.into(), ..Origin::default() });
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::9"), of("2001:db8:1:3::9"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
