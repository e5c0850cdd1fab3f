//! Moving tickets from one group to another, by dragging and by key: cards of the board, rows of the table. What is asked for is shown
//! at once; what the server does not allow comes back with the reason.

use super::{change, grouped::Path, list::Bulk, store::ListStore};
use crate::{i18n::I18n, t, ui::Toasts};
use domain::{
    filter::{Field, Relation},
    id::{AgentId, ItemNumber, StatusId, TeamId, TypeId},
    item::{Catalog, Change, Impact, ItemRow},
    types::Category,
    view::GroupBy,
};
use leptos::{ev, prelude::*};

/// What moves tickets.
#[derive(Clone, Copy)]
pub struct Moves {
    /// The group under the ticket that is dragged.
    pub over: RwSignal<Option<Path>>,
    /// The ticket that is dragged, and the group that it comes from.
    dragged: RwSignal<Option<(ItemNumber, Path)>>,
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

    /// A ticket is taken out of a group.
    pub fn begin(self, event: &ev::DragEvent, number: ItemNumber, from: Path) {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &format!("#{number}"));
            data.set_effect_allowed("move");
        }
        self.dragged.set(Some((number, from)));
    }

    /// It is over a group, which takes it or not.
    pub fn drag_over(self, event: &ev::DragEvent, to: &[usize]) {
        if self.dragged.with_untracked(Option::is_none) {
            return;
        }
        if self.fits(to) {
            event.prevent_default();
        }
        if !self.is_over(to) {
            self.over.set(Some(to.to_vec()));
        }
    }

    /// Whether it is over this group. Tracked.
    pub fn is_over(self, group: &[usize]) -> bool {
        self.over.with(|over| over.as_deref() == Some(group))
    }

    /// It has left a group.
    pub fn leave(self, group: &[usize]) {
        if self.is_over(group) {
            self.over.set(None);
        }
    }

    /// It was let go, wherever.
    pub fn end(self) {
        self.over.set(None);
        self.dragged.set(None);
    }

    /// It was let go over a group.
    pub fn drop(self, event: &ev::DragEvent, to: &[usize]) {
        let Some((number, from)) = self.dragged.get_untracked() else { return };
        event.prevent_default();
        self.end();
        self.move_to(number, &from, to);
    }

    /// Whether a group takes the ticket that is dragged. Tracked.
    pub fn fits(self, to: &[usize]) -> bool {
        let Some((number, from)) = self.dragged.get() else { return false };
        from.starts_with(to) || self.list.row(number).is_some_and(|row| self.change_of(&row, &from, to).is_some())
    }

    /// Moves a ticket, and with it the others that are selected if it is one of them.
    pub fn move_to(self, number: ItemNumber, from: &[usize], to: &[usize]) {
        if from.starts_with(to) {
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
        if let [to] = to {
            self.list.show_in_group(&going, *to);
        }
    }

    /// What brings a ticket from a group to another one; none if nothing can, or if one change is not enough.
    fn change_of(self, row: &ItemRow, from: &[usize], to: &[usize]) -> Option<Change> {
        let (from, to) = (self.list.conditions(from), self.list.conditions(to));
        let mut other = from.iter().zip(&to).filter(|(from, to)| from != to);
        let ((_, from), (by, to)) = other.next()?;
        if other.next().is_some() {
            return None;
        }
        let by = by.parse().ok()?;
        self.list.catalog.with_untracked(|catalog| brings(catalog, row, &by, from, to))
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
