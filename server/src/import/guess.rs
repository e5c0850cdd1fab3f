//! What the columns of a file seem to be, and a map to start from.

use super::{facts::Facts, read::Table, time, words};
use domain::{
    import::{ImportColumn, ImportMap, Target},
    item::{Channel, PRIORITY_MAX},
    text::normalize_email,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Different values that are told.
const VALUES: usize = 50;
/// Different values that are counted to find the commonest.
const COUNTED: usize = 2_000;
/// Columns with at most this many different short values become tags, if nobody knows what else they are.
const TAG_VALUES: usize = 12;
/// Longest value, in characters, that is still a word and not a text.
const WORD: usize = 40;

/// One pass over the file.
#[must_use]
pub fn look(table: &Table, facts: &Facts) -> (usize, Vec<ImportColumn>, ImportMap) {
    let mut seen: Vec<Seen> = table.headers.iter().map(|_| Seen::default()).collect();
    let mut rows = 0;
    for record in table.records() {
        rows += 1;
        for (seen, field) in seen.iter_mut().zip(record.fields) {
            seen.add(field.trim());
        }
    }
    let guesses = guess_targets(&table.headers, &seen);
    let columns: Vec<ImportColumn> = table
        .headers
        .iter()
        .zip(seen)
        .zip(&guesses)
        .map(|((name, seen), guess)| {
            let distinct = seen.counts.len().min(VALUES + 1);
            ImportColumn { name: name.clone(), guess: *guess, values: seen.commonest(), distinct }
        })
        .collect();
    let map = ImportMap {
        delimiter: table.delimiter.to_string(),
        encoding: table.encoding.clone(),
        columns: columns.iter().map(|column| (column.name.clone(), column.guess)).collect(),
        values: columns
            .iter()
            .filter(|column| column.guess.takes_values() && column.distinct <= VALUES)
            .map(|column| (column.guess.key().to_owned(), guess_values(column, facts)))
            .collect(),
        ..ImportMap::default()
    };
    (rows, columns, map)
}

#[derive(Default)]
struct Seen {
    counts: HashMap<String, usize>,
    filled: usize,
    emails: usize,
    times: usize,
    longest: usize,
}

impl Seen {
    fn add(&mut self, value: &str) {
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        self.longest = self.longest.max(value.chars().count());
        // The shape of the first values tells enough.
        if self.filled <= 500 {
            self.emails += usize::from(normalize_email(value).is_some());
            self.times += usize::from(
                time::parse(value, time::DateOrder::DayFirst, &jiff::tz::TimeZone::UTC).is_some()
                    || time::parse(value, time::DateOrder::MonthFirst, &jiff::tz::TimeZone::UTC).is_some(),
            );
        }
        if let Some(count) = self.counts.get_mut(value) {
            *count += 1;
        } else if self.counts.len() < COUNTED {
            self.counts.insert(value.chars().take(200).collect(), 1);
        }
    }
    fn mostly(&self, count: usize) -> bool {
        count * 10 >= self.filled.min(500) * 8
    }
    fn commonest(self) -> Vec<String> {
        let mut all: Vec<(String, usize)> = self.counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.truncate(VALUES);
        all.into_iter().map(|(value, _)| value).collect()
    }
    /// Whether the values can be what the name of the column promises.
    fn fits(&self, target: Target) -> bool {
        self.filled == 0
            || match target {
                Target::RequesterEmail => self.mostly(self.emails),
                Target::CreatedAt | Target::FirstResponseAt | Target::ResolvedAt => self.mostly(self.times),
                Target::Type | Target::Status | Target::Priority | Target::Channel | Target::Organization => self.longest <= 200,
                Target::Title => self.longest <= 1_000 && !self.mostly(self.emails),
                Target::RequesterName => self.longest <= 200 && !self.mostly(self.emails) && !self.mostly(self.times),
                Target::Assignee => self.mostly(self.emails),
                Target::ExternalId => self.longest <= 100 && (self.counts.len() >= COUNTED || self.counts.len() == self.filled),
                _ => true,
            }
    }
}

/// Each target but the collecting ones goes to one column: the one whose name is most telling.
fn guess_targets(headers: &[String], seen: &[Seen]) -> Vec<Target> {
    let mut guesses: Vec<Option<Target>> = vec![None; headers.len()];
    let mut taken: HashSet<Target> = HashSet::new();
    let folded: Vec<String> = headers.iter().map(|name| words::fold(name)).collect();
    let whole = words::WHOLE.iter().map(|(word, target)| (*word, *target, true));
    let parts = words::COLUMNS.iter().map(|(word, target)| (*word, *target, false));
    for (word, target, whole) in parts.chain(whole) {
        for (index, name) in folded.iter().enumerate() {
            let named = if whole { name == word } else { words::has_words(name, word) };
            if named && guesses[index].is_none() && !taken.contains(&target) && seen[index].fits(target) {
                guesses[index] = Some(target);
                taken.insert(target);
            }
        }
    }
    // A column of addresses is the requester's, whatever it is called.
    if !taken.contains(&Target::RequesterEmail) {
        let found = (0..headers.len())
            .find(|index| guesses[*index].is_none() && seen[*index].filled > 0 && seen[*index].mostly(seen[*index].emails));
        if let Some(index) = found {
            guesses[index] = Some(Target::RequesterEmail);
        }
    }
    guesses.into_iter().zip(seen).map(|(guess, seen)| guess.unwrap_or_else(|| leftover(seen))).collect()
}

/// What to do with a column that nobody knows: nothing is lost, and nothing drowns the tags.
fn leftover(seen: &Seen) -> Target {
    if seen.filled == 0 {
        Target::Ignore
    } else if seen.counts.len() <= TAG_VALUES && seen.longest <= WORD {
        Target::AsTag
    } else {
        Target::AppendToDescription
    }
}

/// What the values of a column seem to be here; a value that nobody knows is left to the person.
fn guess_values(column: &ImportColumn, facts: &Facts) -> BTreeMap<String, String> {
    column.values.iter().filter_map(|value| Some((value.clone(), guess_value(column.guess, value, facts)?))).collect()
}

fn guess_value(target: Target, value: &str, facts: &Facts) -> Option<String> {
    match target {
        Target::Type => {
            let index =
                facts.find_type(value).or_else(|| words::find(words::TYPES, value).and_then(|key| facts.find_type(key)))?;
            let found = facts.types.get(index)?;
            Some(if found.key.is_empty() { found.name.clone() } else { found.key.clone() })
        }
        Target::Status => {
            let statuses = || facts.types.iter().filter_map(|one| one.find_status(value));
            if let Some(found) = statuses().next() {
                return Some(if found.key.is_empty() { found.name.clone() } else { found.key.clone() });
            }
            words::find(words::STATUSES, value).filter(|key| facts.has_status(key)).map(str::to_owned)
        }
        Target::Priority => match value.trim().parse::<u8>() {
            Ok(stars) => (stars <= PRIORITY_MAX).then(|| stars.to_string()),
            Err(_) => words::find(words::PRIORITIES, value).map(|stars| stars.to_string()),
        },
        Target::Channel => {
            let folded = words::fold(value);
            let channel = Channel::from_key(&folded).or_else(|| words::find(words::CHANNELS, value))?;
            Some(channel.key().to_owned())
        }
        _ => None,
    }
}
