//! The thread of a ticket with the composer under it: the description first, replies and notes in the order they were written.

use super::message::{description, message};
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
use domain::item::ItemDetail;
use leptos::prelude::*;

/// Id of what scrolls.
const THREAD: &str = "thread";

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
    // Made anew only when the description or its author changes, not with every field.
    let first =
        Memo::new_with_compare(move |_| ticket.shown.get(), |before: Option<&ItemDetail>, now| before.map(head) != now.map(head));
    let messages = move || ticket.shown.with(|shown| shown.messages.clone());
    view! {
        <div class="thread" id=THREAD role="region" aria-label=t!(i18n, tickets_tab_conversation) tabindex="0">
            {move || first.with(description)}
            <For each=messages key=|one| one.id let:one>
                {message(&one)}
            </For>
        </div>
        {(may.reply || may.note).then(|| view! { <Composer ticket list handle=composer /> })}
    }
    .into_any()
}

/// What the first entry shows of a ticket.
fn head(detail: &ItemDetail) -> (&str, &str, usize, Option<i64>) {
    let requester = detail.row.requester.as_ref().map(|requester| requester.id.0);
    (&detail.description, &detail.created_by_name, detail.files.len(), requester)
}
