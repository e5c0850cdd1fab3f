//! Keyboard shortcuts: each screen tells which it has while it is seen, and the help shows exactly those.

use leptos::{ev, prelude::*};
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::JsCast;

/// The shortcuts of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    id: u64,
    /// Name of the place.
    pub title: String,
    /// Keys (several for a sequence) and what they do.
    pub list: Vec<(Vec<&'static str>, String)>,
}

/// All shortcuts that work at the moment.
#[derive(Debug, Clone, Copy)]
pub struct Shortcuts {
    groups: RwSignal<Vec<Group>>,
    next: StoredValue<u64>,
}

impl Shortcuts {
    /// The groups, in the order in which they came. Tracked.
    #[must_use]
    pub fn groups(self) -> Vec<Group> {
        self.groups.get()
    }
}

/// Makes the list; called once by the frame.
pub fn provide_shortcuts() -> Shortcuts {
    let shortcuts = Shortcuts { groups: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
    provide_context(shortcuts);
    shortcuts
}

/// Tells the shortcuts of a place while the calling component exists. Listening to them is the caller's.
pub fn register_shortcuts(title: impl Into<String>, list: Vec<(Vec<&'static str>, String)>) {
    let Some(shortcuts) = use_context::<Shortcuts>() else { return };
    let id = shortcuts.next.get_value();
    shortcuts.next.set_value(id + 1);
    shortcuts.groups.update(|groups| groups.push(Group { id, title: title.into(), list }));
    on_cleanup(move || {
        let _ = shortcuts.groups.try_update(|groups| groups.retain(|group| group.id != id));
    });
}

/// Whether the keyboard is promised to a text field that is not there yet.
static PROMISED: AtomicBool = AtomicBool::new(false);

/// Promises the keyboard to a text field that is on its way, or ends the promise: what somebody types meanwhile is text that came
/// too early and not commands. Escape ends it, too.
pub fn promise_keyboard(promised: bool) {
    PROMISED.store(promised, Ordering::Relaxed);
}

/// Whether a key press belongs to something else: text that is being typed, an open dialog or menu, a combination with
/// Ctrl, Alt or Command. Shortcuts keep quiet then.
#[must_use]
pub fn is_typing(event: &ev::KeyboardEvent) -> bool {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
        return true;
    }
    if PROMISED.load(Ordering::Relaxed) {
        if event.key() != "Escape" {
            return true;
        }
        promise_keyboard(false);
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside = |selector: &str| target.as_ref().and_then(|element| element.closest(selector).ok().flatten()).is_some();
    inside("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true],dialog,[popover]")
}
