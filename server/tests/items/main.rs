//! What agents do with tickets, on both databases.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "../common/mod.rs"]
mod common;

mod actions;
mod bad_input;
mod bulk;
mod calendar;
mod changes;
mod deliveries;
mod groups;
mod held;
mod lists;
mod merge;
mod permission;
mod ranking;
mod rare_words;
mod search;
mod thread;

use domain::{
    conversation::{MessageKind, NewMessage},
    id::{ItemNumber, StatusId, TypeId},
    item::{Catalog, Channel, NewItem},
    types::TicketType,
};

/// A ticket to make, with nothing but a title.
fn new_item(title: &str) -> NewItem {
    NewItem {
        title: title.to_owned(),
        description: String::new(),
        type_id: None,
        status_id: None,
        priority: 0,
        requester: None,
        agents: Vec::new(),
        teams: Vec::new(),
        tags: Vec::new(),
        channel: Channel::Agent,
        files: Vec::new(),
        idempotency_key: String::new(),
    }
}

/// A message to write.
fn message(kind: MessageKind, item: ItemNumber, html: &str) -> NewMessage {
    NewMessage {
        item,
        kind,
        html: html.to_owned(),
        files: Vec::new(),
        cc: Vec::new(),
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: Vec::new(),
        hold: false,
        idempotency_key: String::new(),
    }
}

fn reply(item: ItemNumber, html: &str) -> NewMessage {
    message(MessageKind::Reply, item, html)
}

fn note(item: ItemNumber, html: &str) -> NewMessage {
    message(MessageKind::Note, item, html)
}

fn ticket_type<'c>(catalog: &'c Catalog, key: &str) -> &'c TicketType {
    catalog.types.iter().find(|each| each.key == key).unwrap()
}

fn type_id(catalog: &Catalog, key: &str) -> TypeId {
    ticket_type(catalog, key).id
}

fn status(catalog: &Catalog, type_key: &str, key: &str) -> StatusId {
    ticket_type(catalog, type_key).statuses.iter().find(|each| each.key == key).unwrap().id
}
