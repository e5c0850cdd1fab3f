//! The tab with every field of a ticket, each changed in its place, and around it the requester and the followers.

use super::{followers::Followers, requester::RequesterCard, standing::Others};
use crate::{
    agent::tickets::{change, list::tag_loader, open::OpenTicket, store::ListStore},
    api,
    i18n::use_i18n,
    t,
    ui::{ComboOption, Combobox, Loader, Moment, MomentStyle, Select, StarsInput, TagInput, by_id},
};
use domain::{
    agent::AgentState,
    id::{AgentId, CustomerId, OrganizationId, StatusId, TeamId, TypeId},
    item::{Change, Impact, ItemDetail, ItemRights},
    limits,
    time::Timestamp,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::str::FromStr;

/// All fields of a ticket.
#[component]
pub fn Details(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the agent may do.
    may: ItemRights,
) -> impl IntoView {
    view! {
        <div class="details">
            <RequesterCard ticket list />
            <section class="fields">
                <Choices ticket list may />
                <People ticket list may />
                <Rest ticket may />
            </section>
            <Facts ticket />
            <Followers ticket list may />
            <Others ticket list may />
        </div>
    }
    .into_any()
}

/// Marks a field while its change is on its way.
fn marked(ticket: OpenTicket, field: &'static str, inner: AnyView) -> AnyView {
    view! { <div class="field-place" class:pending=move || ticket.is_pending(field)>{inner}</div> }.into_any()
}

/// A choice of few.
fn choice(
    ticket: OpenTicket,
    field: &'static str,
    off: bool,
    read: fn(&ItemDetail) -> String,
    options: Signal<Vec<(String, String)>>,
    make: fn(&str) -> Option<Change>,
) -> AnyView {
    let i18n = use_i18n();
    let value = RwSignal::new(ticket.shown.with_untracked(read));
    Effect::new(move |_| value.set(ticket.shown.with(read)));
    let changed = move |chosen: String| {
        if let Some(change) = make(&chosen) {
            ticket.change(change);
        }
    };
    let control = view! {
        <Select
            id=format!("field-{field}")
            name=field
            label=i18n.name("field", field)
            value
            options
            disabled=off
            on_change=Callback::new(changed)
        />
    };
    marked(ticket, field, control.into_any())
}

#[component]
fn Choices(ticket: OpenTicket, list: ListStore, may: ItemRights) -> impl IntoView {
    let i18n = use_i18n();
    let off = !may.change;
    let kind = Memo::new(move |_| ticket.shown.with(|shown| shown.row.type_id));
    let kinds = Signal::derive(move || {
        let now = kind.get();
        list.catalog.with(|catalog| {
            let can = catalog.types.iter().filter(|kind| kind.enabled || kind.id == now);
            can.map(|kind| (kind.id.to_string(), i18n.ticket_type(kind))).collect::<Vec<_>>()
        })
    });
    let statuses = Signal::derive(move || {
        list.catalog.with(|catalog| {
            let statuses = change::type_of(catalog, kind.get()).map(|kind| kind.statuses.as_slice()).unwrap_or_default();
            statuses.iter().map(|status| (status.id.to_string(), i18n.status(status))).collect::<Vec<_>>()
        })
    });
    let impacts =
        Signal::derive(move || Impact::ALL.map(|impact| (impact.key().to_owned(), i18n.name("impact", impact.key()))).to_vec());
    let published = Signal::derive(move || {
        vec![
            ("true".to_owned(), t!(i18n, tickets_published_yes).to_owned()),
            ("false".to_owned(), t!(i18n, tickets_published_no).to_owned()),
        ]
    });
    let stars = Signal::derive(move || ticket.shown.with(|shown| shown.row.priority));
    let priority = view! {
        <div class="field">
            <span class="field-label" aria-hidden="true">{t!(i18n, priority)}</span>
            <StarsInput
                id="field-priority"
                label=t!(i18n, priority)
                value=stars
                on_change=Callback::new(move |stars| ticket.change(Change::Priority(stars)))
                disabled=off
            />
        </div>
    };
    view! {
        {choice(ticket, "type", off, |shown| shown.row.type_id.to_string(), kinds, |id| TypeId::from_str(id).ok().map(Change::Type))}
        {choice(ticket, "status", off, |shown| shown.row.status_id.to_string(), statuses, |id| {
            StatusId::from_str(id).ok().map(Change::Status)
        })}
        {marked(ticket, "priority", priority.into_any())}
        {choice(ticket, "impact", off, |shown| shown.row.impact.key().to_owned(), impacts, |key| {
            Impact::from_key(key).map(Change::Impact)
        })}
        {choice(ticket, "published", off, |shown| shown.published.to_string(), published, |key| {
            key.parse().ok().map(Change::Published)
        })}
    }
    .into_any()
}

/// The ids among the chosen options.
fn ids<T: FromStr>(options: &[ComboOption]) -> Vec<T> {
    options.iter().filter_map(|option| option.value.parse().ok()).collect()
}

#[component]
fn People(ticket: OpenTicket, list: ListStore, may: ItemRights) -> impl IntoView {
    let i18n = use_i18n();
    let off = !may.change;
    let agents = Signal::derive(move || {
        list.catalog.with(|catalog| {
            let can = catalog.agents.iter().filter(|agent| agent.state == AgentState::Active && agent.role.works());
            can.map(|agent| ComboOption::person(agent.id.to_string(), &agent.name, &agent.email)).collect::<Vec<_>>()
        })
    });
    let assigned = Signal::derive(move || {
        let ids = ticket.shown.with(|shown| shown.row.agents.clone());
        list.catalog.with(|catalog| {
            let known = ids.iter().filter_map(|id| catalog.agents.iter().find(|agent| agent.id == *id));
            known.map(|agent| ComboOption::person(agent.id.to_string(), &agent.name, &agent.email)).collect::<Vec<_>>()
        })
    });
    let teams = Signal::derive(move || {
        list.catalog.with(|catalog| {
            catalog.teams.iter().map(|team| ComboOption::new(team.id.to_string(), &team.name)).collect::<Vec<_>>()
        })
    });
    let with_teams = Signal::derive(move || {
        let ids = ticket.shown.with(|shown| shown.row.teams.clone());
        teams.get().into_iter().filter(|team| ids.iter().any(|id| id.to_string() == team.value)).collect::<Vec<_>>()
    });
    let requester = Signal::derive(move || {
        ticket.shown.with(|shown| {
            let person = |customer: &domain::customer::CustomerRef| {
                ComboOption::person(customer.id.to_string(), &customer.name, customer.email.clone().unwrap_or_default())
            };
            shown.row.requester.as_ref().map(person).into_iter().collect::<Vec<_>>()
        })
    });
    let organization = Signal::derive(move || {
        ticket.shown.with(|shown| {
            let option = |organization: &domain::organization::OrganizationRef| {
                ComboOption::new(organization.id.to_string(), &organization.name)
            };
            shown.row.organization.as_ref().map(option).into_iter().collect::<Vec<_>>()
        })
    });
    let label = move |field: &'static str| i18n.name("field", field);
    let agents_control = view! {
        <Combobox
            id="field-agents"
            label=label("agents")
            selected=assigned
            options=agents
            multiple=true
            disabled=off
            on_change=Callback::new(move |options: Vec<ComboOption>| ticket.change(Change::Agents(ids::<AgentId>(&options))))
        />
    };
    let teams_control = view! {
        <Combobox
            id="field-teams"
            label=label("teams")
            selected=with_teams
            options=teams
            multiple=true
            disabled=off
            on_change=Callback::new(move |options: Vec<ComboOption>| ticket.change(Change::Teams(ids::<TeamId>(&options))))
        />
    };
    let requester_control = view! {
        <Combobox
            id="field-requester"
            label=label("requester")
            selected=requester
            load=customer_loader()
            clearable=true
            disabled=off
            on_change=Callback::new(move |options: Vec<ComboOption>| {
                ticket.change(Change::Requester(ids::<CustomerId>(&options).first().copied()));
            })
        />
    };
    let organization_control = view! {
        <Combobox
            id="field-organization"
            label=label("organization")
            selected=organization
            load=organization_loader()
            clearable=true
            disabled=off
            on_change=Callback::new(move |options: Vec<ComboOption>| {
                ticket.change(Change::Organization(ids::<OrganizationId>(&options).first().copied()));
            })
        />
    };
    view! {
        {marked(ticket, "agents", agents_control.into_any())}
        {marked(ticket, "teams", teams_control.into_any())}
        {marked(ticket, "requester", requester_control.into_any())}
        {marked(ticket, "organization", organization_control.into_any())}
    }
    .into_any()
}

/// Suggests customers.
pub fn customer_loader() -> Loader {
    Callback::new(|(text, answer): (String, Callback<Vec<ComboOption>>)| {
        spawn_local(async move {
            let found = api::customers::suggest(text).await.unwrap_or_default();
            let option = |customer: domain::customer::CustomerRef| {
                ComboOption::person(customer.id.to_string(), customer.name, customer.email.unwrap_or_default())
            };
            answer.run(found.into_iter().map(option).collect());
        });
    })
}

/// Suggests organizations.
fn organization_loader() -> Loader {
    Callback::new(|(text, answer): (String, Callback<Vec<ComboOption>>)| {
        spawn_local(async move {
            let found = api::organizations::suggest(text).await.unwrap_or_default();
            answer.run(found.into_iter().map(|one| ComboOption::new(one.id.to_string(), one.name)).collect());
        });
    })
}

#[component]
fn Rest(ticket: OpenTicket, may: ItemRights) -> impl IntoView {
    let i18n = use_i18n();
    let off = !may.change;
    let tags = Signal::derive(move || ticket.shown.with(|shown| shown.row.tags.clone()));
    let tags_control = view! {
        <TagInput
            id="field-tags"
            label=i18n.name("field", "tags")
            tags
            load=tag_loader()
            disabled=off
            on_change=Callback::new(move |tags| ticket.change(Change::Tags(tags)))
        />
    };
    const PRODUCT: &str = "field-product";
    let product = move || ticket.shown.with(|shown| shown.row.product.clone());
    let on_change = move |event: ev::Event| {
        let text = event_target_value(&event);
        if text.trim() != product() {
            ticket.change(Change::Product(text.trim().to_owned()));
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some(input) = by_id(PRODUCT)
        {
            let _ = input.blur();
        }
    };
    let product_control = view! {
        <div class="field">
            <label class="field-label" for=PRODUCT>{i18n.name("field", "product")}</label>
            <input
                id=PRODUCT
                class="input"
                maxlength=limits::LINE.to_string()
                disabled=off
                prop:value=product
                on:change=on_change
                on:keydown=on_keydown
            />
        </div>
    };
    view! {
        {marked(ticket, "tags", tags_control.into_any())}
        {marked(ticket, "product", product_control.into_any())}
    }
    .into_any()
}

/// What cannot be changed: how and when it came in.
#[component]
fn Facts(ticket: OpenTicket) -> impl IntoView {
    let i18n = use_i18n();
    let time = move |label: &'static str, at: Option<Timestamp>| {
        at.map(|at| view! { <div><dt>{label}</dt><dd><Moment at style=MomentStyle::Full /></dd></div> })
    };
    let facts = move || {
        ticket.shown.with(|shown| {
            view! {
                <div><dt>{t!(i18n, tickets_channel)}</dt><dd>{i18n.name("channel", shown.row.channel.key())}</dd></div>
                <div><dt>{t!(i18n, tickets_created_by)}</dt><dd>{shown.created_by_name.clone()}</dd></div>
                {time(t!(i18n, tickets_column_created), Some(shown.row.created_at))}
                {time(t!(i18n, tickets_first_response), shown.row.first_response_at)}
                {time(t!(i18n, tickets_resolved), shown.row.resolved_at)}
                {time(t!(i18n, tickets_column_updated), Some(shown.row.updated_at))}
            }
            .into_any()
        })
    };
    view! { <dl class="ticket-facts">{facts}</dl> }.into_any()
}
