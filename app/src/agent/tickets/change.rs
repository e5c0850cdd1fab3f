//! Changes of tickets as the browser makes them: what a change does to what is shown, before the server has confirmed it, and
//! what would take it back.

use domain::{
    actor::Party,
    agent::Me,
    id::{StatusId, TypeId},
    item::{Catalog, Change, ItemDetail, ItemRow, normalize_tags},
    types::{Category, Status, TicketType},
    view::SystemView,
};

/// The type of a row.
#[must_use]
pub fn type_of(catalog: &Catalog, id: TypeId) -> Option<&TicketType> {
    catalog.types.iter().find(|kind| kind.id == id)
}

/// A status by its id, whatever type it belongs to.
#[must_use]
pub fn status_of(catalog: &Catalog, id: StatusId) -> Option<&Status> {
    catalog.types.iter().flat_map(|kind| &kind.statuses).find(|status| status.id == id)
}

/// The status that a ticket of a type gets when it becomes done: the first of that category.
#[must_use]
pub fn first_of(catalog: &Catalog, kind: TypeId, category: Category) -> Option<StatusId> {
    type_of(catalog, kind)?.statuses.iter().find(|status| status.category == category).map(|status| status.id)
}

/// The status of the type that comes nearest to `status`: itself, else one with the same name, else of the same category.
#[must_use]
pub fn nearest(catalog: &Catalog, kind: TypeId, status: StatusId) -> Option<StatusId> {
    let statuses = &type_of(catalog, kind)?.statuses;
    let old = status_of(catalog, status)?;
    let same = statuses.iter().find(|new| new.id == old.id);
    let named = || statuses.iter().find(|new| new.category == old.category && !new.key.is_empty() && new.key == old.key);
    let alike = || statuses.iter().find(|new| new.category == old.category);
    same.or_else(named).or_else(alike).or_else(|| statuses.first()).map(|status| status.id)
}

/// Does to a row what the change does. Names of people are not known here: they come with the server's answer.
pub fn apply_to_row(row: &mut ItemRow, change: &Change, catalog: &Catalog) {
    match change {
        Change::Title(title) => title.trim().clone_into(&mut row.title),
        Change::Type(kind) => {
            row.type_id = *kind;
            if let Some(status) = nearest(catalog, *kind, row.status_id) {
                set_status(row, status, catalog);
            }
        }
        Change::Status(status) => set_status(row, *status, catalog),
        Change::Priority(stars) => row.priority = *stars,
        Change::Requester(None) => {
            row.requester = None;
            row.organization = None;
        }
        Change::Organization(None) => row.organization = None,
        Change::Agents(agents) => row.agents.clone_from(agents),
        Change::Teams(teams) => row.teams.clone_from(teams),
        Change::Tags(tags) => row.tags = normalize_tags(tags),
        Change::Impact(impact) => row.impact = *impact,
        Change::Product(product) => product.trim().clone_into(&mut row.product),
        Change::Requester(Some(_)) | Change::Organization(Some(_)) | Change::Description(_) | Change::Published(_) => {}
    }
}

fn set_status(row: &mut ItemRow, status: StatusId, catalog: &Catalog) {
    row.status_id = status;
    if let Some(status) = status_of(catalog, status) {
        row.category = status.category;
    }
}

/// Does to a ticket what the change does.
pub fn apply(detail: &mut ItemDetail, change: &Change, catalog: &Catalog) {
    apply_to_row(&mut detail.row, change, catalog);
    match change {
        Change::Description(html) => detail.description.clone_from(html),
        Change::Published(published) => detail.published = *published,
        _ => {}
    }
}

/// The change that takes another one back, as far as a row tells what was there before.
#[must_use]
pub fn inverse(row: &ItemRow, change: &Change) -> Option<Change> {
    Some(match change {
        Change::Title(_) => Change::Title(row.title.clone()),
        Change::Type(_) => Change::Type(row.type_id),
        Change::Status(_) => Change::Status(row.status_id),
        Change::Priority(_) => Change::Priority(row.priority),
        Change::Requester(_) => Change::Requester(row.requester.as_ref().map(|customer| customer.id)),
        Change::Organization(_) => Change::Organization(row.organization.as_ref().map(|organization| organization.id)),
        Change::Agents(_) => Change::Agents(row.agents.clone()),
        Change::Teams(_) => Change::Teams(row.teams.clone()),
        Change::Tags(_) => Change::Tags(row.tags.clone()),
        Change::Impact(_) => Change::Impact(row.impact),
        Change::Product(_) => Change::Product(row.product.clone()),
        Change::Description(_) | Change::Published(_) => return None,
    })
}

/// The same for a ticket, which tells everything.
#[must_use]
pub fn inverse_of(detail: &ItemDetail, change: &Change) -> Option<Change> {
    Some(match change {
        Change::Description(_) => Change::Description(detail.description.clone()),
        Change::Published(_) => Change::Published(detail.published),
        _ => return inverse(&detail.row, change),
    })
}

/// Whether a change would leave the row as it is.
#[must_use]
pub fn is_idle(row: &ItemRow, change: &Change) -> bool {
    inverse(row, change).as_ref() == Some(change)
}

/// Whether a row still belongs to a view. The server decides what a view holds; this only says when a row that was changed
/// here may go.
#[must_use]
pub fn fits(view: SystemView, row: &ItemRow, me: &Me) -> bool {
    let open = row.category != Category::Done;
    match view {
        SystemView::Snoozed => return row.away.snoozed_until.is_some(),
        SystemView::Spam => return row.away.spam,
        SystemView::Deleted => return row.away.deleted_at.is_some(),
        _ => {}
    }
    // What is deleted, spam, asleep or merged is in none of the others.
    row.away.is_not()
        && match view {
            SystemView::Mine => open && row.agents.contains(&me.id),
            SystemView::TeamUnassigned => open && row.agents.is_empty() && row.teams.iter().any(|team| me.teams.contains(team)),
            SystemView::Open => open,
            SystemView::Waiting => row.category == Category::Waiting,
            SystemView::Unanswered => open && !matches!(row.last_message_by, Some(Party::Agent(_))),
            SystemView::RecentlyDone => !open,
            SystemView::All | SystemView::Snoozed | SystemView::Spam | SystemView::Deleted => true,
        }
}

/// What the form of a field holds as JSON (as conflicts tell it), back as a change.
#[must_use]
pub fn change_of(field: &str, json: &str) -> Option<Change> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    serde_json::from_value(serde_json::json!({ "field": field, "value": value })).ok()
}

/// A ticket of type 1 in its status 10, which is to be done by agent 5.
#[cfg(test)]
#[must_use]
pub fn sample() -> ItemRow {
    let json = serde_json::json!({
        "id": 1, "number": 7, "title": "", "type_id": 1, "status_id": 10, "category": Category::Todo, "priority": 3,
        "requester": null, "organization": null, "agents": [5], "teams": [], "tags": [], "created_at": 0, "updated_at": 0,
        "last_message_at": null, "last_message_by": null, "version": 1
    });
    serde_json::from_value(json).unwrap()
}
