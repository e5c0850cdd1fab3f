//! Shortcuts that work on every screen, and the help that shows all that work at the moment.

use super::bar::SEARCH;
use crate::{
    i18n::use_i18n,
    state::{
        Command, is_typing, register_commands,
        shortcuts::{Group, Shortcuts},
        use_session,
    },
    t,
    ui::{self, Dialog, Kbd, use_toasts},
};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long `G` waits for the second key.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Listens to `Ctrl K` (`⌘ K`), `/`, `Z`, `?`, `C` and `G` with a second key.
pub(super) fn listen(help: RwSignal<bool>, palette: RwSignal<bool>) {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let mut list = vec![
        Command::key(vec!["Ctrl K"], t!(i18n, frame_palette)),
        Command::new(vec!["/"], t!(i18n, frame_key_search), || ui::focus(SEARCH)),
        Command::new(vec!["Z"], t!(i18n, undo), move || toasts.undo_last()),
        Command::new(vec!["?"], t!(i18n, frame_key_help), move || help.set(true)),
    ];
    if session.me.with_untracked(|me| me.role.works()) {
        let navigate = navigate.clone();
        let create = move || navigate("/desk/tickets/new", leptos_router::NavigateOptions::default());
        list.push(Command::new(vec!["C"], t!(i18n, frame_key_create), create));
    }
    // The palette has the places themselves.
    let go = |key: &'static str, place: &str| Command::key(vec!["G", key], t!(i18n, frame_key_go, place = place));
    list.push(go("T", t!(i18n, frame_tickets)));
    list.push(go("C", t!(i18n, frame_customers)));
    list.push(go("O", t!(i18n, frame_organizations)));
    if session.me.with_untracked(|me| me.role.administers()) {
        list.push(go("A", t!(i18n, frame_administration)));
    }
    register_commands(t!(i18n, frame_shortcuts_everywhere), list);

    let going = StoredValue::new(false);
    let on_key = move |event: ev::KeyboardEvent| {
        // From everywhere, also out of a text that is being typed.
        if (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key() && event.key() == "k" {
            event.prevent_default();
            palette.update(|open| *open = !*open);
            return;
        }
        if is_typing(&event) {
            return;
        }
        let second = going.get_value();
        going.set_value(false);
        let (works, administers) = session.me.with_untracked(|me| (me.role.works(), me.role.administers()));
        let to = match (second, event.key().as_str()) {
            (true, "t" | "T") => Some("/desk/tickets"),
            (true, "c" | "C") => Some("/desk/customers"),
            (true, "o" | "O") => Some("/desk/organizations"),
            (true, "a" | "A") if administers => Some("/desk/admin"),
            (false, "c" | "C") if works => Some("/desk/tickets/new"),
            (false, "g" | "G") => {
                going.set_value(true);
                set_timeout(
                    move || {
                        let _ = going.try_set_value(false);
                    },
                    PATIENCE,
                );
                return;
            }
            (false, "/") => {
                ui::focus(SEARCH);
                None
            }
            (false, "z" | "Z") => {
                toasts.undo_last();
                None
            }
            (false, "?") => {
                help.set(true);
                None
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(to) = to {
            navigate(to, leptos_router::NavigateOptions::default());
        }
    };
    let handle = window_event_listener(ev::keydown, on_key);
    on_cleanup(move || handle.remove());
}

/// All shortcuts that work on the present screen.
#[component]
pub(super) fn Help(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let groups = move || use_context::<Shortcuts>().map(Shortcuts::groups).unwrap_or_default();
    let group = move |group: Group| {
        let key = move |(at, key): (usize, &'static str)| {
            view! {
                {(at > 0).then(|| t!(i18n, frame_key_then))}
                <Kbd key=key />
            }
        };
        let line = move |command: Command| {
            view! {
                <div>
                    <dt>{command.label}</dt>
                    <dd>{command.keys.into_iter().enumerate().map(key).collect_view()}</dd>
                </div>
            }
        };
        view! {
            <section>
                <h3 class="card-title mb-2">{group.title}</h3>
                <dl class="shortcuts">{group.list.into_iter().filter(|command| !command.keys.is_empty()).map(line).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Dialog open title=t!(i18n, frame_shortcuts) wide=true>
            {move || groups().into_iter().map(group).collect_view()}
        </Dialog>
    }
}
