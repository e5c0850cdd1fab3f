//! One row becomes a ticket, or a reason why not. Nothing here touches the database, so a preview and the import itself
//! cannot differ.

use super::{
    facts::StatusFact,
    plan::{Identity, Plan, stars, value_key},
    read::{BROKEN, Record},
    time,
};
use domain::{
    id::{AgentId, TypeId},
    import::{ImportProblem, Target},
    item::{Channel, normalize_tags},
    limits,
    text::normalize_email,
    time::Timestamp,
    types::Category,
};

/// A ticket as it would come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Row of the file.
    pub row: usize,
    /// What it is known by.
    pub external_id: String,
    /// Title.
    pub title: String,
    /// Clean HTML.
    pub description: String,
    /// Beginning of the description as text.
    pub summary: String,
    /// Name of the requester.
    pub name: String,
    /// Address of the requester.
    pub email: Option<String>,
    /// Name of the organization; empty if the file says none.
    pub organization: String,
    /// Type.
    pub type_id: TypeId,
    /// Name of the type.
    pub type_name: String,
    /// Status.
    pub status: StatusFact,
    /// Stars.
    pub priority: u8,
    /// Channel.
    pub channel: Channel,
    /// Product.
    pub product: String,
    /// Tags as they are kept.
    pub tags: Vec<String>,
    /// The team's answer as clean HTML; empty if there is none.
    pub resolution: String,
    /// Who it is assigned to.
    pub assignee: Option<(AgentId, String)>,
    /// When it came in; `None` if the file does not say.
    pub created_at: Option<Timestamp>,
    /// When the team first answered.
    pub first_response_at: Option<Timestamp>,
    /// When it was done.
    pub resolved_at: Option<Timestamp>,
}

/// What came of a row.
pub struct Outcome {
    /// The ticket; `None` if the row is refused.
    pub draft: Option<Draft>,
    /// What is wrong with the row.
    pub problems: Vec<ImportProblem>,
}

struct Reader<'a> {
    plan: &'a Plan,
    record: &'a Record,
    id: &'a Identity,
    problems: Vec<ImportProblem>,
}

/// Reads a row.
#[must_use]
pub fn convert(plan: &Plan, record: &Record, id: &Identity) -> Outcome {
    let mut reader = Reader { plan, record, id, problems: Vec::new() };
    let draft = reader.draft();
    let refused = reader.problems.iter().any(|problem| problem.refused);
    Outcome { draft: draft.filter(|_| !refused), problems: reader.problems }
}

impl<'a> Reader<'a> {
    /// The field for a target and its column; empty if there is none.
    fn field(&self, target: Target) -> (usize, &'a str) {
        let index = self.plan.targets.iter().position(|one| *one == target).unwrap_or(usize::MAX);
        (index, self.record.fields.get(index).map_or("", |field| field.trim()))
    }
    fn problem(&mut self, column: usize, value: &str, key: &str, refused: bool) {
        self.problems.push(ImportProblem {
            row: self.record.number,
            external_id: self.id.id.clone(),
            column: self.plan.headers.get(column).cloned().unwrap_or_default(),
            value: value.chars().take(200).collect::<String>().replace(BROKEN, "\u{fffd}"),
            key: key.to_owned(),
            refused,
        });
    }
    /// A field whose value was mapped, or stands for itself.
    fn mapped(&self, target: Target) -> (usize, &'a str, String) {
        let (column, value) = self.field(target);
        let to = self.plan.values.get(&target).and_then(|values| values.get(&value_key(value)));
        (column, value, to.cloned().unwrap_or_else(|| value.to_owned()))
    }

    fn draft(&mut self) -> Option<Draft> {
        if self.id.again {
            let (column, value) = self.field(Target::ExternalId);
            self.problem(column, value, "error_import_row_again", true);
            return None;
        }
        if self.record.fields.len() != self.plan.headers.len() {
            self.problem(usize::MAX, &self.record.fields.join(" | "), "error_import_row_columns", true);
            return None;
        }
        for (column, field) in self.record.fields.iter().enumerate() {
            if field.contains(BROKEN) && self.plan.targets[column] != Target::Ignore {
                self.problem(column, field, "error_import_row_encoding", true);
            }
        }
        let email = self.email();
        let type_index = self.type_index();
        let found_type = self.plan.facts.types.get(type_index)?;
        let first_response_at = self.time(Target::FirstResponseAt);
        let resolved_at = self.time(Target::ResolvedAt);
        // What is known to have happened cannot lie before the ticket.
        let created_at = self.time(Target::CreatedAt).or(first_response_at.into_iter().chain(resolved_at).min());
        let status = self.status(type_index)?;
        let (title, head) = self.title();
        let description = self.description(&head);
        let text = self.field(Target::Resolution).1;
        let resolution = to_html(text);
        for (target, html) in [(Target::Description, &description), (Target::Resolution, &resolution)] {
            if html.len() > limits::RICH_TEXT {
                let (column, value) = self.field(target);
                self.problem(column, value, "error_import_row_too_long", true);
            }
        }
        Some(Draft {
            row: self.record.number,
            external_id: self.id.id.clone(),
            title,
            summary: self.field(Target::Description).1.chars().take(200).collect(),
            description,
            name: self.line(Target::RequesterName, 2 * limits::NAME),
            email,
            organization: self.line(Target::Organization, limits::NAME),
            type_id: found_type.id,
            type_name: found_type.name.clone(),
            priority: self.priority(),
            channel: self.channel(),
            product: self.line(Target::Product, limits::LINE),
            tags: self.tags(),
            resolution,
            assignee: self.assignee(),
            created_at,
            first_response_at,
            // Only what is done was resolved.
            resolved_at: resolved_at.filter(|_| status.category == Category::Done),
            status,
        })
    }

    /// The title, and what it was before it had to be shortened.
    fn title(&mut self) -> (String, String) {
        let (column, given) = self.field(Target::Title);
        let text = match given {
            "" => self.field(Target::Description).1.lines().find(|line| !line.trim().is_empty()).unwrap_or_default(),
            given => given,
        };
        let full = one_line(text);
        if full.is_empty() {
            self.problem(column, "", "error_import_row_no_title", true);
        }
        let title: String = full.chars().take(limits::TITLE).collect();
        if title.len() < full.len() && !given.is_empty() {
            self.problem(column, given, "error_import_row_title_shortened", false);
            return (title, full);
        }
        (title, String::new())
    }

    fn description(&self, head: &str) -> String {
        let mut html = to_html(head);
        html.push_str(&to_html(self.field(Target::Description).1));
        let lines: Vec<String> =
            self.collected(Target::AppendToDescription).map(|(name, value)| format!("{name}: {value}")).collect();
        html.push_str(&to_html(&lines.join("\n")));
        html
    }

    /// Columns with this target that hold something.
    fn collected(&self, target: Target) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let (plan, record) = (self.plan, self.record);
        plan.targets
            .iter()
            .zip(&plan.headers)
            .zip(&record.fields)
            .filter(move |((one, _), _)| **one == target)
            .map(|((_, name), value)| (name.as_str(), value.trim()))
            .filter(|(_, value)| !value.is_empty())
    }

    fn line(&self, target: Target, most: usize) -> String {
        one_line(self.field(target).1).chars().take(most).collect()
    }

    fn email(&mut self) -> Option<String> {
        let (column, value) = self.field(Target::RequesterEmail);
        if value.is_empty() {
            return None;
        }
        let email = normalize_email(value);
        match &email {
            None => self.problem(column, value, "error_import_row_email", true),
            Some(email) if self.plan.facts.agents.contains_key(email) => {
                self.problem(column, value, "error_import_row_agent", false);
            }
            Some(_) => {}
        }
        email
    }

    fn type_index(&mut self) -> usize {
        let (column, value, to) = self.mapped(Target::Type);
        if value.is_empty() {
            return self.plan.default_type;
        }
        self.plan.facts.find_type(&to).unwrap_or_else(|| {
            self.problem(column, value, "error_import_row_type", false);
            self.plan.default_type
        })
    }

    fn status(&mut self, type_index: usize) -> Option<StatusFact> {
        let found_type = self.plan.facts.types.get(type_index)?;
        let (column, value, to) = self.mapped(Target::Status);
        if let Some(found) = found_type.find_status(&to) {
            return Some(found.clone());
        }
        // The status of another type: the same category here.
        let elsewhere = self.plan.facts.types.iter().find_map(|one| one.find_status(&to));
        if elsewhere.is_none() && !value.is_empty() {
            self.problem(column, value, "error_import_row_status", false);
        }
        found_type.first_of(elsewhere.map_or(Category::Todo, |status| status.category)).cloned()
    }

    fn priority(&mut self) -> u8 {
        let (column, value, to) = self.mapped(Target::Priority);
        if value.is_empty() {
            return 0;
        }
        stars(&to).unwrap_or_else(|| {
            self.problem(column, value, "error_import_row_priority", false);
            0
        })
    }

    fn channel(&mut self) -> Channel {
        let (column, value, to) = self.mapped(Target::Channel);
        if value.is_empty() {
            return Channel::default();
        }
        Channel::from_key(&to).unwrap_or_else(|| {
            self.problem(column, value, "error_import_row_channel", false);
            Channel::default()
        })
    }

    fn tags(&mut self) -> Vec<String> {
        let listed = self.collected(Target::Tags).flat_map(|(_, value)| value.split([',', ';']));
        let named = self.collected(Target::AsTag).map(|(name, value)| format!("{name}: {value}"));
        let tags = normalize_tags(&listed.map(str::to_owned).chain(named).collect::<Vec<_>>());
        let fits = |tag: &String| tag.chars().count() <= limits::TAG;
        if let Some(long) = tags.iter().find(|tag| !fits(tag)).or(tags.get(limits::TAGS)) {
            let long = long.clone();
            self.problem(usize::MAX, &long, "error_import_row_tags", false);
        }
        tags.into_iter().filter(fits).take(limits::TAGS).collect()
    }

    fn assignee(&mut self) -> Option<(AgentId, String)> {
        let (column, value) = self.field(Target::Assignee);
        if value.is_empty() {
            return None;
        }
        let found = normalize_email(value).and_then(|email| self.plan.facts.agents.get(&email).cloned());
        if found.is_none() {
            self.problem(column, value, "error_import_row_assignee", false);
        }
        found
    }

    fn time(&mut self, target: Target) -> Option<Timestamp> {
        let (column, value) = self.field(target);
        if value.is_empty() {
            return None;
        }
        let order = self.plan.orders.get(column).copied().unwrap_or_default();
        let at = time::parse(value, order, &self.plan.zone);
        if at.is_none() {
            self.problem(column, value, "error_import_row_time", false);
        }
        at
    }
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Plain text as HTML: paragraphs at empty lines, line breaks kept, nothing of it taken for markup.
#[must_use]
pub fn to_html(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut html = String::with_capacity(text.len() + 32);
    let mut paragraph: Vec<String> = Vec::new();
    let mut close = |paragraph: &mut Vec<String>| {
        if !paragraph.is_empty() {
            html.push_str("<p>");
            html.push_str(&paragraph.join("<br>"));
            html.push_str("</p>");
            paragraph.clear();
        }
    };
    for line in text.lines() {
        if line.trim().is_empty() {
            close(&mut paragraph);
        } else {
            paragraph.push(escape(line.trim_end()));
        }
    }
    close(&mut paragraph);
    html
}

fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_its_lines_and_is_no_markup() {
        assert_eq!(
            to_html("one\r\ntwo\n\n\n<b>three</b> & four\n"),
            "<p>one<br>two</p><p>&lt;b&gt;three&lt;/b&gt; &amp; four</p>"
        );
        assert_eq!(to_html(" \n "), "");
    }
}
