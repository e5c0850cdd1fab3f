//! Tickets and their conversations, for agents.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    calendar::Date,
    conversation::{Message, MessageKind, NewMessage, TakenBack},
    draft::{Draft, NewDraft},
    event::Activity as ActivityEntry,
    id::{AgentId, CustomerId, HeldId, ItemNumber, MailId, OrganizationId},
    item::{self, ItemDetail, ItemRow, NewItem},
    page::{Cursor, Page},
    view::{CalendarDay, Measure, SystemView, ViewCount, ViewKey},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::{
        context::{agent_actor, desk},
        group_titles,
    },
    domain::{
        Error,
        filter::{Expr, Field, Op, Value},
        view::{self, CalendarQuery, GroupBy, GroupSort, GroupsQuery, ItemQuery},
    },
};

/// Which items a list shows; see [`domain::view::ItemQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    /// The view.
    pub view: ViewKey,
    /// A filter in the place of the view's.
    pub instead: Option<String>,
    /// What was typed into the search box.
    pub text: String,
    /// The groups that the items are in: what each is grouped by, and its key.
    pub within: Vec<(String, String)>,
    /// Only these items; empty: no matter which.
    pub numbers: Vec<ItemNumber>,
    /// The order, as in addresses; empty for the usual one.
    pub sort: String,
    /// Where the page begins.
    pub after: Option<Cursor>,
    /// Most rows; 0 means 100.
    pub limit: u16,
}

impl Default for ListQuery {
    fn default() -> Self {
        let view = SystemView::Open.into();
        Self {
            view,
            instead: None,
            text: String::new(),
            within: Vec::new(),
            numbers: Vec::new(),
            sort: String::new(),
            after: None,
            limit: 0,
        }
    }
}

#[cfg(feature = "ssr")]
impl ListQuery {
    /// As the desk is asked.
    pub(super) fn items(self) -> Result<ItemQuery, ApiError> {
        let wrong = |field: &str| ApiError::from(Error::field(field, "error_bad_request"));
        let mut conditions = Vec::new();
        for (by, key) in &self.within {
            let by: GroupBy = by.parse().map_err(|_| wrong("within"))?;
            let key: Value = serde_json::from_str(key).map_err(|_| wrong("within"))?;
            conditions.push(by.condition(&key));
        }
        if !self.numbers.is_empty() {
            let numbers = self.numbers.iter().map(|number| Value::Int(number.0)).collect();
            conditions.push(Expr::compare(Field::Number, Op::In, Value::Set(numbers)));
        }
        let sort =
            if self.sort.is_empty() { domain::view::Sort::default() } else { self.sort.parse().map_err(|()| wrong("sort"))? };
        Ok(ItemQuery {
            view: self.view,
            instead: self.instead,
            text: self.text,
            filter: (!conditions.is_empty()).then_some(Expr::All(conditions)),
            sort,
            after: self.after,
            limit: self.limit,
        })
    }
}

/// A group as its head shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What its items have in common, for [`ListQuery::within`].
    pub key: String,
    /// What it is called, in the reader's language.
    pub name: String,
    /// How it looks: `person`, `stars:4`, the colour of a status (`#rrggbb`), or empty.
    pub look: String,
    /// How many items it holds.
    pub count: i64,
    /// What was asked for, in the reader's language; empty where no item has the number.
    pub measures: Vec<String>,
}

/// A page of the groups of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupList {
    /// In their order.
    pub groups: Vec<Group>,
    /// How many follow them.
    pub more: i64,
    /// Where those begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
    /// How many items the list has.
    pub total: i64,
    /// What was asked for, of the whole list.
    pub measures: Vec<String>,
}

/// Types, statuses, agents, teams.
#[server(prefix = "/_fn", endpoint = "items/catalog", input = StrictJson, output = StrictJson)]
pub async fn catalog() -> Result<item::Catalog, ApiError> {
    Ok(desk()?.items.catalog(&agent_actor()?).await?)
}

/// How much is in each view that the agent has and does not hide.
#[server(prefix = "/_fn", endpoint = "items/counts", input = StrictJson, output = StrictJson)]
pub async fn counts() -> Result<Vec<ViewCount>, ApiError> {
    Ok(desk()?.items.counts(&agent_actor()?).await?)
}

/// A page of a list.
#[server(prefix = "/_fn", endpoint = "items/list", input = StrictJson, output = StrictJson)]
pub async fn list(query: ListQuery) -> Result<Page<ItemRow>, ApiError> {
    Ok(desk()?.items.list(&agent_actor()?, query.items()?).await?)
}

/// How many items a list has in all.
#[server(prefix = "/_fn", endpoint = "items/total", input = StrictJson, output = StrictJson)]
pub async fn total(query: ListQuery) -> Result<i64, ApiError> {
    Ok(desk()?.items.total(&agent_actor()?, query.items()?).await?)
}

/// The groups of a list, with how much is in each. `by` names what it is divided by, `order` their order ([`view::GroupSort`]),
/// `measures` what else is told of each; the page of the query is one of groups.
#[server(prefix = "/_fn", endpoint = "items/groups", input = StrictJson, output = StrictJson)]
pub async fn groups(
    query: ListQuery,
    by: String,
    order: String,
    empty: bool,
    measures: Vec<Measure>,
) -> Result<GroupList, ApiError> {
    let by: GroupBy = by.parse().map_err(|_| ApiError::from(Error::field("by", "error_filter_field")))?;
    let sort = GroupSort::from_key(&order).unwrap_or_default();
    let after = query.after.clone();
    let asked = GroupsQuery { sort, empty, measures: measures.clone(), after, ..GroupsQuery::of(query.items()?, by.clone()) };
    let found = desk()?.items.groups(&agent_actor()?, asked).await?;
    let i18n = crate::i18n::use_i18n();
    let told = |made: &[Option<f64>]| group_titles::measured(i18n, &measures, made);
    let group = |group: view::Group| Group { measures: told(&group.measures), ..group_titles::shown(i18n, &by, group) };
    let measures = told(&found.measures);
    let groups = found.groups.into_iter().map(group).collect();
    Ok(GroupList { groups, more: found.more, next: found.next, total: found.total, measures })
}

/// Sums and averages over the whole list, in the order of the measures; none where no item has the number.
#[server(prefix = "/_fn", endpoint = "items/sums", input = StrictJson, output = StrictJson)]
pub async fn sums(query: ListQuery, measures: Vec<Measure>) -> Result<Vec<Option<f64>>, ApiError> {
    Ok(desk()?.items.sums(&agent_actor()?, query.items()?, measures).await?)
}

/// The days of a calendar by `field` that hold anything: `days` of them from `from` on, with at most `each` items.
#[server(prefix = "/_fn", endpoint = "items/calendar", input = StrictJson, output = StrictJson)]
pub async fn calendar(query: ListQuery, field: String, from: Date, days: u16, each: u16) -> Result<Vec<CalendarDay>, ApiError> {
    let query = CalendarQuery { list: query.items()?, field: Field::from_key(&field), from, days, each };
    Ok(desk()?.items.calendar(&agent_actor()?, query).await?)
}

/// The items of a customer.
#[server(prefix = "/_fn", endpoint = "items/of_customer", input = StrictJson, output = StrictJson)]
pub async fn of_customer(customer: CustomerId) -> Result<Vec<ItemRow>, ApiError> {
    Ok(desk()?.items.of_customer(&agent_actor()?, customer).await?)
}

/// The items of an organization.
#[server(prefix = "/_fn", endpoint = "items/of_organization", input = StrictJson, output = StrictJson)]
pub async fn of_organization(organization: OrganizationId) -> Result<Vec<ItemRow>, ApiError> {
    Ok(desk()?.items.of_organization(&agent_actor()?, organization).await?)
}

/// One item with its conversation.
#[server(prefix = "/_fn", endpoint = "items/get", input = StrictJson, output = StrictJson)]
pub async fn get(number: ItemNumber) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.get(&agent_actor()?, number).await?)
}

/// What happened to an item, latest first.
#[server(prefix = "/_fn", endpoint = "items/activity", input = StrictJson, output = StrictJson)]
pub async fn activity(number: ItemNumber) -> Result<Vec<ActivityEntry>, ApiError> {
    Ok(desk()?.items.activity(&agent_actor()?, number).await?)
}

/// Makes an item.
#[server(prefix = "/_fn", endpoint = "items/create", input = StrictJson, output = StrictJson)]
pub async fn create(item: NewItem) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.create(&agent_actor()?, item).await?)
}

/// Changes fields; `version` is the one that was seen.
#[server(prefix = "/_fn", endpoint = "items/change", input = StrictJson, output = StrictJson)]
pub async fn change(number: ItemNumber, version: i64, changes: Vec<item::Change>) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.change(&agent_actor()?, number, version, changes).await?)
}

/// Writes a reply or a note.
#[server(prefix = "/_fn", endpoint = "items/write", input = StrictJson, output = StrictJson)]
pub async fn write(message: NewMessage) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.write(&agent_actor()?, message).await?)
}

/// Has a mail of a message that did not arrive sent again.
#[server(prefix = "/_fn", endpoint = "items/deliver_again", input = StrictJson, output = StrictJson)]
pub async fn deliver_again(number: ItemNumber, mail: MailId) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.deliver_again(&agent_actor()?, number, mail).await?)
}

/// Follows an item, or stops.
#[server(prefix = "/_fn", endpoint = "items/follow", input = StrictJson, output = StrictJson)]
pub async fn follow(number: ItemNumber, follow: bool) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.follow(&agent_actor()?, number, follow).await?)
}

/// Makes a customer a follower, or no longer.
#[server(prefix = "/_fn", endpoint = "items/set_customer_follows", input = StrictJson, output = StrictJson)]
pub async fn set_customer_follows(number: ItemNumber, customer: CustomerId, follows: bool) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.set_customer_follows(&agent_actor()?, number, customer, follows).await?)
}

/// The beginning of the last public message of each of these items.
#[server(prefix = "/_fn", endpoint = "items/excerpts", input = StrictJson, output = StrictJson)]
pub async fn excerpts(numbers: Vec<ItemNumber>) -> Result<Vec<item::Excerpt>, ApiError> {
    Ok(desk()?.items.excerpts(&agent_actor()?, numbers).await?)
}

/// Tags in use that begin with the text.
#[server(prefix = "/_fn", endpoint = "items/suggest_tags", input = StrictJson, output = StrictJson)]
pub async fn suggest_tags(text: String) -> Result<Vec<String>, ApiError> {
    Ok(desk()?.items.suggest_tags(&agent_actor()?, &text).await?)
}

/// The agent's drafts for an item.
#[server(prefix = "/_fn", endpoint = "items/drafts", input = StrictJson, output = StrictJson)]
pub async fn drafts(number: ItemNumber) -> Result<Vec<Draft>, ApiError> {
    Ok(desk()?.items.drafts(&agent_actor()?, number).await?)
}

/// Keeps a draft; an empty one is discarded.
#[server(prefix = "/_fn", endpoint = "items/save_draft", input = StrictJson, output = StrictJson)]
pub async fn save_draft(draft: NewDraft) -> Result<(), ApiError> {
    Ok(desk()?.items.save_draft(&agent_actor()?, draft).await?)
}

/// Shows the agent's draft to everybody who sees the item, or no longer.
#[server(prefix = "/_fn", endpoint = "items/share_draft", input = StrictJson, output = StrictJson)]
pub async fn share_draft(number: ItemNumber, kind: MessageKind, shared: bool) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.items.share_draft(&agent_actor()?, number, kind, shared).await?)
}

/// Takes over what somebody else has shared.
#[server(prefix = "/_fn", endpoint = "items/take_draft", input = StrictJson, output = StrictJson)]
pub async fn take_draft(number: ItemNumber, author: AgentId, kind: MessageKind) -> Result<Draft, ApiError> {
    Ok(desk()?.items.take_draft(&agent_actor()?, number, author, kind).await?)
}

/// Takes back a reply that waits to be sent.
#[server(prefix = "/_fn", endpoint = "items/take_back", input = StrictJson, output = StrictJson)]
pub async fn take_back(held: HeldId) -> Result<TakenBack, ApiError> {
    Ok(desk()?.items.take_back(&agent_actor()?, held).await?)
}

/// Says which ticket a browser tab shows, and what is written there; none when it shows none.
#[server(prefix = "/_fn", endpoint = "items/present", input = StrictJson, output = StrictJson)]
pub async fn present(number: Option<ItemNumber>, tab: String, writing: Option<MessageKind>) -> Result<(), ApiError> {
    Ok(desk()?.items.present(&agent_actor()?, number, tab, writing).await?)
}

/// The newest messages of an item after the message `after`; 0 for all.
#[server(prefix = "/_fn", endpoint = "items/messages_after", input = StrictJson, output = StrictJson)]
pub async fn messages_after(number: ItemNumber, after: i64) -> Result<Vec<Message>, ApiError> {
    Ok(desk()?.items.messages_after(&agent_actor()?, number, after).await?)
}
