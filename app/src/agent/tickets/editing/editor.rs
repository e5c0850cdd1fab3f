//! The editor of a cell: the menu that the ticket itself has for the field, or a control for text and tags. It lies over the table, so
//! nothing moves, and closing it keeps what was typed; Escape does not.

use super::{Editing, cell::Cell};
use crate::{
    agent::tickets::{
        choices::{PeopleEntries, StarsEntries, StatusEntries, Subject, TypeEntries},
        list::tag_loader,
    },
    t,
    ui::{MenuItem, TagInput, by_id, focus, focus_entry, place, walk_menu},
};
use domain::{
    item::{Change, Impact, normalize_tags},
    limits,
};
use leptos::{ev, prelude::*};
use web_sys::HtmlElement;

/// Id of the editor.
const EDITOR: &str = "cell-editor";
/// Id of the control for text.
const INPUT: &str = "cell-input";

/// Height of the control for text with what is around it, in pixels.
const LINE: f64 = 46.0;

/// What becomes of the keyboard and of what was typed when the editor closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Something else was pressed: what was typed is kept, and the keyboard is there.
    Left,
    /// Escape.
    Dropped,
    /// Enter, or an entry of a menu.
    Kept,
    /// Tab: to the cell so many places further.
    Next(isize),
}

/// What is typed.
#[derive(Clone, Copy)]
pub struct Typed {
    text: RwSignal<String>,
    tags: RwSignal<Vec<String>>,
    wrong: RwSignal<Option<String>>,
    /// Whether it can be seen.
    shown: StoredValue<bool>,
    end: StoredValue<End>,
}

impl Typed {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            tags: RwSignal::new(Vec::new()),
            wrong: RwSignal::new(None),
            shown: StoredValue::new(false),
            end: StoredValue::new(End::Left),
        }
    }

    /// What was typed, as a change; none where the entries of a menu make the change.
    fn change(self, cell: Cell) -> Option<Change> {
        match cell.key {
            "title" => {
                Some(Change::Title(self.text.with_untracked(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))))
            }
            "product" => Some(Change::Product(self.text.with_untracked(|text| text.trim().to_owned()))),
            "tags" => Some(Change::Tags(self.tags.with_untracked(|tags| normalize_tags(tags)))),
            _ => None,
        }
    }

    fn close(self, end: End) {
        self.end.set_value(end);
        if let Some(editor) = by_id(EDITOR) {
            let _ = editor.hide_popover();
        }
    }
}

/// The editor, closed until a cell is opened.
pub fn editor(editing: Editing) -> AnyView {
    let on_toggle = move |_: web_sys::Event| {
        let open = by_id(EDITOR).is_some_and(|element| element.matches(":popover-open").unwrap_or_default());
        if let (false, true, Some(cell)) = (open, editing.typed.shown.get_value(), editing.cell.get_untracked()) {
            editing.closed(cell);
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if let Some(cell) = editing.cell.get_untracked() {
            editing.typed_key(cell, &event);
        }
    };
    let inside = move || editing.cell.get().map(|cell| control(editing, cell));
    let is_text = move || editing.cell.with(|cell| cell.is_some_and(|cell| is_typed(cell.key)));
    view! {
        <div id=EDITOR popover="auto" class="menu cell-editor" class:cell-editor-text=is_text on:toggle=on_toggle on:keydown=on_keydown>
            {inside}
        </div>
    }
    .into_any()
}

/// Whether a field is typed, and not chosen from a menu.
fn is_typed(key: &str) -> bool {
    matches!(key, "title" | "product" | "tags")
}

impl Editing {
    /// Opens a cell with what the ticket has, and shows the editor there once its control is drawn.
    pub(super) fn open(self, cell: Cell) {
        if let Some(before) = self.cell.get_untracked() {
            self.closed(before);
        }
        let Some(row) = self.list.row(cell.number) else { return };
        let typed = self.typed;
        typed.text.set(if cell.key == "product" { row.product } else { row.title });
        typed.tags.set(row.tags);
        typed.wrong.set(None);
        typed.end.set_value(End::Left);
        self.list.current.set(Some(cell.number));
        self.cell.set(Some(cell));
        request_animation_frame(move || {
            let (Some(editor), Some(anchor)) = (by_id(EDITOR), cell.element()) else { return };
            let _ = editor.show_popover();
            typed.shown.set_value(true);
            show(&editor, &anchor, cell);
        });
    }

    fn typed_key(self, cell: Cell, event: &ev::KeyboardEvent) {
        let Some(editor) = by_id(EDITOR) else { return };
        let end = match event.key().as_str() {
            "Escape" => End::Dropped,
            "Tab" => End::Next(if event.shift_key() { -1 } else { 1 }),
            "Enter" if is_typed(cell.key) => End::Kept,
            _ if is_typed(cell.key) => return,
            _ => return walk_menu(&editor, event),
        };
        event.prevent_default();
        event.stop_propagation();
        // What cannot stand stays to be mended.
        let wrong = self.typed.change(cell).filter(|_| end != End::Dropped).and_then(|change| change.check().err());
        if let Some(error) = wrong {
            return self.typed.wrong.set(Some(self.i18n.error_at_once(&error)));
        }
        self.typed.close(end);
    }

    /// The editor has closed.
    fn closed(self, cell: Cell) {
        self.cell.set(None);
        self.typed.shown.set_value(false);
        let end = self.typed.end.get_value();
        let change = self.typed.change(cell).filter(|change| end != End::Dropped && change.check().is_ok());
        if let Some(change) = change {
            self.put(cell, change);
        }
        match end {
            End::Left => {}
            End::Next(by) => self.step(cell, by),
            End::Dropped | End::Kept => self.back(cell),
        }
    }
}

/// Puts the editor where the cell is, and the keyboard into it.
fn show(editor: &HtmlElement, anchor: &HtmlElement, cell: Cell) {
    place(editor, anchor, true, false);
    match cell.key {
        "title" | "product" | "tags" => {
            // What is typed is typed where it stands: in the middle of the cell.
            let rect = anchor.get_bounding_client_rect();
            let top = rect.top() + (rect.height() - LINE) / 2.0;
            let _ = editor.style().set_property("top", &format!("{top}px"));
            focus(INPUT);
            if let Some(input) = by_id(INPUT).filter(|_| cell.key != "tags") {
                use wasm_bindgen::JsCast;
                input.unchecked_ref::<web_sys::HtmlInputElement>().select();
            }
        }
        _ => focus_entry(editor),
    }
}

/// How many people it can touch.
fn impacts(editing: Editing, subject: Subject) -> AnyView {
    let entry = move |impact: Impact| {
        let chosen = Signal::derive(move || subject.row.with(|row| row.impact == impact));
        view! {
            <MenuItem chosen on_select=Callback::new(move |()| subject.change.run(Change::Impact(impact)))>
                {editing.i18n.name("impact", impact.key())}
            </MenuItem>
        }
    };
    Impact::ALL.map(entry).collect_view().into_any()
}

/// The control for the field of a cell.
fn control(editing: Editing, cell: Cell) -> AnyView {
    let (i18n, list, typed) = (editing.i18n, editing.list, editing.typed);
    let label = i18n.name("field", cell.key);
    let most = if cell.key == "title" { limits::TITLE } else { limits::LINE };
    match cell.key {
        "title" | "product" => view! {
            <input
                id=INPUT
                class="input"
                maxlength=most.to_string()
                aria-label=label
                aria-invalid=move || typed.wrong.with(Option::is_some).then_some("true")
                aria-describedby="cell-wrong"
                prop:value=typed.text
                on:input=move |event| typed.text.set(event_target_value(&event))
            />
            <p id="cell-wrong" class="field-note field-error" role="alert">{typed.wrong}</p>
        }
        .into_any(),
        "tags" => view! {
            <TagInput id=INPUT label tags=typed.tags load=tag_loader() hide_label=true on_change=Callback::new(move |tags| typed.tags.set(tags)) />
            <p class="field-note">{t!(i18n, tickets_cell_keys)}</p>
        }
        .into_any(),
        key => {
            let Some(row) = list.row_signal(cell.number) else { return ().into_any() };
            let change = move |change| {
                editing.put(cell, change);
                typed.close(End::Kept);
            };
            let subject = Subject { row: row.into(), change: Callback::new(change) };
            let entries = match key {
                "status" => view! { <StatusEntries subject list /> }.into_any(),
                "type" => view! { <TypeEntries subject list /> }.into_any(),
                "priority" => view! { <StarsEntries subject /> }.into_any(),
                "impact" => impacts(editing, subject),
                _ => view! { <PeopleEntries subject list /> }.into_any(),
            };
            view! { <div role="menu" aria-label=label>{entries}</div> }.into_any()
        }
    }
}
