//! Who is where: the table `presence`, followed once a process and told to the agents who may see the item.
//!
//! A look at the table finds what has come, gone and run out, whichever server wrote it; the items are loaded when somebody
//! comes, and kept right by what the log says of them. What is handed on is how it stands now, so a reader who is slow misses
//! what is over already, and nothing piles up.

use super::{
    Live,
    batch::Batch,
    hints::{About, Hints},
};
use crate::{
    args,
    db::{Db, Read, Sql},
    service::items::with_facts,
};
use domain::{
    Result,
    conversation::MessageKind,
    filter::{Expr, Facts, Viewer, matches},
    id::{AgentId, ItemNumber},
    live::News,
    presence::{AtItem, COUNTS, Here, Presence},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    sync::{broadcast::error::RecvError, watch},
    time::{MissedTickBehavior, interval, sleep},
};

/// How often the table is looked at if nobody says that it has changed: what runs out says nothing.
const LOOK: Duration = Duration::from_secs(1);
/// Shortest time between two looks, beside that which streams need.
const PACE: Duration = Duration::from_millis(50);

/// Who is where.
#[derive(Debug, Clone, Default)]
pub struct Present {
    /// Counts changes.
    turn: u64,
    items: BTreeMap<ItemNumber, Arc<Place>>,
}

/// An item at which somebody is.
#[derive(Debug)]
struct Place {
    /// The change that made it what it is.
    turn: u64,
    /// As much of the item as permissions ask for.
    facts: Arc<Facts>,
    here: Vec<Here>,
}

/// Follows the table until `stop` says so.
pub(super) async fn follow(live: &Live, hints: &Hints, mut stop: watch::Receiver<bool>) {
    let mut marked = live.db.presence();
    let mut batches = live.batches.subscribe();
    let mut follower = Follower { db: live.db.clone(), now: Present::default(), stale: false };
    let mut due = interval(LOOK);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !*stop.borrow() {
        let mut look = true;
        tokio::select! {
            _ = due.tick() => {}
            changed = marked.changed() => {
                if changed.is_err() {
                    return;
                }
                hints.tell(&live.db, About::Presence);
            }
            () = hints.heard(About::Presence) => {}
            batch = batches.recv() => match batch {
                Ok(batch) => {
                    // Somebody may have been locked out.
                    look = batch.names();
                    if follower.take(&batch) {
                        live.present.send_replace(Arc::new(follower.now.clone()));
                    }
                }
                Err(RecvError::Lagged(_)) => follower.stale = true,
                Err(RecvError::Closed) => return,
            },
            _ = stop.changed() => return,
        }
        if look {
            match follower.look().await {
                Ok(true) => drop(live.present.send_replace(Arc::new(follower.now.clone()))),
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "who is where cannot be followed at the moment"),
            }
            sleep(PACE.max(live.pace())).await;
        }
    }
}

struct Follower {
    db: Db,
    now: Present,
    /// Whether what is known of the items may be old.
    stale: bool,
}

/// A row of the table with the number of its item.
type Row = (i64, i64, i64, String);

impl Follower {
    /// Looks at the table; answers whether anything has changed.
    async fn look(&mut self) -> Result<bool> {
        let since = self.db.now().plus(-COUNTS);
        let rows: Vec<Row> = self
            .db
            .all(Sql::new(
                "SELECT presence.item_id, item.number, presence.agent_id, presence.writing FROM presence \
                 JOIN item ON item.id = presence.item_id WHERE presence.seen_at > $1 \
                 ORDER BY presence.item_id, presence.agent_id",
                args![since],
            ))
            .await?;
        let found = gathered(rows);
        let known = |number: &ItemNumber| !self.stale && self.now.items.contains_key(number);
        let unknown = found.iter().filter(|(number, _)| !known(number)).map(|(_, (id, _))| *id).collect();
        let mut loaded = with_facts(&self.db, unknown).await?;

        let before = self.now.items.len();
        self.now.items.retain(|number, _| found.contains_key(number));
        let mut changed = self.now.items.len() < before;
        for (number, (id, here)) in found {
            let known = self.now.items.get(&number);
            let facts = match (loaded.remove(&id), known) {
                (Some((_, facts)), _) => Arc::new(facts),
                (None, Some(place)) if place.here == here => continue,
                (None, Some(place)) => place.facts.clone(),
                // It is gone since.
                (None, None) => continue,
            };
            self.put(number, facts, here);
            changed = true;
        }
        self.now.turn += u64::from(changed);
        self.stale = false;
        Ok(changed)
    }

    /// Takes in what has happened to the items; answers whether it concerns one at which somebody is.
    fn take(&mut self, batch: &Batch) -> bool {
        let mut changed = false;
        for facts in batch.items() {
            if let Some(place) = self.now.items.get(&facts.number) {
                let here = place.here.clone();
                self.put(facts.number, Arc::new(facts.clone()), here);
                changed = true;
            }
        }
        self.now.turn += u64::from(changed);
        changed
    }

    /// As part of the next turn.
    fn put(&mut self, number: ItemNumber, facts: Arc<Facts>, here: Vec<Here>) {
        self.now.items.insert(number, Arc::new(Place { turn: self.now.turn + 1, facts, here }));
    }
}

/// The rows, which are in the order of items and agents, as one list for each item.
fn gathered(rows: Vec<Row>) -> BTreeMap<ItemNumber, (i64, Vec<Here>)> {
    let mut found: BTreeMap<ItemNumber, (i64, Vec<Here>)> = BTreeMap::new();
    for (item, number, agent, writing) in rows {
        let (_, here) = found.entry(ItemNumber(number)).or_insert_with(|| (item, Vec::new()));
        let (agent, writing) = (AgentId(agent), MessageKind::from_key(&writing));
        match here.last_mut().filter(|last| last.agent == agent) {
            Some(same) => same.add(writing),
            None => here.push(Here { agent, writing }),
        }
    }
    found
}

/// What one agent has been told of the others.
pub(super) struct Told {
    present: watch::Receiver<Arc<Present>>,
    /// Up to which change.
    turn: u64,
    at: BTreeMap<ItemNumber, Vec<Here>>,
}

impl Told {
    /// Nothing yet.
    pub(super) fn nothing(live: &Live) -> Self {
        Self { present: live.present.subscribe(), turn: 0, at: BTreeMap::new() }
    }

    /// Begins again: the reader knows of nobody, or the rights are others.
    pub(super) fn forget(&mut self) {
        self.turn = 0;
        self.at.clear();
    }

    /// Waits until something has changed.
    pub(super) async fn changed(&mut self) {
        if self.present.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// What somebody with these rights has not been told yet. Of themselves nobody is told.
    pub(super) fn news(&mut self, permission: &Expr, viewer: &Viewer) -> Option<News> {
        let present = self.present.borrow_and_update().clone();
        let left = self.at.keys().filter(|number| !present.items.contains_key(number)).copied();
        let mut items: Vec<AtItem> = left.map(|number| AtItem { number, here: Vec::new() }).collect();
        for (number, place) in present.items.iter().filter(|(_, place)| place.turn > self.turn) {
            let others = place.here.iter().filter(|here| Some(here.agent) != viewer.me_agent).copied();
            let here: Vec<Here> = if matches(permission, &place.facts, viewer) { others.collect() } else { Vec::new() };
            if self.at.get(number).map_or(!here.is_empty(), |before| *before != here) {
                items.push(AtItem { number: *number, here });
            }
        }
        for AtItem { number, here } in &items {
            if here.is_empty() {
                self.at.remove(number);
            } else {
                self.at.insert(*number, here.clone());
            }
        }
        self.turn = present.turn;
        (!items.is_empty()).then_some(News::Presence(Presence { items }))
    }
}
