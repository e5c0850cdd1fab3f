//! Finding things of any kind by what somebody types. Everything is asked of the services that lists and pages ask, so nobody finds
//! here what they would not be shown there.

use async_trait::async_trait;
use domain::{
    Result,
    actor::Actor,
    agent::{AgentRef, AgentState},
    customer::CustomerRef,
    filter::{Expr, Field, Op, Relation, Understood, Value, Wording},
    item::ItemRow,
    limits,
    organization::OrganizationRef,
    service::{Customers, Few, Filters, Finder, Found, FoundAgent, Items, Organizations, Views},
    text::rank,
    view::{ItemQuery, Sort, SortField, SystemView, View},
};
use std::sync::Arc;

/// Bytes from which on what is typed is the beginning of words. One letter of writings without an alphabet has as many.
const SHORT: usize = 3;

/// The implementation of [`Finder`].
pub struct FindService {
    items: Arc<dyn Items>,
    filters: Arc<dyn Filters>,
    views: Arc<dyn Views>,
    customers: Arc<dyn Customers>,
    organizations: Arc<dyn Organizations>,
}

impl FindService {
    /// Over the services that know each kind.
    #[must_use]
    pub fn new(
        items: Arc<dyn Items>,
        filters: Arc<dyn Filters>,
        views: Arc<dyn Views>,
        customers: Arc<dyn Customers>,
        organizations: Arc<dyn Organizations>,
    ) -> Self {
        Self { items, filters, views, customers, organizations }
    }

    async fn items(&self, actor: &Actor, text: &str) -> Result<Few<ItemRow>> {
        // With one letter a word of nearly every ticket begins: nobody means them, and they take the longest to find.
        if text.chars().count() == 1 && !text.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(Few::default());
        }
        let mut found = Vec::new();
        // Who types a number means that one, however many others begin with it.
        if let Ok(number) = text.trim_start_matches('#').parse::<i64>() {
            let filter = Some(Expr::compare(Field::Number, Op::Is, Value::Int(number)));
            found = self.items.list(actor, ItemQuery { filter, limit: 1, ..ItemQuery::of(SystemView::All) }).await?.rows;
        }
        let limit = u16::try_from(limits::FOUND + 1).unwrap_or(u16::MAX);
        let sort = Sort { by: SortField::Relevance, descending: true };
        // With two letters begin so many words that what is found means nothing: they are a word, such as "hp".
        let short = text.len() < SHORT && text.chars().all(char::is_alphabetic);
        let text = if short { format!("\"{text}\"") } else { text.to_owned() };
        let query = ItemQuery { text, sort, limit, ..ItemQuery::of(SystemView::All) };
        let rows = self.items.list(actor, query).await?.rows;
        found.extend(
            rows.into_iter().filter(|row| found.first().is_none_or(|first| first.number != row.number)).collect::<Vec<_>>(),
        );
        Ok(Few::of(found))
    }

    async fn customers(&self, actor: &Actor, text: &str) -> Result<Few<CustomerRef>> {
        Ok(if is_name(text) { Few::of(self.customers.suggest(actor, text).await?) } else { Few::default() })
    }

    async fn organizations(&self, actor: &Actor, text: &str) -> Result<Few<OrganizationRef>> {
        Ok(if is_name(text) { Few::of(self.organizations.suggest(actor, text).await?) } else { Few::default() })
    }

    async fn agents(&self, actor: &Actor, text: &str) -> Result<Few<FoundAgent>> {
        let catalog = self.items.catalog(actor).await?;
        let fit = |agent: AgentRef| {
            let best = [&agent.name, &agent.email].into_iter().filter_map(|name| rank(text, name)).min()?;
            (agent.state != AgentState::Disabled).then_some((best, agent))
        };
        let mut ranked: Vec<(u32, AgentRef)> = catalog.agents.into_iter().filter_map(fit).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let Few { list, more } = Few::of(ranked);
        let mut found = Few { list: Vec::with_capacity(list.len()), more };
        for (_, agent) in list {
            let theirs = Wording::Filter(Expr::some(Relation::Agents, Value::Id(agent.id.0)));
            let Understood { text, .. } = self.filters.understand(actor, theirs).await?;
            found.list.push(FoundAgent { name: agent.name, email: agent.email, text });
        }
        Ok(found)
    }

    async fn views(&self, actor: &Actor) -> Result<Vec<View>> {
        let mut views = self.views.all(actor).await?.views;
        views.retain(|view| !view.hidden && !view.hidden_for_all);
        Ok(views)
    }
}

/// Whether a text is short enough to be a name.
fn is_name(text: &str) -> bool {
    text.chars().count() <= limits::SEARCH
}

#[async_trait]
impl Finder for FindService {
    async fn find(&self, actor: &Actor, text: String, at: u32) -> Result<Found> {
        actor.agent()?;
        let typed = text.trim().to_owned();
        if typed.is_empty() {
            return Ok(Found { views: self.views(actor).await?, ..Found::default() });
        }
        let understood = self.filters.understand(actor, Wording::Text(text.clone())).await?;
        let problem = understood.problems.into_iter().next();
        let items = async {
            // What is not understood matches nothing; nobody needs to ask.
            if problem.is_some() { Ok(Few::default()) } else { self.items(actor, &typed).await }
        };
        let (items, customers, organizations, agents, views, completion) = tokio::try_join!(
            items,
            self.customers(actor, &typed),
            self.organizations(actor, &typed),
            self.agents(actor, &typed),
            self.views(actor),
            self.filters.complete(actor, text, at),
        )?;
        Ok(Found { items, customers, organizations, agents, views, problem, completion: Some(completion) })
    }
}
