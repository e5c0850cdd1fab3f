//! Calendars: each day holds what its condition finds, earliest first, for who asks, where they are.

use super::{
    common::{
        TestDesk, both_databases,
        world::{found_each, world},
    },
    groups::{actor, came_in, cases, in_zone},
};
use domain::{
    ErrorCode,
    actor::Actor,
    calendar::Date,
    filter::{Expr, Facts, Field, Op, Value, Viewer, policy, testing},
    limits,
    service::{Actions, Items},
    time::{DAY, HOUR, MINUTE, Timestamp},
    view::{CalendarDay, CalendarQuery, ItemQuery, SystemView, days::DATES},
};
use proptest::{prelude::*, sample, test_runner::Config, test_runner::TestRunner};
use server::{service::items::ItemService, zones};

fn query(view: SystemView, field: Field, from: Date, days: u16) -> CalendarQuery {
    CalendarQuery { list: ItemQuery::of(view), field, from, days, each: 5 }
}

fn day(at: Timestamp) -> Date {
    Date(i32::try_from(at.0.div_euclid(DAY)).unwrap())
}

async fn calendar(desk: &TestDesk, actor: &Actor, query: CalendarQuery) -> Vec<CalendarDay> {
    desk.items().calendar(actor, query).await.unwrap()
}

/// Days with how much they hold.
fn counts(days: &[CalendarDay]) -> Vec<(String, i64)> {
    days.iter().map(|day| (day.day.to_string(), day.count)).collect()
}

fn moment(facts: &Facts, field: &Field) -> Option<Timestamp> {
    match field {
        Field::Created => Some(facts.created_at),
        Field::Updated => Some(facts.updated_at),
        Field::FirstResponse => facts.first_response_at,
        Field::Resolved => facts.resolved_at,
        Field::LastMessage => facts.last_message_at,
        _ => facts.away.snoozed_until,
    }
}

/// Any question for a calendar of the small world.
fn any_query() -> impl Strategy<Value = CalendarQuery> {
    let views = [SystemView::All, SystemView::All, SystemView::Open, SystemView::Mine, SystemView::TeamUnassigned];
    let list = (sample::select(views.to_vec()), proptest::option::of(testing::expr()));
    let stretch = (-40_i32..20, 1..=limits::CALENDAR_DAYS, 1_u16..8);
    (list, sample::select(DATES.to_vec()), stretch).prop_map(|((view, filter), field, (from, days, each))| CalendarQuery {
        list: ItemQuery { filter, ..ItemQuery::of(view) },
        field,
        from: Date(day(testing::NOW).0 + from),
        days,
        each,
    })
}

async fn verify(desk: &TestDesk, items: &[(i64, Facts)], actor: &Actor, query: &CalendarQuery) -> Result<(), TestCaseError> {
    let told = desk.items().calendar(actor, query.clone()).await.unwrap();
    let zone = zones::named(&actor.agent().unwrap().time_zone);
    let viewer = Viewer::of(actor, testing::NOW).in_zone(zone);
    let view = query.list.view.to_string();
    let system = SystemView::ALL.into_iter().find(|each| each.key() == view).unwrap();
    let mut list = vec![policy::permission(actor), policy::system_view(system)];
    list.extend(query.list.filter.clone());
    list.push(query.condition());
    let sight = policy::in_sight(&list[1..]);
    list.push(sight);
    let within = |day: &CalendarDay| Expr::compare(query.field.clone(), Op::Within, Value::Day(day.day));
    let of_day = told.iter().map(|day| Expr::All(list.iter().cloned().chain([within(day)]).collect()));
    let conditions: Vec<(Expr, Viewer)> =
        [Expr::All(list.clone())].into_iter().chain(of_day).map(|expr| (expr, viewer.clone())).collect();
    let mut found = found_each(desk, &conditions).await;
    let whole = found.remove(0);
    prop_assert_eq!(told.iter().map(|day| day.count).sum::<i64>(), i64::try_from(whole.len()).unwrap());
    prop_assert!(told.is_sorted_by(|one, next| one.day < next.day));
    for (day, ids) in told.iter().zip(found) {
        prop_assert!((query.from.0..query.from.0 + i32::from(query.days)).contains(&day.day.0));
        prop_assert_eq!(day.count, i64::try_from(ids.len()).unwrap(), "{}", day.day);
        let facts = |id: &i64| items.iter().find(|(known, _)| known == id).and_then(|(_, facts)| moment(facts, &query.field));
        let mut expected: Vec<(Timestamp, i64)> = ids.iter().map(|id| (facts(id).unwrap(), *id)).collect();
        expected.sort_unstable();
        expected.truncate(query.each.into());
        let shown: Vec<(Timestamp, i64)> = day.items.iter().map(|item| (item.at, item.row.id.0)).collect();
        prop_assert_eq!(shown, expected, "{}", day.day);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_day_holds_what_its_condition_finds_earliest_first() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let runtime = tokio::runtime::Handle::current();
        let config = Config { cases: cases() / 2, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
        let failure = tokio::task::block_in_place(|| {
            let holds = TestRunner::new(config)
                .run(&(any_query(), actor()), |(query, actor)| runtime.block_on(verify(&desk, &items, &actor, &query)));
            holds.err().map(|failure| failure.to_string())
        });
        assert_eq!(failure, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_those_of_the_reader_also_when_clocks_change() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let date = |month, day| Date::of(2026, month, day).unwrap();
        let begin = |date: Date| Timestamp(i64::from(date.0) * DAY);
        // Each half hour around the days on which clocks are put forward and back in Madrid.
        let halves = |from: Date| (0..3 * 48).map(move |step| begin(from).plus(step * 30 * MINUTE));
        came_in(&desk, halves(date(3, 28)).chain(halves(date(10, 24))).collect()).await;
        let of = async |zone, from, days| {
            counts(&calendar(&desk, &in_zone(ana.clone(), zone), query(SystemView::All, Field::Created, from, days)).await)
        };
        let pairs =
            |expected: &[(&str, i64)]| expected.iter().map(|(day, count)| ((*day).to_owned(), *count)).collect::<Vec<_>>();
        assert_eq!(of("UTC", date(3, 28), 3).await, pairs(&[("2026-03-28", 48), ("2026-03-29", 48), ("2026-03-30", 48)]));
        // A day of 23 hours, and one of 25; the first days begin an hour or two before those of UTC.
        assert_eq!(
            of("Europe/Madrid", date(3, 28), 3).await,
            pairs(&[("2026-03-28", 46), ("2026-03-29", 46), ("2026-03-30", 48)])
        );
        assert_eq!(
            of("Europe/Madrid", date(10, 24), 3).await,
            pairs(&[("2026-10-24", 44), ("2026-10-25", 50), ("2026-10-26", 48)])
        );
        let late =
            calendar(&desk, &in_zone(ana.clone(), "Europe/Madrid"), query(SystemView::All, Field::Created, date(10, 25), 1))
                .await;
        assert_eq!(late[0].items[0].at, begin(date(10, 24)).plus(22 * HOUR));
        assert_eq!(late[0].items.len(), 5, "the first of them");
        // Around the ends of what can be written there is nothing.
        for from in [Date::MIN, Date::MAX] {
            assert_eq!(of("America/St_Johns", from, limits::CALENDAR_DAYS).await, pairs(&[]));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_who_see_their_teams_only_see_nothing_else_in_a_calendar() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let olga = desk.owner().await;
        let theirs = desk.ticket("A").for_team("Support").await;
        desk.ticket("B").for_team("Sales").await;
        let today = query(SystemView::All, Field::Created, day(desk.db.now()), 1);
        assert_eq!(calendar(&desk, &olga, today.clone()).await[0].count, 2);
        let seen = calendar(&desk, &ana, today.clone()).await;
        assert_eq!((seen[0].count, seen[0].items.len(), seen[0].items[0].row.number), (1, 1, theirs));
        let listed = desk.items().list(&ana, ItemQuery::of(SystemView::All)).await.unwrap();
        assert_eq!(seen[0].items[0].row, listed.rows[0], "as lists show it");
        let marisa = desk.customer("Marisa").await;
        for nobody in [marisa, Actor::Anonymous] {
            assert!(desk.items().calendar(&nobody, today.clone()).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_of_what_sleeps_shows_it_and_no_other_does() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (awake, asleep) = (desk.ticket("Awake").await, desk.ticket("Asleep").await);
        let actions: ItemService = desk.items();
        actions.snooze(&ana, asleep, Some(desk.db.now().plus(2 * DAY))).await.unwrap();
        let today = day(desk.db.now());
        let shown = async |field| {
            let days = calendar(&desk, &ana, query(SystemView::Open, field, today, 7)).await;
            days.into_iter()
                .flat_map(|day| day.items.into_iter().map(move |item| (day.day.0 - today.0, item.row.number)))
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(Field::Created).await, [(0, awake)]);
        assert_eq!(shown(Field::Snoozed).await, [(2, asleep)]);
        let deleted = actions.set_deleted(&ana, asleep, true).await;
        assert!(deleted.is_ok());
        assert_eq!(shown(Field::Snoozed).await, [], "what is left out for another reason stays so");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_that_make_no_sense_are_refused() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.ticket("Printer jam").await;
        let usual = query(SystemView::All, Field::Created, day(desk.db.now()), limits::CALENDAR_DAYS);
        assert_eq!(calendar(&desk, &ana, usual.clone()).await.len(), 1);
        let most = CalendarQuery { days: 1, each: limits::CALENDAR_ROWS, ..usual.clone() };
        assert_eq!(calendar(&desk, &ana, most.clone()).await.len(), 1);
        for (wrong, field) in [
            (CalendarQuery { days: 0, ..usual.clone() }, "days"),
            (CalendarQuery { days: limits::CALENDAR_DAYS + 1, ..usual.clone() }, "days"),
            (CalendarQuery { each: 0, ..usual.clone() }, "each"),
            (CalendarQuery { each: limits::CALENDAR_ROWS + 1, ..most }, "each"),
            (CalendarQuery { days: 40, each: 26, ..usual.clone() }, "each"),
            (CalendarQuery { field: Field::Deleted, ..usual.clone() }, "field"),
            (CalendarQuery { field: Field::Unknown("due".to_owned()), ..usual.clone() }, "field"),
            (CalendarQuery { from: Date(i32::MAX), ..usual.clone() }, "from"),
            (CalendarQuery { from: Date(i32::MIN), ..usual.clone() }, "from"),
        ] {
            let error = desk.items().calendar(&ana, wrong).await.unwrap_err();
            assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, field));
        }
        let broken = ItemQuery { text: "sla:<2h".to_owned(), ..usual.list.clone() };
        assert_eq!(
            calendar(&desk, &ana, CalendarQuery { list: broken, ..usual }).await,
            [],
            "what is not understood matches nothing"
        );
    })
    .await;
}
