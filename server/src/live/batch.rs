//! A piece of the log with what a stream needs to tell it: loaded once for all readers.

use crate::{db::Db, service::items};
use bytes::Bytes;
use domain::{
    Result,
    actor::{Actor, CustomerActor, Party},
    filter::{Expr, Facts, Viewer, matches},
    id::{AgentId, CustomerId, ItemNumber, OrganizationId, TeamId},
    item::ItemRow,
    live::{Happening, News},
    portal::rules::{Access, Property},
};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    pub(super) seq: i64,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    subject_kind: String,
    subject_id: i64,
    name: String,
    field: String,
    old_value: String,
}

/// A piece of the log.
#[derive(Debug)]
pub struct Batch {
    /// The number after which it begins.
    pub from: i64,
    /// The number of the last entry; where there is none, where the piece begins.
    pub last: i64,
    /// How many entries it holds.
    pub read: i64,
    items: Vec<ItemNews>,
    /// What agents who see everything are told, with the place: most agents do, and one text serves them all.
    everything: Bytes,
    /// Whether it tells of agents, teams, views or the workspace: names and rights of agents may have changed.
    names: bool,
    /// Whether it tells of customer apps: what customers may see may have changed.
    apps: bool,
    /// The customers of whom it tells.
    customers: Vec<CustomerId>,
}

/// What the piece tells of one item.
#[derive(Debug)]
struct ItemNews {
    /// The item as it stands.
    now: Facts,
    /// As much of it as permissions ask for, as it stood before; `None` if it is new.
    before: Option<Facts>,
    /// Whether customers who see the item may know of any of it, whatever the rules of their portal.
    public: bool,
    /// The properties that it tells of: customers know of it where they see one.
    properties: BTreeSet<Property>,
    to_agents: String,
    to_customers: String,
    gone: String,
}

/// Fields of which customers see nothing, so that they are not told either that something has happened.
const INTERNAL: [&str; 3] = ["tags", "teams", "following_agents"];

/// What happens among agents only.
const AMONG_AGENTS: [&str; 14] = [
    "noted",
    "held",
    "taken_back",
    "draft",
    "delivery_failed",
    "delivery_retried",
    "snoozed",
    "woke",
    "linked",
    "unlinked",
    // Who may read what was merged is told of that itself.
    "merged_in",
    "unmerged_from",
    "replied_in",
    "discarded",
];

impl Batch {
    /// Loads what the entries, which begin after `from`, are about.
    pub(super) async fn of(db: &Db, from: i64, entries: Vec<Entry>) -> Result<Self> {
        let last = entries.last().map_or(from, |entry| entry.seq);
        let read = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        let names = entries.iter().any(|entry| {
            matches!(entry.subject_kind.as_str(), "agent" | "team" | "workspace" | "view") && entry.name != "signed_in"
        });
        let apps = entries.iter().any(|entry| entry.subject_kind == "portal");
        let of_customers = entries.iter().filter(|entry| entry.subject_kind == "customer");
        let customers = of_customers.map(|entry| CustomerId(entry.subject_id)).collect();
        let mut of_item: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
        for entry in entries.into_iter().filter(|entry| entry.subject_kind == "item") {
            of_item.entry(entry.subject_id).or_default().push(entry);
        }
        let items = items::with_facts(db, of_item.keys().copied().collect()).await?;
        let items: Vec<ItemNews> = items
            .into_iter()
            .filter_map(|(id, (row, facts))| of_item.remove(&id).map(|entries| ItemNews::of(row, facts, &entries)))
            .collect();
        let everything = text(items.iter().map(|item| item.to_agents.as_str()), last);
        Ok(Self { from, last, read, items, everything, names, apps, customers })
    }

    /// Whether it may have changed what the actor may do, or what things are called for them.
    pub fn concerns(&self, actor: &Actor) -> bool {
        match actor {
            Actor::Customer(customer) => self.apps || self.customers.contains(&customer.id),
            _ => self.names,
        }
    }

    /// Whether it tells of agents, teams, views or the workspace.
    pub(super) fn names(&self) -> bool {
        self.names
    }

    /// The items of which it tells, as they stand.
    pub(super) fn items(&self) -> impl Iterator<Item = &Facts> {
        self.items.iter().map(|item| &item.now)
    }

    /// What somebody with these rights is told of it, in no particular order, and then where that is; nothing if it is nothing.
    pub fn told(&self, actor: &Actor, permission: &Expr, viewer: &Viewer) -> Bytes {
        if permission.is_everything() && actor.agent().is_ok() {
            return self.everything.clone();
        }
        text(self.items.iter().filter_map(|item| item.told(actor, permission, viewer)), self.last)
    }
}

/// Notices with the place of the last one; nothing if there are none.
fn text<'n>(news: impl Iterator<Item = &'n str>, last: i64) -> Bytes {
    let mut text: String = news.collect();
    if !text.is_empty() {
        text.push_str(&super::reader::place(last));
    }
    text.into()
}

impl ItemNews {
    fn of(row: ItemRow, now: Facts, entries: &[Entry]) -> Self {
        let number: ItemNumber = row.number;
        let what = entries
            .iter()
            .map(|entry| Happening {
                name: entry.name.clone(),
                field: entry.field.clone(),
                by: Party::from_columns(&entry.actor_kind, entry.actor_id),
                by_name: entry.actor_name.clone(),
            })
            .collect();
        let before = before(&now, entries);
        let to_customers = entries
            .iter()
            .filter(|entry| !AMONG_AGENTS.contains(&entry.name.as_str()) && !INTERNAL.contains(&entry.field.as_str()));
        Self {
            public: to_customers.clone().any(|entry| Property::of_event_field(&entry.field).is_none()),
            properties: to_customers.filter_map(|entry| Property::of_event_field(&entry.field)).collect(),
            to_agents: super::reader::frame(&News::Item { row: Box::new(row), what }),
            to_customers: super::reader::frame(&News::Ticket { number }),
            gone: super::reader::frame(&News::Gone { number }),
            now,
            before,
        }
    }

    fn told(&self, actor: &Actor, permission: &Expr, viewer: &Viewer) -> Option<&str> {
        if matches(permission, &self.now, viewer) {
            return match actor {
                Actor::Customer(customer) => self.is_for(customer).then_some(self.to_customers.as_str()),
                _ => Some(&self.to_agents),
            };
        }
        let seen = self.before.as_ref().is_some_and(|before| matches(permission, before, viewer));
        seen.then_some(self.gone.as_str())
    }
}

impl ItemNews {
    fn is_for(&self, customer: &CustomerActor) -> bool {
        let shows = |property| {
            let rules = customer.portals.iter().map(|portal| &portal.rules);
            rules.into_iter().any(|rules| rules.access(property, self.now.type_id) > Access::Hidden)
        };
        self.public || self.properties.iter().any(|property| shows(*property))
    }
}

/// An item before these entries, in what permissions ask for: the entries are taken back from the last to the first.
fn before(now: &Facts, entries: &[Entry]) -> Option<Facts> {
    let mut facts = now.clone();
    for entry in entries.iter().rev() {
        match (entry.name.as_str(), entry.field.as_str()) {
            ("created" | "imported", _) => return None,
            ("changed", "requester") => {
                let old = old::<Option<i64>>(entry).flatten().map(CustomerId);
                // Who asks follows; who asked before did.
                if let Some(customer) = old {
                    facts.following_customers.push(customer);
                }
                facts.requester = old;
            }
            ("changed", "type") => facts.type_id = old(entry).unwrap_or(facts.type_id),
            ("changed", "organization") => facts.organization = old::<Option<i64>>(entry).flatten().map(OrganizationId),
            ("changed", "agents") => facts.agents = ids(entry).map(AgentId).collect(),
            ("changed", "teams") => facts.teams = ids(entry).map(TeamId).collect(),
            ("deleted" | "restored", _) => facts.away.deleted_at = old(entry).flatten(),
            ("spam", _) => facts.away.spam = false,
            ("not_spam", _) => facts.away.spam = true,
            ("changed", "published") => facts.published = old(entry).unwrap_or(facts.published),
            ("unfollowed", "following_agents") => facts.following_agents.extend(ids(entry).map(AgentId)),
            ("unfollowed", "following_customers") => facts.following_customers.extend(ids(entry).map(CustomerId)),
            _ => {}
        }
    }
    Some(facts)
}

fn old<T: serde::de::DeserializeOwned>(entry: &Entry) -> Option<T> {
    serde_json::from_str(&entry.old_value).ok()
}

fn ids(entry: &Entry) -> impl Iterator<Item = i64> + use<> {
    old::<Vec<i64>>(entry).unwrap_or_default().into_iter()
}
