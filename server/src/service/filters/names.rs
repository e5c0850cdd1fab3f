//! What things are called, for who reads and writes filters. Nothing is known at first, and what a text turns out to speak of is looked
//! up: types, statuses, agents, teams and views are few and come all at once; customers and organizations by name.

use crate::{
    args,
    db::{Db, Read, Sql},
    service::{items, views},
    texts,
};
use domain::{
    Result,
    actor::Actor,
    filter::{
        Field, Named, Thing,
        text::Names,
        words::{Phrase, words},
    },
    id::{CustomerId, OrganizationId},
    language::Language,
    text::display_name,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

/// Most things that are suggested.
const SUGGESTED: usize = 20;

/// A question for the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// What is there of what is few?
    Few,
    /// Who is called so?
    Called(Thing, String),
    /// Whose name begins so?
    Beginning(Thing, String),
}

/// The names that are known so far.
pub(super) struct KnownNames {
    actor: Actor,
    language: Language,
    /// Whether what is few is among the known names.
    few: bool,
    /// The names of what is few, in their order, and of what was looked up.
    known: Vec<Named>,
    called: HashMap<(Thing, String), Vec<i64>>,
    beginning: HashMap<(Thing, String), Vec<(i64, String)>>,
    /// What was asked and is not known yet.
    asked: Mutex<BTreeSet<Question>>,
}

/// Whether there are so few of them that all are known at once.
fn is_few(thing: Thing) -> bool {
    !matches!(thing, Thing::Customer | Thing::Organization)
}

/// A name without regard to case, accents and what is between its words.
fn folded(name: &str) -> String {
    words(name).join(" ")
}

impl KnownNames {
    /// Nothing yet, for an agent.
    pub(super) fn of(actor: &Actor) -> Result<Self> {
        Ok(Self {
            language: actor.agent()?.language,
            actor: actor.clone(),
            few: false,
            known: Vec::new(),
            called: HashMap::new(),
            beginning: HashMap::new(),
            asked: Mutex::default(),
        })
    }

    fn ask(&self, question: Question) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(question);
    }

    /// Looks up what is few.
    pub(super) async fn learn_few(&mut self, db: &Db) -> Result<()> {
        if self.few {
            return Ok(());
        }
        let language = self.language;
        let mut read = db.clone();
        let catalog = items::catalog(&mut read).await?;
        let mut add = |thing, id: i64, name: String| self.known.push(Named { thing, id, name });
        for kind in catalog.types {
            let name = texts::seeded(language, "type", &kind.key, &kind.name);
            add(Thing::Type, kind.id.0, name);
            for status in kind.statuses {
                add(Thing::Status, status.id.0, texts::seeded(language, "status", &status.key, &status.name));
            }
        }
        for agent in catalog.agents {
            add(Thing::Agent, agent.id.0, agent.name);
        }
        for team in catalog.teams {
            add(Thing::Team, team.id.0, team.name);
        }
        for (view, name) in views::names(db, &self.actor).await? {
            add(Thing::View, view.0, name);
        }
        self.few = true;
        Ok(())
    }

    /// What a thing is called.
    pub(super) fn named(&self, thing: Thing, id: i64) -> Option<Named> {
        self.known.iter().find(|named| (named.thing, named.id) == (thing, id)).cloned()
    }

    /// Looks up what these are called.
    pub(super) async fn learn(&mut self, db: &Db, things: &BTreeSet<(Thing, i64)>) -> Result<()> {
        if things.iter().any(|(thing, _)| is_few(*thing)) {
            self.learn_few(db).await?;
        }
        let ids = |of: Thing| things.iter().filter(move |(thing, _)| *thing == of).map(|(_, id)| *id);
        let (customers, organizations) = (ids(Thing::Customer), ids(Thing::Organization));
        let mut read = db.clone();
        if things.iter().any(|(thing, _)| *thing == Thing::Customer) {
            let found = items::customer_refs(&mut read, customers.map(CustomerId)).await?;
            self.known.extend(found.into_values().map(|one| Named { thing: Thing::Customer, id: one.id.0, name: one.name }));
        }
        if things.iter().any(|(thing, _)| *thing == Thing::Organization) {
            let found = items::organization_refs(&mut read, organizations.map(OrganizationId)).await?;
            let named = found.into_values().map(|one| Named { thing: Thing::Organization, id: one.id.0, name: one.name });
            self.known.extend(named);
        }
        Ok(())
    }

    /// Answers what was asked since; whether there was anything.
    pub(super) async fn answer(&mut self, db: &Db) -> Result<bool> {
        let asked = std::mem::take(self.asked.get_mut().unwrap_or_else(PoisonError::into_inner));
        for question in &asked {
            match question {
                Question::Few => self.learn_few(db).await?,
                Question::Called(thing, name) => {
                    let found = called(db, *thing, name).await?;
                    self.called.insert((*thing, folded(name)), found);
                }
                Question::Beginning(thing, begin) => {
                    let found = self.beginning_with(db, *thing, begin).await?;
                    self.beginning.insert((*thing, folded(begin)), found);
                }
            }
        }
        Ok(!asked.is_empty())
    }

    /// Things whose names hold the words of a text, the last of which need only be begun; those that begin so first.
    pub(super) async fn beginning_with(&mut self, db: &Db, thing: Thing, begin: &str) -> Result<Vec<(i64, String)>> {
        if !is_few(thing) {
            return beginning(db, thing, begin).await;
        }
        self.learn_few(db).await?;
        let phrase = Phrase::of(&format!("{begin}*"));
        let fits =
            |named: &&Named| named.thing == thing && phrase.as_ref().is_none_or(|phrase| phrase.is_in(&words(&named.name)));
        let mut found: Vec<(i64, String)> = Vec::new();
        for named in self.known.iter().filter(fits) {
            // Statuses of several types can have one name.
            if !found.iter().any(|(_, name)| *name == named.name) {
                found.push((named.id, named.name.clone()));
            }
        }
        let start = folded(begin);
        found.sort_by_key(|(_, name)| !folded(name).starts_with(&start));
        found.truncate(SUGGESTED);
        Ok(found)
    }
}

/// The customers or organizations that are called exactly so.
async fn called(db: &Db, thing: Thing, name: &str) -> Result<Vec<i64>> {
    let sql = match thing {
        Thing::Customer => {
            "SELECT id FROM customer WHERE name_key = $1 \
             UNION SELECT customer_id FROM address WHERE email = $1 AND customer_id IS NOT NULL ORDER BY 1 LIMIT 100"
        }
        _ => "SELECT id FROM organization WHERE name_key = $1",
    };
    let found: Vec<(i64,)> = db.clone().all(Sql::new(sql, args![name.trim().to_lowercase()])).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The customers or organizations whose names hold these words.
async fn beginning(db: &Db, thing: Thing, begin: &str) -> Result<Vec<(i64, String)>> {
    let lower = begin.trim().to_lowercase();
    let column = if thing == Thing::Customer { "customer.search_key" } else { "organization.name_key" };
    let mut sql = Sql::build(match thing {
        Thing::Customer => {
            "SELECT customer.id, customer.first_name, customer.last_name, \
             (SELECT email FROM address WHERE customer_id = customer.id ORDER BY position LIMIT 1) \
             FROM customer WHERE customer.state <> 'disabled'"
        }
        _ => "SELECT organization.id, organization.name, '', NULL FROM organization WHERE TRUE",
    });
    for word in lower.split_whitespace() {
        sql.push(" AND ").push(db.engine().position()).push("(").push(column).push(", ").bind(word).push(") > 0");
    }
    sql.push(" ORDER BY ").push(db.engine().position()).push("(").push(column).push(", ").bind(&lower).push("), ");
    sql.push(column).push(" LIMIT ").bind(i64::try_from(SUGGESTED).unwrap_or_default());
    let rows: Vec<(i64, String, String, Option<String>)> = db.clone().all(sql).await?;
    let name = |first: &str, last: &str, email: Option<&str>| match thing {
        Thing::Customer => display_name(first, last, email),
        _ => first.to_owned(),
    };
    Ok(rows.into_iter().map(|(id, first, last, email)| (id, name(&first, &last, email.as_deref()))).collect())
}

impl Names for KnownNames {
    fn field(&self, key: &str) -> Option<String> {
        texts::name(self.language, &format!("field_{key}"))
    }
    fn value(&self, field: &Field, key: &str) -> Option<String> {
        texts::name(self.language, &format!("{}_{key}", field.key()))
    }
    fn ids(&self, thing: Thing, name: &str) -> Vec<i64> {
        let wanted = folded(name);
        if is_few(thing) {
            if !self.few {
                self.ask(Question::Few);
            }
            let called = |named: &&Named| named.thing == thing && folded(&named.name) == wanted;
            return self.known.iter().filter(called).map(|named| named.id).collect();
        }
        self.called.get(&(thing, wanted)).cloned().unwrap_or_else(|| {
            self.ask(Question::Called(thing, name.to_owned()));
            Vec::new()
        })
    }
    fn thing(&self, thing: Thing, id: i64) -> Option<String> {
        self.named(thing, id).map(|named| named.name)
    }
    fn beginning(&self, thing: Thing, begin: &str) -> Vec<(i64, String)> {
        let known = self.beginning.get(&(thing, folded(begin))).cloned();
        known.unwrap_or_else(|| {
            self.ask(Question::Beginning(thing, begin.to_owned()));
            Vec::new()
        })
    }
}
