//! Live updates: what a stream tells its reader about what has just happened. A stream tells only what its reader may see, and
//! a notice never holds more than the same reader would be answered if they asked.

use crate::{actor::Party, id::ItemNumber, item::ItemRow, presence::Presence};
use serde::{Deserialize, Serialize};

/// One notice of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum News {
    /// To agents: an item is new or has changed. The row is how it stands now, which may be after later changes.
    Item {
        /// The item as lists show it.
        row: Box<ItemRow>,
        /// What happened to it, in order.
        what: Vec<Happening>,
    },
    /// To customers: something of a ticket that they see has changed.
    Ticket {
        /// Its number.
        number: ItemNumber,
    },
    /// An item that the reader saw before can no longer be seen by them.
    Gone {
        /// Its number.
        number: ItemNumber,
    },
    /// To agents: which other agents have an item open, and who of them writes. When a stream begins, and after a
    /// [`News::Reset`], the reader knows of nobody.
    Presence(Presence),
    /// Names, teams, views that are shared, the workspace, or what the reader may do have changed: what was loaded of them is old.
    Names,
    /// More has happened than is worth telling one by one: everything that is shown is old.
    Reset,
    /// The session has ended. The stream ends with it.
    Ended,
    /// Nothing but that the stream is there, every [`crate::limits::STREAM_HEARTBEAT_SECONDS`].
    Beat,
}

/// As much of a [`News`] as most screens need, and all that those of customers get: reading it takes little code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Notice {
    /// `item`, `ticket`, `gone`, `presence`, `names`, `reset`, `ended` or `beat`.
    pub kind: String,
    /// The item, for those that are about one and do not carry it.
    #[serde(default)]
    pub number: Option<ItemNumber>,
}

/// Something that happened to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// `created`, `changed`, `replied`, … as in [`crate::event::Activity`].
    pub name: String,
    /// Which field, for `changed`; empty otherwise.
    pub field: String,
    /// Who did it.
    pub by: Party,
    /// Their name.
    pub by_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_the_beginning_of_every_news() {
        let number = ItemNumber(7);
        for (news, kind, about) in [
            (News::Ticket { number }, "ticket", Some(number)),
            (News::Gone { number }, "gone", Some(number)),
            (News::Names, "names", None),
            (News::Reset, "reset", None),
            (News::Ended, "ended", None),
            (News::Beat, "beat", None),
        ] {
            let text = serde_json::to_string(&news).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), Notice { kind: kind.to_owned(), number: about });
        }
        let more = r#"{"kind":"item","row":{"id":1},"what":[]}"#;
        assert_eq!(serde_json::from_str::<Notice>(more).unwrap().kind, "item");
    }
}
