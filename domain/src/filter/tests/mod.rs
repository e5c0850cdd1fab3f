//! Tests of the filter language.

mod check;
mod laws;
mod meaning;
mod policy;
mod times;
mod views;

use super::eval::{Facts, Thread, Viewer};
use crate::{
    action::Away,
    id::{ItemNumber, StatusId, TypeId},
    item::{Channel, Impact},
    time::Timestamp,
    types::Category,
};

const NOW: Timestamp = Timestamp(1_000_000);

/// An item with nothing set that can be unset.
pub(super) fn bare() -> Facts {
    Facts {
        number: ItemNumber(7),
        title: "Printer Jam".to_owned(),
        type_id: TypeId(1),
        status_id: StatusId(1),
        category: Category::Todo,
        priority: 0,
        requester: None,
        organization: None,
        channel: Channel::Mail,
        impact: Impact::None,
        product: String::new(),
        published: true,
        created_at: NOW,
        updated_at: NOW,
        first_response_at: None,
        resolved_at: None,
        last_message_at: None,
        last_message_by: None,
        away: Away::default(),
        agents: Vec::new(),
        teams: Vec::new(),
        following_agents: Vec::new(),
        following_customers: Vec::new(),
        tags: Vec::new(),
        thread: Some(Thread::default()),
    }
}

pub(super) fn nobody() -> Viewer {
    Viewer::nobody(NOW)
}
