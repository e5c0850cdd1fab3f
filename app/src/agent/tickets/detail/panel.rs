//! The panel of a ticket: head, tabs, what the tab shows. The conversation stays while another tab is seen, so nothing that is
//! being written is lost.

use super::{activity::ActivityTab, clash::ClashDialog, conversation::Conversation, fields::Details, head::Head};
use crate::{
    agent::tickets::{
        address::Tab,
        compose::{ComposerHandle, quote},
        open::OpenTicket,
        store::ListStore,
    },
    i18n::use_i18n,
    state::{Command, is_typing, presence::use_presence, register_commands},
    t,
    ui::{self, Tabs, focus, use_toasts},
};
use domain::{conversation::MessageKind, item::ItemDetail};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use std::sync::Arc;

/// Id of the title, which takes the keyboard when the panel lies over the list.
pub const TITLE: &str = "ticket-title";
/// Where the panel stands beside the list.
const DOCKED: &str = "(min-width: 80rem)";

/// A ticket.
#[component]
pub fn TicketPanel(
    /// The ticket as the server sent it.
    detail: ItemDetail,
    /// The list beside it.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let may = detail.may;
    let number = detail.row.number;
    let ticket = OpenTicket::new(detail, list);
    let composer = ComposerHandle::new(may.reply);
    list.open.set(Some(ticket));
    // What was merged goes on in another, and so does who opens it.
    if let Some(into) = ticket.shown.with_untracked(|shown| shown.row.away.merged_into) {
        let navigate = use_navigate();
        Effect::new(move |_| {
            let href = list.address.with_untracked(|address| address.ticket(into));
            navigate(&href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        });
    }
    Effect::new(move |_| {
        // Once it is awake: the list was made from what it was loaded with.
        ticket.shown.with_untracked(|shown| list.take_row(&shown.row));
        // And what has happened to it since then was told to nobody.
        list.catch_up(ticket);
    });
    let presence = use_presence();
    Effect::new(move |_| {
        if let Some(presence) = presence {
            presence.come(number);
        }
    });
    #[cfg(not(feature = "ssr"))]
    on_cleanup(move || {
        if let Some(presence) = presence {
            presence.leave(number);
        }
        let _ = list.open.try_update(|open| {
            // The next ticket may be open already.
            if open.is_some_and(|open| open.number == number) {
                *open = None;
            }
        });
    });
    Effect::new(move |_| {
        if let Some(refused) = ticket.refused.get() {
            toasts.error(i18n.error_at_once(&refused.error.0));
        }
    });
    Effect::new(move |_| {
        let docked = window().match_media(DOCKED).ok().flatten().is_some_and(|query| query.matches());
        if !docked {
            focus(TITLE);
        }
    });
    let query = use_query_map();
    let tab = Memo::new(move |_| query.with(Tab::read));
    Effect::new(move |_| composer.seen.set(tab.get() == Tab::Conversation));
    let navigate = use_navigate();
    let show = move |to: Tab| {
        let href = to.href(&list.address.with_untracked(|address| address.ticket(number)));
        navigate(&href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    listen(ticket, composer, show.clone());
    let select = move |name: String| {
        if let Some(to) = Tab::ALL.into_iter().find(|tab| tab.key() == name) {
            show(to);
        }
    };
    let tabs = Tab::ALL.into_iter().map(|tab| {
        let label = match tab {
            Tab::Conversation => t!(i18n, tickets_tab_conversation),
            Tab::Details => t!(i18n, tickets_tab_details),
            Tab::Activity => t!(i18n, tickets_tab_activity),
        };
        ui::Tab { id: tab.key(), label: label.to_owned(), count: None }
    });
    let tabs: Vec<ui::Tab> = tabs.collect();
    let is = move |wanted: Tab| move || tab.get() == wanted;
    view! {
        <Head ticket list may />
        <Tabs
            tabs
            selected=Signal::derive(move || tab.get().key().to_owned())
            on_select=Callback::new(select)
            label=t!(i18n, ticket_number, number = number)
        />
        <div
            id="conversation-panel"
            role="tabpanel"
            aria-labelledby="conversation"
            class="ticket-body ticket-body-thread"
            hidden=move || !is(Tab::Conversation)()
        >
            <Conversation ticket list composer />
        </div>
        <div id="details-panel" role="tabpanel" aria-labelledby="details" class="ticket-body" tabindex="0" hidden=move || !is(Tab::Details)()>
            <Show when=is(Tab::Details)>
                <Details ticket list may />
            </Show>
        </div>
        <div id="activity-panel" role="tabpanel" aria-labelledby="activity" class="ticket-body" tabindex="0" hidden=move || !is(Tab::Activity)()>
            <Show when=is(Tab::Activity)>
                <ActivityTab ticket />
            </Show>
        </div>
        <ClashDialog ticket list />
    }
    .into_any()
}

/// `R`, `N` and `F` begin to write.
fn listen(ticket: OpenTicket, composer: ComposerHandle, show: impl Fn(Tab) + Clone + Send + Sync + 'static) {
    let i18n = use_i18n();
    let may = ticket.shown.with_untracked(|shown| shown.may);
    // Without a kind it is forwarded.
    let begin: Arc<dyn Fn(Option<MessageKind>) + Send + Sync> = Arc::new(move |kind| {
        show(Tab::Conversation);
        match kind {
            Some(kind) => composer.begin(kind),
            None => composer.forward(ticket.shown.with_untracked(|shown| quote(i18n, shown, None))),
        }
    });
    let command = |key: &'static str, label: &str, kind: Option<MessageKind>| {
        let begin = begin.clone();
        Command::new(vec![key], label, Arc::new(move || begin(kind)))
    };
    let mut commands = Vec::new();
    if may.reply {
        commands.push(command("R", t!(i18n, tickets_reply), Some(MessageKind::Reply)));
    }
    if may.note {
        commands.push(command("N", t!(i18n, tickets_note), Some(MessageKind::Note)));
    }
    if may.reply {
        commands.push(command("F", t!(i18n, tickets_forward), None));
    }
    commands.push(Command::key(vec!["Ctrl ↵"], t!(i18n, tickets_key_send)));
    register_commands(t!(i18n, ticket), commands, None);
    Effect::new(move |_| {
        let begin = begin.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            if is_typing(&event) {
                return;
            }
            let kind = match event.key().as_str() {
                "r" if may.reply => Some(MessageKind::Reply),
                "n" if may.note => Some(MessageKind::Note),
                "f" if may.reply => None,
                _ => return,
            };
            event.prevent_default();
            begin(kind);
        });
        on_cleanup(move || listener.remove());
    });
}
