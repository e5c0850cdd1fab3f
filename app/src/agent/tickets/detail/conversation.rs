//! The thread of a ticket with the composer under it: the description first, replies and notes in the order they were written.

use super::{
    description::Description,
    message::{Tools, message},
    split_dialog::SplitDialog,
    waiting,
};
use crate::{
    agent::tickets::{
        compose::{Composer, ComposerHandle, quote},
        open::OpenTicket,
        store::ListStore,
    },
    i18n::use_i18n,
    t,
    ui::{Icon, by_id, on_resize},
};
use domain::actor::Party;
use leptos::prelude::*;
use std::cell::Cell;

/// Id of what scrolls; it takes the keyboard when something in it is done.
pub const THREAD: &str = "thread";

/// So near to the end, in pixels, one reads the end.
const NEAR_END: i32 = 80;

/// The conversation.
#[component]
pub fn Conversation(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// The composer.
    composer: ComposerHandle,
) -> impl IntoView {
    let i18n = use_i18n();
    let may = ticket.shown.with_untracked(|shown| shown.may);
    let count =
        Memo::new(move |_| ticket.shown.with(|shown| shown.messages.len() + shown.held.len() + shown.shared_drafts.len()));
    // The end of the thread is what one wants to see, and once one has written, too. What others write does not move what is
    // being read: then a button says that there is more.
    let at_end = StoredValue::new(true);
    let below = RwSignal::new(false);
    let to_end = move || {
        below.set(false);
        request_animation_frame(|| {
            if let Some(thread) = by_id(THREAD) {
                thread.set_scroll_top(thread.scroll_height());
            }
        });
    };
    let look = move || {
        if let Some(thread) = by_id(THREAD) {
            let left = thread.scroll_height() - thread.scroll_top() - thread.client_height();
            at_end.set_value(left < NEAR_END);
            if left < NEAR_END {
                below.set(false);
            }
        }
    };
    Effect::new(move |before: Option<usize>| {
        let count = count.get();
        if count > 0 && before != Some(count) {
            let me = list.me.with_untracked(|me| me.id);
            let mine =
                ticket.shown.with_untracked(|shown| shown.messages.last().map(|last| last.author)) == Some(Party::Agent(me));
            if before.is_none() || mine || at_end.get_value() {
                to_end();
            } else {
                below.set(before.is_some_and(|before| before < count));
            }
        }
        count
    });
    // A composer that grows takes its room from the thread: who was at the end stays there.
    Effect::new(move |_| {
        let first = Cell::new(true);
        on_resize(THREAD, move || {
            if first.replace(false) {
                look();
            } else if at_end.try_get_value() == Some(true) {
                to_end();
            }
        });
    });
    let messages = move || ticket.shown.with(|shown| shown.messages.clone());
    // The message of which a ticket is to be made; 0: none.
    let split = RwSignal::new(0_i64);
    let forward = Callback::new(move |id| composer.forward(ticket.shown.with_untracked(|shown| quote(i18n, shown, Some(id)))));
    let tools = Tools { split: may.change.then_some(split), forward: may.reply.then_some(forward) };
    view! {
        <div class="thread" id=THREAD role="region" aria-label=t!(i18n, tickets_tab_conversation) tabindex="0" on:scroll=move |_| look()>
            <Description ticket />
            <For each=messages key=|one| (one.id, one.undelivered.clone()) let:one>
                {message(ticket, &one, tools)}
            </For>
            <For each=move || ticket.shown.with(|shown| shown.held.clone()) key=|one| (one.id, one.error.clone()) let:one>
                {waiting::held(&one, list, composer)}
            </For>
            <For
                each=move || ticket.shown.with(|shown| shown.shared_drafts.clone())
                key=|one| (one.author, one.kind, one.saved_at)
                let:one
            >
                {waiting::draft(&one, ticket, list, composer)}
            </For>
        </div>
        <Show when=move || below.get()>
            <button type="button" class="thread-more" on:click=move |_| to_end()>
                <Icon name="arrow-down" />
                {t!(i18n, tickets_new_message)}
            </button>
        </Show>
        {may.change.then(|| view! { <SplitDialog ticket list of=split /> })}
        {(may.reply || may.note).then(|| view! { <Composer ticket list handle=composer /> })}
    }
    .into_any()
}
