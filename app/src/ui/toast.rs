//! Toasts: short messages that come by themselves and go again, with Undo where something can be undone.

use super::{Icon, IconButton, content::Tone};
use crate::{i18n::use_i18n, t};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

/// How long a message stays, in seconds; one with Undo or of a failure stays longer.
const SHORT: u64 = 5;
const LONG: u64 = 10;
/// Messages that are seen at once; the oldest makes room.
const SHOWN: usize = 4;

/// Takes something back. Not a `Callback`: that one goes with the screen that offered it, and the message stays.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u64,
    tone: Tone,
    text: String,
    undo: Option<Undo>,
}

/// Where messages go; from [`use_toasts`].
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

/// Makes the place for messages; called once by the application.
pub fn provide_toasts() {
    provide_context(Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) });
}

/// Where messages go.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) })
}

impl Toasts {
    /// It worked.
    pub fn success(self, text: impl Into<String>) {
        self.show(Tone::Success, text.into(), None, SHORT);
    }
    /// It failed; say what was kept and what to do.
    pub fn error(self, text: impl Into<String>) {
        self.show(Tone::Danger, text.into(), None, LONG);
    }
    /// It worked; mind this.
    pub fn warning(self, text: impl Into<String>) {
        self.show(Tone::Warning, text.into(), None, LONG);
    }
    /// It worked, and `undo` takes it back.
    pub fn undoable(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.undoable_for(LONG, text, undo);
    }
    /// It will have happened after so many seconds, and until then `undo` takes it back. Answers what [`Toasts::close`] knows the
    /// message by.
    pub fn undoable_for(self, seconds: u64, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) -> u64 {
        self.show(Tone::Success, text.into(), Some(Arc::new(undo)), seconds)
    }
    /// Takes back what the last message offers to take back, if there is one.
    pub fn undo_last(self) {
        let last =
            self.list.with_untracked(|list| list.iter().rev().find_map(|toast| toast.undo.clone().map(|undo| (toast.id, undo))));
        if let Some((id, undo)) = last {
            self.close(id);
            undo();
        }
    }
    fn show(self, tone: Tone, text: String, undo: Option<Undo>, seconds: u64) -> u64 {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            if list.len() == SHOWN {
                list.remove(0);
            }
            list.push(Toast { id, tone, text, undo });
        });
        set_timeout(move || self.close(id), Duration::from_secs(seconds));
        id
    }
    /// Takes a message away.
    pub fn close(self, id: u64) {
        let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Where the messages are seen; once per page. It is a live region, so they are read out.
#[component]
pub fn ToastHost() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let show = move |toast: Toast| {
        let id = toast.id;
        let undo = toast.undo.map(|undo| {
            let run = move |_| {
                toasts.close(id);
                undo();
            };
            view! { <button type="button" class="toast-undo" on:click=run>{t!(i18n, undo)}</button> }
        });
        view! {
            <div class=format!("toast {}", toast.tone.class())>
                <Icon name=toast.tone.icon() />
                <span class="toast-text">{toast.text}</span>
                {undo}
                <IconButton icon="close" label=t!(i18n, close) on_click=Callback::new(move |_| toasts.close(id)) />
            </div>
        }
    };
    view! {
        <section class="toasts" aria-label=t!(i18n, notifications) aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id children=show />
        </section>
    }
}
