//! Moving tickets from one group to another, by dragging and by key: cards of the board, rows of the table. What is asked for is shown
//! at once; what the server does not allow comes back with the reason.

use super::{change, folds::Condition, list::Bulk, store::ListStore};
use crate::{i18n::I18n, t, ui::Toasts};
use domain::{
    filter::{Field, Relation},
    id::{AgentId, ItemNumber, StatusId, TeamId, TypeId},
    item::{Catalog, Change, Impact, ItemRow},
    types::Category,
    view::GroupBy,
};
use leptos::{ev, prelude::*};

/// A group, by what its items, and those of the groups around it, have in common; outermost first.
pub type Place = Vec<Condition>;

/// What moves tickets.
#[derive(Clone, Copy)]
pub struct Moves {
    /// The group under the ticket that is dragged.
    pub over: RwSignal<Option<Place>>,
    /// The ticket that is dragged, and the group that it comes from.
    dragged: RwSignal<Option<(ItemNumber, Place)>>,
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
    pub fn begin(self, event: &ev::DragEvent, number: ItemNumber, from: Place) {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &format!("#{number}"));
            data.set_effect_allowed("move");
        }
        self.dragged.set(Some((number, from)));
    }

    /// It is over a group, which takes it or not.
    pub fn drag_over(self, event: &ev::DragEvent, to: &[Condition]) {
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
    pub fn is_over(self, group: &[Condition]) -> bool {
        self.over.with(|over| over.as_deref() == Some(group))
    }

    /// Where what is dragged comes from. Tracked.
    pub fn origin(self) -> Option<Place> {
        self.dragged.with(|dragged| dragged.as_ref().map(|(_, from)| from.clone()))
    }

    /// It has left a group.
    pub fn leave(self, group: &[Condition]) {
        if self.is_over(group) {
            self.over.set(None);
        }
    }

    /// It was let go, wherever.
    pub fn end(self) {
        self.over.set(None);
        self.dragged.set(None);
    }

    /// It was let go over a group: what was, and where it comes from.
    pub fn drop(self, event: &ev::DragEvent) -> Option<(ItemNumber, Place)> {
        let dragged = self.dragged.get_untracked()?;
        event.prevent_default();
        self.end();
        Some(dragged)
    }

    /// Whether a group takes the ticket that is dragged. Tracked.
    pub fn fits(self, to: &[Condition]) -> bool {
        let Some((number, from)) = self.dragged.get() else { return false };
        from.starts_with(to) || self.list.row(number).is_some_and(|row| self.changes_of(&row, &from, to).is_some())
    }

    /// Moves a ticket, and with it the others that are selected if it is one of them. Answers how many went.
    pub fn move_to(self, number: ItemNumber, from: &[Condition], to: &[Condition]) -> usize {
        if from.starts_with(to) {
            return 0;
        }
        let selected = self.list.selected.get_untracked();
        let numbers = if selected.contains(&number) { self.bulk.targets() } else { vec![number] };
        let rows: Vec<ItemRow> = numbers.iter().filter_map(|number| self.list.row(*number)).collect();
        let fits = |row: &ItemRow| self.changes_of(row, from, to).is_some();
        let going: Vec<ItemNumber> = rows.iter().filter(|row| fits(row)).map(|row| row.number).collect();
        if going.len() < rows.len() {
            self.toasts.error(t!(self.i18n, tickets_board_refused));
        }
        if going.is_empty() || self.bulk.progress.get_untracked().is_some() {
            return 0;
        }
        // What makes the change is asked of each ticket before it is shown elsewhere.
        self.bulk.change(rows, |row| self.changes_of(row, from, to).unwrap_or_default());
        self.list.show_in_group(&going, to);
        going.len()
    }

    /// What brings a ticket from a group to another one; none if nothing can.
    fn changes_of(self, row: &ItemRow, from: &[Condition], to: &[Condition]) -> Option<Vec<Change>> {
        self.list.catalog.with_untracked(|catalog| changes_of(catalog, row, from, to))
    }
}

/// The changes that bring a ticket from a group to another one, in the order in which they are made; none if nothing can.
fn changes_of(catalog: &Catalog, row: &ItemRow, from: &[Condition], to: &[Condition]) -> Option<Vec<Change>> {
    let level =
        |((_, from), (by, to)): (&Condition, &Condition)| by.parse().ok().map(|by: GroupBy| (by, from.clone(), to.clone()));
    let mut levels: Vec<(GroupBy, String, String)> = from.iter().zip(to).map(level).collect::<Option<_>>()?;
    // The type says which statuses there are, and the status which category.
    levels.sort_by_key(|(by, ..)| match by {
        GroupBy::Field(Field::Type) => 0,
        GroupBy::Field(Field::Status) => 1,
        _ => 2,
    });
    let (mut then, mut changes) = (row.clone(), Vec::new());
    for (by, from, to) in levels.iter().filter(|(_, from, to)| from != to) {
        // What was changed before may have done it.
        if stands(&then, by, to) != Some(true) {
            let change = brings(catalog, &then, by, from, to)?;
            change::apply_to_row(&mut then, &change, catalog);
            changes.push(change);
        }
    }
    // Nor may the one take back what the other does, or what is so already.
    let stays = |(by, from, to): &(GroupBy, String, String)| {
        let meant = from != to || stands(row, by, to) == Some(true);
        !meant || stands(&then, by, to) != Some(false)
    };
    levels.iter().all(stays).then_some(changes)
}

/// What stands in the key of a group, by its kind.
fn value(key: &str, kind: &str) -> Option<serde_json::Value> {
    serde_json::from_str::<serde_json::Value>(key).ok()?.get(kind).cloned()
}

fn id(key: &str) -> Option<i64> {
    value(key, "id")?.as_i64()
}

fn text(key: &str) -> Option<String> {
    value(key, "text")?.as_str().map(str::to_owned)
}

/// Whether a ticket stands in the group with this key, of fields that follow from each other.
fn stands(row: &ItemRow, by: &GroupBy, key: &str) -> Option<bool> {
    match by {
        GroupBy::Field(Field::Type) => Some(id(key) == Some(row.type_id.0)),
        GroupBy::Field(Field::Status) => Some(id(key) == Some(row.status_id.0)),
        GroupBy::Field(Field::Category) => Some(text(key).as_deref() == Some(row.category.key())),
        _ => None,
    }
}

/// The change that gives a ticket what the tickets of a group have in common: the key of the group it comes from, and of the one it
/// goes to.
fn brings(catalog: &Catalog, row: &ItemRow, by: &GroupBy, from: &str, to: &str) -> Option<Change> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::types::{Status, TicketType};

    fn kind(id: i64, statuses: [(i64, Category); 2]) -> TicketType {
        let status = |(id, category)| Status {
            id: StatusId(id),
            category,
            key: String::new(),
            name: id.to_string(),
            colour: String::new(),
        };
        TicketType {
            id: TypeId(id),
            key: String::new(),
            name: id.to_string(),
            icon: String::new(),
            colour: String::new(),
            enabled: true,
            statuses: statuses.map(status).to_vec(),
        }
    }

    /// What brings a ticket of type 1 in its status 10, which is Ana's, from one place to another, each given as what its levels are and their keys.
    fn moved(from: &[(&str, &str)], to: &[(&str, &str)]) -> Option<Vec<Change>> {
        let types =
            vec![kind(1, [(10, Category::Todo), (11, Category::Done)]), kind(2, [(20, Category::Todo), (21, Category::Done)])];
        let catalog = Catalog { types, ..Catalog::default() };
        let place = |levels: &[(&str, &str)]| -> Vec<Condition> {
            levels.iter().map(|(by, key)| ((*by).to_owned(), (*key).to_owned())).collect()
        };
        changes_of(&catalog, &change::sample(), &place(from), &place(to))
    }

    const ANA: (&str, &str) = ("agents", "{\"id\":5}");
    const BEN: (&str, &str) = ("agents", "{\"id\":6}");
    const TODO: (&str, &str) = ("status", "{\"id\":10}");
    const DONE: (&str, &str) = ("status", "{\"id\":11}");
    const ONE: (&str, &str) = ("type", "{\"id\":1}");
    const OTHER: (&str, &str) = ("type", "{\"id\":2}");

    #[test]
    fn a_card_gets_what_column_and_lane_have_in_common() {
        let done = Change::Status(StatusId(11));
        let ben = Change::Agents(vec![AgentId(6)]);
        assert_eq!(moved(&[ANA, TODO], &[ANA, DONE]), Some(vec![done.clone()]));
        assert_eq!(moved(&[ANA, TODO], &[BEN, TODO]), Some(vec![ben.clone()]));
        assert_eq!(moved(&[ANA, TODO], &[BEN, DONE]), Some(vec![done, ben]));
        assert_eq!(moved(&[("created.week", "{\"day\":1}"), TODO], &[("created.week", "{\"day\":8}"), DONE]), None);
    }

    #[test]
    fn a_type_and_a_status_go_together_or_not_at_all() {
        let other = Change::Type(TypeId(2));
        assert_eq!(
            moved(&[ONE, TODO], &[OTHER, ("status", "{\"id\":21}")]),
            Some(vec![other.clone(), Change::Status(StatusId(21))])
        );
        // The new type has a status of its own, which is in another column.
        assert_eq!(moved(&[ONE, TODO], &[OTHER, TODO]), None);
        // What the type brings with it needs no change.
        assert_eq!(moved(&[ONE, TODO], &[OTHER, ("status", "{\"id\":20}")]), Some(vec![other.clone()]));
        let todo = ("category", "{\"text\":\"todo\"}");
        assert_eq!(moved(&[ONE, todo], &[OTHER, todo]), Some(vec![other]));
        assert_eq!(moved(&[TODO, todo], &[DONE, todo]), None);
    }
}
