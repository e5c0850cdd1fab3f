//! Forwarding: what is quoted of a ticket, and to whom it goes. In the thread it stays as a note.

use super::{editor::escape, recipients::Addresses};
use crate::{
    i18n::{I18n, MomentStyle, format_moment, use_i18n},
    t,
};
use domain::{conversation::MessageKind, file::Attachment, id::MessageId, item::ItemDetail, time::Timestamp};
use leptos::prelude::*;

/// Id of the field of the addresses.
pub(super) const TO: &str = "composer-forward";

/// A message as it is quoted: the one that is named, or else the last that the customer can read, or else what was asked.
pub fn quote(i18n: I18n, shown: &ItemDetail, of: Option<MessageId>) -> String {
    let named = |id: MessageId| shown.messages.iter().find(|message| message.id == id);
    let last = || shown.messages.iter().rfind(|message| message.kind == MessageKind::Reply);
    match of.map_or_else(last, named) {
        Some(message) => quoted(i18n, &message.author_name, message.created_at, &message.html, &message.files),
        None => quoted(i18n, &shown.created_by_name, shown.row.created_at, &shown.description, &shown.files),
    }
}

/// Room for what is written, then who wrote what, and which files were there.
fn quoted(i18n: I18n, author: &str, at: Timestamp, html: &str, files: &[Attachment]) -> String {
    let at = format_moment(i18n, at, MomentStyle::Full, None);
    let head = escape(&t!(i18n, tickets_forward_quoted, author = author, at = at));
    let files: String = files.iter().map(|file| format!("<p>📎 {}</p>", escape(&file.name))).collect();
    format!("<p></p><blockquote><p>{head}</p>{html}{files}</blockquote>")
}

/// The line over the text: the addresses, and what becomes of it.
#[component]
pub fn ForwardTo(
    /// The addresses.
    to: RwSignal<Vec<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="composer-forward">
            <Addresses id=TO label=t!(i18n, tickets_forward_to) addresses=to />
            <p class="composer-hint">{t!(i18n, tickets_forward_hint)}</p>
        </div>
    }
    .into_any()
}
