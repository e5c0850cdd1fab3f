//! Filters as people type them and put them together. What the language knows stays on the server: the browser gets what it shows,
//! sentences and what is in the controls of a condition, and sends back what was done to them.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod words;

use super::{ApiError, codec::StrictJson};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};
#[cfg(feature = "ssr")]
use {
    crate::i18n::use_i18n,
    domain::{
        Error,
        filter::{
            Expr, Joined, Thing, Understood, Wording, edit,
            text::{Completion, Suggestion},
        },
    },
};

/// A filter as the bar shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The whole as text.
    pub text: String,
    /// Its parts, which must all hold.
    pub chips: Vec<Chip>,
    /// The first thing that is wrong; empty if nothing is.
    pub problem: String,
    /// Where it is wrong, in UTF-16 units as browsers count.
    pub at: (u32, u32),
}

/// A part of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// What it says; of a group how its parts hold together.
    pub sentence: String,
    /// Of a group: the key of [`domain::filter::Joined`]; of a single condition empty.
    pub joined: String,
    /// The parts of a group.
    pub parts: Vec<Chip>,
    /// What its controls hold; none if it is more than controls can hold.
    pub form: Option<Form>,
}

/// What the controls of a condition hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The key of the field or relation, or [`WORDS`] or [`VIEW`].
    pub key: String,
    /// The key of the operator.
    pub op: String,
    /// What is chosen of many: ids, keys, `@me`, `@myteams`.
    pub chosen: Vec<Choice>,
    /// A line, a number, a date, yes or no; the first of two.
    pub one: String,
    /// The second of two.
    pub two: String,
    /// Which kind of time: `day`, `ago`, `last`, `range`, or a stretch such as `week-1`.
    pub when: String,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Identity.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// Stands for full text among the fields.
pub const WORDS: &str = "text";
/// Stands for other views among the fields.
pub const VIEW: &str = "view";

/// What somebody did to a part of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Took it away.
    Remove,
    /// Changed it.
    Set,
    /// Put a condition into it, which is a group.
    Add,
    /// Put a new group with a condition into it.
    AddGroup,
    /// Had its parts hold together otherwise: `op` says how.
    Join,
    /// Moved it to another place: the path of a group, and before which of its parts.
    Move(Vec<usize>),
    /// Put it into a group of its own.
    Wrap,
}

/// What could stand in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// What is replaced, in UTF-16 units: from here
    pub from: u32,
    /// to here.
    pub to: u32,
    /// The texts, with what people call them.
    pub suggestions: Vec<Choice>,
}

/// A filter as the bar shows it.
#[server(prefix = "/_fn", endpoint = "filters/understand", input = StrictJson, output = StrictJson)]
pub async fn understand(text: String) -> Result<Bar, ApiError> {
    let understood = desk()?.filters.understand(&agent_actor()?, Wording::Text(text)).await?;
    Ok(bar(&understood))
}

/// The text of a filter after something was done to the part at a path: its place in each group, from the outside in.
#[server(prefix = "/_fn", endpoint = "filters/change", input = StrictJson, output = StrictJson)]
pub async fn change(text: String, path: Vec<usize>, deed: Deed, form: Form) -> Result<String, ApiError> {
    let (actor, filters) = (agent_actor()?, desk()?.filters);
    let understood = filters.understand(&actor, Wording::Text(text)).await?;
    let whole = Expr::All(edit::flat(&understood.filter));
    let condition =
        || form::expr(&form).ok_or_else(|| ApiError::from(Error::invalid("error_query_value").with("field", &form.key)));
    let changed = match deed {
        Deed::Remove => edit::replaced(&whole, &path, None),
        Deed::Set => edit::replaced(&whole, &path, Some(condition()?)),
        Deed::Add => edit::added(&whole, &path, condition()?),
        Deed::AddGroup => edit::added(&whole, &path, Joined::Any.of(vec![condition()?])),
        Deed::Join => edit::rejoined(&whole, &path, Joined::from_key(&form.op).unwrap_or(Joined::All)),
        Deed::Move(to) => edit::moved(&whole, &path, &to),
        Deed::Wrap => edit::wrapped(&whole, &path),
    };
    Ok(filters.understand(&actor, Wording::Filter(changed)).await?.text)
}

/// What could stand before a place of a text, counted in UTF-16 units.
#[server(prefix = "/_fn", endpoint = "filters/complete", input = StrictJson, output = StrictJson)]
pub async fn complete(text: String, at: u32) -> Result<Suggestions, ApiError> {
    let place = u32::try_from(bytes(&text, at)).unwrap_or(u32::MAX);
    let found = desk()?.filters.complete(&agent_actor()?, text.clone(), place).await?;
    Ok(suggestions(&text, found))
}

/// Some things of a kind (`customer`, `status`, …) whose names begin so.
#[server(prefix = "/_fn", endpoint = "filters/suggest", input = StrictJson, output = StrictJson)]
pub async fn suggest(thing: String, begin: String) -> Result<Vec<Choice>, ApiError> {
    let thing: Thing = serde_json::from_value(thing.into()).map_err(|_| ApiError::from(Error::not_found()))?;
    let found = desk()?.filters.suggest(&agent_actor()?, thing, begin).await?;
    Ok(found.into_iter().map(|named| Choice { value: named.id.to_string(), label: named.name }).collect())
}

#[cfg(feature = "ssr")]
fn bar(understood: &Understood) -> Bar {
    let i18n = use_i18n();
    let chip = |part: &Expr| words::chip(i18n, &understood.names, part);
    let problem = understood.problems.first();
    let at = problem.map_or((0, 0), |problem| (units(&understood.text, problem.from), units(&understood.text, problem.to)));
    Bar {
        text: understood.text.clone(),
        chips: edit::flat(&understood.filter).iter().map(chip).collect(),
        problem: problem.map(|problem| i18n.error(&problem.error)).unwrap_or_default(),
        at,
    }
}

/// What could stand in a text, as the browser gets it.
#[cfg(feature = "ssr")]
pub(super) fn suggestions(text: &str, found: Completion) -> Suggestions {
    let choice = |one: Suggestion| Choice { value: one.text, label: one.label };
    let suggestions = found.suggestions.into_iter().map(choice).collect();
    Suggestions { from: units(text, found.from), to: units(text, found.to), suggestions }
}

/// The place of a caret, which browsers count in UTF-16, in bytes.
#[cfg(feature = "ssr")]
pub(super) fn bytes(text: &str, utf16: u32) -> usize {
    let mut units = 0;
    let mut at_place = text.char_indices().skip_while(|(_, c)| {
        let before = units < utf16;
        units += u32::try_from(c.len_utf16()).unwrap_or_default();
        before
    });
    at_place.next().map_or(text.len(), |(at, _)| at)
}

/// The same the other way.
#[cfg(feature = "ssr")]
pub(super) fn units(text: &str, bytes: usize) -> u32 {
    let before = text.get(..bytes).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_caret_is_counted_in_bytes_and_back() {
        let text = "tag:é😀x";
        assert_eq!((bytes(text, 4), bytes(text, 5), bytes(text, 7), bytes(text, 99)), (4, 6, 10, text.len()));
        assert_eq!((units(text, 6), units(text, 10), units(text, 99)), (5, 7, 8));
    }
}
