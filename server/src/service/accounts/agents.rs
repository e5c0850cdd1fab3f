//! Agents in the database, for every door that makes them: set-up, invitations, the command line, demo data.

use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    keys,
    service::{
        addresses::{self, Holder},
        events::Author,
    },
};
use domain::{
    Error, Result,
    agent::NewAgent,
    error::Check,
    event::Subject,
    id::{AgentId, TeamId},
    language::Language,
    limits,
    session::check_password,
    text::normalize_email,
};

use super::Passwords;

/// A new agent with everything trimmed and the address normalised.
///
/// # Errors
/// Invalid, with what is wrong at which field.
pub fn check(new: NewAgent) -> Result<NewAgent> {
    let email = normalize_email(&new.email);
    let name = new.name.trim().to_owned();
    let mut teams = new.teams;
    teams.sort_unstable();
    teams.dedup();
    Check::new()
        .not_empty(&name, "name")
        .at_most(&name, limits::NAME, "name")
        .that(email.is_some(), "email", "error_email")
        .that(teams.len() <= 100, "teams", "error_too_many_values")
        .done()?;
    Ok(NewAgent { name, email: email.unwrap_or_default(), teams, ..new })
}

/// Makes an agent ([`check`]ed before): active with a password, else invited.
///
/// # Errors
/// An address that is somebody else's, a team that is not there.
pub async fn insert(
    tx: &mut Tx,
    by: &Author,
    new: &NewAgent,
    language: Language,
    password_hash: Option<&str>,
) -> Result<AgentId> {
    let now = tx.now;
    let state = if password_hash.is_some() { "active" } else { "invited" };
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO agent (name, name_key, role, access, state, password_hash, language, time_zone, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8) RETURNING id",
            args![
                &new.name,
                keys::fold(&new.name),
                new.role.key(),
                new.access.key(),
                state,
                password_hash.map(str::to_owned),
                language.tag(),
                now
            ],
        ))
        .await?;
    let id = AgentId(id);
    if !addresses::give(tx, &new.email, Holder::Agent(id), 0).await? {
        return Err(Error::field("email", "error_email_taken"));
    }
    set_teams(tx, id, &new.teams).await?;
    let mut event = by.event(Subject::Agent(id.0), "created");
    event.text.1 = new.name.clone();
    tx.event(event);
    Ok(id)
}

/// Puts an agent into exactly these teams.
///
/// # Errors
/// A team that is not there.
pub(crate) async fn set_teams(tx: &mut Tx, id: AgentId, teams: &[TeamId]) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM team_member WHERE agent_id = $1", args![id])).await?;
    for team in teams {
        let sql = "INSERT INTO team_member (team_id, agent_id) SELECT id, $2 FROM team WHERE id = $1 ON CONFLICT DO NOTHING";
        if tx.execute(Sql::new(sql, args![*team, id])).await? == 0 {
            return Err(Error::field("teams", "error_not_found"));
        }
    }
    Ok(())
}

/// Makes an agent with a password, from the command line: for the first set-up and for lock-outs.
///
/// # Errors
/// What is wrong with the fields, or an address that is taken.
pub async fn create_with_password(db: &Db, passwords: &Passwords, new: NewAgent, password: &str) -> Result<AgentId> {
    let new = check(new)?;
    check_password(password)?;
    let hash = passwords.hash(password).await?;
    db.write(move |tx| {
        Box::pin(async move {
            let (tag,): (String,) = tx.one(Sql::new("SELECT language FROM workspace", args![])).await?;
            let language = Language::from_tag(&tag).unwrap_or_default();
            let id = insert(tx, &Author::system(), &new, language, Some(&hash)).await?;
            let now = tx.now;
            tx.execute(Sql::new("UPDATE workspace SET set_up_at = $1 WHERE set_up_at IS NULL", args![now])).await?;
            Ok(id)
        })
    })
    .await
}

/// Whether a name is one of the IANA time zones.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    name.len() <= 64 && jiff::tz::TimeZone::get(name).is_ok()
}
