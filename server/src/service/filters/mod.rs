//! Filters as people type them: read with the names that they see, written with the names that lead back to the same things.

mod names;

use crate::db::Db;
use async_trait::async_trait;
use domain::{
    Error, Result,
    actor::Actor,
    filter::{
        Expr, Field, Named, Op, Thing, Understood, Value, Wording, check,
        text::{Completion, Parsed, complete, parse, print},
        wording::things,
    },
    limits,
    service::Filters,
};
use names::KnownNames;

/// The implementation of [`Filters`].
pub struct FiltersService {
    db: Db,
}

impl FiltersService {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Reads what an agent typed. What is not understood is broken in the filter and matches nothing.
///
/// # Errors
/// Unauthenticated; what the database says.
pub async fn read(db: &Db, actor: &Actor, text: &str) -> Result<Parsed> {
    read_with(db, &mut KnownNames::of(actor)?, text).await
}

/// The filter of a search box: a number alone is also that of an item.
///
/// # Errors
/// Unauthenticated; what the database says.
pub async fn searched(db: &Db, actor: &Actor, text: &str) -> Result<Expr> {
    if text.trim().is_empty() {
        return Ok(Expr::All(Vec::new()));
    }
    let filter = read(db, actor, text).await?.expr;
    let number = match &filter {
        Expr::Text(word) => word.strip_suffix('*').and_then(|digits| digits.parse::<i64>().ok()),
        _ => None,
    };
    Ok(match number {
        Some(number) => Expr::Any(vec![Expr::compare(Field::Number, Op::Is, Value::Int(number)), filter]),
        None => filter,
    })
}

/// Writes filters with the names that the actor sees.
///
/// # Errors
/// Unauthenticated; what the database says.
pub async fn write(db: &Db, actor: &Actor, filters: &[Expr]) -> Result<Vec<String>> {
    let mut names = KnownNames::of(actor)?;
    names.learn(db, &filters.iter().flat_map(things).collect()).await?;
    loop {
        let texts = filters.iter().map(|filter| print(filter, &names)).collect();
        if !names.answer(db).await? {
            return Ok(texts);
        }
    }
}

/// Names are looked up for what the text turned out to speak of: it is read until nothing more is asked.
async fn read_with(db: &Db, names: &mut KnownNames, text: &str) -> Result<Parsed> {
    loop {
        let parsed = parse(text, &*names);
        if !names.answer(db).await? {
            return Ok(parsed);
        }
    }
}

async fn write_with(db: &Db, names: &mut KnownNames, filter: &Expr) -> Result<String> {
    loop {
        let text = print(filter, &*names);
        if !names.answer(db).await? {
            return Ok(text);
        }
    }
}

#[async_trait]
impl Filters for FiltersService {
    async fn understand(&self, actor: &Actor, wording: Wording) -> Result<Understood> {
        let mut names = KnownNames::of(actor)?;
        let (filter, text, problems) = match wording {
            Wording::Text(text) => {
                let parsed = read_with(&self.db, &mut names, &text).await?;
                names.learn(&self.db, &things(&parsed.expr)).await?;
                (parsed.expr, text, parsed.problems)
            }
            Wording::Filter(filter) => {
                check(&filter)?;
                names.learn(&self.db, &things(&filter)).await?;
                let text = write_with(&self.db, &mut names, &filter).await?;
                (filter, text, Vec::new())
            }
        };
        let named = things(&filter).into_iter().filter_map(|(thing, id)| names.named(thing, id)).collect();
        Ok(Understood { filter, text, problems, names: named })
    }

    async fn complete(&self, actor: &Actor, text: String, at: u32) -> Result<Completion> {
        let mut names = KnownNames::of(actor)?;
        loop {
            let completion = complete(&text, at as usize, &names);
            if !names.answer(&self.db).await? {
                return Ok(completion);
            }
        }
    }

    async fn suggest(&self, actor: &Actor, thing: Thing, begin: String) -> Result<Vec<Named>> {
        if begin.chars().count() > limits::SEARCH {
            return Err(Error::field("begin", "error_too_long").with("max", limits::SEARCH));
        }
        let mut names = KnownNames::of(actor)?;
        let found = names.beginning_with(&self.db, thing, &begin).await?;
        Ok(found.into_iter().map(|(id, name)| Named { thing, id, name }).collect())
    }
}
