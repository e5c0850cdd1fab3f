//! What waits at the end of the thread: replies that are about to be sent and can be taken back, and drafts that others share.

use super::message::body;
use crate::{
    agent::tickets::{
        compose::{Back, ComposerHandle},
        open::OpenTicket,
        store::ListStore,
    },
    api,
    i18n::use_i18n,
    t,
    ui::{Avatar, Banner, Button, Icon, Moment, Tone, use_toasts},
};
use domain::{
    conversation::{HeldReply, MessageKind},
    draft::Draft,
};
use leptos::{prelude::*, task::spawn_local};

/// A reply that is about to be sent.
pub fn held(reply: &HeldReply, list: ListStore, composer: ComposerHandle) -> AnyView {
    let i18n = use_i18n();
    let mine = list.me.with_untracked(|me| me.id) == reply.author;
    let id = reply.id;
    let busy = RwSignal::new(false);
    let take_back = move |_| {
        busy.set(true);
        composer.take_back(id, list);
    };
    let failed = !reply.error.is_empty();
    let why = failed.then(|| {
        let error = domain::Error::invalid(&reply.error);
        view! { <Banner tone=Tone::Danger>{t!(i18n, tickets_held_failed)} " " {i18n.error(&error)}</Banner> }
    });
    let label = (!failed).then(|| view! { <span class="message-label"><Icon name="clock" />{t!(i18n, tickets_held)}</span> });
    let back = mine.then(|| {
        view! {
            <Button icon="undo" busy on_click=Callback::new(take_back)>
                {if failed { t!(i18n, tickets_held_edit) } else { t!(i18n, undo) }}
            </Button>
        }
    });
    view! {
        <article class="message message-waiting">
            <header class="message-head">
                <Avatar name=reply.author_name.clone() />
                <span class="message-author truncate">{reply.author_name.clone()}</span>
                {label}
                <span class="message-time">{back}</span>
            </header>
            {why}
            {body(&reply.html, &reply.files)}
        </article>
    }
    .into_any()
}

/// What somebody else is writing and shares.
pub fn draft(draft: &Draft, ticket: OpenTicket, list: ListStore, composer: ComposerHandle) -> AnyView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (author, kind) = (draft.author, draft.kind);
    let name = list.catalog.with_untracked(|catalog| {
        catalog.agents.iter().find(|agent| agent.id == author).map(|agent| agent.name.clone()).unwrap_or_default()
    });
    let may = ticket.shown.with_untracked(|shown| match kind {
        MessageKind::Reply => shown.may.reply,
        MessageKind::Note => shown.may.note,
    });
    let busy = RwSignal::new(false);
    let take = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::items::take_draft(ticket.number, author, kind).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(draft) => {
                    composer.put(Back { kind, html: draft.html, files: draft.files, cc: Vec::new() });
                    ticket.refresh();
                }
                Err(error) => toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    };
    let class = match kind {
        MessageKind::Reply => "message message-waiting",
        MessageKind::Note => "message message-waiting message-note",
    };
    let label = match kind {
        MessageKind::Reply => t!(i18n, tickets_draft_reply),
        MessageKind::Note => t!(i18n, tickets_draft_note),
    };
    let button = may.then(|| {
        view! { <Button icon="edit" busy on_click=Callback::new(take)>{t!(i18n, tickets_draft_take)}</Button> }
    });
    view! {
        <article class=class>
            <header class="message-head">
                <Avatar name=name.clone() />
                <span class="message-author truncate">{name}</span>
                <span class="message-label"><Icon name="edit" />{label}</span>
                <span class="message-time"><Moment at=draft.saved_at /></span>
                {button}
            </header>
            {body(&draft.html, &draft.files)}
        </article>
    }
    .into_any()
}
