//! How much is in each view.

mod kept;

use super::ItemService;
use crate::{service::views, zones};
use domain::{
    Result,
    actor::Actor,
    filter::{Expr, Viewer, policy},
    time::{MINUTE, Timestamp},
    view::{ViewCount, ViewKey},
};
use futures::{StreamExt, stream};
use kept::{Kept, Key, load};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How long, in milliseconds, a view that took too long is not counted.
const REST: i64 = 10 * MINUTE;
/// How many views are counted beside each other where each has a statement of its own.
const BESIDE: usize = 3;

/// The saved views that have taken the database too long lately, with when that was. This process alone keeps them.
#[derive(Debug, Default)]
struct SlowViews(Mutex<HashMap<ViewKey, Timestamp>>);

impl SlowViews {
    fn note(&self, view: ViewKey, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(view, now);
    }
    fn holds(&self, view: ViewKey, now: Timestamp) -> bool {
        let mut slow = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slow.retain(|_, at| at.plus(REST) > now);
        slow.contains_key(&view)
    }
}

/// What is known of the counts of this process.
#[derive(Debug, Default)]
pub(super) struct Counts {
    slow: SlowViews,
    kept: tokio::sync::Mutex<Kept>,
}

/// A view with the condition of what is counted.
type Asked = (ViewKey, Expr);

impl ItemService {
    pub(super) async fn view_counts(&self, actor: &Actor) -> Result<Vec<ViewCount>> {
        let zone = &actor.agent()?.time_zone;
        let now = self.db.now();
        let viewer = Viewer::of(actor, now).in_zone(zones::named(zone));
        let views = views::counted(&self.db, actor).await?;
        let seen = |(view, filter)| {
            let asked = [filter];
            let sight = policy::in_sight(&asked);
            (view, Expr::All([policy::permission(actor), sight].into_iter().chain(asked).collect()))
        };
        let asked: Vec<Asked> = views.into_iter().filter(|(view, _)| !self.counts.slow.holds(*view, now)).map(seen).collect();
        match self.count(&asked, &viewer, zone).await {
            Ok(counts) => Ok(counts),
            Err(error) => {
                tracing::warn!(%error, "views are counted one by one, because together they cannot be");
                self.count_apart(asked, &viewer, zone).await
            }
        }
    }

    /// Counts saved views each on its own; those that cannot be counted are left out.
    async fn count_apart(&self, asked: Vec<Asked>, viewer: &Viewer, zone: &str) -> Result<Vec<ViewCount>> {
        let (saved, system): (Vec<Asked>, Vec<Asked>) =
            asked.into_iter().partition(|(view, _)| matches!(view, ViewKey::Saved(_)));
        let mut counts = self.count(&system, viewer, zone).await?;
        let each = stream::iter(saved).map(async |one| match self.count(std::slice::from_ref(&one), viewer, zone).await {
            Ok(counts) => counts,
            Err(error) => {
                tracing::warn!(view = %one.0, %error, "a view is not counted for a while");
                self.counts.slow.note(one.0, self.db.now());
                Vec::new()
            }
        });
        counts.extend(each.buffered(BESIDE).concat().await);
        Ok(counts)
    }

    async fn count(&self, asked: &[Asked], viewer: &Viewer, zone: &str) -> Result<Vec<ViewCount>> {
        let keys: Vec<Key> = asked.iter().map(|(_, shown)| Key::of(shown, viewer, zone)).collect();
        let mut counts = vec![None; asked.len()];
        let end = {
            let mut kept = self.counts.kept.lock().await;
            let end = kept.catch_up(&self.db).await?;
            for ((count, key), (_, shown)) in counts.iter_mut().zip(&keys).zip(asked) {
                *count = kept.count(&self.db, key, shown, viewer).await?;
            }
            end
        };
        // Nobody waits for what others have loaded.
        let missing: Vec<usize> = (0..asked.len()).filter(|index| counts[*index].is_none()).collect();
        let shown: Vec<&Expr> = missing.iter().map(|index| &asked[*index].1).collect();
        let loaded = load(&self.db, &shown, viewer).await?;
        if !missing.is_empty() {
            let mut kept = self.counts.kept.lock().await;
            for (index, ids) in missing.into_iter().zip(loaded) {
                counts[index] = Some(kept.take(keys[index].clone(), ids, end, viewer.now));
            }
        }
        let told = asked.iter().zip(counts);
        Ok(told.filter_map(|((view, _), count)| count.map(|count| ViewCount { view: *view, count })).collect())
    }
}
