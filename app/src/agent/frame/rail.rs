//! The rail: the applications. On a phone it is the bar at the bottom.

use crate::{i18n::use_i18n, state::use_session, t, ui::Icon};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub(super) fn Rail() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <nav class="desk-rail" aria-label=t!(i18n, frame_rail)>
            <Logo />
            <RailLink href="/desk/tickets" icon="ticket" label=t!(i18n, frame_tickets) />
            <RailLink href="/desk/customers" icon="people" label=t!(i18n, frame_customers) />
            <RailLink href="/desk/organizations" icon="building" label=t!(i18n, frame_organizations) />
            <div class="rail-space"></div>
            <Show when=move || session.me.with(|me| me.role.administers())>
                <RailLink href="/desk/admin" icon="settings" label=t!(i18n, frame_administration) />
            </Show>
        </nav>
    }
}

/// The workspace's logo, or its first letter.
#[component]
fn Logo() -> impl IntoView {
    let session = use_session();
    let inside = move || {
        let me = session.me.get();
        match me.logo {
            Some(file) => view! { <img src=format!("/files/{}/logo", file.0) alt="" /> }.into_any(),
            None => me.workspace.chars().next().map(|first| first.to_uppercase().to_string()).into_any(),
        }
    };
    view! {
        <A href="/desk/tickets" attr:class="desk-logo" attr:aria-label=move || session.me.with(|me| me.workspace.clone())>
            {inside}
        </A>
    }
}

#[component]
fn RailLink(href: &'static str, icon: &'static str, label: &'static str) -> impl IntoView {
    view! {
        <A href=href attr:class="rail-link">
            <Icon name=icon large=true />
            <span class="rail-text">{label}</span>
        </A>
    }
}
