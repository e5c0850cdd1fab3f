//! Who has a view, changes it, shares it.

use crate::{
    as_it_is,
    common::{TestDesk, both_databases, letters::links, streams::Server},
    counted, make, names, new_view, service, shown,
};
use domain::{
    Result,
    actor::Actor,
    agent::Role,
    id::{TeamId, ViewId},
    live::News,
    service::{Admin, Items, Views},
    view::{ItemQuery, NewView, SystemView, View, ViewKey, ViewScope, saved::OwnChange},
};
use server::{args, db::Sql, service::admin::AdminService};

/// How an attempt ended.
fn end<T>(result: Result<T>) -> String {
    result.map_or_else(|error| error.key, |_| "done".to_owned())
}

struct People {
    olga: Actor,
    adam: Actor,
    ana: Actor,
    sara: Actor,
    ben: Actor,
    leo: Actor,
    support: TeamId,
    billing: TeamId,
}

async fn people(desk: &TestDesk) -> People {
    People {
        olga: desk.owner().await,
        adam: desk.administrator().await,
        ana: desk.agent("Ana").in_team("Support").await,
        sara: desk.agent("Sara").in_team("Support").await,
        ben: desk.agent("Ben").in_team("Billing").await,
        leo: desk.agent("Leo").with_role(Role::Light).in_team("Support").await,
        support: desk.team("Support").await,
        billing: desk.team("Billing").await,
    }
}

/// The view as it is, whoever has it.
async fn current(desk: &TestDesk, people: [&Actor; 2], key: ViewKey) -> View {
    for actor in people {
        if let Ok(view) = service(desk).get(actor, key).await {
            return view;
        }
    }
    panic!("nobody has it")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_view_and_who_changes_it() {
    both_databases(async |desk| {
        let p = people(&desk).await;
        let views = service(&desk);
        desk.ticket("Printer jam").await;
        let personal = make(&desk, &p.ana, "Hers", ViewScope::Personal, "jam").await;
        let of_team = make(&desk, &p.ana, "The team's", ViewScope::Team(p.support), "jam").await;
        let everyones = make(&desk, &p.adam, "Everyone's", ViewScope::Everyone, "jam").await;
        let (changes, has, none) = ("changes", "has", "none");
        for (who, actor, expected) in [
            ("owner", &p.olga, [none, changes, changes]),
            ("administrator", &p.adam, [none, changes, changes]),
            ("maker", &p.ana, [changes, changes, has]),
            ("member", &p.sara, [none, changes, has]),
            ("stranger", &p.ben, [none, none, has]),
            ("light", &p.leo, [none, has, has]),
        ] {
            let all = views.all(actor).await.unwrap().views;
            for (key, expected) in [personal, of_team, everyones].into_iter().zip(expected) {
                let found = all.iter().find(|view| view.key == key);
                assert_eq!(found.is_some(), expected != none, "{who} {key}");
                assert_eq!(found.is_some_and(|view| view.may_change), expected == changes, "{who} {key}");
                let reads = if expected == none { "error_not_found" } else { "done" };
                assert_eq!(end(views.get(actor, key).await), reads, "{who} {key}");
                assert_eq!(end(desk.items().list(actor, ItemQuery::of(key)).await), reads, "{who} {key}");
                assert_eq!(end(desk.items().total(actor, ItemQuery::of(key)).await), reads, "{who} {key}");
                assert_eq!(end(views.set_own(actor, key, OwnChange::Pin(true)).await), reads, "{who} {key}");
                assert_eq!(counted(&desk, actor, key).await, (expected != none).then_some(1), "{who} {key}");
                let writes = match expected {
                    "has" => "error_forbidden",
                    _ => reads,
                };
                let view = current(&desk, [&p.ana, &p.olga], key).await;
                let again = NewView { folder: format!("of {who}"), ..as_it_is(&view) };
                assert_eq!(end(views.save(actor, key, view.version, again).await), writes, "{who} {key}");
                let folder = current(&desk, [&p.ana, &p.olga], key).await.folder;
                assert_eq!(folder == format!("of {who}"), expected == changes, "{who} {key}");
                assert_eq!(end(views.delete(actor, key).await), writes, "{who} {key}");
                let back = if expected == changes { "done" } else { "error_not_found" };
                assert_eq!(end(views.restore(actor, key).await), back, "{who} {key}");
                // Nor can one that was deleted be brought back by who could not delete it.
                let maker = if key == everyones { &p.adam } else { &p.ana };
                views.delete(maker, key).await.unwrap();
                assert_eq!(end(desk.items().list(actor, ItemQuery::of(key)).await), "error_not_found", "{who} {key}");
                if expected != changes {
                    assert_eq!(end(views.restore(actor, key).await), writes, "{who} {key}");
                }
                views.restore(maker, key).await.unwrap();
                // What only administrators do.
                let for_all = match (actor == &p.olga || actor == &p.adam, expected) {
                    (true, "changes") => "done",
                    (true, _) => "error_not_found",
                    _ => "error_forbidden",
                };
                assert_eq!(end(views.hide_for_all(actor, key, false).await), for_all, "{who} {key}");
                assert_eq!(end(views.order_for_all(actor, key, None).await), for_all, "{who} {key}");
                assert_eq!(end(views.default_for_all(actor, Some(key)).await), for_all, "{who} {key}");
            }
        }
        let own = make(&desk, &p.adam, "Adam's", ViewScope::Personal, "").await;
        assert_eq!(end(views.hide_for_all(&p.adam, own, true).await), "error_forbidden", "it is nobody else's");
        assert_eq!(end(views.order_for_all(&p.adam, own, None).await), "error_forbidden");
        for actor in [desk.customer("Marisa").await, Actor::Anonymous] {
            assert!(views.all(&actor).await.is_err() && views.get(&actor, everyones).await.is_err());
            assert!(views.create(&actor, new_view("x", ViewScope::Personal, "")).await.is_err());
            assert!(views.set_own(&actor, everyones, OwnChange::Pin(true)).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_makes_and_shares_a_view() {
    both_databases(async |desk| {
        let p = people(&desk).await;
        let views = service(&desk);
        let (support, billing, nowhere) = (ViewScope::Team(p.support), ViewScope::Team(p.billing), ViewScope::Team(TeamId(9999)));
        let scopes = [ViewScope::Personal, support, billing, ViewScope::Everyone, nowhere];
        let (done, forbidden, missing) = ("done", "error_forbidden", "error_not_found");
        for (who, actor, expected) in [
            ("owner", &p.olga, [done, done, done, done, missing]),
            ("administrator", &p.adam, [done, done, done, done, missing]),
            ("agent", &p.ana, [done, done, missing, forbidden, missing]),
            ("light", &p.leo, [done, forbidden, missing, forbidden, missing]),
        ] {
            for (scope, expected) in scopes.into_iter().zip(expected) {
                assert_eq!(end(views.create(actor, new_view("New", scope, "")).await), expected, "{who} {scope:?}");
                // To share what one has is to make it there.
                let own = views.create(actor, new_view("Own", ViewScope::Personal, "")).await.unwrap();
                let shared = NewView { scope, ..as_it_is(&own) };
                assert_eq!(end(views.save(actor, own.key, own.version, shared).await), expected, "{who} {scope:?}");
                assert_eq!(views.get(actor, own.key).await.unwrap().scope == scope, expected == done);
            }
        }
        let view = views.create(&p.ana, new_view("Jams", support, "jam")).await.unwrap();
        assert!(names(&desk, &p.sara).await.contains(&"Jams".to_owned()));
        let alone = NewView { scope: ViewScope::Personal, ..as_it_is(&view) };
        for other in [&p.sara, &p.adam] {
            let end = end(views.save(other, view.key, view.version, alone.clone()).await);
            assert_eq!(end, "error_forbidden", "nobody takes a view to themselves, nor away from the others");
        }
        let alone = views.save(&p.ana, view.key, view.version, alone).await.unwrap();
        assert_eq!((alone.scope, alone.owner), (ViewScope::Personal, Some(p.ana.agent().unwrap().id)));
        assert_eq!(end(views.get(&p.sara, view.key).await), "error_not_found");
        assert_eq!(end(views.get(&p.olga, view.key).await), "error_not_found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_every_workspace_has_are_shown_otherwise_and_never_show_anything_else() {
    both_databases(async |desk| {
        let p = people(&desk).await;
        let views = service(&desk);
        let number = desk.ticket("Printer jam").await.0;
        let open: ViewKey = SystemView::Open.into();
        let view = views.get(&p.ana, open).await.unwrap();
        assert_eq!((view.name.as_str(), view.scope, view.owner, view.may_change), ("", ViewScope::Everyone, None, false));
        let all = views.all(&p.ana).await.unwrap();
        assert_eq!(all.views.iter().map(|view| view.key).collect::<Vec<_>>(), SystemView::ALL.map(ViewKey::System));
        assert!(all.views.iter().all(|view| !view.broken));

        let renamed = NewView { text: "-jam".to_owned(), ..new_view("Work", ViewScope::Everyone, "") };
        assert_eq!(end(views.save(&p.ana, open, view.version, renamed.clone()).await), "error_forbidden");
        let saved = views.save(&p.adam, open, view.version, renamed.clone()).await.unwrap();
        assert_eq!((saved.name.as_str(), &saved.filter, &saved.text), ("Work", &view.filter, &view.text));
        assert_eq!(views.get(&p.ana, open).await.unwrap().name, "Work");
        assert_eq!(shown(&desk, &p.ana, open).await, [number]);
        assert_eq!(end(views.save(&p.olga, open, view.version, renamed.clone()).await), "error_conflict");
        for scope in [ViewScope::Personal, ViewScope::Team(p.support)] {
            let narrow = NewView { scope, ..renamed.clone() };
            assert_eq!(end(views.save(&p.adam, open, saved.version, narrow).await), "error_forbidden");
        }
        let again = new_view("", ViewScope::Everyone, "");
        assert_eq!(views.save(&p.adam, open, saved.version, again).await.unwrap().name, "", "called as before");
        for actor in [&p.olga, &p.adam, &p.ana, &p.leo] {
            assert_eq!(end(views.delete(actor, open).await), "error_forbidden");
            assert_eq!(end(views.restore(actor, open).await), "error_not_found");
        }
        // Their rows have numbers, which name nothing.
        let id = desk.number(Sql::new("SELECT id FROM saved_view WHERE system_key = 'all'", args![])).await;
        let key = ViewKey::Saved(ViewId(id));
        assert_eq!(end(views.get(&p.adam, key).await), "error_not_found");
        assert_eq!(end(views.delete(&p.adam, key).await), "error_not_found");
        assert_eq!(end(desk.items().list(&p.adam, ItemQuery::of(key)).await), "error_not_found");
        let named = new_view("All", ViewScope::Personal, &format!("view:#{id}"));
        assert_eq!(end(views.create(&p.adam, named).await), "error_filter_view_unknown");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_views_outlive_who_made_them_and_their_team() {
    both_databases(async |desk| {
        let p = people(&desk).await;
        let views = service(&desk);
        let number = desk.ticket("Printer jam").await.0;
        let view = views.create(&p.ana, new_view("Jams", ViewScope::Team(p.support), "jam")).await.unwrap();
        let ana = p.ana.agent().unwrap().id;
        desk.execute(Sql::new("UPDATE agent SET state = 'disabled' WHERE id = $1", args![ana])).await;
        assert_eq!(shown(&desk, &p.sara, view.key).await, [number]);
        assert_eq!(counted(&desk, &p.sara, view.key).await, Some(1));
        let changed = NewView { colour: "#B42318".to_owned(), ..as_it_is(&view) };
        let changed = views.save(&p.sara, view.key, view.version, changed).await.unwrap();
        assert_eq!((changed.colour.as_str(), changed.owner, changed.broken), ("#b42318", Some(ana), false));

        // Nobody is left in the team.
        desk.execute(Sql::new("DELETE FROM team_member", args![])).await;
        assert_eq!(shown(&desk, &p.adam, view.key).await, [number]);
        let deleted = views.create(&p.ana, new_view("Gone", ViewScope::Team(p.support), "jam")).await.unwrap().key;
        views.delete(&p.ana, deleted).await.unwrap();
        AdminService::new(desk.db.clone(), links(), false).delete_team(&p.adam, p.support).await.unwrap();
        for key in [view.key, deleted] {
            assert_eq!(end(views.get(&p.sara, key).await), "error_not_found");
            assert_eq!(end(views.get(&p.adam, key).await), "error_not_found");
        }
        assert_eq!(views.get(&p.ana, view.key).await.unwrap().scope, ViewScope::Personal);
        assert_eq!(views.restore(&p.ana, deleted).await.unwrap().scope, ViewScope::Personal);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_view_hears_that_it_changed_and_nobody_hears_of_personal_ones() {
    both_databases(async |desk| {
        let p = people(&desk).await;
        let views = service(&desk);
        let server = Server::start(&desk.db).await;
        let mut ben = server.open(&p.ben, None);
        let marisa = desk.customer("Marisa").await;
        let mut customer = server.open(&marisa, None);
        let log = async || desk.number(Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event", args![])).await;

        let before = log().await;
        let own = views.create(&p.ana, new_view("Hers", ViewScope::Personal, "jam")).await.unwrap();
        views.set_own(&p.ana, own.key, OwnChange::Pin(true)).await.unwrap();
        views.set_own(&p.ana, SystemView::Open.into(), OwnChange::Before(None)).await.unwrap();
        let own = views.save(&p.ana, own.key, own.version, new_view("Her own", ViewScope::Personal, "")).await.unwrap();
        views.delete(&p.ana, own.key).await.unwrap();
        let own = views.restore(&p.ana, own.key).await.unwrap();
        assert_eq!(log().await, before, "nothing of it is in the log");

        let mut told = async |what: &str| {
            let end = log().await;
            assert!(ben.until(end).await.contains(&News::Names), "{what}");
        };
        let shared = NewView { scope: ViewScope::Team(p.support), ..as_it_is(&own) };
        let shared = views.save(&p.ana, own.key, own.version, shared).await.unwrap();
        told("shared").await;
        let wider = NewView { scope: ViewScope::Everyone, ..as_it_is(&shared) };
        let wider = views.save(&p.adam, own.key, shared.version, wider).await.unwrap();
        told("with more").await;
        let renamed = NewView { name: "Jams".to_owned(), text: "jam".to_owned(), ..as_it_is(&wider) };
        views.save(&p.adam, own.key, wider.version, renamed).await.unwrap();
        told("renamed").await;
        views.hide_for_all(&p.adam, own.key, true).await.unwrap();
        told("hidden").await;
        views.order_for_all(&p.adam, own.key, Some(SystemView::Open.into())).await.unwrap();
        told("moved").await;
        views.default_for_all(&p.adam, Some(own.key)).await.unwrap();
        told("chosen").await;
        views.delete(&p.adam, own.key).await.unwrap();
        told("deleted").await;
        views.restore(&p.adam, own.key).await.unwrap();
        told("brought back").await;

        let fields: Vec<(String, String)> =
            desk.rows(Sql::new("SELECT name, field FROM event WHERE subject_kind = 'view' ORDER BY seq", args![])).await;
        let fields: Vec<String> = fields.into_iter().map(|(name, field)| format!("{name} {field}").trim().to_owned()).collect();
        assert_eq!(
            fields,
            [
                "created",
                "changed scope",
                "changed name",
                "changed filter",
                "changed hidden",
                "changed position",
                "deleted",
                "restored"
            ]
        );
        // Something that the customer is told of ends the wait.
        desk.ticket("Printer jam").by(&marisa).await;
        let news = customer.until(log().await).await;
        assert!(!news.contains(&News::Names), "{news:?}");
    })
    .await;
}
