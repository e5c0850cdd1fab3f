//! Whether the database answers, is the right one and whole, agrees about the time; and what waits in it.

use super::Finding;
use crate::{
    args,
    config::Settings,
    db::{Db, DbError, Engine, Read, Sql, migrations},
    mail,
};
use domain::time::{Clock, HOUR, MINUTE};
use std::{sync::Arc, time::Duration};

const AREA: &str = "database";
const QUEUE: &str = "queue";
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// The oldest PostgreSQL that its makers still look after, as the server numbers it.
const OLDEST_POSTGRES: i64 = 140_000;
/// Milliseconds that the clocks of the database and of this machine may differ; then it is a problem.
const SKEW: i64 = 5_000;
const WRONG_CLOCK: i64 = 60_000;
/// Milliseconds after which something that waits to be done waits for too long.
const WAITS_LONG: i64 = 15 * MINUTE;

/// Opens the database, without making or changing one.
pub(super) async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Db, Finding> {
    let advice = "look at the setting database_url, whether the server runs, and whether this user may open the files; where it is \
                  malformed, keep a copy of the files and restore the last backup into a new place";
    let opened = tokio::time::timeout(PATIENCE, Db::open_existing(&settings.database_url, clock)).await;
    match opened {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(_)) if nothing_yet(&settings.database_url) => Err(Finding::warning(
            AREA,
            "there is no database yet",
            "start the server, or run `taquilla migrate`: both make one; or look at the settings data and database_url",
        )),
        Ok(Err(error)) => Err(Finding::problem(AREA, format!("the database cannot be opened: {error}"), advice)),
        Err(_) => Err(Finding::problem(AREA, "the database does not answer in time", advice)),
    }
}

fn nothing_yet(url: &str) -> bool {
    let options = url.parse::<sqlx::sqlite::SqliteConnectOptions>();
    url.starts_with("sqlite:") && options.is_ok_and(|options| !options.get_filename().exists())
}

/// What is found, and whether the schema is this program's.
pub(super) async fn findings(db: &Db) -> (Vec<Finding>, bool) {
    let checks = async {
        let mut found = vec![engine(db).await?];
        found.extend(clock(db).await?);
        let (schema, current) = schema(db).await?;
        found.push(schema);
        found.push(whole(db).await?);
        Ok::<_, DbError>((found, current))
    };
    match checks.await {
        Ok(found) => found,
        Err(error) => {
            let advice = "look at its log; where it says that it is damaged, restore a backup into a new one";
            (vec![Finding::problem(AREA, format!("the database says: {error}"), advice)], false)
        }
    }
}

async fn engine(db: &Db) -> Result<Finding, DbError> {
    let mut read = db.clone();
    if db.engine() == Engine::Sqlite {
        let (version,): (String,) = read.one(Sql::new("SELECT sqlite_version()", args![])).await?;
        return Ok(Finding::good(AREA, format!("SQLite {version}, built in, answers")));
    }
    let sql = "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_version')";
    let (number, version): (i64, String) = read.one(Sql::new(sql, args![])).await?;
    Ok(if number >= OLDEST_POSTGRES {
        Finding::good(AREA, format!("PostgreSQL {version} answers"))
    } else {
        Finding::warning(AREA, format!("PostgreSQL {version} is no longer looked after"), "move to PostgreSQL 14 or later")
    })
}

/// Several servers share the clock only by having the same time.
async fn clock(db: &Db) -> Result<Option<Finding>, DbError> {
    if db.engine() == Engine::Sqlite {
        return Ok(None);
    }
    let before = db.now().0;
    let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
    let (theirs,): (i64,) = db.clone().one(Sql::new(sql, args![])).await?;
    let ours = i64::midpoint(before, db.now().0);
    let apart = (theirs - ours).abs();
    let what = format!("the clocks of this machine and of the database are {}.{:03} seconds apart", apart / 1000, apart % 1000);
    let advice = "let both take their time from the network (chrony, systemd-timesyncd): sessions, limits and retries go by it";
    Ok(Some(match apart {
        ..SKEW => Finding::good(AREA, what),
        ..WRONG_CLOCK => Finding::warning(AREA, what, advice),
        _ => Finding::problem(AREA, what, advice),
    }))
}

async fn schema(db: &Db) -> Result<(Finding, bool), DbError> {
    let newest = migrations::newest();
    Ok(match db.schema().await? {
        None => (Finding::warning(AREA, "the database has no tables yet", "start the server, or run `taquilla migrate`"), false),
        Some(schema) if schema < newest => {
            let what = format!("the database has schema {schema}, this program knows {newest}");
            (Finding::warning(AREA, what, "back up, then start the server or run `taquilla migrate`"), false)
        }
        Some(schema) if schema > newest => {
            let what = format!("the database has schema {schema}, this program knows only up to {newest}");
            (
                Finding::problem(
                    AREA,
                    what,
                    "use the version of the program that the database was last used with, or a later one",
                ),
                false,
            )
        }
        Some(schema) => (Finding::good(AREA, format!("the schema is up to date ({schema})")), true),
    })
}

/// What SQLite says of its own file. PostgreSQL looks after its files itself.
async fn whole(db: &Db) -> Result<Finding, DbError> {
    let mut read = db.clone();
    if db.engine() == Engine::Postgres {
        let (bytes,): (i64,) = read.one(Sql::new("SELECT pg_database_size(current_database())", args![])).await?;
        return Ok(Finding::good(AREA, format!("it has {} MiB", bytes >> 20)));
    }
    let says: Vec<(String,)> = read.all(Sql::new("PRAGMA integrity_check(5)", args![])).await?;
    let says: Vec<&str> = says.iter().map(|(line,)| line.as_str()).collect();
    let (strays,): (i64,) = read.one(Sql::new("SELECT COUNT(*) FROM pragma_foreign_key_check", args![])).await?;
    Ok(if says != ["ok"] {
        let advice = "stop the server, keep a copy of the files, and restore the last backup into a new folder";
        Finding::problem(AREA, format!("the database file is damaged: {}", says.join("; ")), advice)
    } else if strays > 0 {
        let what = format!("{strays} rows refer to rows that are not there");
        Finding::problem(AREA, what, "keep a copy of the file and report this as a bug")
    } else {
        Finding::good(AREA, "the database file is whole")
    })
}

/// What waits, for how long, and what was given up.
pub(super) async fn queue(db: &Db) -> Vec<Finding> {
    match look(db).await {
        Ok(found) if found.is_empty() => vec![Finding::good(QUEUE, "nothing waits for long, and nothing was given up")],
        Ok(found) => found,
        Err(error) => vec![Finding::problem(QUEUE, format!("it cannot be read: {error}"), "look at the database first")],
    }
}

async fn look(db: &Db) -> Result<Vec<Finding>, DbError> {
    let mut read = db.clone();
    let mut found = Vec::new();
    let (held,): (bool,) = read.one(Sql::new("SELECT outgoing_held FROM workspace", args![])).await?;
    if held {
        let advice =
            "when no other server of this desk is alive, an administrator releases it under Administration → System health";
        found.push(Finding::warning(QUEUE, "outgoing mail is held since a restore", advice));
    }
    let sql = "SELECT kind, state, COUNT(*), MIN(run_at) FROM job GROUP BY kind, state ORDER BY kind, state";
    let jobs: Vec<(String, String, i64, i64)> = read.all(Sql::new(sql, args![])).await?;
    for (kind, state, count, oldest) in jobs {
        let age = db.now().0 - oldest;
        let since = if age >= HOUR { format!("{} hours", age / HOUR) } else { format!("{} minutes", age / MINUTE) };
        if state == "failed" {
            let what = format!("{count} jobs ({kind}) were given up, the oldest {since} ago");
            found.push(Finding::warning(
                QUEUE,
                what,
                "see Administration → System health for the reasons; they can be tried again there",
            ));
        } else if age >= WAITS_LONG && !(held && kind == mail::outbox::JOB) {
            let what = format!("{count} jobs ({kind}) wait, the oldest for {since} longer than it should");
            found.push(Finding::warning(QUEUE, what, "see whether a server runs on this database, and what it logs"));
        }
    }
    Ok(found)
}
