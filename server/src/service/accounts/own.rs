//! What people change about their own account: password, profile, sessions.

use super::{
    AccountsService, agents,
    people::signed_in,
    rates::{self, SIGN_INS_ACCOUNT},
    sessions,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
    service::events::Author,
};
use domain::{
    Error, Result,
    actor::Actor,
    agent::{Me, ProfilePatch, Role, Theme},
    error::Check,
    event::Subject,
    id::{AgentId, FileId, SessionId, TeamId},
    language::Language,
    limits,
    patch::Patch,
    session::{Realm, check_password},
};

impl AccountsService {
    pub(super) async fn set_own_password(&self, actor: &Actor, current: &str, new: &str) -> Result<()> {
        let (realm, person, session) = signed_in(actor)?;
        check_password(new)?;
        let who = format!("{}:#{person}", realm.key());
        let counted = who.clone();
        self.db.write(move |tx| Box::pin(async move { rates::count(tx, SIGN_INS_ACCOUNT, &counted).await })).await?;
        let sql = match realm {
            Realm::Agent => "SELECT password_hash FROM agent WHERE id = $1",
            Realm::Customer => "SELECT password_hash FROM customer WHERE id = $1",
        };
        let (old,): (Option<String>,) = self.db.clone().one(Sql::new(sql, args![person])).await?;
        if old.is_some() && !self.passwords.verify(current, old.as_deref()).await? {
            return Err(Error::field("current", "error_password_wrong"));
        }
        let hash = self.passwords.hash(new).await?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    rates::forget(tx, SIGN_INS_ACCOUNT, &who).await?;
                    let sql = match realm {
                        Realm::Agent => "UPDATE agent SET password_hash = $1 WHERE id = $2",
                        Realm::Customer => "UPDATE customer SET password_hash = $1 WHERE id = $2",
                    };
                    tx.execute(Sql::new(sql, args![hash, person])).await?;
                    sessions::end_all(tx, realm, person, Some(SessionId(session))).await?;
                    let subject = match realm {
                        Realm::Agent => Subject::Agent(person),
                        Realm::Customer => Subject::Customer(person),
                    };
                    let by = Author::of(tx, &actor).await?;
                    tx.event(by.changed(subject, "password", "", ""));
                    Ok(())
                })
            })
            .await
    }

    pub(super) async fn change_own_profile(&self, actor: &Actor, patch: ProfilePatch) -> Result<Me> {
        let id = actor.agent()?.id;
        let mut check = Check::new();
        if let Patch::Set(name) = &patch.name {
            check.not_empty(name, "name").at_most(name, limits::NAME, "name");
        }
        if let Patch::Set(zone) = &patch.time_zone {
            check.that(zone.is_empty() || agents::is_time_zone(zone), "time_zone", "error_time_zone");
        }
        if let Patch::Set(seconds) = patch.undo_send {
            check.that(seconds <= limits::UNDO_SEND, "undo_send", "error_choice");
        }
        check.done()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    apply(tx, &by, id, patch).await?;
                    me(tx, id).await
                })
            })
            .await
    }
}

async fn apply(tx: &mut Tx, by: &Author, id: AgentId, patch: ProfilePatch) -> Result<()> {
    if let Patch::Set(name) = patch.name {
        let name = name.trim().to_owned();
        if name != by.name {
            tx.execute(Sql::new("UPDATE agent SET name = $1, name_key = $2 WHERE id = $3", args![&name, keys::fold(&name), id]))
                .await?;
            tx.event(by.changed(Subject::Agent(id.0), "name", &by.name, &name));
        }
    }
    if let Patch::Set(language) = patch.language {
        tx.execute(Sql::new("UPDATE agent SET language = $1 WHERE id = $2", args![language.tag(), id])).await?;
    }
    if let Patch::Set(zone) = patch.time_zone {
        tx.execute(Sql::new("UPDATE agent SET time_zone = $1 WHERE id = $2", args![zone, id])).await?;
    }
    if let Patch::Set(seconds) = patch.undo_send {
        tx.execute(Sql::new("UPDATE agent SET undo_send = $1 WHERE id = $2", args![seconds, id])).await?;
    }
    if let Patch::Set(theme) = patch.theme {
        tx.execute(Sql::new("UPDATE agent SET theme = $1 WHERE id = $2", args![theme_key(theme), id])).await?;
    }
    Ok(())
}

fn theme_key(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    email: String,
    role: String,
    language: String,
    time_zone: String,
    theme: String,
    undo_send: i64,
    workspace: String,
    colour: String,
    logo_id: Option<i64>,
}

/// The signed-in agent, with what the frame of the application needs.
pub(super) async fn me(db: &mut impl Read, id: AgentId) -> Result<Me> {
    let row: Row = db
        .one(Sql::new(
            "SELECT agent.name, address.email, agent.role, agent.language, agent.time_zone, agent.theme, agent.undo_send, \
             workspace.name AS workspace, workspace.colour, workspace.logo_id \
             FROM agent JOIN address ON address.agent_id = agent.id CROSS JOIN workspace WHERE agent.id = $1 \
             ORDER BY address.position LIMIT 1",
            args![id],
        ))
        .await?;
    let sql = "SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id";
    let teams: Vec<(i64,)> = db.all(Sql::new(sql, args![id])).await?;
    Ok(Me {
        id,
        name: row.name,
        email: row.email,
        role: Role::from_key(&row.role).unwrap_or(Role::Light),
        teams: teams.into_iter().map(|(team,)| TeamId(team)).collect(),
        language: Language::from_tag(&row.language).unwrap_or_default(),
        time_zone: row.time_zone,
        theme: match row.theme.as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        },
        undo_send: u8::try_from(row.undo_send).unwrap_or(limits::UNDO_SEND),
        workspace: row.workspace,
        colour: row.colour,
        logo: row.logo_id.map(FileId),
    })
}
