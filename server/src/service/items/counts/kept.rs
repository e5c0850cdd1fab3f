//! Counts that are kept: of a view that holds few items it is known which, and what the log says has changed since is asked of the
//! items in memory. So a count costs a look at the end of the log, whoever asks, and the database counts a view only once in a while.
//!
//! A set is brought up to date when somebody asks for it. Asking an item how it stands now for something that happened to it before
//! is right as well, because whatever happened later comes later in the log; so nothing hangs on the moment at which a set was loaded.

use super::super::{facts, list::push_shown};
use crate::{
    args,
    db::{Db, Read, Sql},
};
use domain::{
    Result,
    filter::{Expr, Facts, Value, Viewer, knows, matches},
    limits,
    time::{MINUTE, Timestamp},
};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

/// Most items of a view that are known one by one; of one with more it is known that it has more than are told.
const KNOWN: i64 = limits::VIEW_COUNT + 500;
/// How many items may leave a view with more before it has to be counted again.
const SPARE: i64 = KNOWN + 1 - limits::VIEW_COUNT;
/// Most entries of the log that are followed; with more it is cheaper to count.
const FOLLOWED: i64 = 1_000;
/// Most changes that are kept for sets that are asked for later.
const CHANGES: usize = 2_000;
/// Most sets.
const SETS: usize = 2_000;
/// After so many milliseconds a set is loaded again, for what the log does not tell.
const AGES: i64 = 10 * MINUTE;
/// The same for a filter that speaks of the present.
const AGES_SOON: i64 = MINUTE;

/// What is counted, for whom: the same for all for whom it means the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    filter: String,
    who: Option<i64>,
    teams: Vec<i64>,
    zone: String,
}

impl Key {
    pub(super) fn of(shown: &Expr, viewer: &Viewer, zone: &str) -> Self {
        let personal = shown.any_value(&|value| matches!(value, Value::Me | Value::MyTeams | Value::MyOrganization));
        Self {
            filter: serde_json::to_string(shown).unwrap_or_default(),
            who: viewer.me_agent.filter(|_| personal).map(Into::into),
            teams: if personal { viewer.teams.iter().map(|team| team.0).collect() } else { Vec::new() },
            zone: zone.to_owned(),
        }
    }
}

/// Whether what a filter finds changes by itself as time goes by.
fn speaks_of_now(shown: &Expr) -> bool {
    let now = |value: &Value| matches!(value, Value::Now(_) | Value::Period(..) | Value::Start(..) | Value::End(..));
    shown.any_value(&|value| match value {
        Value::Range(range) => now(&range.0) || now(&range.1),
        value => now(value),
    })
}

/// Which items a view holds.
#[derive(Debug, Clone)]
enum Items {
    /// These, in order.
    Known(Vec<i64>),
    /// More than are told, as long as no more than so many leave.
    Many(i64),
}

#[derive(Debug, Clone)]
struct Set {
    items: Items,
    /// Up to which entry of the log it is right.
    position: i64,
    loaded: Timestamp,
    asked: Timestamp,
}

impl Set {
    fn count(&self) -> i64 {
        match &self.items {
            Items::Known(ids) => i64::try_from(ids.len()).unwrap_or(i64::MAX).min(limits::VIEW_COUNT),
            Items::Many(_) => limits::VIEW_COUNT,
        }
    }

    /// Takes in whether an item is in the view; answers whether the set still tells the count.
    fn put(&mut self, id: i64, holds: bool) -> bool {
        match &mut self.items {
            Items::Known(ids) => {
                match (ids.binary_search(&id), holds) {
                    (Err(place), true) => ids.insert(place, id),
                    (Ok(place), false) => drop(ids.remove(place)),
                    _ => {}
                }
                i64::try_from(ids.len()).is_ok_and(|count| count <= KNOWN)
            }
            Items::Many(left) => {
                *left -= i64::from(!holds);
                *left > 0
            }
        }
    }
}

/// Something that has happened to an item: where in the log, and how the item stands since; `None` if it is gone.
#[derive(Debug)]
struct Changed {
    seq: i64,
    id: i64,
    facts: Option<Arc<Facts>>,
}

/// The sets of this process.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// How far the log was followed; none before the first time.
    position: Option<i64>,
    changes: VecDeque<Changed>,
    /// The entry after which `changes` has all.
    since: i64,
    sets: HashMap<Key, Set>,
}

impl Kept {
    /// Follows the log to its end; answers where that is.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn catch_up(&mut self, db: &Db) -> Result<i64> {
        let Some(position) = self.position else { return self.begin(db).await };
        let sql = "SELECT seq, subject_kind, subject_id, name FROM event WHERE seq > $1 ORDER BY seq LIMIT $2";
        let entries: Vec<(i64, String, i64, String)> = db.clone().all(Sql::new(sql, args![position, FOLLOWED + 1])).await?;
        let Some((last, ..)) = entries.last() else { return Ok(position) };
        let last = *last;
        // What is known of others than items may be in filters and texts that are asked in the database.
        let other = |(_, kind, _, name): &(i64, String, i64, String)| {
            matches!(kind.as_str(), "customer" | "organization" | "team" | "workspace") && name != "signed_in"
        };
        if i64::try_from(entries.len()).unwrap_or(i64::MAX) > FOLLOWED || entries.iter().any(other) {
            return self.begin(db).await;
        }
        // Each item once, where it comes last.
        let of_items = entries.iter().filter(|(_, kind, ..)| kind == "item");
        let latest: BTreeMap<i64, i64> = of_items.map(|(seq, _, id, _)| (*id, *seq)).collect();
        let mut found = facts::by_id(db, latest.keys().copied().collect()).await?;
        let mut changes: Vec<Changed> = latest
            .into_iter()
            .map(|(id, seq)| Changed { seq, id, facts: found.remove(&id).map(|(_, facts)| Arc::new(facts)) })
            .collect();
        changes.sort_unstable_by_key(|changed| changed.seq);
        self.changes.extend(changes);
        while self.changes.len() > CHANGES {
            self.since = self.changes.pop_front().map_or(self.since, |gone| gone.seq);
        }
        self.position = Some(last);
        Ok(last)
    }

    /// Forgets everything and follows the log from its end.
    async fn begin(&mut self, db: &Db) -> Result<i64> {
        let (end,): (i64,) = db.clone().one(Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event", args![])).await?;
        *self = Self { position: Some(end), since: end, ..Self::default() };
        Ok(end)
    }

    /// How many items a view holds, if that is known; [`Self::catch_up`] comes before.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn count(&mut self, db: &Db, key: &Key, shown: &Expr, viewer: &Viewer) -> Result<Option<i64>> {
        let (Some(end), Some(set)) = (self.position, self.sets.get_mut(key)) else { return Ok(None) };
        let ages = if speaks_of_now(shown) { AGES_SOON } else { AGES };
        if set.position < self.since || set.loaded.plus(ages) <= viewer.now {
            return Ok(None);
        }
        let mut unknown = Vec::new();
        let begin = self.changes.partition_point(|changed| changed.seq <= set.position);
        let mut tells = true;
        for changed in self.changes.iter().skip(begin) {
            match changed.facts.as_deref() {
                Some(facts) if !knows(shown, facts) => unknown.push(changed.id),
                Some(facts) => tells &= set.put(changed.id, matches(shown, facts, viewer)),
                None => tells &= set.put(changed.id, false),
            }
        }
        if !unknown.is_empty() {
            let here = among(db, shown, viewer, &unknown).await?;
            for id in unknown {
                tells &= set.put(id, here.contains(&id));
            }
        }
        set.position = end;
        set.asked = viewer.now;
        Ok(tells.then(|| set.count()))
    }

    /// Takes in which items a view holds, as it was loaded after [`Self::catch_up`] had come to this place; answers how many.
    pub(super) fn take(&mut self, key: Key, mut ids: Vec<i64>, position: i64, now: Timestamp) -> i64 {
        ids.sort_unstable();
        let many = i64::try_from(ids.len()).unwrap_or(i64::MAX) > KNOWN;
        let items = if many { Items::Many(SPARE) } else { Items::Known(ids) };
        let set = Set { items, position, loaded: now, asked: now };
        let count = set.count();
        if self.sets.len() >= SETS {
            let half = self.sets.len() / 2;
            let mut asked: Vec<Timestamp> = self.sets.values().map(|set| set.asked).collect();
            let (_, middle, _) = asked.select_nth_unstable(half);
            let middle = *middle;
            self.sets.retain(|_, set| set.asked > middle);
        }
        self.sets.insert(key, set);
        count
    }
}

/// Which of these items a view holds.
async fn among(db: &Db, shown: &Expr, viewer: &Viewer, ids: &[i64]) -> Result<Vec<i64>> {
    let mut sql = Sql::build("SELECT item.id FROM item WHERE item.id");
    sql.push_in_ids(db.engine(), ids.iter().copied());
    sql.push(" AND ");
    push_shown(&mut sql, db.engine(), shown, viewer);
    let found: Vec<(i64,)> = db.clone().all(sql).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Which items some views hold, as far as sets know them: all in one statement, so that all are of the same moment.
///
/// # Errors
/// What the database says.
pub(super) async fn load(db: &Db, asked: &[&Expr], viewer: &Viewer) -> Result<Vec<Vec<i64>>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::build("");
    for (shown, index) in asked.iter().zip(0_i64..) {
        sql.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " });
        sql.bind(index).push(", shown.id FROM (SELECT item.id FROM item WHERE ");
        push_shown(&mut sql, db.engine(), shown, viewer);
        sql.push(" LIMIT ").bind(KNOWN + 1).push(") AS shown");
    }
    let found: Vec<(i64, i64)> = db.clone().all(sql).await?;
    let mut sets = vec![Vec::new(); asked.len()];
    for (index, id) in found {
        if let Some(set) = usize::try_from(index).ok().and_then(|index| sets.get_mut(index)) {
            set.push(id);
        }
    }
    Ok(sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: Items) -> Set {
        Set { items, position: 0, loaded: Timestamp(0), asked: Timestamp(0) }
    }

    #[test]
    fn a_set_says_when_it_does_not_tell_any_more() {
        let mut few = set(Items::Known(vec![1, 3]));
        assert!(few.put(2, true) && few.put(2, true) && few.put(1, false) && few.put(9, false));
        assert_eq!(few.count(), 2);
        let mut full = set(Items::Known((0..KNOWN).collect()));
        assert_eq!(full.count(), limits::VIEW_COUNT);
        assert!(!full.put(KNOWN, true));
        // Of more than are told so many may leave that at least as many as are told are left.
        let mut many = set(Items::Many(SPARE));
        assert!((1..SPARE).all(|id| many.put(id, false)) && many.put(0, true));
        assert_eq!(many.count(), limits::VIEW_COUNT);
        assert!(!many.put(SPARE, false));
    }

    #[test]
    fn what_means_the_same_for_all_is_one_set() {
        let open = domain::filter::policy::system_view(domain::view::SystemView::Open);
        let mine = domain::filter::policy::system_view(domain::view::SystemView::Mine);
        let viewer = |id| Viewer { me_agent: Some(domain::id::AgentId(id)), ..Viewer::nobody(Timestamp(0)) };
        assert_eq!(Key::of(&open, &viewer(1), ""), Key::of(&open, &viewer(2), ""));
        assert_ne!(Key::of(&mine, &viewer(1), ""), Key::of(&mine, &viewer(2), ""));
        assert_ne!(Key::of(&open, &viewer(1), ""), Key::of(&open, &viewer(1), "Europe/Lisbon"));
    }
}
