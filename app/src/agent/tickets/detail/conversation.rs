//! The thread of a ticket with the composer under it: the description first, replies and notes in the order they were written.

use super::{description::Description, message::message};
use crate::{
    agent::tickets::{
        compose::{Composer, ComposerHandle},
        open::OpenTicket,
        store::ListStore,
    },
    i18n::use_i18n,
    t,
    ui::by_id,
};
use leptos::prelude::*;

/// Id of what scrolls; it takes the keyboard when something in it is done.
pub const THREAD: &str = "thread";

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
    let count = Memo::new(move |_| ticket.shown.with(|shown| shown.messages.len()));
    // The end of the thread is what one wants to see; once one has written, too.
    Effect::new(move |before: Option<usize>| {
        let count = count.get();
        if count > 0 && before != Some(count) {
            request_animation_frame(|| {
                if let Some(thread) = by_id(THREAD) {
                    thread.set_scroll_top(thread.scroll_height());
                }
            });
        }
        count
    });
    let messages = move || ticket.shown.with(|shown| shown.messages.clone());
    view! {
        <div class="thread" id=THREAD role="region" aria-label=t!(i18n, tickets_tab_conversation) tabindex="0">
            <Description ticket />
            <For each=messages key=|one| one.id let:one>
                {message(&one)}
            </For>
        </div>
        {(may.reply || may.note).then(|| view! { <Composer ticket list handle=composer /> })}
    }
    .into_any()
}
