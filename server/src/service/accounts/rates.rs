//! How often somebody may try: counters in the database, so that they hold over all processes and restarts.

use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{
    Error, ErrorCode, Result, limits,
    session::{Origin, Realm},
    time::{HOUR, MINUTE},
};
use std::net::{IpAddr, Ipv6Addr};

/// What is counted, how many are allowed, in how many milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    name: &'static str,
    most: i64,
    window: i64,
}

/// Failed sign-ins of an account.
pub(super) const SIGN_INS_ACCOUNT: Rate = Rate { name: "sign_in_account", most: limits::SIGN_INS_ACCOUNT, window: 15 * MINUTE };
/// Failed sign-ins from a network address.
pub(super) const SIGN_INS_ADDRESS: Rate = Rate { name: "sign_in_address", most: limits::SIGN_INS_ADDRESS, window: 15 * MINUTE };
/// Codes for an account.
pub(super) const CODES_ACCOUNT: Rate = Rate { name: "code_account", most: limits::CODES_ACCOUNT, window: HOUR };
/// Codes for a network address.
pub(super) const CODES_ADDRESS: Rate = Rate { name: "code_address", most: limits::CODES_ADDRESS, window: HOUR };

/// Counts one try of `who`.
///
/// # Errors
/// Too many, with the seconds to wait.
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
    if used <= rate.most {
        return Ok(());
    }
    let left = (start + rate.window - now.0).max(0);
    Err(Error::new(ErrorCode::TooMany, "error_too_many").with("seconds", (left + 999) / 1000))
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
