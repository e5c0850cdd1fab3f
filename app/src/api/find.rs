//! Finding things of any kind. The browser gets what it shows: texts, and where each thing is.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson, filters::Suggestions};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::{
        context::{agent_actor, desk},
        filters::{bytes, suggestions, units},
    },
    crate::{i18n::use_i18n, t},
    domain::{
        limits::FOUND,
        service::{Few, Found as Things},
        text::rank,
        view::ViewKey,
    },
    leptos_router::location::Url,
};

/// A thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What it is called.
    pub label: String,
    /// What tells it from others of its name.
    pub hint: String,
    /// Where it is.
    pub href: String,
}

/// Things of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// What they are called together.
    pub title: String,
    /// The icon of each.
    pub icon: String,
    /// The first few.
    pub hits: Vec<Hit>,
    /// Where all of them are, if there are more; else empty.
    pub all: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// By kind; kinds of which nothing was found are not there.
    pub kinds: Vec<Kind>,
    /// What of the text is no filter; empty if nothing is.
    pub problem: String,
    /// Where, in UTF-16 units as browsers count.
    pub at: (u32, u32),
    /// What could stand at the caret.
    pub completion: Option<Suggestions>,
}

/// What fits a text with the caret at a place, counted in UTF-16 units. Of an empty text the views.
#[server(prefix = "/_fn", endpoint = "find/find", input = StrictJson, output = StrictJson)]
pub async fn find(text: String, at: u32) -> Result<Found, ApiError> {
    let place = u32::try_from(bytes(&text, at)).unwrap_or(u32::MAX);
    let found = desk()?.finder.find(&agent_actor()?, text.clone(), place).await?;
    Ok(shown(&text, found))
}

#[cfg(feature = "ssr")]
fn shown(text: &str, found: Things) -> Found {
    let i18n = use_i18n();
    let typed = text.trim();
    let hit = |label: String, hint: String, href: String| Hit { label, hint, href };
    let all = |list: &str| format!("{list}q={}", Url::escape(typed));
    let items = kind(t!(i18n, tickets), "ticket", all("/desk/tickets?view=all&"), found.items, |row| {
        let hint = row.requester.map(|requester| requester.name).unwrap_or_default();
        hit(format!("#{} {}", row.number, row.title), hint, format!("/desk/tickets/{}", row.number))
    });
    let customers = kind(t!(i18n, frame_customers), "person", all("/desk/customers?"), found.customers, |one| {
        hit(one.name, one.email.unwrap_or_default(), format!("/desk/customers/{}", one.id))
    });
    let organizations =
        kind(t!(i18n, frame_organizations), "building", all("/desk/organizations?"), found.organizations, |one| {
            hit(one.name, String::new(), format!("/desk/organizations/{}", one.id))
        });
    let agents = kind(t!(i18n, tickets_agents), "people", String::new(), found.agents, |one| {
        hit(one.name, one.email, format!("/desk/tickets?view=open&q={}", Url::escape(&one.text)))
    });
    let mut named: Vec<(u32, Hit)> = found
        .views
        .into_iter()
        .filter_map(|view| {
            let name = match view.key {
                ViewKey::System(system) if view.name.is_empty() => i18n.name("view", system.key()),
                _ => view.name,
            };
            Some((rank(typed, &name)?, hit(name, view.folder, format!("/desk/tickets?view={}", view.key))))
        })
        .collect();
    named.sort_by_key(|(rank, _)| *rank);
    let most = if typed.is_empty() { named.len() } else { FOUND };
    let views = Kind {
        title: t!(i18n, tickets_views).to_owned(),
        icon: "list".to_owned(),
        hits: named.into_iter().take(most).map(|(_, hit)| hit).collect(),
        all: String::new(),
    };
    let kinds = [views, items, customers, organizations, agents].into_iter().filter(|kind| !kind.hits.is_empty()).collect();
    let problem = found.problem;
    Found {
        kinds,
        at: problem.as_ref().map_or((0, 0), |problem| (units(text, problem.from), units(text, problem.to))),
        problem: problem.map(|problem| i18n.error(&problem.error)).unwrap_or_default(),
        completion: found.completion.map(|found| suggestions(text, found)),
    }
}

#[cfg(feature = "ssr")]
fn kind<T>(title: &str, icon: &str, all: String, found: Few<T>, hit: impl Fn(T) -> Hit) -> Kind {
    Kind {
        title: title.to_owned(),
        icon: icon.to_owned(),
        all: if found.more { all } else { String::new() },
        hits: found.list.into_iter().map(hit).collect(),
    }
}
