//! What can be done at the moment: each screen tells its commands while it is there. The help shows their keys, the palette does any of
//! them by name; there is no other list.

use domain::item::Change;
use leptos::{ev, prelude::*};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use wasm_bindgen::JsCast;

/// What a command does. Not a `Callback`: that one goes with the control that asked.
pub type Run = Arc<dyn Fn() + Send + Sync>;

/// Whether a command means something now.
pub type When = Arc<dyn Fn() -> bool + Send + Sync>;

/// Something that can be done at the moment.
#[derive(Clone)]
pub struct Command {
    /// Its keys (several for a sequence); none if it has none.
    pub keys: Vec<&'static str>,
    /// What it does.
    pub label: String,
    /// Does it; `None` for a key that only means something where the keyboard is.
    pub run: Option<Run>,
    /// When it is offered by name; `None` for always.
    pub when: Option<When>,
}

impl Command {
    /// A key that is shown in the help.
    pub fn key(keys: Vec<&'static str>, label: impl Into<String>) -> Self {
        Self { keys, label: label.into(), run: None, when: None }
    }

    /// A command that has a key.
    pub fn new(keys: Vec<&'static str>, label: impl Into<String>, run: Run) -> Self {
        Self { keys, label: label.into(), run: Some(run), when: None }
    }

    /// A command without a key, which is there by name where it means something.
    pub fn named(label: impl Into<String>, when: When, run: Run) -> Self {
        Self { keys: Vec::new(), label: label.into(), run: Some(run), when: Some(when) }
    }

    /// Whether it can be done by name now.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.run.is_some() && self.when.as_ref().is_none_or(|when| when())
    }
}

/// What the commands of a group act on.
#[derive(Clone)]
pub struct Acting {
    /// What is meant: the one ticket, or how many; none: there is nothing to act on now.
    pub about: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    /// Sets a field of all that is meant.
    pub set: Arc<dyn Fn(Change) + Send + Sync>,
}

/// The commands of one place.
#[derive(Clone)]
pub struct Group {
    id: u64,
    /// Name of the place.
    pub title: String,
    /// Its commands.
    pub list: Vec<Command>,
    /// What they act on, if it is tickets.
    pub acting: Option<Acting>,
}

/// All commands that there are at the moment.
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

/// Tells the commands of a place while the calling component exists. Listening to their keys is the caller's.
pub fn register_commands(title: impl Into<String>, list: Vec<Command>, acting: Option<Acting>) {
    let Some(shortcuts) = use_context::<Shortcuts>() else { return };
    let id = shortcuts.next.get_value();
    shortcuts.next.set_value(id + 1);
    shortcuts.groups.update(|groups| groups.push(Group { id, title: title.into(), list, acting }));
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
