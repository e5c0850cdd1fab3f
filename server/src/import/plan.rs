//! A map held against a file and the workspace: everything that can be wrong with the map as a whole is found here, before
//! the first row.

use super::{
    facts::Facts,
    read::{Record, Table},
    time::DateOrder,
};
use domain::{
    Error, Result,
    error::Check,
    import::{ImportMap, Target},
    item::{Channel, PRIORITY_MAX},
    limits,
};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// What happens with the rows of a file.
pub struct Plan {
    /// Names of the columns.
    pub headers: Vec<String>,
    /// What each column fills, in the order of the file.
    pub targets: Vec<Target>,
    /// How the dates of each column are written.
    pub orders: Vec<DateOrder>,
    /// Zone of times without one.
    pub zone: TimeZone,
    /// Name of the other system.
    pub source: String,
    /// Values of the file, folded, by what they stand for.
    pub values: HashMap<Target, HashMap<String, String>>,
    /// The type of rows without one.
    pub default_type: usize,
    /// The workspace.
    pub facts: Facts,
    copies: HashMap<[u8; 16], usize>,
    seen: HashSet<String>,
}

/// How a row is known: by its id in the other system, or by what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id it is kept by.
    pub id: String,
    /// Whether an earlier row of the file has the same.
    pub again: bool,
}

impl Plan {
    /// Makes the plan.
    ///
    /// # Errors
    /// Invalid, with every part of the map that does not fit the file or the workspace.
    pub fn new(table: &Table, map: &ImportMap, facts: Facts) -> Result<Self> {
        let mut check = Check::new();
        let targets = targets(table, map, &mut check);
        let zone = match map.time_zone.trim() {
            "" => TimeZone::UTC,
            name => TimeZone::get(name).unwrap_or_else(|_| {
                check.that(false, "time_zone", "error_import_time_zone");
                TimeZone::UTC
            }),
        };
        check.at_most(&map.source, limits::NAME, "source");
        let default_type =
            if map.default_type.trim().is_empty() { Some(facts.first_type()) } else { facts.find_type(&map.default_type) };
        check.that(default_type.is_some(), "default_type", "error_import_value_unknown");
        let values = values(map, &facts, &mut check);
        check.done()?;
        let orders = orders(table, &targets);
        let source = if map.source.trim().is_empty() { "csv" } else { map.source.trim() };
        Ok(Self {
            headers: table.headers.clone(),
            targets,
            orders,
            zone,
            source: source.to_owned(),
            values,
            default_type: default_type.unwrap_or_default(),
            facts,
            copies: HashMap::new(),
            seen: HashSet::new(),
        })
    }

    /// How a row is known. Ask for every row of the file once, in order: rows that are alike in everything are told apart by
    /// their order, so that bringing the same file in again finds each of them.
    pub fn identify(&mut self, record: &Record) -> Identity {
        let own = self.targets.iter().zip(&record.fields).find(|(target, _)| **target == Target::ExternalId);
        let id = match own.map(|(_, field)| field.trim()).filter(|id| !id.is_empty()) {
            Some(id) => id.chars().take(limits::LINE).collect(),
            None => self.fingerprint(record),
        };
        let again = !self.seen.insert(id.clone());
        Identity { id, again }
    }

    fn fingerprint(&mut self, record: &Record) -> String {
        let mut hasher = Sha256::new();
        for field in &record.fields {
            hasher.update(field.len().to_be_bytes());
            hasher.update(field);
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hasher.finalize()[..16]);
        let copy = self.copies.entry(short).or_insert(0);
        *copy += 1;
        let hex: String = short.iter().map(|byte| format!("{byte:02x}")).collect();
        if *copy == 1 { format!("row-{hex}") } else { format!("row-{hex}-{copy}") }
    }
}

/// Targets that several columns may fill together.
fn collects(target: Target) -> bool {
    matches!(target, Target::Ignore | Target::Tags | Target::AppendToDescription | Target::AsTag)
}

fn targets(table: &Table, map: &ImportMap, check: &mut Check) -> Vec<Target> {
    let targets: Vec<Target> =
        table.headers.iter().map(|name| map.columns.get(name).copied().unwrap_or(Target::Ignore)).collect();
    let unknown = map.columns.keys().filter(|name| !table.headers.contains(name));
    for name in unknown {
        check.that(false, &format!("columns.{name}"), "error_import_column_unknown");
    }
    let mut taken = HashSet::new();
    for (name, target) in table.headers.iter().zip(&targets) {
        check.that(collects(*target) || taken.insert(*target), &format!("columns.{name}"), "error_import_target_twice");
    }
    let tells = targets.iter().any(|target| matches!(target, Target::Title | Target::Description));
    check.that(tells, "columns", "error_import_needs_title");
    targets
}

/// A value as it is looked up: without regard to case and surrounding space.
#[must_use]
pub fn value_key(value: &str) -> String {
    value.trim().to_lowercase()
}

fn values(map: &ImportMap, facts: &Facts, check: &mut Check) -> HashMap<Target, HashMap<String, String>> {
    let mut all = HashMap::new();
    for (target, values) in &map.values {
        let Some(target) = Target::ALL.into_iter().find(|one| one.key() == target && one.takes_values()) else {
            check.that(false, &format!("values.{target}"), "error_import_value_unknown");
            continue;
        };
        let mut kept = HashMap::new();
        for (from, to) in values.iter().filter(|(_, to)| !to.trim().is_empty()) {
            let known = match target {
                Target::Type => facts.find_type(to).is_some(),
                Target::Status => facts.has_status(to),
                Target::Priority => stars(to).is_some(),
                _ => Channel::from_key(to.trim()).is_some(),
            };
            check.that(known, &format!("values.{}.{from}", target.key()), "error_import_value_unknown");
            kept.insert(value_key(from), to.trim().to_owned());
        }
        all.insert(target, kept);
    }
    all
}

/// A number of stars, if it is one.
#[must_use]
pub fn stars(text: &str) -> Option<u8> {
    text.trim().parse().ok().filter(|stars| *stars <= PRIORITY_MAX)
}

fn orders(table: &Table, targets: &[Target]) -> Vec<DateOrder> {
    let is_time = |target: &Target| matches!(target, Target::CreatedAt | Target::FirstResponseAt | Target::ResolvedAt);
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); targets.len()];
    if targets.iter().any(is_time) {
        for record in table.records() {
            for ((column, field), target) in columns.iter_mut().zip(record.fields).zip(targets) {
                // One value that decides is enough; the year first decides nothing.
                if is_time(target) && !field.is_empty() && field.get(..4).is_none_or(|year| year.parse::<u16>().is_err()) {
                    column.push(field.chars().take(10).collect());
                }
            }
        }
    }
    columns.iter().map(|values| DateOrder::of(values.iter().map(String::as_str))).collect()
}

/// The error for a map that cannot be read at all.
#[must_use]
pub fn unreadable_map() -> Error {
    Error::field("map", "error_import_map")
}
