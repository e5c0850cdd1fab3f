//! The keyboard of the list. Off while somebody types, and while a dialog or a menu is open.

use super::{bulk::Bulk, selection::export_address, table::GRID};
use crate::{
    agent::tickets::store::ListStore,
    i18n::I18n,
    state::{Acting, Command, is_typing, register_commands},
    t,
    ui::{by_id, focus},
};
use domain::{action::Put, id::ItemNumber, item::Change, view::Layout};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How long after `G` a key belongs to it, in milliseconds.
const GOING: f64 = 1_500.0;

/// Leads to an address.
type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// Listens as long as the list is there.
pub fn listen(list: ListStore, bulk: Bulk, i18n: I18n) {
    let navigate = use_navigate();
    let go: Go = Arc::new(move |href: &str| navigate(href, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    // Who only reads is not told what they may not do; who is signed in may be known a moment later.
    let told = go.clone();
    Effect::new(move |_| tell(list, bulk, i18n, &told));
    Effect::new(move |_| {
        let go = go.clone();
        // `G` begins a way to another screen; the key after it is not ours.
        let went = StoredValue::new(f64::MIN);
        let listener = window_event_listener(ev::keydown, move |event| {
            if is_typing(&event) {
                return;
            }
            if event.key().eq_ignore_ascii_case("g") {
                return went.set_value(event.time_stamp());
            }
            if event.time_stamp() - went.get_value() < GOING {
                return went.set_value(f64::MIN);
            }
            if act(list, bulk, &event, &go) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// Tells what there is: how to get about in the list, and what can be done with tickets.
fn tell(list: ListStore, bulk: Bulk, i18n: I18n, go: &Go) {
    let command = |key: &'static str, shown: &'static str, label: &str| {
        let go = go.clone();
        let run = move || {
            do_key(list, bulk, key, &go);
        };
        Command::new(vec![shown], label, Arc::new(run))
    };
    let about = vec![
        Command::key(vec!["J"], t!(i18n, tickets_key_next)),
        Command::key(vec!["K"], t!(i18n, tickets_key_previous)),
        Command::key(vec!["↵"], t!(i18n, tickets_key_open)),
        Command::key(vec!["Esc"], t!(i18n, tickets_key_back)),
        command("]", "]", t!(i18n, tickets_next_ticket)),
        command("[", "[", t!(i18n, tickets_previous_ticket)),
        Command::key(vec!["⇧ J"], t!(i18n, tickets_key_extend)),
        Command::key(vec!["⇧ K"], t!(i18n, tickets_key_extend_back)),
    ];
    register_commands(t!(i18n, tickets), about, None);
    let select = command("x", "X", t!(i18n, tickets_key_select));
    if !list.me.with(|me| me.role.works()) {
        let list = [vec![select], exports(list, bulk, i18n)].concat();
        return register_commands(t!(i18n, tickets_selection), list, None);
    }
    let mut with = vec![
        command("i", "I", t!(i18n, tickets_assign_to_me)),
        command("a", "A", t!(i18n, tickets_assign)),
        command("s", "S", t!(i18n, tickets_set_status)),
        command("p", "P", t!(i18n, tickets_set_priority)),
        command("l", "L", t!(i18n, tickets_tags)),
        command("e", "E", t!(i18n, tickets_mark_done)),
        command("h", "H", t!(i18n, tickets_snooze)),
        Command::key(vec!["F2"], t!(i18n, tickets_key_cells)),
        select,
    ];
    with.extend(putting(bulk, i18n));
    with.extend(exports(list, bulk, i18n));
    let acting = Acting { about: Arc::new(move || bulk.about()), set: Arc::new(move |change| bulk.set(change)) };
    register_commands(t!(i18n, tickets_selection), with, Some(acting));
}

/// Putting away and bringing back, each where it changes something.
fn putting(bulk: Bulk, i18n: I18n) -> [Command; 5] {
    let command = |label: &str, put: Put, when: fn(Bulk) -> bool| {
        Command::named(label, Arc::new(move || when(bulk)), Arc::new(move || bulk.put(put)))
    };
    [
        command(t!(i18n, tickets_wake), Put::Snoozed(None), |bulk| !bulk.are_deleted() && bulk.are_asleep()),
        command(t!(i18n, tickets_spam), Put::Spam(true), |bulk| !bulk.are_deleted() && !bulk.are_spam()),
        command(t!(i18n, tickets_no_spam), Put::Spam(false), |bulk| !bulk.are_deleted() && bulk.are_spam()),
        command(t!(i18n, tickets_delete), Put::Deleted(true), |bulk| !bulk.are_deleted()),
        command(t!(i18n, tickets_restore), Put::Deleted(false), Bulk::are_deleted),
    ]
}

/// What is meant as a file, or else the whole list.
fn exports(list: ListStore, bulk: Bulk, i18n: I18n) -> Vec<Command> {
    let command = |(ending, label): (&'static str, &str)| {
        Command::named(
            label,
            Arc::new(|| true),
            Arc::new(move || download(&export_address(list, &bulk.numbers(), &[], ending, false))),
        )
    };
    [("csv", t!(i18n, tickets_export_csv)), ("xlsx", t!(i18n, tickets_export_xlsx))].map(command).into()
}

/// Takes what is at an address as a file.
fn download(href: &str) {
    let link: Option<web_sys::HtmlElement> = document().create_element("a").ok().and_then(|link| link.dyn_into().ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", href);
        let _ = link.set_attribute("download", "");
        link.click();
    }
}

fn target(event: &ev::KeyboardEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// Does what the key says; whether it said anything.
fn act(list: ListStore, bulk: Bulk, event: &ev::KeyboardEvent, go: &Go) -> bool {
    // A dashboard has no rows that one could go through.
    let is_dashboard = untrack(|| list.shown().layout) == Layout::Dashboard;
    if is_dashboard && list.open_number.get_untracked().is_none() {
        return false;
    }
    match event.key().as_str() {
        "j" => step(list, 1, false),
        "k" => step(list, -1, false),
        "J" => step(list, 1, true),
        "K" => step(list, -1, true),
        "ArrowDown" if on_page(event) => step(list, 1, event.shift_key()),
        "ArrowUp" if on_page(event) => step(list, -1, event.shift_key()),
        "Enter" if on_page(event) => match list.current.get_untracked() {
            Some(number) => open(list, number, go),
            None => return false,
        },
        "Escape" => return leave(list, go),
        key => return do_key(list, bulk, key, go),
    }
    true
}

/// Does what a key says that means the same wherever the keyboard is; whether it said anything.
fn do_key(list: ListStore, bulk: Bulk, key: &str, go: &Go) -> bool {
    let works = || list.me.get_untracked().role.works();
    match key {
        "x" | "X" => {
            if let Some(number) = list.current.get_untracked().or_else(|| list.open_number.get_untracked()) {
                list.toggle(number);
            }
        }
        "[" => beside(list, -1, go),
        "]" => beside(list, 1, go),
        "i" if works() => {
            let me = list.me.get_untracked().id;
            if bulk.runs.are_meant() {
                bulk.runs.put("agents", vec![me.to_string()], Vec::new());
                return true;
            }
            bulk.run(|row| {
                let mut agents = row.agents.clone();
                agents.push(me);
                (!row.agents.contains(&me)).then_some(Change::Agents(agents))
            });
        }
        "e" if works() => bulk.finish(),
        "s" if works() => menu(list, "status"),
        "a" if works() => menu(list, "assign"),
        "p" if works() => menu(list, "priority"),
        "l" if works() => bulk.tag(),
        "h" if works() => bulk.snooze(),
        _ => return false,
    }
    true
}

/// Whether the key was pressed on the page at large: not on a control, not inside the open ticket.
fn on_page(event: &ev::KeyboardEvent) -> bool {
    let Some(element) = target(event) else { return true };
    element.closest("a,button,input,[role=tab],.ticket-panel").ok().flatten().is_none()
}

/// Moves by one row; extends the selection if asked.
fn step(list: ListStore, by: isize, extend: bool) {
    let from = list.current.get_untracked().or_else(|| list.open_number.get_untracked());
    let Some(to) = list.neighbour(from, by) else { return };
    // From here on Enter means the row, not the link that was clicked before.
    focus(GRID);
    if extend {
        if let Some(from) = from {
            list.selected.update(|selected| {
                selected.insert(from);
            });
        }
        list.extend_to(to);
    } else {
        list.current.set(Some(to));
    }
}

fn open(list: ListStore, number: ItemNumber, go: &Go) {
    go(&list.address.with_untracked(|address| address.ticket(number)));
}

/// Opens the ticket before or after the open one.
fn beside(list: ListStore, by: isize, go: &Go) {
    let from = list.open_number.get_untracked().or_else(|| list.current.get_untracked());
    if let Some(to) = list.neighbour(from, by) {
        list.current.set(Some(to));
        open(list, to, go);
    }
}

/// Takes back one thing at a time: the selection, the open ticket.
fn leave(list: ListStore, go: &Go) -> bool {
    if untrack(|| list.chooses()) {
        list.select_nothing();
        return true;
    }
    let beside = window().location().pathname().unwrap_or_default();
    if beside.strip_prefix("/desk/tickets").is_some_and(|rest| rest.len() > 1) {
        go(&list.address.with_untracked(|address| address.list()));
        return true;
    }
    false
}

/// Opens the menu of the open ticket, or else of the selection (which begins with the current row).
fn menu(list: ListStore, name: &str) {
    let nothing_chosen = !untrack(|| list.chooses());
    if nothing_chosen {
        if let Some(button) = by_id(&format!("ticket-{name}-button")) {
            return button.click();
        }
        let Some(current) = list.current.get_untracked() else { return };
        list.toggle(current);
    }
    let id = format!("bulk-{name}-button");
    request_animation_frame(move || {
        if let Some(button) = by_id(&id) {
            button.click();
        }
    });
}
