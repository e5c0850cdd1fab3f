//! Groups of which there are few: it is known what there can be.

use super::{
    Tally,
    ask::Told,
    key,
    order::{Placed, arranged},
};
use crate::{db::Db, keys, service::items::catalog, texts};
use domain::{
    Result,
    actor::Actor,
    agent::AgentState,
    filter::{Field, Relation, Value},
    item::{Catalog, Channel, Impact},
    language::Language,
    types::{Category, Status},
    view::{GroupBy, GroupsQuery},
};

/// A group that there can be.
pub(super) struct Known {
    key: Value,
    name: String,
    /// Its place in the natural order: a number, then a folded name.
    place: (i64, String),
    /// Whether it is told when it holds nothing: nobody is assigned to agents who are gone.
    offered: bool,
}

impl Known {
    fn at(place: i64, key: Value) -> Self {
        Self { key, name: String::new(), place: (place, String::new()), offered: true }
    }
    fn named(id: i64, name: String, offered: bool) -> Self {
        Self { key: Value::Id(id), place: (0, keys::fold(&name)), name, offered }
    }
}

/// The groups that there can be.
///
/// # Errors
/// What the database says.
pub(super) async fn known(db: &Db, actor: &Actor, by: &GroupBy) -> Result<Vec<Known>> {
    let language = actor.agent()?.language;
    let mut known = match by {
        GroupBy::Field(Field::Type | Field::Status) | GroupBy::Rows(_) => {
            of_catalog(catalog::catalog(&mut db.clone()).await?, language, by)
        }
        GroupBy::Field(field) => words(field, language),
        GroupBy::Time(..) => Vec::new(),
    };
    if matches!(by, GroupBy::Rows(_) | GroupBy::Field(Field::Priority | Field::Impact)) {
        known.push(Known::at(0, Value::Null));
    }
    Ok(known)
}

fn of_catalog(catalog: Catalog, language: Language, by: &GroupBy) -> Vec<Known> {
    match by {
        GroupBy::Field(Field::Type) => catalog
            .types
            .into_iter()
            .map(|each| Known::named(each.id.0, texts::seeded(language, "type", &each.key, &each.name), each.enabled))
            .collect(),
        GroupBy::Field(_) => {
            let named = |status: &Status| texts::seeded(language, "status", &status.key, &status.name);
            let names: Vec<String> = catalog.types.iter().flat_map(|each| &each.statuses).map(named).collect();
            let mut statuses: Vec<(Category, usize, Known)> = Vec::new();
            for each in catalog.types {
                let of = texts::seeded(language, "type", &each.key, &each.name);
                for (position, status) in each.statuses.into_iter().enumerate() {
                    let mut name = named(&status);
                    // Types have statuses of their own, which may be called alike.
                    if names.iter().filter(|other| **other == name).count() > 1 {
                        name = format!("{name} · {of}");
                    }
                    statuses.push((status.category, position, Known::named(status.id.0, name, each.enabled)));
                }
            }
            // Those of different types at the same place stay in the order of the types.
            statuses.sort_by_key(|(category, position, _)| (*category, *position));
            (0..).zip(statuses).map(|(place, (_, _, known))| Known { place: (place, String::new()), ..known }).collect()
        }
        GroupBy::Rows(Relation::Teams) => {
            catalog.teams.into_iter().map(|team| Known::named(team.id.0, team.name, true)).collect()
        }
        _ => {
            let agents = catalog.agents.into_iter();
            agents.map(|agent| Known::named(agent.id.0, agent.name, agent.state != AgentState::Disabled)).collect()
        }
    }
}

fn words(field: &Field, language: Language) -> Vec<Known> {
    let text = |key: &str| Value::Text(key.to_owned());
    match field {
        Field::Category => (0..).zip(Category::ALL).map(|(place, each)| Known::at(place, text(each.key()))).collect(),
        Field::Priority => (1..=5).map(|stars| Known::at(-stars, Value::Int(stars))).collect(),
        Field::Channel => Channel::ALL
            .into_iter()
            .map(|each| {
                let name = texts::name(language, &format!("channel_{}", each.key())).unwrap_or_default();
                Known { place: (0, keys::fold(&name)), ..Known::at(0, text(each.key())) }
            })
            .collect(),
        Field::Impact => {
            let said = (0..).zip(Impact::ALL).filter(|(_, each)| *each != Impact::None);
            said.map(|(place, each): (i64, Impact)| Known::at(-place, text(each.key()))).collect()
        }
        Field::Published => vec![Known::at(0, Value::Bool(true)), Known::at(1, Value::Bool(false))],
        _ => Vec::new(),
    }
}

/// A page of the groups in their order, and how many follow it.
pub(super) fn groups(known: Vec<Known>, query: &GroupsQuery, told: &[Told], after: Option<&Placed>) -> (Vec<Placed>, usize) {
    let measures = query.measures.as_slice();
    let mut tallies: Vec<(Value, Tally)> =
        told.iter().map(|told| (key(&query.by, told), Tally::of(told, measures.len()))).collect();
    let mut placed = Vec::new();
    for each in known {
        let found = tallies.iter().position(|(key, _)| *key == each.key).map(|at| tallies.swap_remove(at).1);
        if let Some(tally) = found.or_else(|| (query.empty && each.offered).then(Tally::default)) {
            placed.push(Placed { place: each.place, group: tally.group(each.key, each.name, measures) });
        }
    }
    // What came up after the names were read.
    let late = tallies
        .into_iter()
        .map(|(key, tally)| Placed { place: (i64::MAX, String::new()), group: tally.group(key, String::new(), measures) });
    arranged(placed.into_iter().chain(late), query, after)
}
