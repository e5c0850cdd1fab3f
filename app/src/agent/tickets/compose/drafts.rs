//! Drafts: what is typed is kept on the server, for replies and notes apart, and is there again when the ticket is opened the
//! next time, on whatever machine.

use super::editor::{html_of, set_html};
use crate::api;
use domain::{conversation::MessageKind, draft::Draft, id::ItemNumber};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use leptos_tiptap::TiptapEditorHandle;
use std::time::Duration;

/// How long after the last key a draft is saved.
const PAUSE: Duration = Duration::from_millis(900);

/// The drafts of one ticket.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// Whether what stands in the editor is kept on the server.
    pub saved: RwSignal<bool>,
    item: ItemNumber,
    editor: TiptapEditorHandle,
    /// The texts of the two kinds; the one in the editor is out of date.
    texts: StoredValue<Texts>,
    /// The kind in the editor.
    shown: StoredValue<MessageKind>,
    /// What stands in the editor, in case it goes away before the pause is over.
    latest: StoredValue<Option<String>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    paused: StoredValue<bool>,
}

#[derive(Debug, Clone, Default)]
struct Texts {
    reply: String,
    note: String,
}

impl Texts {
    fn of(&mut self, kind: MessageKind) -> &mut String {
        match kind {
            MessageKind::Reply => &mut self.reply,
            MessageKind::Note => &mut self.note,
        }
    }
}

impl Drafts {
    /// Fetches what was kept; switching the kind switches the text.
    #[must_use]
    pub fn new(item: ItemNumber, editor: TiptapEditorHandle, kind: RwSignal<MessageKind>) -> Self {
        let drafts = Self {
            saved: RwSignal::new(false),
            item,
            editor,
            texts: StoredValue::new(Texts::default()),
            shown: StoredValue::new(kind.get_untracked()),
            latest: StoredValue::new(None),
            timer: StoredValue::new(None),
            paused: StoredValue::new(false),
        };
        #[cfg(not(feature = "ssr"))]
        on_cleanup(move || {
            drafts.stop();
            let unsaved = drafts.latest.try_update_value(Option::take).flatten();
            if let (Some(html), Some(kind)) = (unsaved, drafts.shown.try_get_value()) {
                drafts.save(kind, html);
            }
        });
        Effect::new(move |_| drafts.switch(kind.get()));
        let asked = StoredValue::new(false);
        Effect::new(move |_| {
            if editor.is_ready() && !asked.get_value() {
                asked.set_value(true);
                drafts.fetch();
            }
        });
        drafts
    }

    fn fetch(self) {
        spawn_local(async move {
            let Ok(kept) = api::items::drafts(self.item).await else { return };
            let Some(shown) = self.shown.try_get_value() else { return };
            for draft in kept {
                // What was typed before the answer came is newer.
                if draft.kind == shown && html_of(self.editor).is_empty() {
                    set_html(self.editor, &draft.html);
                    self.saved.set(true);
                }
                self.texts.update_value(|texts| texts.of(draft.kind).clone_from(&draft.html));
            }
        });
    }

    fn switch(self, to: MessageKind) {
        let from = self.shown.get_value();
        if from == to {
            return;
        }
        self.save_now();
        let text = html_of(self.editor);
        self.texts.update_value(|texts| *texts.of(from) = text);
        self.shown.set_value(to);
        let text = self.texts.try_update_value(|texts| texts.of(to).clone()).unwrap_or_default();
        set_html(self.editor, &text);
        self.stop();
        self.saved.set(!text.is_empty());
    }

    /// The text changed: keep it after a pause in typing.
    pub fn changed(self) {
        self.saved.set(false);
        self.stop();
        if !self.paused.get_value() {
            self.latest.set_value(Some(html_of(self.editor)));
            self.timer.set_value(set_timeout_with_handle(move || self.save_now(), PAUSE).ok());
        }
    }

    /// Nothing is kept while the message is on its way.
    pub fn pause(self) {
        self.stop();
        self.paused.set_value(true);
    }

    /// The message did not leave: keep what is there.
    pub fn resume(self) {
        self.paused.set_value(false);
        self.changed();
    }

    /// The message left: its draft is over.
    pub fn discard(self, kind: MessageKind) {
        self.stop();
        self.latest.set_value(None);
        self.texts.update_value(|texts| texts.of(kind).clear());
        if self.shown.get_value() == kind {
            set_html(self.editor, "");
            self.stop();
            self.latest.set_value(None);
        }
        self.paused.set_value(false);
        self.saved.set(false);
        self.save(kind, String::new());
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn save_now(self) {
        // The timer may outlive the composer; then the handle of the editor is gone as well.
        let Some(kind) = self.shown.try_get_value() else { return };
        let html = html_of(self.editor);
        self.latest.set_value(None);
        let known = self.texts.try_update_value(|texts| std::mem::replace(texts.of(kind), html.clone())).unwrap_or_default();
        if known == html {
            self.saved.set(!html.is_empty());
            return;
        }
        self.save(kind, html);
    }

    fn save(self, kind: MessageKind, html: String) {
        let draft = Draft { item: self.item, kind, html, saved_at: None };
        spawn_local(async move {
            let empty = draft.html.is_empty();
            if api::items::save_draft(draft).await.is_ok() {
                let _ = self.saved.try_set(!empty);
            }
        });
    }
}
