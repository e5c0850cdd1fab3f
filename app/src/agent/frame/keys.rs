//! Shortcuts that work on every screen, and the help that shows all that work at the moment.

use super::bar::SEARCH;
use crate::{
    i18n::use_i18n,
    state::{
        is_typing, register_shortcuts,
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

/// Listens to `/`, `Z`, `?`, `C` and `G` with a second key.
pub(super) fn listen(help: RwSignal<bool>) {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = use_toasts();
    let mut list = vec![
        (vec!["/"], t!(i18n, frame_key_search).to_owned()),
        (vec!["Z"], t!(i18n, undo).to_owned()),
        (vec!["?"], t!(i18n, frame_key_help).to_owned()),
    ];
    if session.me.with_untracked(|me| me.role.works()) {
        list.push((vec!["C"], t!(i18n, frame_key_create).to_owned()));
    }
    let go = |key: &'static str, place: &str| (vec!["G", key], t!(i18n, frame_key_go, place = place));
    list.push(go("T", t!(i18n, frame_tickets)));
    list.push(go("C", t!(i18n, frame_customers)));
    list.push(go("O", t!(i18n, frame_organizations)));
    if session.me.with_untracked(|me| me.role.administers()) {
        list.push(go("A", t!(i18n, frame_administration)));
    }
    register_shortcuts(t!(i18n, frame_shortcuts_everywhere), list);

    let navigate = use_navigate();
    let going = StoredValue::new(false);
    let on_key = move |event: ev::KeyboardEvent| {
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
        let line = move |(keys, label): (Vec<&'static str>, String)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{keys.into_iter().enumerate().map(key).collect_view()}</dd>
                </div>
            }
        };
        view! {
            <section>
                <h3 class="card-title mb-2">{group.title}</h3>
                <dl class="shortcuts">{group.list.into_iter().map(line).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Dialog open title=t!(i18n, frame_shortcuts) wide=true>
            {move || groups().into_iter().map(group).collect_view()}
        </Dialog>
    }
}
