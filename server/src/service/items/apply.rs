//! Applies changes of fields to an item that the transaction has locked: checks what they name, keeps what depends on a field
//! in step, notes one event for each field that really changed.

use super::{
    insert::with_embedded,
    lookup,
    record::{ItemRecord, one_line},
    rows, statuses,
};
use crate::{
    args,
    db::{Arg, Read, Sql, Tx},
    keys, rich_text, search,
    service::{
        events::{Author, FieldChange, note_item_event},
        files::{self, Taker},
    },
};
use domain::{
    Error, Result,
    actor::Party,
    error::Check,
    id::{AgentId, CustomerId, OrganizationId, StatusId, TeamId, TypeId},
    item::{Change, normalize_tags},
    time::Timestamp,
    types::Category,
};
use serde::Serialize;

/// Longest text of a description that the activity shows, in characters.
const SHOWN: usize = 200;

/// Brings changes into the form in which they are kept and checks them; each field may come once.
pub(super) fn normalize(changes: Vec<Change>) -> Result<Vec<Change>> {
    let mut normal: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        change.check()?;
        let change = match change {
            Change::Title(title) => {
                let title = one_line(&title);
                Check::new().not_empty(&title, "title").done()?;
                Change::Title(title)
            }
            Change::Description(html) => Change::Description(rich_text::clean(&html)),
            Change::Product(product) => Change::Product(one_line(&product)),
            Change::Tags(tags) => Change::Tags(normalize_tags(&tags)),
            Change::Agents(mut agents) => {
                agents.sort_unstable();
                agents.dedup();
                Change::Agents(agents)
            }
            Change::Teams(mut teams) => {
                teams.sort_unstable();
                teams.dedup();
                Change::Teams(teams)
            }
            other => other,
        };
        if normal.iter().any(|other| other.key() == change.key()) {
            return Err(Error::field(change.key(), "error_field_twice"));
        }
        normal.push(change);
    }
    // The type decides which statuses there are, the requester which organization: they go first.
    normal.sort_by_key(|change| !matches!(change, Change::Type(_) | Change::Requester(_)));
    Ok(normal)
}

/// What an item keeps in the field of `change`, in the same form.
pub(super) async fn current(tx: &mut Tx, item: &ItemRecord, change: &Change) -> Result<Change> {
    Ok(match change {
        Change::Title(_) => Change::Title(item.title.clone()),
        Change::Description(_) => Change::Description(description(tx, item).await?),
        Change::Type(_) => Change::Type(item.ticket_type()),
        Change::Status(_) => Change::Status(item.status()),
        Change::Priority(_) => Change::Priority(u8::try_from(item.priority).unwrap_or_default()),
        Change::Requester(_) => Change::Requester(item.requester()),
        Change::Organization(_) => Change::Organization(item.organization()),
        Change::Agents(_) => {
            let ids = rows::related_to(tx, "agent_id", "item_agent", item.item_id()).await?;
            Change::Agents(ids.into_iter().map(AgentId).collect())
        }
        Change::Teams(_) => {
            let ids = rows::related_to(tx, "team_id", "item_team", item.item_id()).await?;
            Change::Teams(ids.into_iter().map(TeamId).collect())
        }
        Change::Tags(_) => Change::Tags(rows::tags_of(tx, item.item_id()).await?),
        Change::Impact(_) => Change::Impact(domain::item::Impact::from_key(&item.impact).unwrap_or_default()),
        Change::Product(_) => Change::Product(item.product.clone()),
        Change::Published(_) => Change::Published(item.published),
    })
}

async fn description(tx: &mut Tx, item: &ItemRecord) -> Result<String> {
    let (html,): (String,) = tx.one(Sql::new("SELECT description FROM item WHERE id = $1", args![item.id])).await?;
    Ok(html)
}

/// Applies changes to an item that is locked. What is already so is no change. Answers whether anything changed.
///
/// `at` is for history; none means now.
///
/// # Errors
/// Invalid, with the field that is wrong; then the transaction must not be committed. A single change that is refused has written nothing
/// (a description may have taken pictures): bulk changes go on after it.
pub async fn apply(
    tx: &mut Tx,
    item: &mut ItemRecord,
    author: &Author,
    changes: Vec<Change>,
    at: Option<Timestamp>,
) -> Result<bool> {
    let (columns, events) = (Vec::new(), Vec::new());
    let mut edit = Edit { at: at.unwrap_or(tx.now), by: author.party, tx, item, columns, events, search: false };
    for change in normalize(changes)? {
        edit.change(change).await?;
    }
    let Edit { columns, events, search, at: moment, .. } = edit;
    if events.is_empty() {
        return Ok(false);
    }
    let words = search || columns.iter().any(|(column, _)| *column == "description");
    save(tx, item, columns, search, moment).await?;
    if words {
        search::index_item(tx, item.item_id()).await?;
    }
    for event in events {
        note_item_event(tx, author, item.id, item.version, "changed", event, at);
    }
    Ok(true)
}

async fn save(tx: &mut Tx, item: &mut ItemRecord, columns: Vec<(&'static str, Arg)>, search: bool, at: Timestamp) -> Result<()> {
    item.version += 1;
    item.updated_at = item.updated_at.max(at.0);
    let mut sql = Sql::build("UPDATE item SET version = ");
    sql.bind(item.version).push(", updated_at = ").bind(item.updated_at);
    for (column, value) in columns {
        sql.push(", ").push(column).push(" = ").bind(value);
    }
    if search {
        let requester = match item.requester() {
            Some(id) => lookup::requester(tx, id).await?.search_key,
            None => String::new(),
        };
        sql.push(", search_key = ").bind(keys::item_search(&item.title_key, &requester));
    }
    sql.push(" WHERE id = ").bind(item.id);
    tx.execute(sql).await?;
    Ok(())
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

struct Edit<'e> {
    tx: &'e mut Tx,
    item: &'e mut ItemRecord,
    at: Timestamp,
    by: Party,
    columns: Vec<(&'static str, Arg)>,
    events: Vec<FieldChange>,
    search: bool,
}

impl Edit<'_> {
    /// The last value of a column stands.
    fn set(&mut self, column: &'static str, value: impl Into<Arg>) {
        self.columns.retain(|(known, _)| *known != column);
        self.columns.push((column, value.into()));
    }

    fn changed<T: Serialize>(&mut self, field: &'static str, values: (&T, &T), texts: (String, String)) {
        self.events.push(FieldChange { field, text: texts, value: (json(values.0), json(values.1)) });
    }

    async fn change(&mut self, change: Change) -> Result<()> {
        let before = current(self.tx, self.item, &change).await?;
        if before == change {
            return Ok(());
        }
        match (before, change) {
            (Change::Title(old), Change::Title(new)) => {
                self.item.title.clone_from(&new);
                self.item.title_key = keys::fold(&new);
                self.search = true;
                self.set("title", &new);
                self.set("title_key", self.item.title_key.clone());
                self.changed("title", (&old, &new), (old.clone(), new.clone()));
            }
            (Change::Description(old), Change::Description(new)) => {
                self.take_pictures(&new).await?;
                self.set("description", &new);
                let texts = (rich_text::preview(&old, SHOWN), rich_text::preview(&new, SHOWN));
                self.changed("description", (&old, &new), texts);
            }
            (Change::Type(old), Change::Type(new)) => self.change_type(old, new).await?,
            (Change::Status(_), Change::Status(new)) => {
                let statuses = statuses::of_type(self.tx, self.item.ticket_type()).await?;
                self.change_status(&statuses, &statuses, new)?;
            }
            (Change::Priority(old), Change::Priority(new)) => {
                self.item.priority = new.into();
                self.set("priority", new);
                self.changed("priority", (&old, &new), (old.to_string(), new.to_string()));
            }
            (Change::Requester(old), Change::Requester(new)) => self.change_requester(old, new).await?,
            (Change::Organization(old), Change::Organization(new)) => self.change_organization(old, new).await?,
            (Change::Agents(old), Change::Agents(new)) => {
                let added: Vec<AgentId> = new.iter().filter(|id| !old.contains(id)).copied().collect();
                let all: Vec<AgentId> = old.iter().chain(&new).copied().collect();
                let names = lookup::agents(self.tx, &all, &added).await?;
                self.replace("item_agent", "agent_id", &old, &new).await?;
                self.changed("agents", (&old, &new), (lookup::names(&old, &names), lookup::names(&new, &names)));
            }
            (Change::Teams(old), Change::Teams(new)) => {
                let added: Vec<TeamId> = new.iter().filter(|id| !old.contains(id)).copied().collect();
                let all: Vec<TeamId> = old.iter().chain(&new).copied().collect();
                let names = lookup::teams(self.tx, &all, &added).await?;
                self.replace("item_team", "team_id", &old, &new).await?;
                self.changed("teams", (&old, &new), (lookup::names(&old, &names), lookup::names(&new, &names)));
            }
            (Change::Tags(old), Change::Tags(new)) => {
                self.replace("item_tag", "tag", &old, &new).await?;
                self.changed("tags", (&old, &new), (old.join(", "), new.join(", ")));
            }
            (Change::Impact(old), Change::Impact(new)) => {
                new.key().clone_into(&mut self.item.impact);
                self.set("impact", new.key());
                self.changed("impact", (&old, &new), (old.key().to_owned(), new.key().to_owned()));
            }
            (Change::Product(old), Change::Product(new)) => {
                self.item.product.clone_from(&new);
                self.set("product", &new);
                self.changed("product", (&old, &new), (old.clone(), new.clone()));
            }
            (Change::Published(old), Change::Published(new)) => {
                self.item.published = new;
                self.set("published", new);
                self.changed("published", (&old, &new), (old.to_string(), new.to_string()));
            }
            // `current` answers the same field.
            _ => {}
        }
        Ok(())
    }

    /// Pictures that the description now shows and that are still the author's own: from here on they belong to the item, so
    /// that who sees the description sees them.
    async fn take_pictures(&mut self, html: &str) -> Result<()> {
        let files = with_embedded(self.tx, self.by, &[], html).await?;
        files::take(self.tx, self.by, &files, Taker::Description(self.item.item_id())).await
    }

    async fn replace<V>(&mut self, table: &'static str, column: &'static str, old: &[V], new: &[V]) -> Result<()>
    where
        V: Clone + PartialEq + Into<Arg>,
    {
        for gone in old.iter().filter(|value| !new.contains(value)) {
            let mut sql = Sql::build("DELETE FROM ");
            sql.push(table).push(" WHERE item_id = ").bind(self.item.id).push(" AND ").push(column).push(" = ");
            sql.bind(gone.clone());
            self.tx.execute(sql).await?;
        }
        for added in new.iter().filter(|value| !old.contains(value)) {
            let mut sql = Sql::build("INSERT INTO ");
            sql.push(table).push(" (item_id, ").push(column).push(") VALUES (").bind(self.item.id).push(", ");
            sql.bind(added.clone()).push(")");
            self.tx.execute(sql).await?;
        }
        Ok(())
    }

    async fn change_type(&mut self, old: TypeId, new: TypeId) -> Result<()> {
        let Some((name, true)) = statuses::type_name(self.tx, new).await? else {
            return Err(Error::field("type", "error_choice"));
        };
        let old_name = lookup::type_text(self.tx, old).await?;
        let old_statuses = statuses::of_type(self.tx, old).await?;
        let new_statuses = statuses::of_type(self.tx, new).await?;
        self.item.type_id = new.0;
        self.set("type_id", new);
        self.changed("type", (&old, &new), (old_name, name));
        let now = self.item.status();
        let status = old_statuses.iter().find(|status| status.id == now);
        let counterpart = match status {
            Some(status) => statuses::counterpart(status, &new_statuses),
            None => new_statuses.first(),
        };
        let counterpart = counterpart.map(|status| status.id).ok_or_else(|| Error::field("type", "error_choice"))?;
        self.change_status(&old_statuses, &new_statuses, counterpart)
    }

    fn change_status(&mut self, old: &[statuses::StatusFacts], new: &[statuses::StatusFacts], to: StatusId) -> Result<()> {
        let status = new.iter().find(|status| status.id == to).ok_or_else(|| Error::field("status", "error_choice"))?;
        let from = self.item.status();
        let from_name = old.iter().find(|status| status.id == from).map(|status| status.name.clone()).unwrap_or_default();
        let was_done = self.item.category() == Category::Done;
        let done = status.category == Category::Done;
        if was_done != done {
            self.item.resolved_at = done.then_some(self.at.0);
            self.set("resolved_at", self.item.resolved_at);
        }
        self.item.status_id = status.id.0;
        status.category.key().clone_into(&mut self.item.category);
        self.item.status_rank = status.rank();
        self.set("status_id", status.id);
        self.set("category", status.category.key());
        self.set("status_rank", status.rank());
        self.changed("status", (&from, &status.id), (from_name, status.name.clone()));
        Ok(())
    }

    async fn change_requester(&mut self, old: Option<CustomerId>, new: Option<CustomerId>) -> Result<()> {
        let old_name = lookup::customer_text(self.tx, old).await?;
        let facts = match new {
            Some(id) => Some(lookup::requester(self.tx, id).await?),
            None => None,
        };
        let id = self.item.id;
        if let Some(old) = old {
            // They followed because they asked; what comes now is not for them any more.
            let sql = "DELETE FROM item_following_customer WHERE item_id = $1 AND customer_id = $2";
            self.tx.execute(Sql::new(sql, args![id, old])).await?;
        }
        if let Some(new) = new {
            let sql = "INSERT INTO item_following_customer (item_id, customer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            self.tx.execute(Sql::new(sql, args![id, new])).await?;
        }
        self.item.requester_id = new.map(|id| id.0);
        self.item.requester_key = facts.as_ref().map(|facts| facts.name_key.clone());
        self.search = true;
        self.set("requester_id", new);
        self.set("requester_key", self.item.requester_key.clone());
        let name = facts.as_ref().map(|facts| facts.name.clone()).unwrap_or_default();
        if let (Some(new), None) = (new, self.item.last_message_at) {
            self.asked_by(new, &name);
        }
        self.changed("requester", (&old, &new), (old_name, name));
        let (before, after) = (self.item.organization(), facts.and_then(|facts| facts.organization));
        if before != after {
            self.change_organization(before, after).await?;
        }
        Ok(())
    }

    /// What is asked counts as the requester's message.
    fn asked_by(&mut self, customer: CustomerId, name: &str) {
        let party = Party::Customer(customer);
        self.item.last_message_at = Some(self.item.created_at);
        self.item.last_message_by = Some(party.kind().to_owned());
        self.item.last_message_by_id = party.id();
        name.clone_into(&mut self.item.last_message_name);
        self.set("last_message_at", self.item.created_at);
        self.set("last_message_by", party.kind());
        self.set("last_message_by_id", party.id());
        self.set("last_message_name", name);
    }

    async fn change_organization(&mut self, old: Option<OrganizationId>, new: Option<OrganizationId>) -> Result<()> {
        let old_name = lookup::organization_text(self.tx, old).await?;
        let name = match new {
            None => String::new(),
            Some(id) => match lookup::organization_name(self.tx, id).await? {
                Some(name) => name,
                None => return Err(Error::field("organization", "error_choice")),
            },
        };
        self.item.organization_id = new.map(|id| id.0);
        self.set("organization_id", new);
        self.changed("organization", (&old, &new), (old_name, name));
        Ok(())
    }
}
