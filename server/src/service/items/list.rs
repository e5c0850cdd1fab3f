//! Lists of items: views, search, sort, pages, totals.

use super::{
    ItemService, groups, keyset, ranked,
    record::{COLUMNS, ItemRecord, push_permission, select_items},
    rows,
    sought::Sought,
};
use crate::{
    db::{
        Engine, Read, Sql,
        filter_sql::{self, Order},
    },
    service::{filters, views},
    zones,
};
use domain::{
    Error, Result,
    actor::Actor,
    error::Check,
    filter::{Expr, Field, Op, Value, Viewer, check, policy},
    id::{CustomerId, OrganizationId},
    item::ItemRow,
    limits,
    page::Page,
    types::Category,
    view::{ItemQuery, Sort, SortField},
};

/// Rows of a page that asks for no number.
const DEFAULT_PAGE: u16 = 100;
/// Most items beside a customer or an organization.
const BESIDE: i64 = 50;
/// Most uses of tags that suggestions look at.
const TAG_USES: i64 = 10_000;
impl ItemService {
    pub(super) async fn page(&self, actor: &Actor, query: ItemQuery) -> Result<Page<ItemRow>> {
        let mut db = self.db.clone();
        let (shown, viewer) = self.shown(actor, &query).await?;
        let by_words = query.sort.by == SortField::Relevance;
        let phrases = if by_words { ranked::phrases(&shown) } else { Vec::new() };
        let sought = Sought::of(&mut db, shown, viewer).await?.in_order(&mut db, query.sort.by).await?;
        let limit = usize::from(if query.limit == 0 { DEFAULT_PAGE } else { query.limit });
        let after = query.after.as_ref();
        let (records, next) = if phrases.is_empty() {
            let sort = if by_words { Sort::default() } else { query.sort };
            keyset::page(&mut db, || sought.select(COLUMNS), sort, after, limit).await?
        } else {
            ranked::page(&mut db, &sought, &phrases, after, limit).await?
        };
        Ok(Page { rows: rows::rows(&mut db, records).await?, next })
    }

    /// How the database would go about the first page of a list, in its own words, a line each.
    ///
    /// # Errors
    /// As of [`Items::list`](domain::service::Items::list).
    pub async fn plan(&self, actor: &Actor, query: ItemQuery) -> Result<Vec<String>> {
        let mut db = self.db.clone();
        let engine = db.engine();
        let begin = self.sought(actor, &query).await?.in_order(&mut db, query.sort.by).await?.select(COLUMNS);
        let sql = keyset::first(begin, query.sort, DEFAULT_PAGE.into()).explained(engine);
        Ok(match engine {
            Engine::Sqlite => {
                let steps: Vec<(i64, i64, i64, String)> = db.all(sql).await?;
                steps.into_iter().map(|(_, _, _, step)| step).collect()
            }
            Engine::Postgres => {
                let steps: Vec<(String,)> = db.all(sql).await?;
                steps.into_iter().map(|(step,)| step).collect()
            }
        })
    }

    pub(super) async fn count_all(&self, actor: &Actor, query: ItemQuery) -> Result<i64> {
        let (shown, viewer) = self.shown(actor, &query).await?;
        let mut db = self.db.clone();
        let sql = if let Some(leaves_out) = groups::all::leaves_out(&shown) {
            let mut sql = Sql::default();
            groups::all::push_total(&mut sql, leaves_out);
            sql
        } else {
            Sought::of(&mut db, shown, viewer).await?.select("COUNT(*)")
        };
        let (count,): (i64,) = db.one(sql).await?;
        Ok(count)
    }

    pub(super) async fn sought(&self, actor: &Actor, query: &ItemQuery) -> Result<Sought> {
        let (shown, viewer) = self.shown(actor, query).await?;
        Sought::of(&mut self.db.clone(), shown, viewer).await
    }

    /// Checks a query and answers which items it shows, and to whom: permission, view, text and filter, without what is left out.
    ///
    /// # Errors
    /// Not found, for a view that the actor does not have; invalid.
    pub(super) async fn shown(&self, actor: &Actor, query: &ItemQuery) -> Result<(Expr, Viewer)> {
        let zone = zones::named(&actor.agent()?.time_zone);
        let mut all = vec![policy::permission(actor)];
        all.extend(self.asked(actor, query).await?);
        Ok((Expr::All(all), Viewer::of(actor, self.db.now()).in_zone(zone)))
    }

    /// The same without permission: view, text, filter, and what is not left out.
    pub(super) async fn asked(&self, actor: &Actor, query: &ItemQuery) -> Result<Vec<Expr>> {
        actor.agent()?;
        let mut fields = Check::new();
        fields.that(query.limit <= limits::PAGE, "limit", "error_too_many_values").done()?;
        if let Some(filter) = &query.filter {
            check(filter)?;
        }
        let text = views::resolved(&self.db, actor, filters::searched(&self.db, actor, &query.text).await?).await?;
        let view = match &query.instead {
            Some(instead) => views::resolved(&self.db, actor, filters::read(&self.db, actor, instead).await?.expr).await?,
            None => views::filter_of(&self.db, actor, query.view).await?,
        };
        let mut all = vec![view, text];
        all.extend(query.filter.clone());
        let sight = policy::in_sight(&all);
        all.push(sight);
        Ok(all)
    }

    pub(super) async fn beside_customer(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<ItemRow>> {
        self.beside(actor, "item.requester_id = ", customer.0).await
    }

    pub(super) async fn beside_organization(&self, actor: &Actor, organization: OrganizationId) -> Result<Vec<ItemRow>> {
        self.beside(actor, "item.organization_id = ", organization.0).await
    }

    async fn beside(&self, actor: &Actor, column: &'static str, id: i64) -> Result<Vec<ItemRow>> {
        actor.agent()?;
        let mut db = self.db.clone();
        let mut sql = select_items();
        sql.push(column).bind(id).push(" AND ");
        push_permission(&mut sql, db.engine(), actor, db.now());
        sql.push(" AND NOT item.spam AND item.deleted_at IS NULL");
        sql.push(" ORDER BY item.updated_at DESC, item.id DESC LIMIT ").bind(BESIDE);
        let records: Vec<ItemRecord> = db.all(sql).await?;
        rows::rows(&mut db, records).await
    }

    pub(super) async fn tags_like(&self, actor: &Actor, text: &str) -> Result<Vec<String>> {
        actor.agent()?;
        if text.chars().count() > limits::SEARCH {
            return Err(Error::field("text", "error_too_long").with("max", limits::SEARCH));
        }
        let prefix = text.trim_start().to_lowercase();
        let mut db = self.db.clone();
        // The latest uses stand for all: counting every tag of every item would take longer than typing the tag.
        let mut sql = Sql::build(
            "SELECT tag, COUNT(*) AS uses FROM (SELECT item_tag.tag FROM item_tag JOIN item ON item.id = item_tag.item_id WHERE ",
        );
        push_permission(&mut sql, db.engine(), actor, db.now());
        if !prefix.is_empty() {
            sql.push(" AND substr(item_tag.tag, 1, length(").bind(&prefix).push(")) = ").bind(&prefix);
        }
        sql.push(" ORDER BY item_tag.item_id DESC LIMIT ").bind(TAG_USES);
        sql.push(") AS used GROUP BY tag ORDER BY uses DESC, tag LIMIT 20");
        let tags: Vec<(String, i64)> = db.all(sql).await?;
        Ok(tags.into_iter().map(|(tag, _)| tag).collect())
    }
}

/// Appends the condition of a list. Where it says that items are not done it says so once more in the words of the partial indexes:
/// both engines take such an index only for the very same words, not for bound values that mean the same.
pub(super) fn push_shown(sql: &mut Sql, engine: Engine, shown: &Expr, viewer: &Viewer) {
    push_shown_in_order(sql, engine, shown, viewer, Order::default());
}

/// The same where the statement reads the first items of an order.
pub(super) fn push_shown_in_order(sql: &mut Sql, engine: Engine, shown: &Expr, viewer: &Viewer, order: Order<'_>) {
    filter_sql::push_filter_in_order(sql, engine, shown, viewer, order);
    // Said twice, PostgreSQL takes it for twice as rare.
    if is_open(shown) && !is_all_open(shown) {
        sql.push(" AND item.category <> 'done'");
    }
}

/// Whether a condition says in the words of the partial indexes that items are not done ([`filter_sql`]).
fn is_all_open(expr: &Expr) -> bool {
    let is = |value: &Value, category: Category| matches!(value, Value::Text(text) if text == category.key());
    match expr {
        Expr::All(parts) => parts.iter().any(is_all_open),
        Expr::Compare { field: Field::Category, op: Op::IsNot, value } => is(value, Category::Done),
        Expr::Compare { field: Field::Category, op: Op::In, value: Value::Set(all) } => {
            [Category::Todo, Category::Waiting].iter().all(|open| all.iter().any(|one| is(one, *open)))
                && !all.iter().any(|one| is(one, Category::Done))
        }
        _ => false,
    }
}

/// Whether a condition can hold only of what is not done, as far as its form tells.
pub(super) fn is_open(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().any(is_open),
        Expr::Any(parts) => !parts.is_empty() && parts.iter().all(is_open),
        Expr::Compare { field: Field::Category, op: Op::Is | Op::In, value } => match value {
            Value::Text(one) => one != Category::Done.key(),
            Value::Set(all) => all.iter().all(|one| matches!(one, Value::Text(one) if one != Category::Done.key())),
            _ => false,
        },
        Expr::Compare { field: Field::Category, op: Op::IsNot, value: Value::Text(one) } => one == Category::Done.key(),
        Expr::Not(inner) => matches!(
            &**inner,
            Expr::Compare { field: Field::Category, op: Op::Is, value: Value::Text(one) } if one == Category::Done.key()
        ),
        _ => false,
    }
}
