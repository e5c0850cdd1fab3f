//! The properties under the title: type, status, priority, assignees. Each is a menu where it stands.

use crate::{
    agent::tickets::{
        change,
        choices::{PeopleEntries, StarsEntries, StatusEntries, Subject, TypeEntries},
        open::OpenTicket,
        store::ListStore,
    },
    i18n::use_i18n,
    plural, t,
    ui::{Avatar, Icon, Menu, Stars, StatusBadge, TypeLabel},
};
use domain::item::ItemRights;
use leptos::prelude::*;

/// The properties that one changes most.
#[component]
pub fn Properties(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the agent may do.
    may: ItemRights,
) -> impl IntoView {
    let i18n = use_i18n();
    let named = move |name: &'static str, value: Signal<String>| {
        Signal::derive(move || t!(i18n, tickets_named, name = name, value = value.get()))
    };
    let status_name = Signal::derive(move || {
        let id = ticket.shown.with(|shown| shown.row.status_id);
        list.catalog.with(|catalog| change::status_of(catalog, id).map(|status| i18n.status(status))).unwrap_or_default()
    });
    let type_name = Signal::derive(move || {
        let id = ticket.shown.with(|shown| shown.row.type_id);
        list.catalog.with(|catalog| change::type_of(catalog, id).map(|kind| i18n.ticket_type(kind))).unwrap_or_default()
    });
    let stars_name = Signal::derive(move || match ticket.shown.with(|shown| shown.row.priority) {
        0 => t!(i18n, stars_none).to_owned(),
        stars => plural!(i18n, stars, i64::from(stars)),
    });
    let people_names = Signal::derive(move || {
        let names = names_of(ticket, list).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        if names.is_empty() { t!(i18n, tickets_not_assigned).to_owned() } else { names }
    });
    let status = ViewFn::from(move || view! { <StatusShown ticket list /> });
    let kind = ViewFn::from(move || view! { <TypeShown ticket list /> });
    let stars = ViewFn::from(move || view! { <StarsShown ticket /> });
    let people = ViewFn::from(move || view! { <PeopleShown ticket list /> });
    if !may.change {
        return view! {
            <div class="ticket-properties">
                <span class="property">{status.run()}</span>
                <span class="property">{kind.run()}</span>
                <span class="property">{stars.run()}</span>
                <span class="property">{people.run()}</span>
            </div>
        }
        .into_any();
    }
    let subject = Subject {
        row: Memo::new(move |_| ticket.shown.with(|shown| shown.row.clone())).into(),
        change: Callback::new(move |change| ticket.change(change)),
    };
    let pending = move |field: &'static str| move || ticket.is_pending(field);
    view! {
        <div class="ticket-properties">
            <span class="property" class:pending=pending("status")>
                <Menu id="ticket-status" shortcut="S" label=named(t!(i18n, status), status_name) trigger=status class="btn btn-property">
                    <StatusEntries subject list />
                </Menu>
            </span>
            <span class="property" class:pending=pending("priority")>
                <Menu id="ticket-priority" shortcut="P" label=named(t!(i18n, priority), stars_name) trigger=stars class="btn btn-property">
                    <StarsEntries subject />
                </Menu>
            </span>
            <span class="property" class:pending=move || ticket.is_pending("agents") || ticket.is_pending("teams")>
                <Menu id="ticket-assign" shortcut="A" label=named(t!(i18n, tickets_column_assigned), people_names) trigger=people class="btn btn-property">
                    <PeopleEntries subject list />
                </Menu>
            </span>
            <span class="property" class:pending=pending("type")>
                <Menu id="ticket-type" label=named(t!(i18n, tickets_set_type), type_name) trigger=kind class="btn btn-property">
                    <TypeEntries subject list />
                </Menu>
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn StatusShown(ticket: OpenTicket, list: ListStore) -> impl IntoView {
    let status = Memo::new(move |_| {
        let id = ticket.shown.with(|shown| shown.row.status_id);
        list.catalog.with(|catalog| change::status_of(catalog, id).cloned())
    });
    move || status.get().map(|status| view! { <StatusBadge status /> }.into_any())
}

#[component]
fn TypeShown(ticket: OpenTicket, list: ListStore) -> impl IntoView {
    let kind = Memo::new(move |_| {
        let id = ticket.shown.with(|shown| shown.row.type_id);
        list.catalog.with(|catalog| change::type_of(catalog, id).cloned())
    });
    move || kind.get().map(|kind| view! { <TypeLabel kind /> }.into_any())
}

#[component]
fn StarsShown(ticket: OpenTicket) -> impl IntoView {
    let i18n = use_i18n();
    let stars = Memo::new(move |_| ticket.shown.with(|shown| shown.row.priority));
    move || {
        if stars.get() == 0 {
            view! { <span class="property-none"><Icon name="star" />{t!(i18n, stars_none)}</span> }.into_any()
        } else {
            view! { <Stars value=stars /> }.into_any()
        }
    }
}

/// Who it is assigned to: names, and whether each is an agent's.
fn names_of(ticket: OpenTicket, list: ListStore) -> Vec<(String, bool)> {
    let (agents, teams) = ticket.shown.with(|shown| (shown.row.agents.clone(), shown.row.teams.clone()));
    list.catalog.with(|catalog| {
        let agents = agents
            .iter()
            .filter_map(|id| catalog.agents.iter().find(|agent| agent.id == *id).map(|agent| (agent.name.clone(), true)));
        let teams =
            teams.iter().filter_map(|id| catalog.teams.iter().find(|team| team.id == *id).map(|team| (team.name.clone(), false)));
        agents.chain(teams).collect::<Vec<_>>()
    })
}

#[component]
fn PeopleShown(ticket: OpenTicket, list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let names = Memo::new(move |_| names_of(ticket, list));
    move || {
        let names = names.get();
        if names.is_empty() {
            return view! { <span class="property-none"><Icon name="person" />{t!(i18n, tickets_not_assigned)}</span> }
                .into_any();
        }
        let shown = names
            .iter()
            .filter(|(_, agent)| *agent)
            .take(4)
            .map(|(name, _)| view! { <Avatar name=name.clone() /> })
            .collect_view();
        let text = names.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(", ");
        view! { <span class="person">{shown}<span class="truncate">{text}</span></span> }.into_any()
    }
}
