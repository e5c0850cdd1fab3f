//! Lists to keep: what a list shows, as CSV or as a spreadsheet. The address says which list, in the words of the page of the list, and
//! which of its tickets and columns, if not all.

use super::{
    Site,
    refusal::Refusal,
    session::{Who, cookie},
};
use crate::{
    export::{COLUMNS, Pages, Table, csv, xlsx},
    live::Ask,
};
use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    filter::{Expr, Field, Op, Value},
    limits,
    session::Realm,
    view::{GroupBy, ItemQuery, SystemView, ViewKey},
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde::Deserialize;
use std::{io, sync::Arc};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Which list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Asked {
    view: Option<String>,
    filter: Option<String>,
    q: String,
    sort: Option<String>,
    /// Only these, with commas between them.
    numbers: Option<String>,
    /// Only what is in these groups, as JSON: of each what it is grouped by, and its key.
    within: Option<String>,
    /// These columns, in this order, with commas between them; without: all.
    columns: Option<String>,
}

impl Asked {
    fn columns(&self) -> Result<Vec<&'static str>> {
        let Some(columns) = &self.columns else { return Ok(COLUMNS.to_vec()) };
        let known = |key: &str| COLUMNS.into_iter().find(|known| *known == key);
        let chosen: Option<Vec<&str>> = columns.split(',').take(limits::COLUMNS).map(known).collect();
        chosen.ok_or_else(|| Error::field("columns", "error_choice"))
    }

    fn query(self) -> Result<ItemQuery> {
        let open = ViewKey::System(SystemView::Open);
        let view = self.view.map_or(Ok(open), |key| key.parse().map_err(|_| Error::not_found()))?;
        let sort = self.sort.map_or(Ok(Default::default()), |sort| sort.parse());
        let sort = sort.map_err(|()| Error::field("sort", "error_choice"))?;
        let mut conditions: Vec<Expr> = self.numbers.as_deref().map(chosen).transpose()?.into_iter().collect();
        if let Some(within) = &self.within {
            let groups: Result<Vec<(GroupBy, Value)>, _> = serde_json::from_str(within);
            let groups = groups.map_err(|_| Error::field("within", "error_choice"))?;
            conditions.extend(groups.iter().map(|(by, key)| by.condition(key)));
        }
        let filter = (!conditions.is_empty()).then_some(Expr::All(conditions));
        Ok(ItemQuery { instead: self.filter, text: self.q, sort, filter, ..ItemQuery::of(view) })
    }
}

/// The condition that an item is one of those that are named.
fn chosen(numbers: &str) -> Result<Expr> {
    let numbers: Result<Vec<i64>, _> = numbers.split(',').map(str::parse).collect();
    let numbers = numbers.map_err(|_| Error::field("numbers", "error_choice"))?;
    Ok(Expr::compare(Field::Number, Op::In, Value::Set(numbers.into_iter().map(Value::Int).collect())))
}

/// As CSV, from the database to the reader page by page.
pub(super) async fn as_csv(
    State(site): State<Site>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    match begin(&site, &who.agent, asked, &headers).await {
        Ok((table, pages)) => match rows(table, pages).await {
            Ok(rows) => answer(Body::from_stream(rows), CSV, "attachment; filename=\"tickets.csv\""),
            Err(error) => Refusal::of(&headers).tell(error),
        },
        Err(error) => Refusal::of(&headers).tell(error),
    }
}

/// As a spreadsheet, which is there only as a whole: of so many tickets at most.
pub(super) async fn as_xlsx(
    State(site): State<Site>,
    Extension(who): Extension<Who>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let file = async {
        let (table, mut pages) = begin(&site, &who.agent, asked, &headers).await?;
        if pages.total().await? > limits::EXPORT_XLSX {
            return Err(Error::new(ErrorCode::TooLarge, "error_export_too_large").with("max", limits::EXPORT_XLSX));
        }
        xlsx::file(&table, &mut pages).await
    };
    match file.await {
        Ok(file) => answer(Body::from(file), XLSX, "attachment; filename=\"tickets.xlsx\""),
        Err(error) => Refusal::of(&headers).tell(error),
    }
}

async fn begin(site: &Site, actor: &Actor, asked: Asked, headers: &HeaderMap) -> Result<(Table, Pages)> {
    let agent = actor.agent()?;
    let columns = asked.columns()?;
    let query = asked.query()?;
    let table = Table::of(agent, site.desk.items.catalog(actor).await?, columns);
    let token = cookie(headers, site.settings.cookies().name(Realm::Agent)).unwrap_or_default().to_owned();
    let accounts = site.desk.accounts.clone();
    let ask: Ask = Arc::new(move || {
        let (accounts, token) = (accounts.clone(), token.clone());
        Box::pin(async move { accounts.holder(Realm::Agent, &token).await })
    });
    Ok((table, Pages::new(site.desk.items.clone(), ask, query)))
}

/// The text in pieces. What is wrong with the question shows at the first; what breaks it off later breaks off the answer, so that nobody takes
/// a part for the whole.
async fn rows(table: Table, mut pages: Pages) -> Result<BoxStream<'static, io::Result<Bytes>>> {
    let mut first = csv::begin(&table)?;
    first.extend(csv::rows(&table, &pages.next().await?.unwrap_or_default())?);
    let rest = stream::try_unfold((table, pages), async |(table, mut pages)| {
        let page = pages.next().await.map_err(io::Error::other)?;
        let Some(page) = page else { return Ok(None) };
        let text = csv::rows(&table, &page).map_err(io::Error::other)?;
        Ok(Some((Bytes::from(text), (table, pages))))
    });
    Ok(stream::once(async { Ok(Bytes::from(first)) }).chain(rest).boxed())
}

fn answer(body: Body, kind: &'static str, disposition: &'static str) -> Response {
    let mut response = Response::new(body);
    let fixed =
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition), (header::CACHE_CONTROL, "private, no-store")];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
