//! What an import would do: the whole file is read as the import will read it, the database is only asked.

use super::{
    plan::Plan,
    read::Table,
    row::{self, Draft},
};
use crate::{
    bulk,
    db::{Read, Sql},
    keys,
};
use domain::{
    Result,
    customer::is_public_mail_domain,
    import::{ImportPreview, ImportPreviewRow, ImportProblem},
};
use std::collections::HashSet;

/// Rows that are shown.
const FIRST: usize = 20;
/// Problems that are shown.
const PROBLEMS: usize = 200;
/// Ids that one question asks for.
const CHUNK: usize = 500;

/// Tells what an import of this file would do, and every problem of every row through `each`.
///
/// # Errors
/// What the database says.
pub async fn preview(
    db: &mut impl Read,
    table: &Table,
    plan: &mut Plan,
    mut each: impl FnMut(&ImportProblem) + Send,
) -> Result<ImportPreview> {
    let mut preview = ImportPreview {
        rows: 0,
        will_import: 0,
        existing: 0,
        refused: 0,
        new_customers: 0,
        new_organizations: 0,
        first: Vec::new(),
        problems: Vec::new(),
        problem_count: 0,
    };
    let mut people = People::default();
    let mut waiting: Vec<Draft> = Vec::with_capacity(CHUNK);
    let mut records = table.records();
    loop {
        let record = records.next();
        let last = record.is_none();
        if let Some(record) = record {
            preview.rows += 1;
            let identity = plan.identify(&record);
            let outcome = row::convert(plan, &record, &identity);
            preview.problem_count += outcome.problems.len();
            for problem in outcome.problems {
                each(&problem);
                if preview.problems.len() < PROBLEMS {
                    preview.problems.push(problem);
                }
            }
            match outcome.draft {
                Some(draft) => waiting.push(draft),
                None => preview.refused += 1,
            }
        }
        if waiting.len() == CHUNK || last {
            let drafts = std::mem::take(&mut waiting);
            let there = existing(db, &plan.source, &drafts).await?;
            for draft in drafts {
                let exists = there.contains(&draft.external_id);
                if preview.first.len() < FIRST {
                    preview.first.push(shown(&draft, exists));
                }
                if exists {
                    preview.existing += 1;
                } else {
                    preview.will_import += 1;
                    people.add(draft);
                }
            }
        }
        if last {
            break;
        }
    }
    (preview.new_customers, preview.new_organizations) = people.count(db, plan.facts.auto_organizations).await?;
    Ok(preview)
}

/// The external ids of these that are there already.
pub(super) async fn existing(db: &mut impl Read, source: &str, drafts: &[Draft]) -> Result<HashSet<String>> {
    let mut there = HashSet::new();
    for some in drafts.chunks(CHUNK) {
        let mut sql = Sql::build("SELECT external_id FROM item WHERE external_source = ");
        sql.bind(source).push(" AND external_id IN (").bind_all(some.iter().map(|draft| &draft.external_id)).push(")");
        there.extend(db.all::<(String,)>(sql).await?.into_iter().map(|(id,)| id));
    }
    Ok(there)
}

fn shown(draft: &Draft, exists: bool) -> ImportPreviewRow {
    let requester = match (&draft.email, draft.name.as_str()) {
        (Some(email), "") => email.clone(),
        (Some(email), name) => format!("{name} <{email}>"),
        (None, name) => name.to_owned(),
    };
    ImportPreviewRow {
        row: draft.row,
        title: draft.title.clone(),
        requester,
        type_name: draft.type_name.clone(),
        status_name: draft.status.name.clone(),
        priority: draft.priority,
        created_at: draft.created_at,
        description: draft.summary.clone(),
        exists,
    }
}

/// The people and organizations that the file names.
#[derive(Default)]
struct People {
    emails: HashSet<String>,
    /// Addresses of rows without an organization of their own.
    by_domain: HashSet<String>,
    names: HashSet<String>,
    organizations: HashSet<String>,
}

impl People {
    fn add(&mut self, draft: Draft) {
        if !draft.organization.is_empty() && (draft.email.is_some() || !draft.name.is_empty()) {
            self.organizations.insert(keys::fold(&draft.organization));
        }
        match draft.email {
            Some(email) => {
                if draft.organization.is_empty() {
                    self.by_domain.insert(email.clone());
                }
                self.emails.insert(email);
            }
            None if draft.name.is_empty() => {}
            None => drop(self.names.insert(keys::fold(&draft.name))),
        }
    }

    async fn count(self, db: &mut impl Read, auto_organizations: bool) -> Result<(usize, usize)> {
        let emails: Vec<String> = self.emails.into_iter().collect();
        let known = bulk::known_customers(db, &emails).await?;
        let names: Vec<String> = self.names.into_iter().collect();
        let nameless = found(
            db,
            "SELECT DISTINCT name_key FROM customer \
             WHERE NOT EXISTS (SELECT 1 FROM address WHERE address.customer_id = customer.id) AND name_key IN (",
            &names,
        )
        .await?;
        let organizations: Vec<String> = self.organizations.into_iter().collect();
        let there = found(db, "SELECT name_key FROM organization WHERE name_key IN (", &organizations).await?;
        let mut new_organizations = organizations.len() - there.len();
        if auto_organizations {
            let domains: HashSet<String> = self
                .by_domain
                .iter()
                .filter(|email| !known.contains_key(*email))
                .filter_map(|email| email.rsplit('@').next())
                .filter(|domain| !is_public_mail_domain(domain))
                .map(str::to_owned)
                .collect();
            let domains: Vec<String> = domains.into_iter().collect();
            let listed = found(db, "SELECT domain FROM organization_domain WHERE domain IN (", &domains).await?;
            new_organizations += domains.len() - listed.len();
        }
        Ok((emails.len() - known.len() + names.len() - nameless.len(), new_organizations))
    }
}

/// Which of the values a question finds; `head` ends with `IN (`.
async fn found(db: &mut impl Read, head: &'static str, values: &[String]) -> Result<HashSet<String>> {
    let mut all = HashSet::new();
    for some in values.chunks(CHUNK) {
        let mut sql = Sql::build(head);
        sql.bind_all(some).push(")");
        all.extend(db.all::<(String,)>(sql).await?.into_iter().map(|(value,)| value));
    }
    Ok(all)
}
