//! The menu of what is done with a whole ticket.

use super::{link_dialog::LinkDialog, merge_dialog::MergeDialog};
use crate::{
    agent::tickets::{open::OpenTicket, snooze::SnoozeDialog, store::ListStore},
    api,
    i18n::{I18n, use_i18n},
    state::{Command, register_commands, shortcuts::Run},
    t,
    ui::{Icon, Menu, MenuItem, MenuSeparator, Toasts, use_toasts},
};
use domain::{
    action::{Away, Put},
    item::ItemDetail,
    time::Timestamp,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

/// What is asked of the server about one ticket, also when it is no longer open.
#[derive(Clone, Copy)]
pub struct Acts {
    pub ticket: OpenTicket,
    pub list: ListStore,
    pub toasts: Toasts,
    pub i18n: I18n,
}

impl Acts {
    pub fn new(ticket: OpenTicket, list: ListStore) -> Self {
        Self { ticket, list, toasts: use_toasts(), i18n: use_i18n() }
    }

    /// Puts the ticket away, or brings it back, and offers to take that back.
    pub fn put(self, put: Put) {
        let back = self.ticket.shown.with_untracked(|shown| put.now(&shown.row.away));
        self.send(put, Some(back));
    }

    fn send(self, put: Put, back: Option<Put>) {
        let number = self.ticket.number;
        spawn_local(async move {
            let answer = match put {
                Put::Deleted(deleted) => api::actions::delete(number, deleted).await,
                Put::Spam(spam) => api::actions::spam(number, spam).await,
                Put::Snoozed(until) => api::actions::snooze(number, until).await,
            };
            match answer {
                Ok(detail) => {
                    self.took(&detail);
                    if let Some(back) = back {
                        self.toasts.undoable(self.said(put), move || self.send(back, None));
                    }
                }
                Err(error) => self.toasts.error(self.i18n.error_at_once(&error.0)),
            }
        });
    }

    /// Takes how a ticket stands now.
    pub fn took(self, detail: &ItemDetail) {
        self.list.take(detail);
        self.list.tidy();
    }

    fn said(self, put: Put) -> String {
        let (i18n, number) = (self.i18n, self.ticket.number);
        match put {
            Put::Deleted(true) => t!(i18n, ticket_deleted, number = number),
            Put::Deleted(false) => t!(i18n, ticket_restored, number = number),
            Put::Spam(true) => t!(i18n, ticket_is_spam, number = number),
            Put::Spam(false) => t!(i18n, ticket_is_no_spam, number = number),
            Put::Snoozed(Some(_)) => t!(i18n, ticket_snoozed, number = number),
            Put::Snoozed(None) => t!(i18n, ticket_woken, number = number),
        }
    }
}

/// The menu, with the dialogs that it opens.
#[component]
pub fn More(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let acts = Acts::new(ticket, list);
    let (linking, merging, snoozing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let away = Memo::new(move |_| ticket.shown.with(|shown| shown.row.away));
    let works = move || list.me.with(|me| me.role.works());
    let entry = move |icon: &'static str, text: &'static str, run: Box<dyn Fn() + Send + Sync>| {
        view! { <MenuItem icon on_select=Callback::new(move |()| run())>{text}</MenuItem> }.into_any()
    };
    let open = move |dialog: RwSignal<bool>| -> Box<dyn Fn() + Send + Sync> { Box::new(move || dialog.set(true)) };
    let put = move |put: Put| -> Box<dyn Fn() + Send + Sync> { Box::new(move || acts.put(put)) };
    let clone = clone_to(acts);
    let stands = move || works() && away.with(|away| away.merged_into.is_none() && away.deleted_at.is_none());
    let named = |label: &str, run: Run| Command::named(label, Arc::new(move || untrack(stands)), run);
    let always = |label: &str, run: Run| Command::named(label, Arc::new(|| true), run);
    let commands = vec![
        always(t!(i18n, tickets_copy_link), Arc::new(move || copy_link(acts))),
        always(t!(i18n, tickets_print), Arc::new(|| drop(window().print()))),
        named(t!(i18n, tickets_clone), Arc::new(clone.clone())),
        named(t!(i18n, tickets_link_to), Arc::new(move || linking.set(true))),
        named(t!(i18n, tickets_merge_into), Arc::new(move || merging.set(true))),
    ];
    register_commands(t!(i18n, ticket), commands, None);
    let entries = move || {
        let Away { spam, deleted_at, snoozed_until, merged_into } = away.get();
        let mut all = vec![
            entry("link", t!(i18n, tickets_copy_link), Box::new(move || copy_link(acts))),
            entry("file", t!(i18n, tickets_print), Box::new(|| drop(window().print()))),
        ];
        if stands() {
            let clone = clone.clone();
            all.extend([
                view! { <MenuSeparator /> }.into_any(),
                entry("plus", t!(i18n, tickets_clone), Box::new(clone)),
                entry("external", t!(i18n, tickets_link_to), open(linking)),
                entry("arrow-right", t!(i18n, tickets_merge_into), open(merging)),
                match snoozed_until {
                    Some(_) => entry("clock", t!(i18n, tickets_wake), put(Put::Snoozed(None))),
                    None => entry("clock", t!(i18n, tickets_snooze), open(snoozing)),
                },
                view! { <MenuSeparator /> }.into_any(),
                entry("shield", if spam { t!(i18n, tickets_no_spam) } else { t!(i18n, tickets_spam) }, put(Put::Spam(!spam))),
            ]);
        }
        if works() && merged_into.is_none() {
            all.push(match deleted_at {
                None => entry("trash", t!(i18n, tickets_delete), put(Put::Deleted(true))),
                Some(_) => entry("undo", t!(i18n, tickets_restore), put(Put::Deleted(false))),
            });
        }
        all
    };
    view! {
        <Menu id="ticket-more" label=t!(i18n, tickets_more) class="btn btn-ghost btn-icon" at_end=true trigger=|| view! { <Icon name="more" /> }>
            {entries}
        </Menu>
        <LinkDialog acts open=linking />
        <MergeDialog acts open=merging />
        <SnoozeDialog id="snooze-until" open=snoozing choose=Callback::new(move |until: Timestamp| acts.put(Put::Snoozed(Some(until)))) />
    }
    .into_any()
}

/// Makes a clone and goes to it.
fn clone_to(acts: Acts) -> impl Fn() + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move || {
        let (key, navigate) = (api::new_key(), navigate.clone());
        spawn_local(async move {
            match api::actions::clone_item(acts.ticket.number, key).await {
                Ok(made) => {
                    acts.list.count_views();
                    let href = acts.list.address.with_untracked(|address| address.ticket(made.row.number));
                    navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
                }
                Err(error) => acts.toasts.error(acts.i18n.error_at_once(&error.0)),
            }
        });
    }
}

/// Puts the address of the ticket on the clipboard.
fn copy_link(acts: Acts) {
    let (i18n, toasts) = (acts.i18n, acts.toasts);
    let origin = window().location().origin().unwrap_or_default();
    let done = window().navigator().clipboard().write_text(&format!("{origin}/desk/tickets/{}", acts.ticket.number));
    spawn_local(async move {
        match wasm_bindgen_futures::JsFuture::from(done).await {
            Ok(_) => toasts.success(t!(i18n, tickets_link_copied)),
            Err(_) => toasts.error(t!(i18n, tickets_link_not_copied)),
        }
    });
}
