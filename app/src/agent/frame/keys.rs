//! Keys that work on every screen, and the same as commands.

use super::{Finding, bar::SEARCH};
use crate::{
    i18n::use_i18n,
    state::{Command, Session, is_typing, register_commands, use_session},
    t,
    ui::{self, Toasts, use_toasts},
};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{sync::Arc, time::Duration};

/// How long `G` waits for the second key.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What the keys reach.
#[derive(Clone)]
struct Keys {
    finding: Finding,
    session: Session,
    toasts: Toasts,
    go: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Keys {
    /// Does what a key says, after `G` if `going`; whether it said anything.
    fn act(&self, going: bool, key: &str) -> bool {
        let (works, administers) = self.session.me.with_untracked(|me| (me.role.works(), me.role.administers()));
        let to = match (going, key) {
            (true, "t") => "/desk/tickets",
            (true, "c") => "/desk/customers",
            (true, "o") => "/desk/organizations",
            (true, "a") if administers => "/desk/admin",
            (false, "c") if works => "/desk/tickets/new",
            (false, "/") => {
                ui::focus(SEARCH);
                return true;
            }
            (false, "z") => {
                self.toasts.undo_last();
                return true;
            }
            (false, "?") => {
                self.finding.help.set(true);
                return true;
            }
            _ => return false,
        };
        (self.go)(to);
        true
    }

    fn tell(&self) {
        let i18n = use_i18n();
        let command = |keys: Vec<&'static str>, key: &'static str, label: String| {
            let (own, going) = (self.clone(), keys.len() > 1);
            let run = move || {
                own.act(going, key);
            };
            Command::new(keys, label, Arc::new(run))
        };
        let mut list = vec![
            Command::key(vec!["Ctrl K"], t!(i18n, frame_palette)),
            command(vec!["/"], "/", t!(i18n, frame_key_search).to_owned()),
            command(vec!["Z"], "z", t!(i18n, undo).to_owned()),
            command(vec!["?"], "?", t!(i18n, frame_key_help).to_owned()),
        ];
        let (works, administers) = self.session.me.with_untracked(|me| (me.role.works(), me.role.administers()));
        if works {
            list.push(command(vec!["C"], "c", t!(i18n, frame_key_create).to_owned()));
        }
        let go = |shown, key, place: &str| command(vec!["G", shown], key, t!(i18n, frame_key_go, place = place));
        list.push(go("T", "t", t!(i18n, frame_tickets)));
        list.push(go("C", "c", t!(i18n, frame_customers)));
        list.push(go("O", "o", t!(i18n, frame_organizations)));
        if administers {
            list.push(go("A", "a", t!(i18n, frame_administration)));
        }
        register_commands(t!(i18n, frame_shortcuts_everywhere), list, None);
    }
}

/// Listens to `Ctrl K` (`⌘ K`), `/`, `Z`, `?`, `C` and `G` with a second key.
pub(super) fn listen(finding: Finding) {
    let navigate = use_navigate();
    let go = Arc::new(move |href: &str| navigate(href, NavigateOptions::default()));
    let keys = Keys { finding, session: use_session(), toasts: use_toasts(), go };
    keys.tell();
    let going = StoredValue::new(false);
    let on_key = move |event: ev::KeyboardEvent| {
        let key = event.key().to_lowercase();
        // From everywhere, also out of a text that is being typed; but not over another dialog.
        let control = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
        if control && key == "k" && !event.default_prevented() {
            let open = finding.palette.get_untracked();
            if open || document().query_selector("dialog[open]").ok().flatten().is_none() {
                event.prevent_default();
                finding.palette.set(!open);
            }
            return;
        }
        if is_typing(&event) {
            return;
        }
        let second = going.get_value();
        going.set_value(false);
        if !second && key == "g" {
            going.set_value(true);
            set_timeout(
                move || {
                    let _ = going.try_set_value(false);
                },
                PATIENCE,
            );
        } else if keys.act(second, &key) {
            event.prevent_default();
        }
    };
    let handle = window_event_listener(ev::keydown, on_key);
    on_cleanup(move || handle.remove());
}
