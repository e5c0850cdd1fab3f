//! Drafts: what is typed and attached is kept on the server, for replies and notes apart, and is there again when the ticket is
//! opened the next time, on whatever machine. What the server does not have yet is kept by the browser as long as its tab.

use super::{
    editor::{html_of, set_html},
    upload::{Upload, Uploads},
};
use crate::{
    api::{self, ApiError},
    ui::session_storage,
};
use domain::{
    conversation::MessageKind,
    draft::NewDraft,
    file::Attachment,
    id::{AgentId, ItemNumber},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use leptos_tiptap::TiptapEditorHandle;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long after the last key a draft is saved.
const PAUSE: Duration = Duration::from_millis(900);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// A message so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    html: String,
    files: Vec<Attachment>,
}

impl Content {
    fn is_empty(&self) -> bool {
        self.html.is_empty() && self.files.is_empty()
    }
}

/// What is known of the drafts of one kind.
#[derive(Clone, Default)]
struct Side {
    /// What the server has.
    saved: Content,
    /// Whether others read it.
    shared: bool,
    /// The text, while the other kind is shown.
    html: String,
    /// The files, while the other kind is shown.
    files: Vec<Upload>,
}

/// The drafts of one ticket.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// Whether what stands in the editor is kept on the server.
    pub saved: RwSignal<bool>,
    /// Whether others who see the ticket read what stands in the editor.
    pub shared: RwSignal<bool>,
    item: ItemNumber,
    agent: AgentId,
    editor: TiptapEditorHandle,
    uploads: Uploads,
    sides: StoredValue<[Side; 2]>,
    /// The kind in the editor.
    shown: StoredValue<MessageKind>,
    /// What stands in the editor, in case it goes away before the pause is over.
    latest: StoredValue<Option<Content>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    paused: StoredValue<bool>,
    /// Whether what was kept has come.
    pub fetched: RwSignal<bool>,
}

fn place(kind: MessageKind) -> usize {
    match kind {
        MessageKind::Reply => 0,
        MessageKind::Note => 1,
    }
}

impl Drafts {
    /// Fetches what was kept; switching the kind switches the text and the files.
    #[must_use]
    pub fn new(
        item: ItemNumber,
        agent: AgentId,
        editor: TiptapEditorHandle,
        uploads: Uploads,
        kind: RwSignal<MessageKind>,
    ) -> Self {
        let drafts = Self {
            saved: RwSignal::new(false),
            shared: RwSignal::new(false),
            item,
            agent,
            editor,
            uploads,
            sides: StoredValue::new([Side::default(), Side::default()]),
            shown: StoredValue::new(kind.get_untracked()),
            latest: StoredValue::new(None),
            timer: StoredValue::new(None),
            paused: StoredValue::new(false),
            fetched: RwSignal::new(false),
        };
        #[cfg(not(feature = "ssr"))]
        on_cleanup(move || {
            drafts.stop();
            let unsaved = drafts.latest.try_update_value(Option::take).flatten();
            if let (Some(content), Some(kind)) = (unsaved, drafts.shown.try_get_value()) {
                drafts.save(kind, content);
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
        // Files are part of a draft once they have arrived.
        Effect::watch(
            move || uploads.kept(),
            move |kept, before, _| {
                if before.is_some_and(|before| before != kept) && !drafts.is_as_saved() {
                    drafts.changed();
                }
            },
            false,
        );
        drafts
    }

    fn side<T>(self, kind: MessageKind, work: impl FnOnce(&mut Side) -> T) -> Option<T> {
        self.sides.try_update_value(|sides| sides.get_mut(place(kind)).map(work)).flatten()
    }

    /// What stands in the editor and beside it.
    fn content(self) -> Content {
        Content { html: html_of(self.editor), files: untrack(move || self.uploads.kept()) }
    }

    fn is_as_saved(self) -> bool {
        let content = self.content();
        self.side(self.shown.get_value(), |side| side.saved == content).unwrap_or(true)
    }

    fn fetch(self) {
        spawn_local(async move {
            // What this browser could not save is newer than what the server has.
            for kind in [MessageKind::Reply, MessageKind::Note] {
                if let Some(kept) = self.left_behind(kind) {
                    self.put(kind, kept);
                }
            }
            let kept = api::items::drafts(self.item).await;
            let is_known = kept.is_ok();
            for draft in kept.unwrap_or_default() {
                let content = Content { html: draft.html, files: draft.files };
                self.side(draft.kind, |side| (side.saved, side.shared) = (content.clone(), draft.shared));
                self.put(draft.kind, content);
            }
            if is_known && self.shown.try_get_value().is_some() && !self.is_as_saved() {
                self.changed();
            }
            let _ = self.fetched.try_set(true);
        });
    }

    /// Puts what was kept, where nothing stands yet.
    fn put(self, kind: MessageKind, content: Content) {
        let Some(shown) = self.shown.try_get_value() else { return };
        let files = |uploads: Uploads| content.files.iter().map(move |file| uploads.of_kept(file.clone())).collect::<Vec<_>>();
        if kind != shown {
            let files = files(self.uploads);
            self.side(kind, |side| {
                if side.html.is_empty() && side.files.is_empty() {
                    side.html = content.html;
                    side.files = files;
                }
            });
        // What was typed before the answer came is newer.
        } else if self.content().is_empty() {
            set_html(self.editor, &content.html);
            self.uploads.list.set(files(self.uploads));
            self.saved.set(self.is_as_saved());
            self.show_shared();
        }
    }

    fn show_shared(self) {
        self.shared.set(self.side(self.shown.get_value(), |side| side.shared).unwrap_or_default());
    }

    /// Lets others read what stands in the editor, or no longer.
    pub fn share(self, shared: bool, failed: impl Fn(ApiError) + 'static) {
        let kind = self.shown.get_value();
        spawn_local(async move {
            let answer = api::items::share_draft(self.item, kind, shared).await;
            if self.shown.try_get_value().is_none() {
                return;
            }
            match answer {
                Ok(_) => {
                    self.side(kind, |side| side.shared = shared);
                    self.show_shared();
                }
                Err(error) => failed(error),
            }
        });
    }

    /// Puts a text and files before what is there: a reply that was taken back, a draft that was taken over.
    pub fn put_before(self, kind: MessageKind, html: &str, files: Vec<Attachment>) {
        let mut list: Vec<Upload> = files.into_iter().map(|file| self.uploads.of_kept(file)).collect();
        if self.shown.get_value() == kind {
            set_html(self.editor, &format!("{html}{}", html_of(self.editor)));
            self.uploads.list.update(|there| {
                list.append(there);
                *there = list;
            });
            self.changed();
        } else {
            self.side(kind, |side| {
                side.html.insert_str(0, html);
                list.append(&mut side.files);
                side.files = list;
            });
        }
    }

    /// Somebody has shared, changed or taken over a draft: if it was one of these that was taken, it is not here any more. Tells
    /// `taken` then.
    pub fn look_again(self, taken: impl Fn() + 'static) {
        spawn_local(async move {
            let Ok(kept) = api::items::drafts(self.item).await else { return };
            if self.shown.try_get_value().is_none() {
                return;
            }
            for kind in [MessageKind::Reply, MessageKind::Note] {
                let was_shared = self.side(kind, |side| side.shared).unwrap_or_default();
                if was_shared && kept.iter().all(|draft| draft.kind != kind) {
                    self.forget(kind);
                    taken();
                }
            }
        });
    }

    fn switch(self, to: MessageKind) {
        let from = self.shown.get_value();
        if from == to {
            return;
        }
        self.save_now();
        let (html, files) = (html_of(self.editor), self.uploads.list.get_untracked());
        self.side(from, |side| (side.html, side.files) = (html, files));
        self.shown.set_value(to);
        let (html, files) =
            self.side(to, |side| (std::mem::take(&mut side.html), std::mem::take(&mut side.files))).unwrap_or_default();
        set_html(self.editor, &html);
        self.uploads.list.set(files);
        self.stop();
        self.saved.set(self.is_as_saved() && !self.content().is_empty());
        self.show_shared();
    }

    /// The text changed: keep it after a pause in typing.
    pub fn changed(self) {
        self.saved.set(false);
        self.stop();
        if !self.paused.get_value() {
            let content = self.content();
            self.leave_behind(self.shown.get_value(), Some(&content));
            self.latest.set_value(Some(content));
            self.wait(PAUSE);
        }
    }

    /// Whether something stands there since the last change.
    pub fn has_begun(self) -> bool {
        self.latest.with_value(|latest| latest.as_ref().is_some_and(|content| !content.is_empty()))
    }

    fn wait(self, time: Duration) {
        self.timer.set_value(set_timeout_with_handle(move || self.save_now(), time).ok());
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
        self.forget(kind);
        self.save(kind, Content::default());
    }

    fn forget(self, kind: MessageKind) {
        self.stop();
        self.latest.set_value(None);
        self.side(kind, |side| *side = Side::default());
        if self.shown.get_value() == kind {
            set_html(self.editor, "");
            self.uploads.clear();
            self.stop();
            self.latest.set_value(None);
        }
        self.paused.set_value(false);
        self.saved.set(false);
        self.leave_behind(kind, None);
        self.show_shared();
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn save_now(self) {
        // The timer may outlive the composer; then the handle of the editor is gone as well.
        let Some(kind) = self.shown.try_get_value() else { return };
        let content = self.content();
        self.latest.set_value(None);
        if self.is_as_saved() {
            self.leave_behind(kind, None);
            self.saved.set(!content.is_empty());
            return;
        }
        self.save(kind, content);
    }

    fn save(self, kind: MessageKind, content: Content) {
        let files = content.files.iter().map(|file| file.id).collect();
        let draft = NewDraft { item: self.item, kind, html: content.html.clone(), files };
        spawn_local(async move {
            let answer = api::items::save_draft(draft).await;
            let Some(shown) = self.shown.try_get_value() else { return };
            match answer {
                Ok(()) => {
                    let empty = content.is_empty();
                    self.side(kind, |side| side.saved = content);
                    if shown == kind && self.is_as_saved() {
                        self.leave_behind(kind, None);
                        self.saved.set(!empty);
                    }
                }
                // Tried again until it succeeds or the ticket is left; a reload finds it in the browser.
                Err(_) if shown == kind && !content.is_empty() => {
                    self.stop();
                    self.wait(AGAIN);
                }
                Err(_) => {}
            }
        });
    }

    fn key(self, kind: MessageKind) -> String {
        format!("taquilla:draft:{}:{}:{}", self.agent, self.item, kind.key())
    }

    /// What the browser kept because the server did not have it.
    fn left_behind(self, kind: MessageKind) -> Option<Content> {
        let text = session_storage()?.get_item(&self.key(kind)).ok().flatten()?;
        serde_json::from_str(&text).ok()
    }

    /// Has the browser keep it until the server does.
    fn leave_behind(self, kind: MessageKind, content: Option<&Content>) {
        let Some(storage) = session_storage() else { return };
        // A browser that keeps nothing (full, private) only means that it does not come back.
        let _ = match content.map(serde_json::to_string) {
            Some(Ok(text)) => storage.set_item(&self.key(kind), &text),
            _ => storage.remove_item(&self.key(kind)),
        };
    }
}
