//! Calendars: the items of a list by day.
//!
//! One statement numbers the items of each day and counts them, so that numbers and rows are of the same moment, and days are cut in the
//! reader's zone as groups have it ([why so](../../../../docs/decisions/0027-calendar.md)).

use super::{
    ItemService,
    groups::days,
    record::{COLUMNS, ItemRecord},
    rows,
    sought::Sought,
};
use crate::db::{Read, Sql, filter_sql};
use domain::{
    Result,
    actor::Actor,
    calendar::Date,
    error::Check,
    filter::{Expr, Viewer},
    limits,
    time::Timestamp,
    view::{CalendarDay, CalendarQuery, Dated, days::DATES},
};

/// An item with where it stands.
#[derive(Debug, sqlx::FromRow)]
struct Told {
    #[sqlx(flatten)]
    item: ItemRecord,
    /// The moment.
    moment: i64,
    /// The day, counted as groups count days.
    day_counted: i64,
    /// How many items the day holds.
    items: i64,
}

impl ItemService {
    pub(super) async fn dated(&self, actor: &Actor, mut query: CalendarQuery) -> Result<Vec<CalendarDay>> {
        verify(&query)?;
        let condition = query.condition();
        let asked = query.list.filter.take();
        query.list.filter = Some(Expr::All(asked.into_iter().chain([condition]).collect()));
        let (shown, viewer) = self.shown(actor, &query.list).await?;
        let mut db = self.db.clone();
        let sought = Sought::of(&mut db, shown, viewer.clone()).await?;
        let told: Vec<Told> = db.all(statement(&sought, &query, &viewer)).await?;
        let mut records = Vec::with_capacity(told.len());
        let mut places = Vec::with_capacity(told.len());
        for Told { item, moment, day_counted, items } in told {
            records.push(item);
            places.push((Timestamp(moment), days::date(day_counted), items));
        }
        let mut calendar: Vec<CalendarDay> = Vec::new();
        for (row, (at, day, count)) in rows::rows(&mut db, records).await?.into_iter().zip(places) {
            let dated = Dated { at, row };
            match calendar.last_mut().filter(|last| last.day == day) {
                Some(last) => last.items.push(dated),
                None => calendar.push(CalendarDay { day, count, items: vec![dated] }),
            }
        }
        Ok(calendar)
    }
}

fn verify(query: &CalendarQuery) -> Result<()> {
    let rows = u32::from(query.days) * u32::from(query.each);
    let mut fields = Check::new();
    fields
        .that(DATES.contains(&query.field), "field", "error_bad_request")
        .that((Date::MIN..=Date::MAX).contains(&query.from), "from", "error_bad_request")
        .that((1..=limits::CALENDAR_DAYS).contains(&query.days), "days", "error_too_many_values")
        .that(query.each > 0 && rows <= u32::from(limits::CALENDAR_ROWS), "each", "error_too_many_values")
        .done()
}

fn statement(sought: &Sought, query: &CalendarQuery, viewer: &Viewer) -> Sql {
    let column = filter_sql::column(None, &query.field);
    let mut sql = Sql::build("SELECT ");
    sql.push(COLUMNS).push(", told.moment, told.day_counted, told.items FROM (SELECT dated.id, dated.moment, dated.day_counted");
    sql.push(", ROW_NUMBER() OVER (PARTITION BY dated.day_counted ORDER BY dated.moment, dated.id) AS place");
    sql.push(", COUNT(*) OVER (PARTITION BY dated.day_counted) AS items FROM (SELECT item.id, ");
    sql.push(column).push(" AS moment, ");
    days::push(&mut sql, column, &viewer.zone, viewer.now);
    sql.push(" AS day_counted");
    sought.push(&mut sql);
    sql.push(") AS dated) AS told JOIN item ON item.id = told.id WHERE told.place <= ").bind(i64::from(query.each));
    sql.push(" ORDER BY told.day_counted, told.moment, told.id");
    sql
}
