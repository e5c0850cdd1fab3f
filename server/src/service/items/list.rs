//! Lists of items: views, search, sort, pages, totals, counts.

use super::{
    ItemService, keyset,
    record::{ItemRecord, push_permission, select_items},
    rows,
};
use crate::{
    db::{Engine, Read, Sql, push_filter},
    zones,
};
use domain::{
    Error, Result,
    actor::Actor,
    error::Check,
    filter::{Expr, Viewer, check, policy},
    id::{CustomerId, OrganizationId},
    item::ItemRow,
    limits,
    page::Page,
    view::{ItemQuery, SystemView, ViewCount},
};

/// Rows of a page that asks for no number.
const DEFAULT_PAGE: u16 = 100;
/// Most items beside a customer or an organization.
const BESIDE: i64 = 50;
/// Most uses of tags that suggestions look at.
const TAG_USES: i64 = 10_000;
/// Most words of a search that count.
const WORDS: usize = 8;

/// What somebody typed into the search box.
enum Search {
    /// Nothing.
    Everything,
    /// The number of an item.
    Number(i64),
    /// Words that all must be in the title or in the requester's name or addresses; lower case.
    Words(Vec<String>),
}

impl ItemService {
    pub(super) async fn page(&self, actor: &Actor, query: ItemQuery) -> Result<Page<ItemRow>> {
        let mut db = self.db.clone();
        let condition = self.condition(actor, &query).await?;
        let limit = if query.limit == 0 { DEFAULT_PAGE } else { query.limit };
        let (records, next) = keyset::page(&mut db, condition, query.sort, query.after.as_ref(), limit.into()).await?;
        Ok(Page { rows: rows::rows(&mut db, records).await?, next })
    }

    pub(super) async fn count_all(&self, actor: &Actor, query: ItemQuery) -> Result<i64> {
        let condition = self.condition(actor, &query).await?;
        let mut sql = Sql::build("SELECT COUNT(*) FROM item WHERE ");
        condition(&mut sql);
        let (count,): (i64,) = self.db.clone().one(sql).await?;
        Ok(count)
    }

    /// Checks a query and answers what appends its condition: permission, view, filter, search.
    async fn condition(&self, actor: &Actor, query: &ItemQuery) -> Result<impl Fn(&mut Sql) + Send + Sync + use<>> {
        actor.agent()?;
        let mut fields = Check::new();
        fields
            .at_most(&query.search, limits::SEARCH, "search")
            .that(query.limit <= limits::PAGE, "limit", "error_too_many_values")
            .done()?;
        if let Some(filter) = &query.filter {
            check(filter)?;
        }
        let search = self.search(actor, &query.search).await?;
        let searching = !matches!(search, Search::Everything);
        let view = if searching { SystemView::All } else { query.view };
        let engine = self.db.engine();
        let zone = zones::named(&actor.agent()?.time_zone);
        let viewer = Viewer::of(actor, self.db.now()).in_zone(zone);
        let mut conditions = vec![policy::permission(actor), policy::system_view(view)];
        conditions.extend(query.filter.clone());
        let all = Expr::All(conditions);
        Ok(move |sql: &mut Sql| {
            push_filter(sql, engine, &all, &viewer);
            push_open_hint(sql, view);
            match &search {
                Search::Everything => {}
                Search::Number(number) => {
                    sql.push(" AND item.number = ").bind(*number);
                }
                Search::Words(words) => {
                    // SQLite reads the table in the order in which it lies there only for a set of ids; else it follows the index of
                    // the sort, back and forth.
                    let as_set = engine == Engine::Sqlite;
                    sql.push(if as_set { " AND item.id IN (SELECT item.id FROM item WHERE TRUE" } else { "" });
                    for word in words {
                        sql.push(" AND ").push(engine.position()).push("(item.search_key, ").bind(word).push(") > 0");
                    }
                    sql.push(if as_set { ")" } else { "" });
                }
            }
        })
    }

    /// `#4812` is the number. `4812` is the number if the actor may see such an item, and otherwise a word like any other.
    async fn search(&self, actor: &Actor, text: &str) -> Result<Search> {
        let text = text.trim();
        let number = text.strip_prefix('#').unwrap_or(text).parse::<i64>().ok().filter(|_| !text.contains(['+', '-']));
        if let Some(number) = number {
            if text.starts_with('#') {
                return Ok(Search::Number(number));
            }
            let mut sql = select_items();
            sql.push("item.number = ").bind(number).push(" AND ");
            push_permission(&mut sql, self.db.engine(), actor, self.db.now());
            let found: Option<ItemRecord> = self.db.clone().optional(sql).await?;
            if found.is_some() {
                return Ok(Search::Number(number));
            }
        }
        let words: Vec<String> = text.to_lowercase().split_whitespace().take(WORDS).map(str::to_owned).collect();
        Ok(if words.is_empty() { Search::Everything } else { Search::Words(words) })
    }

    pub(super) async fn view_counts(&self, actor: &Actor) -> Result<Vec<ViewCount>> {
        actor.agent()?;
        let mut db = self.db.clone();
        let engine = db.engine();
        let viewer = Viewer::of(actor, db.now());
        // One statement, so that all numbers are of the same moment.
        let mut sql = Sql::build("");
        for (index, view) in SystemView::ALL.into_iter().enumerate() {
            sql.push(if index == 0 { "SELECT " } else { " UNION ALL SELECT " });
            sql.bind(i64::try_from(index).unwrap_or_default());
            sql.push(", COUNT(*) FROM (SELECT 1 FROM item WHERE ");
            let shown = Expr::All(vec![policy::permission(actor), policy::system_view(view)]);
            push_filter(&mut sql, engine, &shown, &viewer);
            push_open_hint(&mut sql, view);
            sql.push(" LIMIT ").bind(limits::VIEW_COUNT).push(") AS shown");
        }
        let counts: Vec<(i64, i64)> = db.all(sql).await?;
        Ok(SystemView::ALL
            .into_iter()
            .zip(0_i64..)
            .map(|(view, index)| ViewCount {
                view,
                count: counts.iter().find(|(of, _)| *of == index).map_or(0, |(_, count)| *count),
            })
            .collect())
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

/// Says in the words of the partial indexes what the view of one category says with a bound value.
fn push_open_hint(sql: &mut Sql, view: SystemView) {
    if view == SystemView::Waiting {
        sql.push(" AND item.category <> 'done'");
    }
}
