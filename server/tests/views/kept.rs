//! How views are kept: conflicts, what is refused, deleting and bringing back, what another version wrote.

use crate::{
    FILTER, as_it_is,
    common::{TestDesk, both_databases},
    counted, make, names, new_view, overwrite, service, shown,
};
use domain::{
    ErrorCode,
    actor::Actor,
    filter::Field,
    language::Language,
    limits,
    service::{Items, Views},
    time::DAY,
    view::{
        Card, Column, ColumnLimit, GroupBy, ItemQuery, Layout, Measure, NewView, Number, Settings, SystemView, Take, ViewKey,
        ViewScope, saved::OwnChange,
    },
};
use server::{args, db::Sql, service::views::discard_deleted};

const OPEN: ViewKey = ViewKey::System(SystemView::Open);

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_over_an_older_view_is_told() {
    both_databases(async |desk| {
        let (adam, olga) = (desk.administrator().await, desk.owner().await);
        let views = service(&desk);
        let seen = views.create(&adam, new_view("Jams", ViewScope::Everyone, "jam")).await.unwrap();
        let theirs = NewView { text: "printer".to_owned(), ..as_it_is(&seen) };
        let saved = views.save(&olga, seen.key, seen.version, theirs).await.unwrap();
        assert!(saved.version > seen.version);
        let mine = NewView { name: "Paper".to_owned(), ..as_it_is(&seen) };
        let error = views.save(&adam, seen.key, seen.version, mine.clone()).await.unwrap_err();
        assert_eq!((error.code, error.key.as_str()), (ErrorCode::Conflict, "error_conflict"));
        assert_eq!(views.get(&adam, seen.key).await.unwrap(), saved, "nothing was changed");
        assert_eq!(views.save(&adam, seen.key, saved.version, mine).await.unwrap().name, "Paper");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_can_be_brought_back_for_thirty_days() {
    both_databases(async |desk| {
        let (adam, ana) = (desk.administrator().await, desk.agent("Ana").await);
        let views = service(&desk);
        let number = desk.ticket("Printer jam").await.0;
        let key = make(&desk, &adam, "Jams", ViewScope::Everyone, "jam").await;
        views.set_own(&ana, key, OwnChange::Pin(true)).await.unwrap();
        let before = views.get(&ana, key).await.unwrap();
        views.delete(&adam, key).await.unwrap();
        assert!(names(&desk, &ana).await.is_empty());
        assert_eq!(counted(&desk, &ana, key).await, None);
        assert_eq!(desk.items().list(&ana, ItemQuery::of(key)).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(views.delete(&adam, key).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(views.set_own(&ana, key, OwnChange::Pin(false)).await.unwrap_err().code, ErrorCode::NotFound);
        desk.clock.advance(30 * DAY - 1);
        discard_deleted(&desk.db).await.unwrap();
        views.restore(&adam, key).await.unwrap();
        assert_eq!(views.get(&ana, key).await.unwrap(), before, "as it was, also what she made of it");
        assert_eq!(shown(&desk, &ana, key).await, [number]);

        views.delete(&adam, key).await.unwrap();
        desk.clock.advance(30 * DAY);
        assert_eq!(views.restore(&adam, key).await.unwrap_err().code, ErrorCode::NotFound, "too late, swept or not");
        let rows = async || {
            let sql = "SELECT (SELECT COUNT(*) FROM saved_view WHERE system_key IS NULL) + (SELECT COUNT(*) FROM own_view)";
            desk.number(Sql::new(sql, args![])).await
        };
        assert_eq!(rows().await, 2);
        discard_deleted(&desk.db).await.unwrap();
        assert_eq!(rows().await, 0);
        assert_eq!(views.all(&ana).await.unwrap().views.len(), SystemView::ALL.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_makes_no_sense_is_not_saved() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let views = service(&desk);
        let new = || new_view("Jams", ViewScope::Personal, "jam");
        let level = GroupBy::Field(Field::Organization);
        let measure = Measure { take: Take::Average, of: Number::Priority };
        let column = Column { key: "title".to_owned(), width: 0 };
        let card: Card = "number.1".parse().unwrap();
        let limit: ColumnLimit = format!("organization:3:{}", limits::COLUMN_LIMIT).parse().unwrap();
        let with = |settings: Settings| NewView { settings, ..new() };
        let wrong = [
            ("name", NewView { name: " \n".to_owned(), ..new() }),
            ("name", NewView { name: "x".repeat(limits::NAME + 1), ..new() }),
            ("folder", NewView { folder: "x".repeat(limits::NAME + 1), ..new() }),
            ("icon", NewView { icon: "<svg>".to_owned(), ..new() }),
            ("colour", NewView { colour: "red".to_owned(), ..new() }),
            ("groups", with(Settings { groups: vec![level.clone(); limits::GROUP_LEVELS + 1], ..Settings::default() })),
            ("measures", with(Settings { measures: vec![measure; limits::MEASURES + 1], ..Settings::default() })),
            ("columns", with(Settings { columns: vec![column.clone(); limits::COLUMNS + 1], ..Settings::default() })),
            ("cards", with(Settings { cards: vec![card.clone(); limits::CARDS + 1], ..Settings::default() })),
            ("limits", with(Settings { limits: vec![limit.clone(); limits::COLUMN_LIMITS + 1], ..Settings::default() })),
        ];
        for (field, view) in wrong {
            let error = views.create(&ana, view).await.unwrap_err();
            assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, field));
        }
        let large = "jam ".repeat(5_000_000 / 4);
        for (text, key) in [
            (large.as_str(), "error_query_too_long"),
            ("priority>=", "error_query_value"),
            ("priority:high", "error_filter_value_number"),
            ("view:\"Nowhere\"", "error_query_name"),
            ("'; DROP TABLE item; --", "error_filter_search"),
        ] {
            let error = views.create(&ana, NewView { text: text.to_owned(), ..new() }).await.unwrap_err();
            let start: String = text.chars().take(30).collect();
            assert_eq!(error.code, ErrorCode::Invalid, "{start}");
            assert!(error.key.starts_with(key) && error.fields.is_empty(), "{start}: {error}");
        }
        let error = views.create(&ana, NewView { text: large, ..new() }).await.unwrap_err();
        assert_eq!(error.params["max"], limits::FILTER_TEXT.to_string());
        assert!(names(&desk, &ana).await.is_empty(), "nothing of it was kept");

        let most = NewView {
            name: format!(" {}\n", "ä".repeat(limits::NAME)),
            folder: "Daily work".to_owned(),
            icon: "star".to_owned(),
            colour: "#B42318".to_owned(),
            settings: Settings {
                groups: vec![level; limits::GROUP_LEVELS],
                measures: vec![measure; limits::MEASURES],
                columns: vec![column; limits::COLUMNS],
                cards: vec![card; limits::CARDS],
                limits: vec![limit; limits::COLUMN_LIMITS],
                ..Settings::default()
            },
            ..new()
        };
        let made = views.create(&ana, most.clone()).await.unwrap();
        assert_eq!((made.name.as_str(), made.colour.as_str()), (most.name.trim(), "#b42318"));
        assert_eq!((made.folder, made.icon, made.settings), (most.folder, most.icon, most.settings));
        // What is wrong with a change leaves the view as it was.
        let before = views.get(&ana, made.key).await.unwrap();
        let wrong = NewView { text: "priority:high".to_owned(), ..as_it_is(&before) };
        assert!(views.save(&ana, made.key, before.version, wrong).await.is_err());
        assert_eq!(views.get(&ana, made.key).await.unwrap(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_makes_only_so_many_views() {
    both_databases(async |desk| {
        let (ana, ben) = (desk.agent("Ana").await, desk.agent("Ben").await);
        let views = service(&desk);
        let sql = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $1) \
                   INSERT INTO saved_view (name, scope, owner_id, filter, settings, position, created_at) \
                   SELECT 'Jams', 'personal', $2, '{\"all\":[]}', '{}', x, 1 FROM n";
        desk.execute(Sql::new(sql, args![limits::VIEWS - 1, ana.agent().unwrap().id])).await;
        let last = make(&desk, &ana, "The last", ViewScope::Personal, "").await;
        let error = views.create(&ana, new_view("One more", ViewScope::Personal, "")).await.unwrap_err();
        assert_eq!((error.key.as_str(), &error.params["max"]), ("error_too_many_views", &limits::VIEWS.to_string()));
        make(&desk, &ben, "Of somebody else", ViewScope::Personal, "").await;
        views.delete(&ana, last).await.unwrap();
        make(&desk, &ana, "Instead", ViewScope::Personal, "").await;
        assert_eq!(views.restore(&ana, last).await.unwrap_err().key, "error_too_many_views");
        assert_eq!(views.all(&ana).await.unwrap().views.len(), usize::try_from(limits::VIEWS).unwrap() + SystemView::ALL.len());
    })
    .await;
}

async fn german(desk: &TestDesk) -> Actor {
    let Actor::Agent(mut agent) = desk.agent("Greta").await else { unreachable!() };
    agent.language = Language::De;
    Actor::Agent(agent)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_another_language_is_the_same_view() {
    both_databases(async |desk| {
        let (greta, ana) = (german(&desk).await, desk.agent("Ana").in_team("Technik & Büro").await);
        let views = service(&desk);
        desk.ticket("Printer jam").for_team("Technik & Büro").await;
        desk.ticket("Billing").await;
        let typed = "Priorität:@none Teams:\"technik & buro\"";
        let key = make(&desk, &greta, "Technik", ViewScope::Personal, typed).await;
        let view = views.get(&greta, key).await.unwrap();
        assert_eq!(view.text, "priority:@none teams:\"Technik & Büro\"", "it is kept with the stable keys");
        assert_eq!(shown(&desk, &greta, key).await, [1]);
        let ge = make(&desk, &greta, "Hoch", ViewScope::Personal, "Priorität:>=4").await;
        let same = make(&desk, &ana, "High", ViewScope::Personal, "priority>=4").await;
        let (ge, same) = (views.get(&greta, ge).await.unwrap(), views.get(&ana, same).await.unwrap());
        assert_eq!((ge.filter, ge.text), (same.filter, same.text));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_version_wrote_shows_nothing_and_harms_nothing() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let views = service(&desk);
        let number = desk.ticket("Printer jam").await.0;
        let whole = make(&desk, &ana, "Whole", ViewScope::Personal, "jam").await;
        let gone = r#"{"compare":{"field":"mood","op":"is","value":{"text":"sad"}}}"#;
        for filter in [
            gone.to_owned(),
            format!(r#"{{"not":{gone}}}"#),
            format!(r#"{{"all":[{{"text":"jam"}},{gone}]}}"#),
            format!(r#"{{"not":{{"any":[{gone}]}}}}"#),
            r#"{"compare":{"field":"priority","op":"resembles","value":{"int":0}}}"#.to_owned(),
            r#"{"not":{"nearby":{"kilometres":3}}}"#.to_owned(),
            r#"{"compare":{"field":"priority","op":"is_not","value":{"text":"x"}}}"#.to_owned(),
            format!("{}{{\"all\":[]}}{}", "{\"not\":".repeat(100), "}".repeat(100)),
            format!("{{\"any\":[{}]}}", vec![r#"{"text":"jam"}"#; 101].join(",")),
            "{".repeat(100_000),
            "null".to_owned(),
            String::new(),
        ] {
            let key = make(&desk, &ana, "Broken", ViewScope::Personal, "jam").await;
            overwrite(&desk, key, FILTER, &filter).await;
            let start: String = filter.chars().take(80).collect();
            assert!(views.get(&ana, key).await.unwrap().broken, "{start}");
            assert_eq!(shown(&desk, &ana, key).await, [0; 0], "{start}");
            assert_eq!(desk.items().total(&ana, ItemQuery::of(key)).await.unwrap(), 0, "{start}");
            assert_eq!(counted(&desk, &ana, key).await, Some(0), "{start}");
            // The others are as they were.
            let all = views.all(&ana).await.unwrap().views;
            assert!(!all.iter().find(|view| view.key == whole).unwrap().broken);
            assert_eq!((counted(&desk, &ana, whole).await, counted(&desk, &ana, OPEN).await), (Some(1), Some(1)));
            views.delete(&ana, key).await.unwrap();
        }
        // In a choice the other conditions still count, and the text leads back to what was kept.
        let key = make(&desk, &ana, "Half", ViewScope::Personal, "jam").await;
        let half = format!(r#"{{"any":[{gone},{{"text":"jam"}}]}}"#);
        overwrite(&desk, key, FILTER, &half).await;
        assert_eq!(shown(&desk, &ana, key).await, [number]);
        let view = views.get(&ana, key).await.unwrap();
        assert!(view.broken && view.text.contains("mood"), "{}", view.text);
        assert_eq!(serde_json::to_string(&view.filter).unwrap(), half);
        let error = views.save(&ana, key, view.version, as_it_is(&view)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "nothing broken is saved anew");

        // Settings and scopes of another version.
        let settings = "UPDATE saved_view SET settings = $1 WHERE id = $2";
        overwrite(&desk, key, settings, r#"{"layout":"list","groups":["mood"],"glow":1}"#).await;
        let own = "INSERT INTO own_view (agent_id, view_id, settings) SELECT owner_id, id, $1 FROM saved_view WHERE id = $2";
        overwrite(&desk, key, own, "no json").await;
        let view = views.get(&ana, key).await.unwrap();
        assert_eq!(view.settings, Settings { layout: Layout::List, ..Settings::default() });
        assert_eq!(view.own, Some(Settings::default()));
        overwrite(&desk, key, "UPDATE saved_view SET scope = $1 WHERE id = $2", "department").await;
        assert_eq!(views.get(&ana, key).await.unwrap().scope, ViewScope::Personal);
        assert!(views.get(&desk.owner().await, key).await.is_err(), "what is not understood is shared with nobody");
        let sql = "INSERT INTO saved_view (system_key, name, scope, filter, settings, position, created_at) \
                   VALUES ('of_tomorrow', '', 'everyone', '', '{}', 1, 1)";
        desk.execute(Sql::new(sql, args![])).await;
        assert!(views.all(&ana).await.unwrap().views.iter().all(|view| view.key.to_string() != "of_tomorrow"));
        assert_eq!(counted(&desk, &ana, OPEN).await, Some(1));
    })
    .await;
}
