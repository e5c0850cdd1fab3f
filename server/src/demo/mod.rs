//! Demo data: a maker of espresso machines with its team, its customers in six languages and a quarter of tickets, the same
//! for the same seed (and the same present). Goes into an empty workspace only; nothing is mailed.

mod cast;
mod random;
mod rhythm;
mod story;
mod texts;
mod views;

use crate::{
    ambient, args, bulk,
    db::{Db, Read, Sql, Tx},
    import::facts::Facts,
    service::accounts::Passwords,
};
use cast::{DOMAIN, Member, Numbers};
use domain::{Error, Result, agent::Role, id::AgentId, time::Timestamp};
use random::Random;
use std::sync::Arc;
use story::Stage;
use texts::Library;

/// Tickets, if nobody says how many.
pub const ITEMS: u32 = 400;
/// The seed, if nobody gives one.
pub const SEED: u64 = 1;
/// Tickets of one transaction.
const BATCH: usize = 500;
/// Name of the workspace, if it has none yet.
const COMPANY: &str = "Brisa Coffee";
/// Name of the owner, if there is none yet.
const OWNER: &str = "Olivia Brandt";

/// How much, and which.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Tickets. More of them come with more people.
    pub items: u32,
    /// The same seed makes the same company.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { items: ITEMS, seed: SEED }
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Who it is: owner, agent, customer.
    pub what: &'static str,
    /// Whether it is a customer, who signs in to the portal.
    pub customer: bool,
    /// Address.
    pub email: String,
    /// Password, made at random and kept nowhere else.
    pub password: String,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Who can sign in: the owner (unless there was one), an agent, a customer.
    pub sign_ins: Vec<SignIn>,
    /// Tickets.
    pub items: usize,
    /// Agents, the owner included.
    pub agents: usize,
    /// Customers.
    pub customers: usize,
    /// Organizations.
    pub organizations: usize,
}

/// Passwords and their hashes.
struct Secrets {
    owner: (String, String),
    agent: (String, String),
    customer: (String, String),
    /// The hash of a password that nobody knows, for everybody else.
    nobody: String,
}

impl Secrets {
    async fn make(passwords: &Passwords) -> Result<Self> {
        let one = async || {
            let password = ambient::password();
            let hash = passwords.hash(&password).await?;
            Ok::<_, Error>((password, hash))
        };
        Ok(Self { owner: one().await?, agent: one().await?, customer: one().await?, nobody: one().await?.1 })
    }
}

/// Fills an empty workspace. An owner who is there already stays.
///
/// # Errors
/// Invalid if there is anything in the workspace but an owner.
pub async fn fill(db: &Db, passwords: &Passwords, options: &Options) -> Result<Made> {
    let library = Library::load().map_err(|error| {
        tracing::error!(%error, "the texts of the demo cannot be read");
        Error::internal()
    })?;
    refuse_unless_empty(&mut db.clone()).await?;
    let secrets = Secrets::make(passwords).await?;
    let items = usize::try_from(options.items).unwrap_or(usize::MAX);
    let mut random = Random::new(options.seed);
    let seed = options.seed;
    let (stage, mut made) = db
        .write(move |tx| {
            Box::pin(async move {
                let mut random = Random::new(seed ^ 0xca57);
                set_stage(tx, &mut random, library, Numbers::for_items(items), &secrets).await
            })
        })
        .await?;
    let stage = Arc::new(stage);
    let mut arrivals: Vec<Timestamp> = {
        let days = rhythm::days(items);
        (0..items).map(|_| rhythm::arrival(&mut random, stage.now, days)).collect()
    };
    arrivals.sort_unstable();
    for some in arrivals.chunks(BATCH) {
        let stories: Vec<_> = some.iter().filter_map(|at| stage.tell(&mut random, *at)).collect();
        made.items += db.write(move |tx| Box::pin(async move { Ok(bulk::insert_items(tx, stories).await?.len()) })).await?;
    }
    db.look_again().await;
    Ok(made)
}

async fn refuse_unless_empty(db: &mut impl Read) -> Result<()> {
    let anything = "SELECT 1 AS found FROM item UNION ALL SELECT 1 FROM customer UNION ALL SELECT 1 FROM organization \
                    UNION ALL SELECT 1 FROM team UNION ALL SELECT 1 FROM agent WHERE role <> 'owner' LIMIT 1";
    let found: Option<(i32,)> = db.optional(Sql::new(anything, args![])).await?;
    if found.is_some() { Err(Error::invalid("error_demo_not_empty")) } else { Ok(()) }
}

async fn set_stage(
    tx: &mut Tx,
    random: &mut Random,
    library: Library,
    numbers: Numbers,
    secrets: &Secrets,
) -> Result<(Stage, Made)> {
    // Whoever fills at the same time waits here and then finds that it is not empty.
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    refuse_unless_empty(tx).await?;

    let mut sign_ins = Vec::new();
    let mut sign_in = |what, customer, email: &str, password: &str| {
        sign_ins.push(SignIn { what, customer, email: email.to_owned(), password: password.to_owned() });
    };
    let teams = cast::teams(tx).await?;
    let owner = match tx.optional::<(i64, String)>(Sql::new("SELECT id, name FROM agent ORDER BY id LIMIT 1", args![])).await? {
        Some((id, name)) => Member { id: AgentId(id), name, email: String::new(), works: true, teams: vec!["care".to_owned()] },
        None => {
            let email = format!("olivia.brandt@{DOMAIN}");
            let id = cast::agent(tx, OWNER, &email, Role::Owner, vec![teams[0].id], &secrets.owner.1).await?;
            let now = tx.now;
            let named = "UPDATE workspace SET name = $1, set_up_at = $2 WHERE set_up_at IS NULL";
            tx.execute(Sql::new(named, args![COMPANY, now])).await?;
            tx.execute(Sql::new("DELETE FROM set_up_token", args![])).await?;
            sign_in("owner", false, &email, &secrets.owner.0);
            Member { id, name: OWNER.to_owned(), email, works: true, teams: vec!["care".to_owned()] }
        }
    };
    let hashes = (secrets.agent.1.as_str(), secrets.nobody.as_str());
    let others = cast::agents(tx, random, &library, &teams, numbers.agents, hashes).await?;
    if let Some(first) = others.first() {
        sign_in("agent", false, &first.email, &secrets.agent.0);
    }
    let organizations = cast::organizations(tx, &library, numbers.organizations).await?;
    let hashes = (secrets.customer.1.as_str(), secrets.nobody.as_str());
    let customers = cast::customers(tx, random, &library, &organizations, &numbers, hashes).await?;
    if let Some(first) = customers.first() {
        sign_in("customer", true, &first.email, &secrets.customer.0);
    }
    let first = owner.id;
    let agents: Vec<Member> = std::iter::once(owner).chain(others).collect();
    views::views(tx, first, &agents, &teams).await?;
    let made = Made { sign_ins, items: 0, agents: agents.len(), customers: customers.len(), organizations: organizations.len() };
    let now = tx.now;
    let facts = Facts::load(tx).await?;
    Ok((Stage { library, facts, teams, agents, customers, now }, made))
}
