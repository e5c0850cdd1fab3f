//! What can be done with the tickets that are selected, open, or where the keyboard is: what is chosen from menus otherwise, by name.

use super::entry::{Does, Entry};
use crate::{
    i18n::I18n,
    state::{Acting, Session},
    t,
};
use domain::{
    agent::AgentState,
    item::{Change, PRIORITY_MAX},
};
use leptos::prelude::*;
use std::{collections::BTreeSet, sync::Arc};

/// Each status, each number of stars, each agent and each team.
pub(super) fn by_name(i18n: I18n, session: Session, acting: &Acting) -> Vec<Entry> {
    let entry = |icon: &str, label: String, change: Change| {
        let set = acting.set.clone();
        Entry::new(icon, label, Does::Run(Arc::new(move || set(change.clone()))))
    };
    let catalog = session.catalog.get_untracked();
    let mut list = Vec::new();
    let mut names = BTreeSet::new();
    for status in catalog.types.iter().flat_map(|kind| &kind.statuses) {
        let name = i18n.status(status);
        // Types share most of their statuses by name; each ticket gets the one that comes nearest.
        if names.insert(name.clone()) {
            list.push(entry("check", format!("{}: {name}", t!(i18n, status)), Change::Status(status.id)));
        }
    }
    for stars in (0..=PRIORITY_MAX).rev() {
        let name = if stars == 0 { t!(i18n, stars_none).to_owned() } else { "★".repeat(usize::from(stars)) };
        list.push(entry("star", format!("{}: {name}", t!(i18n, priority)), Change::Priority(stars)));
    }
    list.push(entry("person", t!(i18n, tickets_assign_to_nobody).to_owned(), Change::Agents(Vec::new())));
    for agent in catalog.agents.iter().filter(|agent| agent.state == AgentState::Active && agent.role.works()) {
        list.push(entry("person", format!("{}: {}", t!(i18n, tickets_assign), agent.name), Change::Agents(vec![agent.id])));
    }
    for team in &catalog.teams {
        list.push(entry("people", format!("{}: {}", t!(i18n, tickets_assign), team.name), Change::Teams(vec![team.id])));
    }
    list
}
