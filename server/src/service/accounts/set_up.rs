//! The first run: a workspace that has no owner yet gets one from whoever holds a token that the terminal printed.

use super::{
    AccountsService, agents,
    codes::digest,
    people,
    rates::{self, SIGN_INS_ADDRESS},
    sessions,
};
use crate::{
    ambient, args,
    db::{Db, Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, Result,
    agent::{NewAgent, Role, TicketAccess},
    error::Check,
    event::Subject,
    limits,
    session::{NewSession, Origin, Realm, check_password},
    text::normalize_email,
    time::DAY,
    workspace::SetUp,
};

/// Whether there is an owner who can sign in.
pub(super) async fn has_owner(db: &mut impl Read) -> Result<bool> {
    let sql = "SELECT id FROM agent WHERE role = 'owner' AND state = 'active' LIMIT 1";
    Ok(db.optional::<(i64,)>(Sql::new(sql, args![])).await?.is_some())
}

/// Makes a token that sets up the workspace, if there is no owner yet. It is for the terminal; only its hash is kept. Every
/// process that waits for the set-up has one of its own.
///
/// # Errors
/// What the database says.
pub async fn set_up_token(db: &Db) -> Result<Option<String>> {
    db.write(|tx| {
        Box::pin(async move {
            if has_owner(tx).await? {
                return Ok(None);
            }
            let token = ambient::token();
            let now = tx.now;
            tx.execute(Sql::new("DELETE FROM set_up_token WHERE created_at < $1", args![now.plus(-30 * DAY)])).await?;
            tx.execute(Sql::new("INSERT INTO set_up_token (token_hash, created_at) VALUES ($1, $2)", args![digest(&token), now]))
                .await?;
            Ok(Some(token))
        })
    })
    .await
}

impl AccountsService {
    pub(super) async fn make_owner(&self, origin: &Origin, request: SetUp) -> Result<NewSession> {
        let workspace = request.workspace.trim().to_owned();
        let mut check = Check::new();
        check
            .not_empty(&workspace, "workspace")
            .at_most(&workspace, limits::NAME, "workspace")
            .not_empty(&request.name, "name")
            .at_most(&request.name, limits::NAME, "name")
            .that(normalize_email(&request.email).is_some(), "email", "error_email")
            .that(request.time_zone.is_empty() || agents::is_time_zone(&request.time_zone), "time_zone", "error_time_zone");
        check.done()?;
        check_password(&request.password)?;

        let (from, token) = (origin.clone(), digest(request.token.trim()));
        let right = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    rates::count(tx, SIGN_INS_ADDRESS, &rates::address(&from)).await?;
                    let sql = "SELECT created_at FROM set_up_token WHERE token_hash = $1";
                    Ok(tx.optional::<(i64,)>(Sql::new(sql, args![token])).await?.is_some())
                })
            })
            .await?;
        if !right {
            return Err(refused(has_owner(&mut self.db.clone()).await?));
        }
        let hash = self.passwords.hash(&request.password).await?;
        let (origin, demo) = (origin.clone(), request.demo);
        let session = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let email = make(tx, &request, &workspace, &hash).await?;
                    rates::uncount(tx, SIGN_INS_ADDRESS, &rates::address(&origin)).await?;
                    let owner = people::find(tx, Realm::Agent, &email).await?.ok_or_else(Error::internal)?;
                    sessions::begin(tx, &owner, &origin).await
                })
            })
            .await?;
        if let (true, Some(fill)) = (demo, &self.demo)
            && let Err(error) = fill().await
        {
            // The owner is there and signed in; an empty workspace is better than none.
            tracing::error!(%error, "the demo data could not be made");
        }
        Ok(session)
    }
}

fn refused(has_owner: bool) -> Error {
    if has_owner { Error::invalid("error_set_up_done") } else { Error::field("token", "error_set_up_token") }
}

async fn make(tx: &mut Tx, request: &SetUp, workspace: &str, hash: &str) -> Result<String> {
    // Two at once: the second waits here, and then there is an owner.
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    if has_owner(tx).await? {
        return Err(refused(true));
    }
    let new = agents::check(NewAgent {
        name: request.name.clone(),
        email: request.email.clone(),
        role: Role::Owner,
        access: TicketAccess::All,
        teams: Vec::new(),
    })?;
    let id = agents::insert(tx, &Author::system(), &new, request.language, Some(hash)).await?;
    if !request.time_zone.is_empty() {
        tx.execute(Sql::new("UPDATE agent SET time_zone = $1 WHERE id = $2", args![&request.time_zone, id])).await?;
    }
    let now = tx.now;
    tx.execute(Sql::new(
        "UPDATE workspace SET name = $1, language = $2, set_up_at = $3",
        args![workspace, request.language.tag(), now],
    ))
    .await?;
    tx.execute(Sql::new("DELETE FROM set_up_token", args![])).await?;
    tx.event(Author::system().event(Subject::Workspace, "set_up"));
    Ok(new.email)
}
