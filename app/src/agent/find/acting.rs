//! What can be done with the tickets that are selected, open, or where the keyboard is: what is chosen from menus otherwise, by name.

use super::entry::{Does, Entry, Section};
use crate::{
    agent::tickets::change,
    i18n::I18n,
    plural,
    state::{Acting, Session, shortcuts::Make},
    t,
};
use domain::{
    agent::AgentState,
    item::{Change, ItemRow, PRIORITY_MAX},
};
use leptos::prelude::*;
use std::{collections::BTreeSet, sync::Arc};

/// What is acted on: the one ticket, or how many.
pub(super) fn about(i18n: I18n, rows: &[ItemRow]) -> String {
    match rows {
        [one] => format!("#{} {}", one.number, one.title),
        many => plural!(i18n, tickets_selected_count, i64::try_from(many.len()).unwrap_or_default()),
    }
}

/// Each status, each number of stars, each agent and each team.
pub(super) fn by_name(i18n: I18n, session: Session, acting: &Acting, title: String) -> Section {
    let entry = |icon: &str, label: String, make: Make| {
        let run = acting.run.clone();
        Entry::new(icon, label, Does::Run(Arc::new(move || run(make.clone()))))
    };
    let always = |icon: &str, label: String, change: Change| entry(icon, label, Arc::new(move |_| Some(change.clone())));
    let catalog = session.catalog.get_untracked();
    let mut list = Vec::new();
    let mut names = BTreeSet::new();
    for status in catalog.types.iter().flat_map(|kind| &kind.statuses) {
        let (id, name) = (status.id, i18n.status(status));
        // Types share most of their statuses by name; each ticket gets the one that comes nearest.
        if names.insert(name.clone()) {
            let make = move |row: &ItemRow| {
                session.catalog.with_untracked(|catalog| change::nearest(catalog, row.type_id, id)).map(Change::Status)
            };
            list.push(entry("check", format!("{}: {name}", t!(i18n, status)), Arc::new(make)));
        }
    }
    for stars in (0..=PRIORITY_MAX).rev() {
        let name = if stars == 0 { t!(i18n, stars_none).to_owned() } else { "★".repeat(usize::from(stars)) };
        list.push(always("star", format!("{}: {name}", t!(i18n, priority)), Change::Priority(stars)));
    }
    list.push(always("person", t!(i18n, tickets_assign_to_nobody).to_owned(), Change::Agents(Vec::new())));
    for agent in catalog.agents.iter().filter(|agent| agent.state == AgentState::Active && agent.role.works()) {
        list.push(always("person", format!("{}: {}", t!(i18n, tickets_assign), agent.name), Change::Agents(vec![agent.id])));
    }
    for team in &catalog.teams {
        list.push(always("people", format!("{}: {}", t!(i18n, tickets_assign), team.name), Change::Teams(vec![team.id])));
    }
    Section::new(title, list)
}
