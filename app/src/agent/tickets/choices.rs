//! The entries of the menus in which the fields of a ticket are chosen: under its title, and in the cells of the table.

use super::{change, store::ListStore};
use crate::{
    i18n::use_i18n,
    t,
    ui::{Avatar, Icon, MenuItem, MenuLabel, MenuSeparator, Stars, StatusDot, TypeLabel},
};
use domain::{
    agent::{AgentRef, AgentState},
    id::{AgentId, TeamId},
    item::{Change, ItemRow, PRIORITY_MAX},
    team::Team,
    types::{Status, TicketType},
};
use leptos::prelude::*;

/// The ticket whose fields are chosen.
#[derive(Clone, Copy)]
pub struct Subject {
    /// As it is shown.
    pub row: Signal<ItemRow>,
    /// Changes it.
    pub change: Callback<Change>,
}

/// The statuses of the ticket's type.
#[component]
pub fn StatusEntries(
    /// The ticket.
    subject: Subject,
    /// The list that it is in.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| subject.row.with(|row| row.type_id));
    let entry = move |status: Status| {
        let id = status.id;
        let chosen = Signal::derive(move || subject.row.with(|row| row.status_id == id));
        view! {
            <MenuItem chosen on_select=Callback::new(move |()| subject.change.run(Change::Status(id)))>
                <span class="status">
                    <StatusDot colour=status.colour.clone() />
                    {i18n.status(&status)}
                </span>
            </MenuItem>
        }
    };
    move || {
        let statuses = list.catalog.with(|catalog| change::type_of(catalog, kind.get()).map(|kind| kind.statuses.clone()));
        statuses.unwrap_or_default().into_iter().map(entry).collect_view().into_any()
    }
}

/// The types that there are.
#[component]
pub fn TypeEntries(
    /// The ticket.
    subject: Subject,
    /// The list that it is in.
    list: ListStore,
) -> impl IntoView {
    let now = Memo::new(move |_| subject.row.with(|row| row.type_id));
    let entry = move |kind: TicketType| {
        let id = kind.id;
        let chosen = Signal::derive(move || now.get() == id);
        view! { <MenuItem chosen on_select=Callback::new(move |()| subject.change.run(Change::Type(id)))><TypeLabel kind /></MenuItem> }
    };
    move || {
        let now = now.get_untracked();
        let kinds = list
            .catalog
            .with(|catalog| catalog.types.iter().filter(|kind| kind.enabled || kind.id == now).cloned().collect::<Vec<_>>());
        kinds.into_iter().map(entry).collect_view().into_any()
    }
}

/// The stars.
#[component]
pub fn StarsEntries(
    /// The ticket.
    subject: Subject,
) -> impl IntoView {
    let i18n = use_i18n();
    let entry = move |stars: u8| {
        let chosen = Signal::derive(move || subject.row.with(|row| row.priority == stars));
        view! {
            <MenuItem chosen on_select=Callback::new(move |()| subject.change.run(Change::Priority(stars)))>
                {if stars == 0 { t!(i18n, stars_none).into_any() } else { view! { <Stars value=stars /> }.into_any() }}
            </MenuItem>
        }
    };
    (0..=PRIORITY_MAX).rev().map(entry).collect_view().into_any()
}

/// Agents and teams that it can be assigned to.
#[component]
pub fn PeopleEntries(
    /// The ticket.
    subject: Subject,
    /// The list that it is in.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let toggle_agent = move |id: AgentId| {
        let mut agents = subject.row.with_untracked(|row| row.agents.clone());
        if agents.contains(&id) {
            agents.retain(|agent| *agent != id);
        } else {
            agents.push(id);
        }
        subject.change.run(Change::Agents(agents));
    };
    let toggle_team = move |id: TeamId| {
        let mut teams = subject.row.with_untracked(|row| row.teams.clone());
        if teams.contains(&id) {
            teams.retain(|team| *team != id);
        } else {
            teams.push(id);
        }
        subject.change.run(Change::Teams(teams));
    };
    let agent = move |agent: AgentRef| {
        let id = agent.id;
        let chosen = Signal::derive(move || subject.row.with(|row| row.agents.contains(&id)));
        view! {
            <MenuItem chosen on_select=Callback::new(move |()| toggle_agent(id))>
                <span class="person"><Avatar name=agent.name.clone() />{agent.name}</span>
            </MenuItem>
        }
    };
    let team = move |team: Team| {
        let id = team.id;
        let chosen = Signal::derive(move || subject.row.with(|row| row.teams.contains(&id)));
        view! {
            <MenuItem chosen on_select=Callback::new(move |()| toggle_team(id))>
                <span class="person"><Icon name="people" />{team.name}</span>
            </MenuItem>
        }
    };
    move || {
        let me = list.me.with(|me| me.id);
        let (agents, teams) = list.catalog.with(|catalog| {
            let can = |other: &&AgentRef| other.state == AgentState::Active && other.role.works() && other.id != me;
            (catalog.agents.iter().filter(can).cloned().collect::<Vec<_>>(), catalog.teams.clone())
        });
        let mine = Signal::derive(move || subject.row.with(|row| row.agents.contains(&me)));
        view! {
            <MenuItem chosen=mine shortcut="I" on_select=Callback::new(move |()| toggle_agent(me))>{t!(i18n, tickets_assign_to_me)}</MenuItem>
            <MenuSeparator />
            {(!agents.is_empty()).then(|| view! { <MenuLabel text=t!(i18n, tickets_agents) /> })}
            {agents.into_iter().map(agent).collect_view()}
            {(!teams.is_empty()).then(|| view! { <MenuLabel text=t!(i18n, tickets_teams) /> })}
            {teams.into_iter().map(team).collect_view()}
        }
        .into_any()
    }
}
