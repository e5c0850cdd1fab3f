//! The head of a ticket: number, who else is there, the way to its neighbours, following, the title, and the properties that one changes most.

use super::{more::More, panel::TITLE, properties::Properties, standing::Standing};
use crate::{
    agent::tickets::{open::OpenTicket, others, store::ListStore},
    api,
    i18n::use_i18n,
    t,
    ui::{Icon, IconButton, by_id, focus, use_toasts},
};
use domain::{
    id::ItemNumber,
    item::{Change, ItemRights},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The head of a ticket.
#[component]
pub fn Head(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the agent may do.
    may: ItemRights,
) -> impl IntoView {
    let i18n = use_i18n();
    let number = ticket.number;
    let close = move || list.address.with(|address| address.list());
    view! {
        <div class="ticket-top">
            <a class="btn btn-ghost btn-icon ticket-back" href=close aria-label=t!(i18n, tickets_back_to_list) title=t!(i18n, tickets_back_to_list)>
                <Icon name="arrow-left" />
            </a>
            <span class="ticket-number">"#" {number.0}</span>
            {others::in_head(number)}
            <Neighbour list number step=-1 icon="chevron-up" shortcut="[" label=t!(i18n, tickets_previous_ticket) />
            <Neighbour list number step=1 icon="chevron-down" shortcut="]" label=t!(i18n, tickets_next_ticket) />
            <Follow ticket list />
            <More ticket list />
            <a class="btn btn-ghost btn-icon ticket-close" href=close aria-label=t!(i18n, close) title=t!(i18n, close)>
                <Icon name="close" />
            </a>
        </div>
        <Standing ticket list />
        <TicketTitle ticket may />
        <Properties ticket list may />
    }
    .into_any()
}

/// To the ticket before or after this one in the list.
#[component]
fn Neighbour(
    list: ListStore,
    number: ItemNumber,
    step: isize,
    icon: &'static str,
    shortcut: &'static str,
    label: &'static str,
) -> impl IntoView {
    let navigate = use_navigate();
    let to = Memo::new(move |_| {
        list.rows.track();
        list.place(number).and_then(|_| list.neighbour(Some(number), step))
    });
    let go = move |_| {
        if let Some(to) = to.get_untracked() {
            let href = list.address.with_untracked(|address| address.ticket(to));
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    view! { <IconButton icon label shortcut disabled=Signal::derive(move || to.get().is_none()) on_click=Callback::new(go) /> }
        .into_any()
}

/// Follows the ticket, or stops.
#[component]
fn Follow(ticket: OpenTicket, list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let follows = Signal::derive(move || {
        let me = list.me.with(|me| me.id);
        ticket.shown.with(|shown| shown.following_agents.contains(&me))
    });
    let busy = RwSignal::new(false);
    let toggle = move |_| {
        let follow = !follows.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = api::items::follow(ticket.number, follow).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(detail) => ticket.take(&detail),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    let label =
        Signal::derive(move || if follows.get() { t!(i18n, tickets_unfollow) } else { t!(i18n, tickets_follow) }.to_owned());
    view! { <IconButton icon="bell" label pressed=follows disabled=busy on_click=Callback::new(toggle) /> }.into_any()
}

/// The title, changed in its place.
#[component]
fn TicketTitle(ticket: OpenTicket, may: ItemRights) -> impl IntoView {
    let i18n = use_i18n();
    let editing = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let title = move || ticket.shown.with(|shown| shown.row.title.clone());
    const INPUT: &str = "ticket-title-input";
    let begin = move |_| {
        wrong.set(None);
        editing.set(true);
        request_animation_frame(|| focus(INPUT));
    };
    let end = move || {
        editing.set(false);
        wrong.set(None);
    };
    // Keeps what was typed, unless it cannot stand: then it stays to be mended.
    let keep = move || {
        // Enter, and the loss of focus that it causes, end it once.
        if !editing.get_untracked() {
            return;
        }
        let text =
            by_id(INPUT).and_then(|input| js_sys::Reflect::get(&input, &"value".into()).ok()?.as_string()).unwrap_or_default();
        let change = Change::Title(text.split_whitespace().collect::<Vec<_>>().join(" "));
        match change.check() {
            Ok(()) => {
                end();
                ticket.change(change);
            }
            Err(error) => wrong.set(Some(i18n.error_at_once(&error))),
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => keep(),
            "Escape" => end(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        if !editing.get_untracked() {
            focus(TITLE);
        }
    };
    view! {
        <div class="ticket-title-row">
            <Show
                when=move || editing.get()
                fallback=move || {
                    view! {
                        <h2 class="ticket-title" id=TITLE tabindex="-1" class:pending=move || ticket.is_pending("title")>
                            {title}
                        </h2>
                        {may.change.then(|| view! { <IconButton icon="edit" label=t!(i18n, tickets_edit_title) on_click=Callback::new(begin) /> })}
                    }
                }
            >
                <textarea
                    id=INPUT
                    class="input textarea ticket-title-input"
                    rows="2"
                    aria-label=t!(i18n, tickets_column_title)
                    prop:value=title
                    on:keydown=on_keydown
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby="ticket-title-wrong"
                    on:blur=move |_| keep()
                ></textarea>
                <p id="ticket-title-wrong" class="field-note field-error" role="alert">{wrong}</p>
            </Show>
        </div>
    }
    .into_any()
}
