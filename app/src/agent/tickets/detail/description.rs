//! The description: the first entry of the thread. Who may change the ticket changes it in its place, with the editor that also
//! writes replies. What is being written stays while the rest of the ticket changes, and comes back if the server refuses it.

use super::{
    conversation::THREAD,
    message::{beside, body, first},
};
use crate::{
    agent::tickets::{
        compose::{RichEditor, UploadList, Uploads, html_of},
        open::{OpenTicket, Refused},
    },
    i18n::use_i18n,
    t,
    ui::{Banner, Button, Field, IconButton, Look, Tone, field_error, focus, session_storage},
};
use domain::{
    Error,
    id::ItemNumber,
    item::{Change, ItemDetail},
};
use leptos::{ev, prelude::*};
use leptos_tiptap::TiptapEditorHandle;
use serde::{Deserialize, Serialize};

/// Id of the editor.
const EDITOR: &str = "description-text";

/// What is being written.
#[derive(Debug, Clone)]
struct Writing {
    /// The description when writing began.
    seen: String,
    /// What the editor begins with: the same, or what the server has refused.
    html: String,
    /// Why it was refused.
    refused: Option<Error>,
    /// Whether it goes on with what was written before and is kept nowhere else.
    again: bool,
}

/// What was written and not saved, kept by the browser as long as its tab: another ticket may be opened in the middle, and the
/// page may be loaded again.
#[derive(Serialize, Deserialize)]
struct Unsaved {
    seen: String,
    html: String,
}

impl Unsaved {
    fn key(number: ItemNumber) -> String {
        format!("taquilla:description:{number}")
    }

    fn of(number: ItemNumber) -> Option<Self> {
        let text = session_storage()?.get_item(&Self::key(number)).ok().flatten()?;
        serde_json::from_str(&text).ok()
    }

    fn keep(&self, number: ItemNumber) {
        if let (Some(storage), Ok(text)) = (session_storage(), serde_json::to_string(self)) {
            // A browser that keeps nothing (full, private) only means that it does not come back.
            let _ = storage.set_item(&Self::key(number), &text);
        }
    }

    fn forget(number: ItemNumber) {
        if let Some(storage) = session_storage() {
            let _ = storage.remove_item(&Self::key(number));
        }
    }
}

/// The first entry of the thread.
#[component]
pub fn Description(
    /// The ticket.
    ticket: OpenTicket,
) -> impl IntoView {
    let i18n = use_i18n();
    let may = ticket.shown.with_untracked(|shown| shown.may.change);
    let writing = RwSignal::new(None::<Writing>);
    let begin = move |refused: Option<(String, Error)>| {
        let seen = ticket.shown.with_untracked(|shown| shown.description.clone());
        let (html, refused) = match refused {
            Some((html, error)) => (html, Some(error)),
            None => (seen.clone(), None),
        };
        writing.set(Some(Writing { seen, html, again: refused.is_some(), refused }));
    };
    // In the browser, once the page is awake: the server does not know what was kept.
    Effect::new(move |_| {
        if let Some(Unsaved { seen, html }) = Unsaved::of(ticket.number).filter(|_| may) {
            writing.set(Some(Writing { seen, html, refused: None, again: true }));
        }
    });
    Effect::watch(
        move || ticket.refused.get(),
        move |refused, _, _| {
            if let Some(Refused { change: Change::Description(html), error }) = refused
                && writing.with_untracked(Option::is_none)
            {
                begin(Some((html.clone(), error.0.clone())));
            }
        },
        false,
    );
    // Made anew only when the description or its author changes, not with every field.
    let shown =
        Memo::new_with_compare(move |_| ticket.shown.get(), |before: Option<&ItemDetail>, now| before.map(head) != now.map(head));
    let pending = move || ticket.is_pending("description");
    let read = move |detail: &ItemDetail| {
        let button = may.then(|| {
            let disabled = Signal::derive(pending);
            view! { <IconButton icon="edit" label=t!(i18n, tickets_edit_description) disabled on_click=Callback::new(move |_| begin(None)) /> }
                .into_any()
        });
        let inside = view! { <div class:pending=pending>{body(&detail.description, &detail.files)}</div> };
        first(detail, button, inside.into_any())
    };
    let done = Callback::new(move |()| {
        writing.set(None);
        focus(THREAD);
    });
    move || match writing.get() {
        None => shown.with(read),
        // Not tracked: what somebody writes does not go because something else has changed.
        Some(writing) => {
            let detail = ticket.shown.get_untracked();
            first(&detail, None, view! { <Editor ticket writing done /> }.into_any())
        }
    }
}

/// What the first entry shows of a ticket.
fn head(detail: &ItemDetail) -> (&str, &str, usize, Option<i64>) {
    let requester = detail.row.requester.as_ref().map(|requester| requester.id.0);
    (&detail.description, &detail.created_by_name, detail.files.len(), requester)
}

/// The description while it is written.
#[component]
fn Editor(ticket: OpenTicket, writing: Writing, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let Writing { seen, html, refused, again } = writing;
    let editor = TiptapEditorHandle::new();
    let uploads = Uploads::new();
    let wrong = RwSignal::new(refused.clone());
    // What it began with, as the editor writes it. What was refused is not kept anywhere yet.
    let before = StoredValue::new(None::<String>);
    let is_new = !again;
    Effect::new(move |_| {
        // What comes back by itself does not take the keyboard away from something else.
        if is_new && editor.is_ready() {
            before.set_value(Some(html_of(editor)));
            request_animation_frame(move || {
                let _ = editor.focus();
            });
        }
    });
    let is_unchanged =
        move || if editor.is_ready() { before.get_value().is_some_and(|html| html == html_of(editor)) } else { is_new };
    let seen = StoredValue::new(seen);
    let done = move || {
        Unsaved::forget(ticket.number);
        done.run(());
    };
    let keep = Callback::new(move |()| {
        if editor.is_ready() && !is_unchanged() {
            Unsaved { seen: seen.get_value(), html: html_of(editor) }.keep(ticket.number);
        }
    });
    let save = move || {
        // Before the editor is there its text is not empty but unknown.
        if !editor.is_ready() || uploads.is_busy() {
            return;
        }
        if is_unchanged() {
            return done();
        }
        let html = html_of(editor);
        match Change::Description(html.clone()).check() {
            Ok(()) => {
                seen.with_value(|seen| ticket.describe(seen, html));
                done();
            }
            Err(error) => wrong.set(Some(error)),
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            save();
        }
    };
    // Escape never throws away what was written: for that there is the button.
    let on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            if is_unchanged() {
                done();
            }
        }
    };
    let banner = move || {
        let whole = wrong.with(|wrong| wrong.as_ref().filter(|wrong| wrong.fields.is_empty()).map(|wrong| i18n.error(wrong)));
        whole.map(|text| view! { <Banner tone=Tone::Danger>{text} " " {t!(i18n, tickets_message_kept)}</Banner> })
    };
    let label = i18n.name("field", "description");
    let files = ticket.shown.with_untracked(|shown| beside(&shown.description, &shown.files));
    view! {
        <div class="description-edit" on:keydown:capture=on_keydown on:keydown=on_escape>
            {banner}
            <Field
                id=EDITOR
                label=label.clone()
                hide_label=true
                error=field_error(Signal::derive(move || wrong.get()), "description")
            >
                <RichEditor id=EDITOR label handle=editor uploads html pictures=true on_change=keep />
            </Field>
            <UploadList uploads />
            <div class="form-actions">
                <Button
                    look=Look::Primary
                    disabled=Signal::derive(move || uploads.is_busy() || !editor.is_ready())
                    on_click=Callback::new(move |_| save())
                >
                    {t!(i18n, save)}
                </Button>
                <Button on_click=Callback::new(move |_| done())>{t!(i18n, cancel)}</Button>
                <span class="composer-keys">"Ctrl ↵"</span>
            </div>
        </div>
        {files}
    }
    .into_any()
}
