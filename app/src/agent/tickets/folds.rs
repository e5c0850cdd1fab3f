//! Which groups of a view a person has opened or closed. The browser keeps it, for each person and view, so a view looks the same when
//! one comes back to it.

use super::store::ListStore;
use crate::ui::local_storage;
use leptos::prelude::*;

/// What the items of a group have in common: by what, and its key.
pub type Condition = (String, String);

/// So many groups are kept of a view; those that were touched longest ago go first.
const MOST: usize = 500;

/// What was opened and closed, in the order in which that was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds(Vec<(String, bool)>);

impl Folds {
    /// What is kept of the view that is shown.
    pub fn read(list: ListStore) -> Self {
        let text = local_storage().and_then(|storage| storage.get_item(&place(list)).ok().flatten());
        Self::of(&text.unwrap_or_default())
    }

    /// Keeps it.
    pub fn write(&self, list: ListStore) {
        if let Some(storage) = local_storage() {
            let _ = storage.set_item(&place(list), &self.text());
        }
    }

    /// Whether a group is open, if somebody has said so: what its items, and those of the groups around it, have in common.
    pub fn is_open(&self, conditions: &[Condition]) -> Option<bool> {
        let name = name(conditions);
        self.0.iter().find(|(known, _)| *known == name).map(|(_, open)| *open)
    }

    /// Notes that a group was opened or closed.
    pub fn note(&mut self, conditions: &[Condition], open: bool) {
        let name = name(conditions);
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, open));
        let past = self.0.len().saturating_sub(MOST);
        self.0.drain(..past);
    }

    /// A line for each group.
    fn text(&self) -> String {
        self.0.iter().fold(String::new(), |text, (name, open)| text + if *open { "+" } else { "-" } + name + "\n")
    }

    fn of(text: &str) -> Self {
        let known = |line: &str| {
            let name = line.strip_prefix(['+', '-'])?;
            Some((name.to_owned(), line.starts_with('+')))
        };
        Self(text.lines().filter_map(known).collect())
    }
}

/// Where it is kept.
fn place(list: ListStore) -> String {
    let me = list.me.with_untracked(|me| me.id);
    format!("taquilla:groups:{me}:{}", list.address.with_untracked(|address| address.view))
}

/// What a group is known by. Keys are JSON, so they have no line breaks.
fn name(conditions: &[Condition]) -> String {
    conditions.iter().map(|(by, key)| format!("{by}={key}")).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_last_is_kept() {
        let group = |key: &str| vec![("status".to_owned(), "1".to_owned()), ("tags".to_owned(), key.to_owned())];
        let mut folds = Folds::default();
        folds.note(&group("\"a\""), true);
        folds.note(&group("\"b\""), false);
        folds.note(&group("\"a\""), false);
        let back = Folds::of(&folds.text());
        assert_eq!(back, folds);
        assert_eq!((back.is_open(&group("\"a\"")), back.is_open(&group("\"c\""))), (Some(false), None));
        for at in 0..MOST {
            folds.note(&group(&at.to_string()), true);
        }
        assert_eq!((folds.0.len(), folds.is_open(&group("\"a\""))), (MOST, None));
        assert_eq!(Folds::of("nonsense\n"), Folds::default());
    }
}
