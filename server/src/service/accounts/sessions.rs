//! Sessions: only the hash of the token is kept. They end when unused for long, and after a fixed time in any case.

use super::{
    codes::digest,
    people::{Person, signed_in},
};
use crate::{
    ambient, args,
    db::{Db, Read, Sql, Tx},
};
use domain::{
    Error, Result,
    actor::Actor,
    id::SessionId,
    session::{ABSOLUTE, IDLE, NewSession, Origin, Realm, SessionInfo},
    time::{MINUTE, Timestamp},
};

/// How often, in milliseconds, the use of a session is noted.
const NOTED_EVERY: i64 = MINUTE;

/// Begins a session: the person has proved who they are.
pub(super) async fn begin(tx: &mut Tx, person: &Person, origin: &Origin) -> Result<NewSession> {
    let token = ambient::token();
    let now = tx.now;
    let agent: String = origin.user_agent.chars().take(300).collect();
    let address: String = origin.address.chars().take(64).collect();
    tx.execute(Sql::new(
        "INSERT INTO session (realm, person_id, token_hash, user_agent, address, created_at, last_used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        args![person.realm.key(), person.id, digest(&token), agent, address, now],
    ))
    .await?;
    note_seen(tx, person.realm, person.id).await?;
    tx.event(person.author().event(person.subject(), "signed_in"));
    Ok(NewSession { token, realm: person.realm })
}

async fn note_seen(tx: &mut Tx, realm: Realm, person: i64) -> Result<()> {
    if realm == Realm::Agent {
        let now = tx.now;
        tx.execute(Sql::new("UPDATE agent SET last_seen_at = $1 WHERE id = $2", args![now, person])).await?;
    }
    Ok(())
}

/// The last known use of a session.
pub(super) struct Used {
    pub(super) session: SessionId,
    pub(super) person: i64,
    pub(super) last: Timestamp,
}

/// Notes that a session is in use, at most once a minute. The request does not wait for it.
pub(super) fn note_use(db: &Db, realm: Realm, used: Used) {
    let Used { session, person, last } = used;
    if db.now().since(last) < NOTED_EVERY {
        return;
    }
    let db = db.clone();
    tokio::spawn(async move {
        let noted = db
            .write(move |tx| {
                Box::pin(async move {
                    let now = tx.now;
                    // Requests come in swarms: the first one notes it.
                    let sql = "UPDATE session SET last_used_at = $1 WHERE id = $2 AND last_used_at <= $3";
                    if tx.execute(Sql::new(sql, args![now, session, now.plus(-NOTED_EVERY)])).await? > 0 {
                        note_seen(tx, realm, person).await?;
                    }
                    Ok(())
                })
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
    });
}

/// Ends the sessions of a person, but for one; answers how many.
pub(crate) async fn end_all(tx: &mut Tx, realm: Realm, person: i64, but: Option<SessionId>) -> Result<u64> {
    let sql = "DELETE FROM session WHERE realm = $1 AND person_id = $2 AND id <> $3";
    Ok(tx.execute(Sql::new(sql, args![realm.key(), person, but.unwrap_or(SessionId(0))])).await?)
}

/// Ends one session of the person who asks.
pub(super) async fn end(db: &Db, actor: &Actor, session: SessionId) -> Result<()> {
    let (realm, person, _) = signed_in(actor)?;
    let ended = db
        .write(move |tx| {
            Box::pin(async move {
                let sql = "DELETE FROM session WHERE id = $1 AND realm = $2 AND person_id = $3";
                Ok(tx.execute(Sql::new(sql, args![session, realm.key(), person])).await?)
            })
        })
        .await?;
    if ended == 0 { Err(Error::not_found()) } else { Ok(()) }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    user_agent: String,
    address: String,
    created_at: i64,
    last_used_at: i64,
}

/// The living sessions of the person who asks, the latest first.
pub(super) async fn list(db: &Db, actor: &Actor) -> Result<Vec<SessionInfo>> {
    let (realm, person, current) = signed_in(actor)?;
    let now = db.now();
    let rows: Vec<Row> = db
        .clone()
        .all(Sql::new(
            "SELECT id, user_agent, address, created_at, last_used_at FROM session WHERE realm = $1 AND person_id = $2 \
             AND created_at > $3 AND last_used_at > $4 ORDER BY last_used_at DESC, id DESC LIMIT 100",
            args![realm.key(), person, now.plus(-ABSOLUTE), now.plus(-IDLE)],
        ))
        .await?;
    let infos = rows.into_iter().map(|row| SessionInfo {
        id: SessionId(row.id),
        device: device(&row.user_agent),
        address: row.address,
        created_at: Timestamp(row.created_at),
        last_used_at: Timestamp(row.last_used_at),
        current: row.id == current,
    });
    Ok(infos.collect())
}

/// Browser and system as far as the user agent tells, e.g. `Firefox · Linux`. Names only, so it needs no translation.
fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    // The order matters: most browsers also claim to be those further down.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
        ("curl", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    let words: Vec<&str> = browser.into_iter().chain(system).collect();
    if words.is_empty() { user_agent.chars().take(60).collect() } else { words.join(" · ") }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_named() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(firefox), "Firefox · Linux");
        assert_eq!(device(phone), "Safari · iPhone");
        assert_eq!(device(edge), "Edge · Windows");
        assert_eq!(device("robot"), "robot");
    }
}
