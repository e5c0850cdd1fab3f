//! How much is in each view.

use super::{ItemService, list::push_shown};
use crate::{
    db::{Read, Sql},
    service::views,
    zones,
};
use domain::{
    Result,
    actor::Actor,
    filter::{Expr, Viewer, policy},
    limits,
    time::{MINUTE, Timestamp},
    view::{ViewCount, ViewKey},
};
use futures::{StreamExt, stream};
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
pub(super) struct SlowViews(Mutex<HashMap<ViewKey, Timestamp>>);

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

/// A view with the condition of what is counted.
type Asked = (ViewKey, Expr);

impl ItemService {
    pub(super) async fn view_counts(&self, actor: &Actor) -> Result<Vec<ViewCount>> {
        let zone = zones::named(&actor.agent()?.time_zone);
        let now = self.db.now();
        let viewer = Viewer::of(actor, now).in_zone(zone);
        let views = views::counted(&self.db, actor).await?;
        let seen = |(view, filter)| {
            let asked = [filter];
            let sight = policy::in_sight(&asked);
            (view, Expr::All([policy::permission(actor), sight].into_iter().chain(asked).collect()))
        };
        let asked: Vec<Asked> = views.into_iter().filter(|(view, _)| !self.slow.holds(*view, now)).map(seen).collect();
        // One statement, so that all numbers are of the same moment.
        match self.count(&asked, &viewer).await {
            Ok(counts) => Ok(counts),
            Err(error) => {
                tracing::warn!(%error, "views are counted one by one, because together they cannot be");
                self.count_apart(asked, &viewer).await
            }
        }
    }

    /// Counts saved views each on its own; those that cannot be counted are left out.
    async fn count_apart(&self, asked: Vec<Asked>, viewer: &Viewer) -> Result<Vec<ViewCount>> {
        let (saved, system): (Vec<Asked>, Vec<Asked>) =
            asked.into_iter().partition(|(view, _)| matches!(view, ViewKey::Saved(_)));
        let mut counts = self.count(&system, viewer).await?;
        let each = stream::iter(saved).map(async |one| match self.count(std::slice::from_ref(&one), viewer).await {
            Ok(counts) => counts,
            Err(error) => {
                tracing::warn!(view = %one.0, %error, "a view is not counted for a while");
                self.slow.note(one.0, self.db.now());
                Vec::new()
            }
        });
        counts.extend(each.buffered(BESIDE).concat().await);
        Ok(counts)
    }

    async fn count(&self, asked: &[Asked], viewer: &Viewer) -> Result<Vec<ViewCount>> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut db = self.db.clone();
        let mut sql = Sql::build("");
        for ((_, shown), index) in asked.iter().zip(0_i64..) {
            sql.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " });
            sql.bind(index).push(", COUNT(*) FROM (SELECT 1 FROM item WHERE ");
            push_shown(&mut sql, db.engine(), shown, viewer);
            sql.push(" LIMIT ").bind(limits::VIEW_COUNT).push(") AS shown");
        }
        let counts: Vec<(i64, i64)> = db.all(sql).await?;
        let count = |index| counts.iter().find(|(of, _)| *of == index).map_or(0, |(_, count)| *count);
        Ok(asked.iter().zip(0..).map(|((view, _), index)| ViewCount { view: *view, count: count(index) }).collect())
    }
}
