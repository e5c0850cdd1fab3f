//! Counts over everything that there is: read from the narrowest index that has what groups are known by, without a look at each item.
//! What lists leave out is little; it is counted by itself and taken off.

use super::{Breadth, Level, days};
use crate::db::{Db, Read, Sql, filter_sql};
use domain::{
    Result,
    calendar::{Date, Zone},
    filter::{Expr, Field, Op, Value},
    time::Timestamp,
    view::GroupBy,
};

/// The fields in the index `item_ways`: few different values, so few different rows.
const WAYS: &str = "channel, impact, published, category, type_id, product";

/// Begins to add up what is counted piece by piece, as `place` and `items`.
const BEGIN: &str = "SELECT counted.place, CAST(SUM(counted.items) AS BIGINT) AS items FROM (SELECT ";
/// Ends it. Days that are put together later may hold less than nothing: what is left out of a stretch of time is told by its own day.
const END: &str = ") AS counted GROUP BY counted.place HAVING SUM(counted.items) <> 0";

/// Whether a list shows everything, and if so, whether it leaves out what lies outside of ordinary lists.
pub(in super::super) fn leaves_out(shown: &Expr) -> Option<bool> {
    fn is_left_out(expr: &Expr) -> bool {
        match expr {
            Expr::All(parts) => parts.iter().any(is_left_out),
            Expr::Compare { field: Field::Away, op: Op::Is, value: Value::Bool(false) } => true,
            _ => false,
        }
    }
    (Breadth::of(shown) == Breadth::All).then(|| is_left_out(shown))
}

/// Appends how many items there are, as `total`.
pub(in super::super) fn push_total(sql: &mut Sql, leaves_out: bool) {
    sql.push("SELECT (SELECT COUNT(*) FROM item)");
    if leaves_out {
        sql.push(" - (SELECT COUNT(*) FROM item_away)");
    }
    sql.push(" AS total");
}

/// Whether an index, or a table of rows, has what items are grouped by.
pub(super) fn is_indexed(by: &GroupBy) -> bool {
    match by {
        GroupBy::Rows(_) => true,
        GroupBy::Field(field) => matches!(
            field,
            Field::Status
                | Field::Type
                | Field::Category
                | Field::Priority
                | Field::Requester
                | Field::Organization
                | Field::Channel
                | Field::Impact
                | Field::Product
                | Field::Published
        ),
        GroupBy::Time(..) => false,
    }
}

/// Most stretches of time that are counted one by one.
const STRETCHES: usize = 4_000;

/// A stretch of time: its first day, and between which moments it lies. The first has no beginning and the last no end, so that nothing
/// that comes in meanwhile lies outside.
pub(super) struct Stretch {
    day: Date,
    from: i64,
    until: i64,
}

/// The stretches of the viewer's calendar in which the times of a column lie. `None` for one without an index, and where there are too
/// many of them, or none.
///
/// # Errors
/// What the database says.
pub(super) async fn stretches(db: &mut Db, by: &GroupBy, zone: &Zone) -> Result<Option<Vec<Stretch>>> {
    let (sql, unit) = match by {
        GroupBy::Time(Field::Created, unit) => ("SELECT MIN(created_at), MAX(created_at) FROM item", *unit),
        GroupBy::Time(Field::Updated, unit) => ("SELECT MIN(updated_at), MAX(updated_at) FROM item", *unit),
        _ => return Ok(None),
    };
    let (Some(first), Some(last)) = db.one::<(Option<i64>, Option<i64>)>(Sql::new(sql, Vec::new())).await? else {
        return Ok(None);
    };
    let last = zone.date_of(Timestamp(last));
    let begin = zone.date_of(Timestamp(first)).begin(unit, 0);
    let days: Vec<Date> = std::iter::successors(Some(begin), |day| Some(day.begin(unit, 1)).filter(|next| next > day))
        .take_while(|day| *day <= last)
        .take(STRETCHES + 1)
        .collect();
    if days.len() > STRETCHES {
        return Ok(None);
    }
    let stretch = |(place, day): (usize, &Date)| Stretch {
        day: *day,
        from: if place > 0 { zone.begin_of(*day).0 } else { i64::MIN },
        until: days.get(place + 1).map_or(i64::MAX, |next| zone.begin_of(*next).0),
    };
    Ok(Some(days.iter().enumerate().map(stretch).collect()))
}

/// Appends a select of `place` and `items`, the items of each stretch, counted by an index; `push_place` appends the place of an item.
pub(super) fn push_stretches(
    sql: &mut Sql,
    column: &'static str,
    stretches: &[Stretch],
    leaves_out: bool,
    push_place: impl Fn(&mut Sql),
) {
    sql.push(BEGIN);
    sql.push("stretch.column1 AS place, (SELECT COUNT(*) FROM item WHERE ").push(column).push(" >= stretch.column2 AND ");
    sql.push(column).push(" < stretch.column3) AS items FROM (VALUES ");
    for (place, stretch) in stretches.iter().enumerate() {
        sql.push(if place > 0 { ", (" } else { "(" });
        sql.bind_all([days::counted(stretch.day), stretch.from, stretch.until]).push(")");
    }
    sql.push(") AS stretch");
    push_left_out(sql, leaves_out, push_place);
    sql.push(END);
}

/// Takes off what is left out.
fn push_left_out(sql: &mut Sql, leaves_out: bool, push_place: impl Fn(&mut Sql)) {
    if leaves_out {
        sql.push(" UNION ALL SELECT ");
        push_place(sql);
        sql.push(", -COUNT(*) FROM item_away JOIN item ON item.id = item_away.item_id GROUP BY 1");
    }
}

/// Appends a select of `place` and `items`, for what [`is_indexed`]; `push_place` appends the place, of columns of `item`.
pub(super) fn push_counts(sql: &mut Sql, level: &Level, by: &GroupBy, leaves_out: bool, push_place: impl Fn(&mut Sql)) {
    match (level.rows, by) {
        (Some(relation), _) => {
            let (table, _) = filter_sql::table(relation);
            sql.push(BEGIN).push(level.column).push(" AS place, COUNT(*) AS items FROM ").push(table).push(" GROUP BY 1");
            sql.push(
                " UNION ALL SELECT NULL, (SELECT COUNT(*) FROM item) - (SELECT COUNT(*) FROM (SELECT DISTINCT item_id FROM ",
            );
            sql.push(table).push(") AS had)");
            if leaves_out {
                sql.push(" UNION ALL SELECT ").push(level.column).push(", -COUNT(*) FROM item_away LEFT JOIN ").push(table);
                sql.push(" ON ").push(table).push(".item_id = item_away.item_id GROUP BY 1");
            }
        }
        (None, _) => {
            sql.push(BEGIN);
            match by {
                GroupBy::Field(
                    Field::Type | Field::Category | Field::Channel | Field::Impact | Field::Product | Field::Published,
                ) => {
                    push_place(sql);
                    sql.push(" AS place, item.items FROM (SELECT ").push(WAYS).push(", COUNT(*) AS items FROM item GROUP BY ");
                    sql.push(WAYS).push(") AS item");
                }
                _ => {
                    push_place(sql);
                    sql.push(" AS place, COUNT(*) AS items FROM item GROUP BY 1");
                }
            }
            push_left_out(sql, leaves_out, push_place);
        }
    }
    sql.push(END);
}
