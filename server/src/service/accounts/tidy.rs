//! What has run out is deleted now and then: codes, counters, sessions, who was where, texts of refused forms, mails that were sent long ago.

use crate::{
    args,
    db::{Db, Sql},
};
use domain::{
    Result,
    form::KEPT,
    presence::COUNTS,
    session::{ABSOLUTE, IDLE},
    time::DAY,
};

/// How long, in milliseconds, a mail that was sent can still be looked at.
const SENT_KEPT: i64 = 90 * DAY;

/// Deletes what has run out.
///
/// # Errors
/// What the database says.
pub async fn tidy(db: &Db) -> Result<()> {
    db.write(|tx| {
        Box::pin(async move {
            let now = tx.now;
            tx.execute(Sql::new("DELETE FROM code WHERE expires_at <= $1", args![now])).await?;
            // The longest window is an hour.
            tx.execute(Sql::new("DELETE FROM rate_limit WHERE window_start < $1", args![now.plus(-DAY)])).await?;
            tx.execute(Sql::new("DELETE FROM typed_form WHERE created_at <= $1", args![now.plus(-KEPT)])).await?;
            tx.execute(Sql::new("DELETE FROM presence WHERE seen_at <= $1", args![now.plus(-COUNTS)])).await?;
            let sql = "DELETE FROM session WHERE created_at <= $1 OR last_used_at <= $2";
            tx.execute(Sql::new(sql, args![now.plus(-ABSOLUTE), now.plus(-IDLE)])).await?;
            // What was not sent stays until somebody has looked at it.
            let sql = "DELETE FROM mail WHERE state = 'sent' AND sent_at < $1";
            tx.execute(Sql::new(sql, args![now.plus(-SENT_KEPT)])).await?;
            Ok(())
        })
    })
    .await
}
