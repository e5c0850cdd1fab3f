//! What each person makes of views, and what is made of them for all.

use crate::{among, as_it_is, common::both_databases, make, new_view, service};
use domain::{
    actor::Actor,
    service::Views,
    view::{Density, GroupBy, Layout, NewView, Settings, SystemView, ViewKey, ViewScope, saved::OwnChange},
};
use server::service::views::ViewsService;

const MINE: ViewKey = ViewKey::System(SystemView::Mine);
const OPEN: ViewKey = ViewKey::System(SystemView::Open);
const ALL: ViewKey = ViewKey::System(SystemView::All);

async fn order(views: &ViewsService, actor: &Actor) -> Vec<String> {
    views.all(actor).await.unwrap().views.iter().map(|view| view.key.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_pins_hides_and_chooses_for_themselves() {
    both_databases(async |desk| {
        let (adam, ana, ben) = (desk.administrator().await, desk.agent("Ana").await, desk.agent("Ben").await);
        let views = service(&desk);
        let shared = make(&desk, &adam, "Jams", ViewScope::Everyone, "jam").await;
        for (change, back) in [(OwnChange::Pin(true), OwnChange::Pin(false)), (OwnChange::Hide(true), OwnChange::Hide(false))] {
            let all = views.set_own(&ana, shared, change.clone()).await.unwrap();
            let view = among(&all, shared);
            assert_eq!((view.pinned, view.hidden), (change == OwnChange::Pin(true), change == OwnChange::Hide(true)));
            let others = views.get(&ben, shared).await.unwrap();
            assert!(!others.pinned && !others.hidden);
            assert_eq!(views.set_own(&ana, shared, back).await.unwrap(), views.all(&ben).await.unwrap());
        }

        // What the application begins with: one's own choice, or else that for all.
        let default = async |actor| views.all(actor).await.unwrap().default;
        assert_eq!(default(&ana).await, None);
        views.default_for_all(&adam, Some(OPEN)).await.unwrap();
        assert_eq!((default(&ana).await, default(&ben).await), (Some(OPEN), Some(OPEN)));
        views.set_own(&ana, MINE, OwnChange::Default).await.unwrap();
        assert_eq!(views.set_own(&ana, shared, OwnChange::Default).await.unwrap().default, Some(shared));
        assert_eq!(default(&ben).await, Some(OPEN));
        views.delete(&adam, shared).await.unwrap();
        assert_eq!(default(&ana).await, Some(OPEN), "nothing begins with what is gone");
        views.restore(&adam, shared).await.unwrap();
        assert_eq!(default(&ana).await, Some(shared));
        assert_eq!(views.set_own(&ana, shared, OwnChange::NotDefault).await.unwrap().default, Some(OPEN));
        assert_eq!(views.default_for_all(&adam, Some(ALL)).await.unwrap().default, Some(ALL));
        assert_eq!(views.default_for_all(&adam, None).await.unwrap().default, None);
        assert_eq!(default(&ben).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_way_of_showing_a_view_stays_ones_own_until_it_is_saved_for_all() {
    both_databases(async |desk| {
        let (adam, ana) = (desk.administrator().await, desk.agent("Ana").await);
        let views = service(&desk);
        let key = make(&desk, &adam, "Jams", ViewScope::Everyone, "jam").await;
        let compact = Settings { density: Density::Compact, ..Settings::default() };
        let board =
            Settings { layout: Layout::Board, groups: vec!["created.week".parse::<GroupBy>().unwrap()], ..compact.clone() };
        views.set_own(&ana, key, OwnChange::Settings(Some(compact.clone()))).await.unwrap();
        let all = views.set_own(&adam, key, OwnChange::Settings(Some(board.clone()))).await.unwrap();
        assert_eq!((among(&all, key).own.as_ref(), &among(&all, key).settings), (Some(&board), &Settings::default()));
        let hers = views.get(&ana, key).await.unwrap();
        assert_eq!((hers.own, hers.settings), (Some(compact.clone()), Settings::default()));

        let view = views.get(&adam, key).await.unwrap();
        let for_all = NewView { settings: board.clone(), ..as_it_is(&view) };
        let saved = views.save(&adam, key, view.version, for_all).await.unwrap();
        assert_eq!((saved.own, saved.settings), (None, board.clone()));
        let hers = views.get(&ana, key).await.unwrap();
        assert_eq!((hers.own, hers.settings), (Some(compact), board.clone()), "hers is not touched");
        let all = views.set_own(&ana, key, OwnChange::Settings(None)).await.unwrap();
        assert_eq!((among(&all, key).own.as_ref(), &among(&all, key).settings), (None, &board));

        let many = Settings { groups: vec!["organization".parse().unwrap(); 6], ..Settings::default() };
        let error = views.set_own(&ana, key, OwnChange::Settings(Some(many))).await.unwrap_err();
        assert_eq!(error.fields[0].field, "groups");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_are_ordered_for_all_and_by_each_person() {
    both_databases(async |desk| {
        let (adam, ana, ben) = (desk.administrator().await, desk.agent("Ana").await, desk.agent("Ben").await);
        let views = service(&desk);
        let usual =
            ["mine", "team_unassigned", "open", "waiting", "unanswered", "recently_done", "all", "snoozed", "spam", "deleted"];
        assert_eq!(order(&views, &ana).await, usual);
        let own = make(&desk, &ana, "Hers", ViewScope::Personal, "").await;
        let own_name = own.to_string();
        assert_eq!(order(&views, &ana).await.last(), Some(&own_name), "a new one comes last");
        views.set_own(&ana, own, OwnChange::Before(Some(OPEN))).await.unwrap();
        views.set_own(&ana, ALL, OwnChange::Before(Some(MINE))).await.unwrap();
        let away = ["snoozed", "spam", "deleted"];
        let hers = ["all", "mine", "team_unassigned", &own_name, "open", "waiting", "unanswered", "recently_done"];
        let hers = [&hers[..], &away].concat();
        assert_eq!(order(&views, &ana).await, hers);
        assert_eq!(order(&views, &ben).await, usual);
        // For all who have not moved it.
        views.order_for_all(&adam, ALL, Some(OPEN)).await.unwrap();
        views.order_for_all(&adam, MINE, None).await.unwrap();
        let for_all = ["team_unassigned", "all", "open", "waiting", "unanswered", "recently_done"];
        let for_all = [&for_all[..], &away, &["mine"]].concat();
        assert_eq!(order(&views, &ben).await, for_all);
        let hers = ["all", "team_unassigned", &own_name, "open", "waiting", "unanswered", "recently_done"];
        let hers = [&hers[..], &away, &["mine"]].concat();
        assert_eq!(order(&views, &ana).await, hers);
        views.set_own(&ana, ALL, OwnChange::Before(Some(ALL))).await.unwrap();
        assert_eq!(order(&views, &ana).await, hers);

        // Also when there is no room left between two.
        for turn in 0..40 {
            let (one, other) = if turn % 2 == 0 { (ALL, MINE) } else { (MINE, ALL) };
            views.set_own(&ana, one, OwnChange::Before(Some(OPEN))).await.unwrap();
            views.order_for_all(&adam, one, Some(OPEN)).await.unwrap();
            for actor in [&ana, &ben] {
                let now = order(&views, actor).await;
                let at = |key: ViewKey| now.iter().position(|found| *found == key.to_string()).unwrap();
                assert_eq!((at(one) + 1, at(other) + 2 == at(OPEN)), (at(OPEN), turn > 0), "{turn}: {now:?}");
            }
        }
        let missing = make(&desk, &adam, "Adam's", ViewScope::Personal, "").await;
        for (key, before) in [(missing, OPEN), (OPEN, missing)] {
            let error = views.set_own(&ana, key, OwnChange::Before(Some(before))).await.unwrap_err();
            assert_eq!(error.key, "error_not_found");
        }
        assert_eq!(views.order_for_all(&adam, OPEN, Some(missing)).await.unwrap_err().key, "error_not_found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_hides_a_view_for_all_and_it_still_works() {
    both_databases(async |desk| {
        let (adam, ana) = (desk.administrator().await, desk.agent("Ana").await);
        let views = service(&desk);
        assert!(among(&views.hide_for_all(&adam, OPEN, true).await.unwrap(), OPEN).hidden_for_all);
        assert!(among(&views.all(&ana).await.unwrap(), OPEN).hidden_for_all);
        assert_eq!(crate::counted(&desk, &ana, OPEN).await, None);
        assert_eq!(crate::counted(&desk, &adam, OPEN).await, Some(0), "who can put it back sees it");
        assert!(crate::shown(&desk, &ana, OPEN).await.is_empty());
        assert!(!among(&views.hide_for_all(&adam, OPEN, false).await.unwrap(), OPEN).hidden_for_all);
        assert_eq!(crate::counted(&desk, &ana, OPEN).await, Some(0));
        let view = views.create(&ana, new_view("Hers", ViewScope::Personal, "")).await.unwrap();
        assert!(!view.hidden_for_all);
    })
    .await;
}
