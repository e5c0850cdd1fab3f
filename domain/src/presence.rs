//! Presence: which agents have an item open at the moment, and who of them writes. It is told and forgotten; the log has nothing
//! of it, and customers are told nothing.

use crate::{
    conversation::MessageKind,
    id::{AgentId, ItemNumber},
};
use serde::{Deserialize, Serialize};

/// How long, in milliseconds, a browser tab counts after it has last said where it is.
pub const COUNTS: i64 = 45_000;

/// An agent who has an item open, in one browser tab or in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// The agent.
    pub agent: AgentId,
    /// What they are writing, if they are.
    pub writing: Option<MessageKind>,
}

impl Here {
    /// Takes in another tab of the same agent: a reply says more than a note, and both say more than reading.
    pub fn add(&mut self, writing: Option<MessageKind>) {
        if self.writing != Some(MessageKind::Reply) {
            self.writing = writing.or(self.writing);
        }
    }
}

/// Who has an item open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtItem {
    /// The item.
    pub number: ItemNumber,
    /// Who is there, each agent once; nobody when the last one has left.
    pub here: Vec<Here>,
}

/// Who is where: how it stands now at the items that are named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The items at which it has changed.
    pub items: Vec<AtItem>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_tabs_the_one_that_says_most_counts() {
        let (reply, note) = (Some(MessageKind::Reply), Some(MessageKind::Note));
        for (tabs, all) in [([None, note], note), ([note, None], note), ([note, reply], reply), ([reply, note], reply)] {
            let [first, second] = tabs;
            let mut here = Here { agent: AgentId(1), writing: first };
            here.add(second);
            assert_eq!(here.writing, all, "{tabs:?}");
        }
    }
}
