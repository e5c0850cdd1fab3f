//! The keyboard of the calendar: arrows go from day to day, Enter goes into a day, Escape out of it.

use super::{days::Days, grid::id_of, moves::Moves, span::later};
use crate::{
    i18n::I18n,
    state::{Command, is_typing, register_commands},
    t,
    ui::{by_id, focus},
};
use domain::{
    calendar::{Date, Unit},
    id::ItemNumber,
};
use leptos::{ev, prelude::*};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What the keyboard goes through inside a day.
const INSIDE: &str = ".day-link, .chip-move, .day-more";

/// Tells the keys, and listens to those that mean something wherever the keyboard is.
pub fn listen(days: Days, i18n: I18n) {
    let turn = |key, label, by| Command::new(vec![key], label, Arc::new(move || days.turn(by)));
    let keys = vec![
        Command::new(vec!["T"], t!(i18n, tickets_calendar_today), Arc::new(move || to_today(days))),
        turn("PgUp", t!(i18n, tickets_calendar_before), -1),
        turn("PgDn", t!(i18n, tickets_calendar_after), 1),
        Command::key(vec!["↵"], t!(i18n, tickets_calendar_enter)),
    ];
    register_commands(t!(i18n, tickets_calendar), keys, None);
    let listener = window_event_listener(ev::keydown, move |event| {
        if is_typing(&event) || target(&event).is_some_and(|element| element.closest(".ticket-panel").ok().flatten().is_some()) {
            return;
        }
        match event.key().as_str() {
            "t" | "T" => to_today(days),
            "PageUp" => days.turn(-1),
            "PageDown" => days.turn(1),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

fn target(event: &ev::KeyboardEvent) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn to_today(days: Days) {
    let today = days.today.get_untracked();
    go_to(days, today);
}

/// Puts the keyboard to a day, on another page of the calendar if it is not on this one.
pub fn go_to(days: Days, day: Date) {
    let span = days.span.get_untracked();
    if span.contains(day) {
        days.cursor.set(day);
        focus(&id_of(day));
    } else {
        days.wants_keyboard.set_value(true);
        days.show(span.scale, day);
    }
}

/// What a key says inside the grid.
pub fn in_grid(days: Days, moves: Moves, event: &ev::KeyboardEvent) {
    if is_typing(event) {
        return;
    }
    let Some(from) = target(event) else { return };
    let inside = from.matches(INSIDE).unwrap_or_default();
    let key = event.key();
    let done = if event.shift_key() {
        carry(days, moves, &from, &key)
    } else if inside {
        within(days, &from, &key)
    } else {
        false
    };
    if done || (!event.shift_key() && between(days, inside, &key)) {
        event.prevent_default();
    }
}

/// Carries the ticket at which the keyboard is to another day.
fn carry(days: Days, moves: Moves, from: &Element, key: &str) -> bool {
    let Some(by) = days_of(key).filter(|_| moves.possible.get_untracked()) else { return false };
    let chip = from.closest("[data-number]").ok().flatten();
    let Some(number) = chip.and_then(|chip| chip.get_attribute("data-number")?.parse::<ItemNumber>().ok()) else { return false };
    if let Some(day) = moves.step(number, by).filter(|day| !days.span.get_untracked().contains(*day)) {
        go_to(days, day);
        return true;
    }
    let link = format!("[data-number=\"{number}\"] .day-link");
    request_animation_frame(move || {
        if let Some(link) = document().query_selector(&link).ok().flatten().and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            let _ = link.focus();
        }
    });
    true
}

/// By how many days an arrow leads in a month.
fn days_of(key: &str) -> Option<i32> {
    match key {
        "ArrowLeft" => Some(-1),
        "ArrowRight" => Some(1),
        "ArrowUp" => Some(-7),
        "ArrowDown" => Some(7),
        _ => None,
    }
}

/// From one ticket of a day to another one, and out.
fn within(days: Days, from: &Element, key: &str) -> bool {
    let Some(cell) = by_id(&id_of(days.cursor.get_untracked())) else { return false };
    let all = entries(&cell);
    let Some(at) = all.iter().position(|entry| entry.is_same_node(Some(from))) else { return false };
    let to = match key {
        "ArrowDown" | "j" => all.get(at + 1),
        "ArrowUp" | "k" => Some(at.checked_sub(1).and_then(|at| all.get(at)).unwrap_or(&cell)),
        "Escape" => Some(&cell),
        _ => return false,
    };
    if let Some(to) = to {
        let _ = to.focus();
    }
    true
}

fn entries(cell: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = cell.query_selector_all(INSIDE) else { return Vec::new() };
    let seen = |entry: &HtmlElement| entry.offset_parent().is_some();
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).filter(seen).collect()
}

/// From one day to another one, and in.
fn between(days: Days, inside: bool, key: &str) -> bool {
    let (span, day) = (days.span.get_untracked(), days.cursor.get_untracked());
    let into = match key {
        "Enter" | " " => !inside,
        // Where days stand beside each other there is nothing below one but its tickets.
        "ArrowDown" => span.scale != Unit::Month,
        _ => false,
    };
    if into {
        if let Some(first) = by_id(&id_of(day)).and_then(|cell| entries(&cell).into_iter().next()) {
            let _ = first.focus();
        }
        return true;
    }
    let to = match key {
        "ArrowUp" if span.scale != Unit::Month => return true,
        "PageUp" => span.turned(-1),
        "PageDown" => span.turned(1),
        "Home" => day.begin(Unit::Week, 0),
        "End" => later(day.begin(Unit::Week, 1), -1),
        key => match days_of(key) {
            Some(by) => later(day, by),
            None => return false,
        },
    };
    go_to(days, to);
    true
}
