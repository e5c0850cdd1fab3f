//! Moving cards: by dragging, and with Shift and the arrow keys. What is asked for is shown at once; what the server does not allow
//! comes back with the reason.

use crate::{
    agent::tickets::{change, list::Bulk, store::ListStore},
    i18n::I18n,
    state::is_typing,
    t,
    ui::{Toasts, focus},
};
use domain::{
    filter::{Field, Relation},
    id::{AgentId, ItemNumber, StatusId, TeamId, TypeId},
    item::{Catalog, Change, Impact, ItemRow},
    types::Category,
    view::GroupBy,
};
use leptos::{ev, prelude::*};

/// What moves cards.
#[derive(Clone, Copy)]
pub struct Moves {
    /// The column under the card that is dragged.
    pub over: RwSignal<Option<usize>>,
    /// The card that is dragged, and where it comes from.
    dragged: RwSignal<Option<(ItemNumber, usize)>>,
    list: ListStore,
    bulk: Bulk,
    toasts: Toasts,
    i18n: I18n,
}

impl Moves {
    /// Nothing moves yet.
    pub fn new(list: ListStore, bulk: Bulk, toasts: Toasts, i18n: I18n) -> Self {
        Self { over: RwSignal::new(None), dragged: RwSignal::new(None), list, bulk, toasts, i18n }
    }

    /// A card is taken.
    pub fn begin(self, event: &ev::DragEvent, number: ItemNumber, column: usize) {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &format!("#{number}"));
            data.set_effect_allowed("move");
        }
        self.dragged.set(Some((number, column)));
    }

    /// It is over a column, which takes it or not.
    pub fn drag_over(self, event: &ev::DragEvent, column: usize) {
        if self.dragged.get_untracked().is_none() {
            return;
        }
        if self.fits(column) {
            event.prevent_default();
        }
        if self.over.get_untracked() != Some(column) {
            self.over.set(Some(column));
        }
    }

    /// It has left a column.
    pub fn leave(self, column: usize) {
        if self.over.get_untracked() == Some(column) {
            self.over.set(None);
        }
    }

    /// It was let go, wherever.
    pub fn end(self) {
        self.over.set(None);
        self.dragged.set(None);
    }

    /// It was let go over a column.
    pub fn drop(self, event: &ev::DragEvent, column: usize) {
        event.prevent_default();
        let dragged = self.dragged.get_untracked();
        self.end();
        if let Some((number, from)) = dragged {
            self.move_to(number, from, column);
        }
    }

    /// Whether a column takes the card that is dragged. Tracked.
    pub fn fits(self, column: usize) -> bool {
        let Some((number, from)) = self.dragged.get() else { return false };
        from == column || self.list.row(number).is_some_and(|row| self.change_of(&row, from, column).is_some())
    }

    /// Left and right go to the neighbouring column, with Shift they take the card along.
    pub fn key(self, event: &ev::KeyboardEvent) {
        let step = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _ => return,
        };
        if is_typing(event) {
            return;
        }
        let Some(number) = self.list.current.get_untracked() else { return };
        let Some((column, place)) = self.place_of(number) else { return };
        let columns = self.list.tree.with_untracked(Vec::len);
        let Some(to) = column.checked_add_signed(step).filter(|to| *to < columns) else { return };
        event.prevent_default();
        if event.shift_key() {
            self.move_to(number, column, to);
        } else {
            let there =
                self.list.node(&[to]).and_then(|node| node.rows().get(place).or(node.rows().last()).map(|row| row.number));
            self.list.current.set(there.or(Some(number)));
            if there.is_none() {
                return;
            }
        }
        focus(&format!("board-{to}"));
    }

    fn place_of(self, number: ItemNumber) -> Option<(usize, usize)> {
        self.list.tree.with_untracked(|tree| {
            let place = |rows: &[crate::agent::tickets::store::Row]| rows.iter().position(|row| row.number == number);
            tree.iter().enumerate().find_map(|(at, node)| place(node.rows()).map(|place| (at, place)))
        })
    }

    /// Moves a card, and with it the others that are selected if it is one of them.
    fn move_to(self, number: ItemNumber, from: usize, to: usize) {
        if from == to {
            return;
        }
        let selected = self.list.selected.get_untracked();
        let numbers = if selected.contains(&number) { self.bulk.targets() } else { vec![number] };
        let rows: Vec<ItemRow> = numbers.iter().filter_map(|number| self.list.row(*number)).collect();
        let fits = |row: &ItemRow| self.change_of(row, from, to).is_some();
        let going: Vec<ItemNumber> = rows.iter().filter(|row| fits(row)).map(|row| row.number).collect();
        if going.len() < rows.len() {
            self.toasts.error(t!(self.i18n, tickets_board_refused));
        }
        if going.is_empty() || self.bulk.progress.get_untracked().is_some() {
            return;
        }
        // What makes the change is asked of each ticket before it is shown elsewhere.
        self.bulk.change(rows, |row| self.change_of(row, from, to));
        self.list.show_in_group(&going, to);
    }

    /// What brings a ticket from a column to another one; none if nothing can.
    fn change_of(self, row: &ItemRow, from: usize, to: usize) -> Option<Change> {
        let (from, to) = (self.list.node(&[from])?, self.list.node(&[to])?);
        self.list.catalog.with_untracked(|catalog| brings(catalog, row, &to.by, &from.group.key, &to.group.key))
    }
}

/// The change that gives a ticket what the tickets of a group have in common: the key of the group it comes from, and of the one it
/// goes to.
fn brings(catalog: &Catalog, row: &ItemRow, by: &GroupBy, from: &str, to: &str) -> Option<Change> {
    let value = |key: &str, kind: &str| serde_json::from_str::<serde_json::Value>(key).ok()?.get(kind).cloned();
    let id = |key: &str| value(key, "id")?.as_i64();
    let text = |key: &str| value(key, "text")?.as_str().map(str::to_owned);
    let none = to == "\"null\"";
    // Several of a kind: what the one group stood for gives way to what the other stands for.
    let ids = |now: Vec<i64>| {
        let mut ids: Vec<i64> = if none { Vec::new() } else { now.into_iter().filter(|one| Some(*one) != id(from)).collect() };
        ids.extend(id(to).filter(|to| !ids.contains(to)));
        ids
    };
    Some(match by {
        GroupBy::Field(Field::Status) => {
            let status = StatusId(id(to)?);
            let own = change::type_of(catalog, row.type_id)?.statuses.iter().any(|one| one.id == status);
            return own.then_some(Change::Status(status));
        }
        GroupBy::Field(Field::Category) => {
            let category = text(to).and_then(|key| Category::from_key(&key))?;
            Change::Status(change::first_of(catalog, row.type_id, category)?)
        }
        GroupBy::Field(Field::Type) => Change::Type(TypeId(id(to)?)),
        GroupBy::Field(Field::Priority) if none => Change::Priority(0),
        GroupBy::Field(Field::Priority) => Change::Priority(u8::try_from(value(to, "int")?.as_i64()?).ok()?),
        GroupBy::Field(Field::Impact) if none => Change::Impact(Impact::None),
        GroupBy::Field(Field::Impact) => Change::Impact(Impact::from_key(&text(to)?)?),
        GroupBy::Field(Field::Product) => Change::Product(if none { String::new() } else { text(to)? }),
        GroupBy::Field(Field::Published) => Change::Published(value(to, "bool")?.as_bool()?),
        GroupBy::Rows(Relation::Agents) => {
            Change::Agents(ids(row.agents.iter().map(|agent| agent.0).collect()).into_iter().map(AgentId).collect())
        }
        GroupBy::Rows(Relation::Teams) => {
            Change::Teams(ids(row.teams.iter().map(|team| team.0).collect()).into_iter().map(TeamId).collect())
        }
        GroupBy::Rows(Relation::Tags) => {
            let (from, to) = (text(from), text(to));
            let mut tags: Vec<String> =
                if none { Vec::new() } else { row.tags.iter().filter(|tag| Some(*tag) != from.as_ref()).cloned().collect() };
            tags.extend(to);
            Change::Tags(domain::item::normalize_tags(&tags))
        }
        // When something happened is nothing that one chooses.
        _ => return None,
    })
}
