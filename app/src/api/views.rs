//! Views. The browser gets what it shows: texts, and how a view is shown as the query of an address says it.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::view::ViewKey;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::context::{agent_actor, desk},
    domain::view::{self, Settings, ViewScope, saved},
};

/// A view as the panel shows it; see [`domain::view::View`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub key: ViewKey,
    pub name: String,
    /// `me`, `all`, or the id of a team.
    pub scope: String,
    pub folder: String,
    pub icon: String,
    pub colour: String,
    /// The filter as text.
    pub text: String,
    /// How it is shown, as [`domain::view::Settings::query`] says it.
    pub settings: String,
    /// How this person has it shown, where they changed something.
    pub own: Option<String>,
    pub pinned: bool,
    pub hidden: bool,
    pub hidden_for_all: bool,
    pub broken: bool,
    pub may_change: bool,
    pub version: i64,
}

/// All views of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    pub views: Vec<View>,
    pub default: Option<ViewKey>,
}

/// A view that is made or changed; see [`domain::view::NewView`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    pub name: String,
    pub scope: String,
    pub folder: String,
    pub icon: String,
    pub colour: String,
    pub text: String,
    pub settings: String,
}

/// What a person does with a view for themselves alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Own {
    Pin(bool),
    Hide(bool),
    Settings(Option<String>),
    Before(Option<ViewKey>),
    Default,
    NotDefault,
}

/// The views that the actor has, in their order.
#[server(prefix = "/_fn", endpoint = "views/all", input = StrictJson, output = StrictJson)]
pub async fn all() -> Result<Views, ApiError> {
    Ok(shown_all(desk()?.views.all(&agent_actor()?).await?))
}

/// Saves a new view.
#[server(prefix = "/_fn", endpoint = "views/create", input = StrictJson, output = StrictJson)]
pub async fn create(view: Draft) -> Result<View, ApiError> {
    Ok(shown(desk()?.views.create(&agent_actor()?, new(view)?).await?))
}

/// Changes a view for all who have it; `version` is the one that was seen.
#[server(prefix = "/_fn", endpoint = "views/save", input = StrictJson, output = StrictJson)]
pub async fn save(key: ViewKey, version: i64, view: Draft) -> Result<View, ApiError> {
    Ok(shown(desk()?.views.save(&agent_actor()?, key, version, new(view)?).await?))
}

/// Deletes a view for all who have it.
#[server(prefix = "/_fn", endpoint = "views/delete", input = StrictJson, output = StrictJson)]
pub async fn delete(key: ViewKey) -> Result<(), ApiError> {
    Ok(desk()?.views.delete(&agent_actor()?, key).await?)
}

/// Brings a deleted view back.
#[server(prefix = "/_fn", endpoint = "views/restore", input = StrictJson, output = StrictJson)]
pub async fn restore(key: ViewKey) -> Result<View, ApiError> {
    Ok(shown(desk()?.views.restore(&agent_actor()?, key).await?))
}

/// Takes a view out of everyone's panel, or puts it back.
#[server(prefix = "/_fn", endpoint = "views/hide_for_all", input = StrictJson, output = StrictJson)]
pub async fn hide_for_all(key: ViewKey, hidden: bool) -> Result<Views, ApiError> {
    Ok(shown_all(desk()?.views.hide_for_all(&agent_actor()?, key, hidden).await?))
}

/// Puts a view before another one for all who have not ordered it themselves.
#[server(prefix = "/_fn", endpoint = "views/order_for_all", input = StrictJson, output = StrictJson)]
pub async fn order_for_all(key: ViewKey, before: Option<ViewKey>) -> Result<Views, ApiError> {
    Ok(shown_all(desk()?.views.order_for_all(&agent_actor()?, key, before).await?))
}

/// Chooses what the application begins with for all who have not chosen themselves.
#[server(prefix = "/_fn", endpoint = "views/default_for_all", input = StrictJson, output = StrictJson)]
pub async fn default_for_all(key: Option<ViewKey>) -> Result<Views, ApiError> {
    Ok(shown_all(desk()?.views.default_for_all(&agent_actor()?, key).await?))
}

/// What a person does with a view for themselves alone.
#[server(prefix = "/_fn", endpoint = "views/set_own", input = StrictJson, output = StrictJson)]
pub async fn set_own(key: ViewKey, change: Own) -> Result<Views, ApiError> {
    let change = match change {
        Own::Pin(pinned) => saved::OwnChange::Pin(pinned),
        Own::Hide(hidden) => saved::OwnChange::Hide(hidden),
        Own::Settings(query) => saved::OwnChange::Settings(query.as_deref().map(Settings::of_query)),
        Own::Before(before) => saved::OwnChange::Before(before),
        Own::Default => saved::OwnChange::Default,
        Own::NotDefault => saved::OwnChange::NotDefault,
    };
    Ok(shown_all(desk()?.views.set_own(&agent_actor()?, key, change).await?))
}

#[cfg(feature = "ssr")]
fn shown_all(all: saved::Views) -> Views {
    Views { views: all.views.into_iter().map(shown).collect(), default: all.default }
}

#[cfg(feature = "ssr")]
fn shown(view: view::View) -> View {
    View {
        key: view.key,
        name: view.name,
        scope: match view.scope {
            ViewScope::Personal => "me".to_owned(),
            ViewScope::Everyone => "all".to_owned(),
            ViewScope::Team(team) => team.to_string(),
        },
        folder: view.folder,
        icon: view.icon,
        colour: view.colour,
        text: view.text,
        settings: view.settings.query(),
        own: view.own.as_ref().map(Settings::query),
        pinned: view.pinned,
        hidden: view.hidden,
        hidden_for_all: view.hidden_for_all,
        broken: view.broken,
        may_change: view.may_change,
        version: view.version,
    }
}

#[cfg(feature = "ssr")]
fn new(draft: Draft) -> Result<view::NewView, ApiError> {
    let scope = match draft.scope.as_str() {
        "me" => ViewScope::Personal,
        "all" => ViewScope::Everyone,
        team => ViewScope::Team(team.parse().map_err(|_| ApiError::from(domain::Error::not_found()))?),
    };
    Ok(view::NewView {
        name: draft.name,
        scope,
        folder: draft.folder,
        icon: draft.icon,
        colour: draft.colour,
        text: draft.text,
        settings: Settings::of_query(&draft.settings),
    })
}
