//! Groups: each counts what its condition finds, in the asked order, for who asks.

use super::{
    common::{
        TestDesk, both_databases,
        world::{found_each, world},
    },
    new_item,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ErrorCode,
    actor::{Actor, AgentActor},
    agent::{Role, TicketAccess},
    calendar::{Date, Unit},
    filter::{Expr, Facts, Field, Op, Relation, Value, Viewer, policy, testing},
    id::{AgentId, SessionId, TeamId},
    item::Change,
    language::Language,
    limits,
    page::Cursor,
    service::Items,
    time::{DAY, HOUR, MINUTE, Timestamp},
    view::{GroupBy, GroupSort, Groups, GroupsQuery, ItemQuery, Measure, Number, SystemView, Take},
};
use proptest::{prelude::*, sample, test_runner::Config, test_runner::TestRunner};
use server::{args, db::Sql, zones};
use std::collections::BTreeSet;

fn by(text: &str) -> GroupBy {
    text.parse().unwrap()
}

fn query(view: SystemView, by: &str) -> GroupsQuery {
    GroupsQuery::of(ItemQuery::of(view), self::by(by))
}

fn measure(take: Take, of: Number) -> Measure {
    Measure { take, of }
}

async fn groups(desk: &TestDesk, actor: &Actor, query: GroupsQuery) -> Groups {
    desk.items().groups(actor, query).await.unwrap()
}

/// Names (or words, or nothing) and counts.
fn told(groups: &Groups) -> Vec<(String, i64)> {
    let name = |key: &Value, name: &str| match key {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Day(date) => {
            let (year, month, day) = date.parts();
            format!("{year}-{month:02}-{day:02}")
        }
        Value::Null => "–".to_owned(),
        _ => name.to_owned(),
    };
    groups.groups.iter().map(|group| (name(&group.key, &group.name), group.count)).collect()
}

fn pairs(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

pub fn in_zone(actor: Actor, zone: &str) -> Actor {
    let Actor::Agent(agent) = actor else { panic!("not an agent") };
    Actor::Agent(AgentActor { time_zone: zone.to_owned(), ..agent })
}

/// Tickets with nothing but a time at which they came in.
pub async fn came_in(desk: &TestDesk, times: Vec<Timestamp>) {
    desk.write(move |tx| {
        Box::pin(async move {
            for (number, at) in (1_i64..).zip(times) {
                let sql = "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                           created_by_kind, created_at, updated_at) \
                           VALUES ($1, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, 'agent', 'system', $2, $2)";
                tx.execute(Sql::new(sql, args![number, at])).await?;
            }
            Ok(())
        })
    })
    .await;
}

/// An agent of the small world.
pub fn actor() -> impl Strategy<Value = Actor> {
    let teams = sample::subsequence(&testing::TEAMS[..], 0..=2);
    let zones = ["UTC", "Europe/Madrid", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu"];
    (sample::select(&testing::AGENTS[..]), teams, any::<bool>(), sample::select(zones.to_vec())).prop_map(
        |(id, teams, all, zone)| {
            Actor::Agent(AgentActor {
                id: AgentId(id),
                role: Role::Agent,
                access: if all { TicketAccess::All } else { TicketAccess::Teams },
                teams: teams.into_iter().map(TeamId).collect(),
                session: SessionId(1),
                language: Language::En,
                time_zone: zone.to_owned(),
            })
        },
    )
}

/// Any question for groups of the small world.
fn any_query() -> impl Strategy<Value = GroupsQuery> {
    let levels: Vec<GroupBy> = GroupBy::all()
        .flat_map(|by| match by {
            GroupBy::Time(field, _) => Unit::ALL.map(|unit| GroupBy::Time(field.clone(), unit)).to_vec(),
            other => vec![other],
        })
        .collect();
    let sorts =
        [GroupSort::Natural, GroupSort::Reverse, GroupSort::Most, GroupSort::Fewest, GroupSort::Highest, GroupSort::Lowest];
    let number = sample::select(&[Number::Priority, Number::FirstResponse, Number::Resolution][..]);
    let one = (sample::select(&[Take::Sum, Take::Average][..]), number).prop_map(|(take, of)| Measure { take, of });
    let views = [SystemView::All, SystemView::All, SystemView::Open, SystemView::Mine, SystemView::TeamUnassigned];
    let list = (sample::select(views.to_vec()), proptest::option::of(testing::expr()));
    let rest = (sample::select(levels), sample::select(sorts.to_vec()), any::<bool>(), proptest::collection::vec(one, 0..=3));
    (list, rest).prop_map(|((view, filter), (by, sort, empty, measures))| {
        let list = ItemQuery { filter, ..ItemQuery::of(view) };
        GroupsQuery { sort, empty, measures, ..GroupsQuery::of(list, by) }
    })
}

/// How many questions are asked on each database; more with `FILTER_CASES`.
pub fn cases() -> u32 {
    std::env::var("FILTER_CASES").map_or(600, |cases| cases.parse().unwrap())
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn made(measure: Measure, facts: &[&Facts]) -> Option<f64> {
    let number = |facts: &Facts| match measure.of {
        Number::Priority => (facts.priority > 0).then_some(i64::from(facts.priority)),
        Number::FirstResponse => facts.first_response_at.map(|at| at.0 - facts.created_at.0),
        Number::Resolution => facts.resolved_at.map(|at| at.0 - facts.created_at.0),
    };
    let numbers: Vec<i64> = facts.iter().filter_map(|facts| number(facts)).collect();
    let sum = numbers.iter().sum::<i64>() as f64;
    match measure.take {
        _ if numbers.is_empty() => None,
        Take::Sum => Some(sum),
        Take::Average => Some(sum / numbers.len() as f64),
    }
}

/// The same, but for what is lost where numbers are added in another order.
fn alike(expected: Option<f64>, told: Option<f64>) -> bool {
    match (expected, told) {
        (Some(expected), Some(told)) => (expected - told).abs() <= 1e-9 * expected.abs(),
        (expected, told) => expected == told,
    }
}

/// The groups of a question, page by page.
async fn paged(desk: &TestDesk, actor: &Actor, query: &GroupsQuery, limit: usize) -> Vec<Groups> {
    let mut pages: Vec<Groups> = Vec::new();
    loop {
        let after = pages.last().and_then(|page| page.next.clone());
        let page = groups(desk, actor, GroupsQuery { after, limit: u16::try_from(limit).unwrap(), ..query.clone() }).await;
        assert!(page.groups.len() <= limit && (page.next.is_some() == (page.more > 0)), "{page:?}");
        let last = page.next.is_none();
        pages.push(page);
        if last {
            return pages;
        }
    }
}

/// What has to hold of the groups that were told for a question.
async fn verify(desk: &TestDesk, items: &[(i64, Facts)], actor: &Actor, query: &GroupsQuery) -> Result<(), TestCaseError> {
    let groups = desk.items().groups(actor, query.clone()).await.unwrap();
    let zone = zones::named(&actor.agent().unwrap().time_zone);
    let viewer = Viewer::of(actor, testing::NOW).in_zone(zone);
    let view = query.list.view.to_string();
    let system = SystemView::ALL.into_iter().find(|each| each.key() == view).unwrap();
    let mut list = vec![policy::permission(actor), policy::system_view(system)];
    list.extend(query.list.filter.clone());
    let sight = policy::in_sight(&list[1..]);
    list.push(sight);
    // Of groups that hold nothing some are enough.
    let (full, empty): (Vec<_>, Vec<_>) = groups.groups.iter().partition(|group| group.count > 0);
    prop_assert!(query.empty || empty.is_empty());
    let asked: Vec<_> = full.into_iter().chain(empty.into_iter().take(5)).collect();
    let conditions = asked.iter().map(|group| {
        let mut parts = list.clone();
        parts.push(query.by.condition(&group.key));
        (Expr::All(parts), viewer.clone())
    });
    let conditions: Vec<(Expr, Viewer)> = [(Expr::All(list.clone()), viewer.clone())].into_iter().chain(conditions).collect();
    let mut found = found_each(desk, &conditions).await;
    let whole = found.remove(0);
    prop_assert_eq!((groups.total, groups.more), (i64::try_from(whole.len()).unwrap(), 0));
    let sums = desk.items().sums(actor, query.list.clone(), query.measures.clone()).await.unwrap();
    let facts: Vec<&Facts> = items.iter().filter(|(id, _)| whole.contains(id)).map(|(_, facts)| facts).collect();
    prop_assert_eq!(sums.len(), query.measures.len());
    for (measure, told) in query.measures.iter().zip(sums) {
        let expected = made(*measure, &facts);
        prop_assert!(alike(expected, told), "{:?} of the whole: {:?}, not {:?}", measure, told, expected);
    }
    let mut seen = BTreeSet::new();
    for (group, rows) in asked.iter().zip(&found) {
        prop_assert_eq!(group.count, i64::try_from(rows.len()).unwrap(), "{:?}", group.key);
        for row in rows {
            let again = !seen.insert(*row);
            prop_assert!(!again || matches!(query.by, GroupBy::Rows(_)), "{} is in two groups", row);
        }
        let facts: Vec<&Facts> = items.iter().filter(|(id, _)| rows.contains(id)).map(|(_, facts)| facts).collect();
        for (measure, told) in query.measures.iter().zip(&group.measures) {
            let expected = made(*measure, &facts);
            prop_assert!(alike(expected, *told), "{:?} of {:?}: {:?}, not {:?}", measure, group.key, told, expected);
        }
        prop_assert_eq!(group.measures.len(), query.measures.len());
    }
    prop_assert_eq!(seen.into_iter().collect::<Vec<_>>(), whole, "each item stands in a group");
    // Page by page they are the same, each once, and each page tells the same of the whole.
    let pages = paged(desk, actor, query, groups.groups.len() / 4 + 1).await;
    let mut left = groups.groups.len();
    for page in &pages {
        left -= page.groups.len();
        prop_assert_eq!(usize::try_from(page.more), Ok(left));
        prop_assert_eq!((page.total, &page.measures), (groups.total, &groups.measures));
    }
    prop_assert_eq!(pages.iter().flat_map(|page| &page.groups).collect::<Vec<_>>(), groups.groups.iter().collect::<Vec<_>>());
    // The asked order.
    let something = groups.groups.iter().take_while(|group| group.key != Value::Null).count();
    prop_assert!(something + 1 >= groups.groups.len(), "the group of nothing is the last");
    let ordered = &groups.groups[..something];
    let value = |group: &domain::view::Group| group.measures.first().copied().flatten();
    let right = match query.sort {
        GroupSort::Most => ordered.is_sorted_by(|a, b| a.count >= b.count),
        GroupSort::Fewest => ordered.is_sorted_by(|a, b| a.count <= b.count),
        GroupSort::Highest => ordered.is_sorted_by(|a, b| value(b).is_none() || value(a) >= value(b)),
        GroupSort::Lowest => ordered.is_sorted_by(|a, b| value(b).is_none() || (value(a).is_some() && value(a) <= value(b))),
        GroupSort::Natural | GroupSort::Reverse => true,
    };
    prop_assert!(right, "{:?}", groups);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_group_counts_what_its_condition_finds() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let runtime = tokio::runtime::Handle::current();
        let config = Config { cases: cases(), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
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
async fn every_level_of_the_whole_list_counts_what_its_condition_finds() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let agent = in_zone(desk.agent("Ana").await, "America/New_York");
        for view in [SystemView::All, SystemView::Open] {
            for by in GroupBy::all() {
                let query = GroupsQuery { by: by.clone(), empty: true, ..query(view, "status") };
                verify(&desk, &items, &agent, &query).await.unwrap_or_else(|error| panic!("{by}: {error}"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_those_of_the_readers_calendar() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        // 23:30 UTC on the last day of June, and an hour earlier.
        let night = Timestamp(i64::from(Date::of(2026, 6, 30).unwrap().0) * DAY + 23 * HOUR + 30 * MINUTE);
        came_in(&desk, vec![night, night.plus(-2 * HOUR)]).await;
        let of = async |zone, level| told(&groups(&desk, &in_zone(ana.clone(), zone), query(SystemView::All, level)).await);
        assert_eq!(of("UTC", "created.day").await, pairs(&[("2026-06-30", 2)]));
        assert_eq!(of("Europe/Madrid", "created.day").await, pairs(&[("2026-07-01", 1), ("2026-06-30", 1)]));
        assert_eq!(of("Europe/Madrid", "created.quarter").await, pairs(&[("2026-07-01", 1), ("2026-04-01", 1)]));
        assert_eq!(of("Europe/Madrid", "created.week").await, pairs(&[("2026-06-29", 2)]));
        assert_eq!(of("Europe/Madrid", "created.year").await, pairs(&[("2026-01-01", 2)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_lists_agree_over_changes_of_the_clocks() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let hours = |year, month, day, count: i64| {
            let begin = i64::from(Date::of(year, month, day).unwrap().0) * DAY;
            (0..count * 3).map(move |step| Timestamp(begin + step * 20 * MINUTE))
        };
        // Clocks are put forward and back in Madrid; at one minute past midnight in St. John's, years ago; Apia left out a day;
        // and before 1970, where days are counted backwards.
        let times = hours(2026, 3, 28, 48)
            .chain(hours(2026, 10, 24, 48))
            .chain(hours(2006, 10, 28, 60))
            .chain(hours(2011, 12, 28, 96))
            .chain(hours(1969, 12, 30, 72))
            .chain([Timestamp(-1), Timestamp(0), Timestamp(i64::from(Date::of(1890, 1, 1).unwrap().0) * DAY)]);
        came_in(&desk, times.collect()).await;
        let zones = ["UTC", "Europe/Madrid", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe"];
        for zone in zones {
            let actor = in_zone(ana.clone(), zone);
            for unit in [Unit::Day, Unit::Week, Unit::Month] {
                let level = GroupBy::Time(Field::Created, unit);
                let groups = groups(&desk, &actor, GroupsQuery { by: level.clone(), ..query(SystemView::All, "status") }).await;
                let viewer = Viewer::of(&actor, desk.db.now()).in_zone(zones::named(zone));
                let conditions = groups.groups.iter().map(|group| (level.condition(&group.key), viewer.clone()));
                let found = found_each(&desk, &conditions.collect::<Vec<_>>()).await;
                for (group, rows) in groups.groups.iter().zip(&found) {
                    assert_eq!(usize::try_from(group.count).unwrap(), rows.len(), "{zone} {:?}", group.key);
                }
                assert_eq!(groups.groups.iter().map(|group| group.count).sum::<i64>(), groups.total, "{zone}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_who_see_their_teams_only_are_told_of_nothing_else() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let olga = desk.owner().await;
        for (title, team, tag) in [("A", "Support", "paper"), ("B", "Sales", "paper"), ("C", "Sales", "secret")] {
            desk.ticket(title).for_team(team).tagged(tag).await;
        }
        let tags = async |actor| told(&groups(&desk, actor, query(SystemView::All, "tags")).await);
        assert_eq!(tags(&olga).await, pairs(&[("paper", 2), ("secret", 1)]));
        assert_eq!(tags(&ana).await, pairs(&[("paper", 1)]));
        let theirs = groups(&desk, &ana, GroupsQuery { empty: true, ..query(SystemView::All, "teams") }).await;
        assert_eq!((told(&theirs), theirs.total), (pairs(&[("Sales", 0), ("Support", 1), ("–", 0)]), 1));
        let marisa = desk.customer("Marisa").await;
        for nobody in [marisa, Actor::Anonymous] {
            assert!(desk.items().groups(&nobody, query(SystemView::All, "status")).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_stands_in_the_group_of_each_of_its_tags_and_counts_once() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.ticket("A").tagged("paper").tagged("jam").await;
        desk.ticket("B").tagged("jam").await;
        desk.ticket("C").await;
        let asked = query(SystemView::All, "tags");
        let natural = groups(&desk, &ana, asked.clone()).await;
        assert_eq!((told(&natural), natural.total), (pairs(&[("jam", 2), ("paper", 1), ("–", 1)]), 3));
        let sorted = async |sort| told(&groups(&desk, &ana, GroupsQuery { sort, ..asked.clone() }).await);
        assert_eq!(sorted(GroupSort::Reverse).await, pairs(&[("paper", 1), ("jam", 2), ("–", 1)]));
        assert_eq!(sorted(GroupSort::Most).await, pairs(&[("jam", 2), ("paper", 1), ("–", 1)]));
        assert_eq!(sorted(GroupSort::Fewest).await, pairs(&[("paper", 1), ("jam", 2), ("–", 1)]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_have_names_and_their_own_order() {
    both_databases(async |desk| {
        let Actor::Agent(ana) = desk.agent("Ana").await else { panic!() };
        let ana = Actor::Agent(AgentActor { language: Language::De, ..ana });
        let customers =
            [desk.customer("Zoe").of("acme").await, desk.customer("bea").of("Zeta").await, desk.customer("Élodie").await];
        for (title, customer) in [("A", 0), ("B", 1), ("C", 1), ("D", 2)] {
            desk.ticket(title).by(&customers[customer]).await;
        }
        let items = desk.items();
        for (number, stars) in [(1, 5), (2, 2), (3, 2)] {
            let open = items.get(&ana, number.into()).await.unwrap();
            items.change(&ana, number.into(), open.row.version, vec![Change::Priority(stars)]).await.unwrap();
        }
        let of = async |level| told(&groups(&desk, &ana, query(SystemView::All, level)).await);
        assert_eq!(of("requester").await, pairs(&[("bea", 2), ("Zoe", 1), ("Élodie", 1)]), "as lists are sorted");
        assert_eq!(of("organization").await, pairs(&[("acme", 1), ("Zeta", 2), ("–", 1)]));
        assert_eq!(of("priority").await, pairs(&[("5", 1), ("2", 2), ("–", 1)]));
        let new = pairs(&[("Neu · Frage", 4)]);
        assert_eq!(of("status").await, new, "in the language of who reads, with the type, where several have such a status");
        let all = GroupsQuery { empty: true, ..query(SystemView::All, "status") };
        let statuses = groups(&desk, &ana, all.clone()).await;
        let catalog = items.catalog(&ana).await.unwrap();
        let category = |key: &Value| {
            let statuses = catalog.types.iter().flat_map(|each| &each.statuses);
            statuses.into_iter().find(|status| *key == Value::Id(status.id.0)).unwrap().category
        };
        assert_eq!(statuses.groups.len(), 28);
        assert!(statuses.groups.is_sorted_by_key(|group| category(&group.key)));
        let mut reversed = groups(&desk, &ana, GroupsQuery { sort: GroupSort::Reverse, ..all }).await;
        reversed.groups.reverse();
        assert_eq!(reversed, statuses);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_could_be_is_told_when_it_is_asked_for() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.agent("Gone").disabled().await;
        let day = |number: i64| Timestamp(20_000 * DAY + number * DAY);
        came_in(&desk, vec![day(0), day(3)]).await;
        let of = async |level, empty| told(&groups(&desk, &ana, GroupsQuery { empty, ..query(SystemView::All, level) }).await);
        assert_eq!(of("category", false).await, pairs(&[("todo", 2)]));
        assert_eq!(of("category", true).await, pairs(&[("todo", 2), ("waiting", 0), ("done", 0)]));
        assert_eq!(of("priority", true).await, pairs(&[("5", 0), ("4", 0), ("3", 0), ("2", 0), ("1", 0), ("–", 2)]));
        assert_eq!(of("impact", true).await, pairs(&[("crisis", 0), ("major", 0), ("minor", 0), ("–", 2)]));
        assert_eq!(of("published", true).await, pairs(&[("true", 2), ("false", 0)]));
        assert_eq!(of("agents", true).await, pairs(&[("Ana", 0), ("–", 2)]), "not who is gone");
        assert_eq!(of("channel", true).await.len(), 8);
        let days = of("created.day", true).await;
        assert_eq!(days, pairs(&[("2024-10-07", 1), ("2024-10-06", 0), ("2024-10-05", 0), ("2024-10-04", 1)]));
        assert_eq!(of("resolved.day", true).await, pairs(&[("–", 2)]));
        assert_eq!(of("tags", true).await, pairs(&[("–", 2)]), "there could be any");
        // More days than are told.
        came_in_later(&desk, day(1_000)).await;
        for (sort, first, last) in [
            (GroupSort::Natural, day(1_000), day(501)),
            (GroupSort::Reverse, day(0), day(499)),
            (GroupSort::Fewest, day(999), day(500)),
        ] {
            let asked = GroupsQuery { empty: true, sort, ..query(SystemView::All, "created.day") };
            let groups = groups(&desk, &ana, asked).await;
            assert_eq!((groups.groups.len(), groups.more, groups.total), (limits::GROUPS, 501, 3), "{sort:?}");
            let day = |at: Timestamp| Value::Day(Date(i32::try_from(at.0 / DAY).unwrap()));
            assert_eq!((&groups.groups[0].key, &groups.groups[499].key), (&day(first), &day(last)), "{sort:?}");
            let asked = GroupsQuery { empty: true, sort, ..query(SystemView::All, "created.day") };
            let days = paged(&desk, &ana, &asked, 300).await.into_iter().flat_map(|page| page.groups);
            assert_eq!(
                days.map(|group| serde_json::to_string(&group.key).unwrap()).collect::<BTreeSet<_>>().len(),
                1_001,
                "{sort:?}: each once"
            );
        }
    })
    .await;
}

async fn came_in_later(desk: &TestDesk, at: Timestamp) {
    let sql = "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
               created_by_kind, created_at, updated_at) SELECT 99, title, title_key, search_key, type_id, status_id, category, \
               status_rank, channel, created_by_kind, $1, updated_at FROM item WHERE number = 1";
    desk.execute(Sql::new(sql, args![at])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_groups_are_told_the_first_ones_in_the_asked_order() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        came_in(&desk, vec![Timestamp(0); 3]).await;
        let tags = "WITH RECURSIVE n (x) AS (SELECT 1001 UNION ALL SELECT x + 1 FROM n WHERE x < 1600) \
                    INSERT INTO item_tag (item_id, tag) SELECT item.id, 't' || n.x FROM n JOIN item ON item.number = 1 OR n.x = 1550";
        desk.execute(Sql::new(tags, args![])).await;
        let of = async |sort| {
            let told = groups(&desk, &ana, GroupsQuery { sort, ..query(SystemView::Open, "tags") }).await;
            assert_eq!((told.groups.len(), told.more, told.total), (limits::GROUPS, 100, 3), "{sort:?}");
            let asked = GroupsQuery { sort, after: told.next.clone(), ..query(SystemView::Open, "tags") };
            let rest = groups(&desk, &ana, asked).await;
            assert_eq!((rest.groups.len(), rest.more, rest.total, rest.next), (100, 0, 3, None), "{sort:?}");
            let all: BTreeSet<String> = told.groups.iter().chain(&rest.groups).map(|group| serde_json::to_string(&group.key).unwrap()).collect();
            assert_eq!(all.len(), 600, "{sort:?}");
            [0, 1, 499].map(|place| told.groups[place].key.clone())
        };
        let text = |tag: &str| Value::Text(tag.to_owned());
        assert_eq!(of(GroupSort::Natural).await, [text("t1001"), text("t1002"), text("t1500")]);
        assert_eq!(of(GroupSort::Reverse).await, [text("t1600"), text("t1599"), text("t1101")]);
        assert_eq!(of(GroupSort::Most).await, [text("t1550"), text("t1001"), text("t1499")]);
        let organizations = "WITH RECURSIVE n (x) AS (SELECT 5001 UNION ALL SELECT x + 1 FROM n WHERE x < 5600) \
                             INSERT INTO organization (id, name, name_key, created_at) SELECT x, 'O' || x, 'o' || (9999 - x), 0 FROM n";
        desk.execute(Sql::new(organizations, args![])).await;
        let items = "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                     created_by_kind, created_at, updated_at, organization_id) SELECT id, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, \
                     'agent', 'system', 1, 1, id FROM organization";
        desk.execute(Sql::new(items, args![])).await;
        let told = groups(&desk, &ana, query(SystemView::Open, "organization")).await;
        assert_eq!((told.groups.len(), told.more, told.total), (limits::GROUPS, 101, 603));
        assert_eq!((told.groups[0].name.as_str(), told.groups[499].name.as_str()), ("O5600", "O5101"), "by name_key");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_a_list_that_can_be_grouped_again() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let id = |actor: &Actor| actor.agent().unwrap().id;
        for (stars, agents) in [(3, vec![&ana]), (3, vec![&bea]), (1, vec![&ana, &bea]), (0, vec![])] {
            let item = domain::item::NewItem {
                priority: stars,
                agents: agents.into_iter().map(id).collect(),
                ..new_item("Printer jam")
            };
            desk.items().create(&ana, item).await.unwrap();
        }
        let outer = groups(&desk, &ana, query(SystemView::Open, "priority")).await;
        assert_eq!(told(&outer), pairs(&[("3", 2), ("1", 1), ("–", 1)]));
        let mut inner = Vec::new();
        for group in &outer.groups {
            let condition = by("priority").condition(&group.key);
            let asked = query(SystemView::Open, "agents");
            let list = ItemQuery { filter: Some(condition.clone()), ..asked.list };
            let page = desk.items().list(&ana, list.clone()).await.unwrap();
            assert_eq!(i64::try_from(page.rows.len()).unwrap(), group.count);
            let agents = groups(&desk, &ana, GroupsQuery { list, ..asked }).await;
            assert_eq!(agents.total, group.count);
            inner.push(told(&agents));
            for nested in &agents.groups {
                let both = Expr::All(vec![condition.clone(), by("agents").condition(&nested.key)]);
                let list = ItemQuery { filter: Some(both), ..ItemQuery::of(SystemView::Open) };
                assert_eq!(desk.items().total(&ana, list).await.unwrap(), nested.count);
            }
        }
        assert_eq!(inner, [pairs(&[("Ana", 1), ("Bea", 1)]), pairs(&[("Ana", 1), ("Bea", 1)]), pairs(&[("–", 1)])]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_added_up_for_each_group() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        came_in(&desk, vec![Timestamp(DAY); 4]).await;
        for (number, stars, first, resolved) in
            [(1_i64, 5_i64, Some(HOUR), Some(2 * HOUR)), (2, 2, Some(2 * HOUR), None), (3, 0, None, None)]
        {
            let sql = "UPDATE item SET priority = $1, first_response_at = $2, resolved_at = $3, product = 'TV' WHERE number = $4";
            let at = |after: Option<i64>| after.map(|after| DAY + after);
            desk.execute(Sql::new(sql, args![stars, at(first), at(resolved), number])).await;
        }
        let measures = vec![
            measure(Take::Average, Number::Priority),
            measure(Take::Average, Number::FirstResponse),
            measure(Take::Sum, Number::Resolution),
        ];
        for level in ["product", "created.day", "category"] {
            let told = groups(&desk, &ana, GroupsQuery { measures: measures.clone(), ..query(SystemView::Open, level) }).await;
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let expected = vec![Some(3.5), Some(1.5 * HOUR as f64), Some(2.0 * HOUR as f64)];
            assert_eq!(told.groups[0].measures, expected, "{level}");
            assert_eq!((told.total, &told.measures), (4, &expected), "{level}");
            if level == "product" {
                assert_eq!(told.groups[1].measures, [None; 3], "where no item has it");
            }
        }
        // In the whole each item counts once, in how many groups it may stand.
        for tag in ["vip", "paper"] {
            desk.execute(Sql::new("INSERT INTO item_tag (item_id, tag) SELECT id, $1 FROM item WHERE number < 3", args![tag]))
                .await;
        }
        let asked = GroupsQuery { measures: measures.clone(), ..query(SystemView::Open, "tags") };
        let told = groups(&desk, &ana, asked.clone()).await;
        let sums = |groups: &Groups| groups.groups.iter().map(|group| (group.count, group.measures[0])).collect::<Vec<_>>();
        assert_eq!(sums(&told), [(2, Some(3.5)), (2, Some(3.5)), (2, None)]);
        assert_eq!((told.total, told.measures[0], told.measures.len()), (4, Some(3.5), 3));
        let none = ItemQuery { text: "tags:nobody".to_owned(), ..asked.list.clone() };
        assert_eq!(groups(&desk, &ana, GroupsQuery { list: none, ..asked }).await.measures, [None; 3]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_list_is_added_up_each_item_once_as_far_as_it_may_be_seen() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let olga = desk.owner().await;
        for (title, team, stars) in [("A", "Support", 5), ("B", "Sales", 2), ("C", "Sales", 0)] {
            let number = desk.ticket(title).for_team(team).tagged("paper").tagged("jam").await;
            let version = desk.items().get(&olga, number).await.unwrap().row.version;
            desk.items().change(&olga, number, version, vec![Change::Priority(stars)]).await.unwrap();
        }
        let wanted = vec![
            measure(Take::Average, Number::Priority),
            measure(Take::Sum, Number::Priority),
            measure(Take::Average, Number::Resolution),
        ];
        let sums = async |actor: &Actor, query: ItemQuery| desk.items().sums(actor, query, wanted.clone()).await;
        let all = ItemQuery::of(SystemView::All);
        assert_eq!(sums(&olga, all.clone()).await.unwrap(), [Some(3.5), Some(7.0), None]);
        assert_eq!(sums(&ana, all.clone()).await.unwrap(), [Some(5.0), Some(5.0), None]);
        let found = ItemQuery { text: "tags:jam title:B".to_owned(), ..all.clone() };
        assert_eq!(sums(&olga, found).await.unwrap(), [Some(2.0), Some(2.0), None]);
        let nothing = ItemQuery { text: "sla:<2h".to_owned(), ..all.clone() };
        assert_eq!(sums(&olga, nothing).await.unwrap(), [None; 3]);
        let marisa = desk.customer("Marisa").await;
        for nobody in [marisa, Actor::Anonymous] {
            assert!(sums(&nobody, all.clone()).await.is_err());
        }
        let many = vec![wanted[0]; limits::MEASURES + 1];
        let error = desk.items().sums(&olga, all, many).await.unwrap_err();
        assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, "measures"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_make_no_sense_are_refused_or_hold_nothing() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.ticket("Printer jam").await;
        let refused = async |query: GroupsQuery| desk.items().groups(&ana, query).await.unwrap_err();
        let many = vec![measure(Take::Sum, Number::Priority); limits::MEASURES + 1];
        let error = refused(GroupsQuery { measures: many, ..query(SystemView::All, "status") }).await;
        assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, "measures"));
        let most = vec![measure(Take::Sum, Number::Priority); limits::MEASURES];
        groups(&desk, &ana, GroupsQuery { measures: most, ..query(SystemView::All, "status") }).await;
        for limit in [501, u16::MAX] {
            assert_eq!(refused(GroupsQuery { limit, ..query(SystemView::All, "status") }).await.fields[0].field, "limit");
        }
        // Pages of another order, and what is none.
        desk.ticket("Paper").tagged("a").tagged("b").await;
        let first = groups(&desk, &ana, GroupsQuery { limit: 1, ..query(SystemView::All, "tags") }).await;
        let other = |by, sort| GroupsQuery { after: first.next.clone(), sort, ..query(SystemView::All, by) };
        for asked in [other("tags", GroupSort::Most), other("product", GroupSort::Natural), other("status", GroupSort::Natural)] {
            assert_eq!(refused(asked).await.code, ErrorCode::Invalid);
        }
        let of = |json: &str| Some(Cursor(URL_SAFE_NO_PAD.encode(json)));
        let forged = [
            of(r#"{"by":"organization","sort":"natural","place":[0,"a"],"count":1,"made":null,"key":{"text":"a"}}"#),
            of(r#"{"by":"organization"}"#),
            of(""),
            Some(Cursor("'; DROP TABLE item; --".to_owned())),
        ];
        for after in forged {
            let asked = GroupsQuery { after: after.clone(), ..query(SystemView::All, "organization") };
            assert_eq!(refused(asked).await.code, ErrorCode::Invalid, "{after:?}");
        }
        // A key of another kind is a condition that makes no sense.
        let among = |condition: Expr| {
            let asked = query(SystemView::All, "status");
            GroupsQuery { list: ItemQuery { filter: Some(condition), ..asked.list.clone() }, ..asked }
        };
        for (level, key) in [
            ("status", Value::Text("1".to_owned())),
            ("created.month", Value::Text("x".to_owned())),
            ("created.day", Value::Null),
            ("published", Value::Null),
            ("tags", Value::Id(1)),
        ] {
            assert_eq!(refused(among(by(level).condition(&key))).await.code, ErrorCode::Invalid, "{level} {key:?}");
        }
        let nothing = Groups { groups: Vec::new(), more: 0, next: None, total: 0, measures: Vec::new() };
        for id in [i64::MIN, -1, i64::MAX] {
            for level in ["organization", "agents", "status"] {
                assert_eq!(groups(&desk, &ana, among(by(level).condition(&Value::Id(id)))).await, nothing, "{level} {id}");
            }
        }
        // What was typed and is not understood matches nothing.
        let asked = query(SystemView::All, "status");
        let broken = GroupsQuery { list: ItemQuery { text: "sla:<2h".to_owned(), ..asked.list.clone() }, ..asked.clone() };
        assert_eq!(groups(&desk, &ana, broken.clone()).await, nothing);
        assert_eq!(groups(&desk, &ana, GroupsQuery { empty: true, ..broken }).await.total, 0);
        for text in ["messages", "title", "created", "status.day", "'; DROP TABLE item; --"] {
            assert!(serde_json::from_value::<GroupBy>(text.into()).is_err(), "{text}");
        }
        let field = Expr::compare(Field::Unknown("sla".to_owned()), Op::Is, Value::Null);
        assert_eq!(refused(among(field.clone())).await.code, ErrorCode::Invalid);
        assert_eq!(refused(among(Expr::none(Relation::Tags, Value::Id(1)))).await.code, ErrorCode::Invalid);
        // Levels that nothing can send.
        assert!(desk.items().groups(&ana, GroupsQuery { by: GroupBy::Field(Field::Title), ..asked }).await.is_err());
    })
    .await;
}
