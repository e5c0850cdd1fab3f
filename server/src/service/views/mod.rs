//! Views: those that every workspace has and those that people save.
//!
//! All of them are rows of one table, so that they are ordered, pinned and hidden alike; those that every workspace has keep their filter in
//! the program ([`domain::filter::policy`]). Who has which is one rule ([`domain::view::ViewScope`]), asked of every row that is read;
//! what a view shows is a matter of the reader's own rights, and is no part of it.

mod change;
mod check;
mod order;
mod own;
mod record;

pub use change::leave_team;

use super::{events::Author, filters};
use crate::db::{Db, NewEvent, Tx, Work};
use async_trait::async_trait;
use check::Checked;
use domain::{
    Error, Result,
    actor::{Actor, AgentActor},
    event::Subject,
    filter::{self, Expr, policy, resolve},
    id::{AgentId, ViewId},
    limits,
    service::Views,
    view::{
        NewView, View, ViewKey,
        saved::{OwnChange, Views as All},
    },
};
use record::{Record, Which, had, names_views, one};

/// The implementation of [`Views`].
pub struct ViewsService {
    db: Db,
}

impl ViewsService {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Runs a change of views as an agent.
    async fn change<T, F>(&self, actor: &Actor, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Author, &'t AgentActor) -> Work<'t, T> + Send + 'static,
    {
        let (actor, agent) = (actor.clone(), actor.agent()?.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    work(tx, &by, &agent).await
                })
            })
            .await
    }

    /// Views as the actor sees them. `all`: everything that the actor has.
    async fn shown(&self, actor: &Actor, all: &[Record], views: &[Record]) -> Result<Vec<View>> {
        let agent = actor.agent()?;
        let known = record::filters(all);
        let filters: Vec<Expr> = views.iter().map(Record::filter).collect();
        let texts = filters::write(&self.db, actor, &filters).await?;
        let mut shown = Vec::with_capacity(views.len());
        for ((view, filter), text) in views.iter().zip(filters).zip(texts) {
            let Some(key) = view.key() else { continue };
            let broken =
                filter::broken(&filter).map_or(true, |wrong| !wrong.is_empty()) || names_views(&resolve(&filter, &known));
            shown.push(View {
                key,
                name: view.name.clone(),
                scope: view.scope(),
                owner: view.owner(),
                folder: view.folder.clone(),
                icon: view.icon.clone(),
                colour: view.colour.clone(),
                broken,
                filter,
                text,
                settings: view.settings(),
                own: view.own_settings(),
                pinned: view.is_pinned(),
                hidden: view.is_hidden(),
                hidden_for_all: view.hidden_for_all,
                may_change: view.scope().is_changed_by(agent),
                version: view.version,
            });
        }
        Ok(shown)
    }
}

/// An event of a view that more people have than who made it, with its name before and after.
fn note(by: &Author, view: i64, name: &'static str, text: (&str, &str)) -> NewEvent {
    let mut event = by.event(Subject::View(view), name);
    event.text = (text.0.to_owned(), text.1.to_owned());
    event
}

/// What a view shows, with the filters of the views that it names in their place.
///
/// # Errors
/// Not found, if the actor does not have it; what the database says.
pub async fn filter_of(db: &Db, actor: &Actor, key: ViewKey) -> Result<Expr> {
    match key {
        ViewKey::System(view) => Ok(policy::system_view(view)),
        ViewKey::Saved(_) => {
            let view = one(&mut db.clone(), actor.agent()?, Which::One(key)).await?;
            resolved(db, actor, view.filter()).await
        }
    }
}

/// A filter with those of the views that it names in their place, as far as the actor has them. The others match nothing.
///
/// # Errors
/// What the database says.
pub async fn resolved(db: &Db, actor: &Actor, filter: Expr) -> Result<Expr> {
    if !names_views(&filter) {
        return Ok(filter);
    }
    let views = had(&mut db.clone(), actor.agent()?, Which::All).await?;
    Ok(resolve(&filter, &record::filters(&views)))
}

/// The saved views that the actor has and what they are called.
///
/// # Errors
/// What the database says.
pub async fn names(db: &Db, actor: &Actor) -> Result<Vec<(ViewId, String)>> {
    let views = had(&mut db.clone(), actor.agent()?, Which::All).await?;
    Ok(views.into_iter().filter(|view| !view.is_system()).map(|view| (ViewId(view.id), view.name)).collect())
}

/// The views beside which the actor is told counts, with what they show: those in their panel, pinned ones first, so many at most.
///
/// # Errors
/// What the database says.
pub async fn counted(db: &Db, actor: &Actor) -> Result<Vec<(ViewKey, Expr)>> {
    let agent = actor.agent()?;
    let views = had(&mut db.clone(), agent, Which::All).await?;
    let known = record::filters(&views);
    let in_panel = |view: &&Record| !view.is_hidden() && (!view.hidden_for_all || agent.role.administers());
    let mut panel: Vec<&Record> = views.iter().filter(in_panel).collect();
    panel.sort_by_key(|view| !view.is_pinned());
    let counted = panel.into_iter().take(limits::VIEWS_COUNTED);
    Ok(counted.filter_map(|view| Some((view.key()?, resolve(&view.filter(), &known)))).collect())
}

/// Deletes for good what was deleted so long ago that it cannot be brought back.
///
/// # Errors
/// What the database says.
pub async fn discard_deleted(db: &Db) -> Result<()> {
    db.write(|tx| Box::pin(change::discard(tx))).await
}

/// Keeps a view of somebody that is made without asking anybody, such as those of the demo.
///
/// # Errors
/// Invalid; what the database says.
pub async fn insert(tx: &mut Tx, by: &Author, owner: AgentId, view: &NewView, filter: &Expr) -> Result<ViewId> {
    filter::check(filter)?;
    change::insert(tx, by, owner, &Checked::of(view, true)?, filter).await
}

#[async_trait]
impl Views for ViewsService {
    async fn all(&self, actor: &Actor) -> Result<All> {
        let all = had(&mut self.db.clone(), actor.agent()?, Which::All).await?;
        let own = all.iter().find(|view| view.is_default());
        let default = own.or_else(|| all.iter().find(|view| view.begins_for_all)).and_then(Record::key);
        Ok(All { views: self.shown(actor, &all, &all).await?, default })
    }

    async fn get(&self, actor: &Actor, key: ViewKey) -> Result<View> {
        let all = had(&mut self.db.clone(), actor.agent()?, Which::All).await?;
        let one: Vec<Record> = all.iter().filter(|view| view.key() == Some(key)).cloned().collect();
        self.shown(actor, &all, &one).await?.pop().ok_or_else(Error::not_found)
    }

    async fn create(&self, actor: &Actor, view: NewView) -> Result<View> {
        actor.agent()?;
        let (checked, filter) = (Checked::of(&view, true)?, self.read(actor, &view.text).await?);
        let made =
            self.change(actor, |tx, by, agent| Box::pin(async move { change::create(tx, by, agent, &checked, &filter).await }));
        let id = made.await?;
        self.get(actor, ViewKey::Saved(id)).await
    }

    async fn save(&self, actor: &Actor, key: ViewKey, version: i64, view: NewView) -> Result<View> {
        let saved = matches!(key, ViewKey::Saved(_));
        let filter = if saved { Some(self.read(actor, &view.text).await?) } else { None };
        let checked = Checked::of(&view, saved)?;
        self.change(actor, move |tx, by, agent| {
            Box::pin(async move { change::save(tx, by, agent, (key, version), &checked, filter.as_ref()).await })
        })
        .await?;
        self.get(actor, key).await
    }

    async fn delete(&self, actor: &Actor, key: ViewKey) -> Result<()> {
        self.change(actor, move |tx, by, agent| Box::pin(change::delete(tx, by, agent, key))).await
    }

    async fn restore(&self, actor: &Actor, key: ViewKey) -> Result<View> {
        self.change(actor, move |tx, by, agent| Box::pin(change::restore(tx, by, agent, key))).await?;
        self.get(actor, key).await
    }

    async fn hide_for_all(&self, actor: &Actor, key: ViewKey, hidden: bool) -> Result<All> {
        actor.administrator()?;
        self.change(actor, move |tx, by, agent| Box::pin(order::hide_for_all(tx, by, agent, key, hidden))).await?;
        self.all(actor).await
    }

    async fn order_for_all(&self, actor: &Actor, key: ViewKey, before: Option<ViewKey>) -> Result<All> {
        actor.administrator()?;
        self.change(actor, move |tx, by, agent| Box::pin(order::move_for_all(tx, by, agent, key, before))).await?;
        self.all(actor).await
    }

    async fn default_for_all(&self, actor: &Actor, key: Option<ViewKey>) -> Result<All> {
        actor.administrator()?;
        self.change(actor, move |tx, by, agent| Box::pin(order::begin_for_all(tx, by, agent, key))).await?;
        self.all(actor).await
    }

    async fn set_own(&self, actor: &Actor, key: ViewKey, change: OwnChange) -> Result<All> {
        if let OwnChange::Settings(Some(settings)) = &change {
            settings.check()?;
        }
        self.change(actor, move |tx, _, agent| Box::pin(own::set(tx, agent, key, change))).await?;
        self.all(actor).await
    }
}

impl ViewsService {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Invalid: the first problem.
    async fn read(&self, actor: &Actor, text: &str) -> Result<Expr> {
        let parsed = filters::read(&self.db, actor, text).await?;
        match parsed.problems.into_iter().next() {
            Some(problem) => Err(problem.error),
            None => Ok(parsed.expr),
        }
    }
}
