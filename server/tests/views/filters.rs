//! Views that name views.

use crate::{FILTER, as_it_is, common::both_databases, counted, make, new_view, overwrite, service, shown};
use domain::{
    ErrorCode,
    service::{Items, Views},
    view::{ItemQuery, NewView, SystemView, ViewKey, ViewScope},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_view_shows_what_the_views_that_it_names_show() {
    both_databases(async |desk| {
        let (adam, ana) = (desk.administrator().await, desk.agent("Ana").await);
        let views = service(&desk);
        for title in ["Printer jam", "Paper jam", "Invoice"] {
            desk.ticket(title).await;
        }
        let jams = make(&desk, &adam, "Ärger & jams", ViewScope::Everyone, "jam").await;
        let both = make(&desk, &ana, "Both", ViewScope::Personal, "view:\"arger jams\" -paper").await;
        let inner = make(&desk, &ana, "Not those", ViewScope::Personal, "-view:Both").await;
        assert_eq!(views.get(&ana, both).await.unwrap().text, "view:\"Ärger & jams\" -paper");
        assert_eq!((shown(&desk, &ana, both).await, shown(&desk, &ana, inner).await), (vec![1], vec![2, 3]));
        assert_eq!(counted(&desk, &ana, inner).await, Some(2));
        // Also in what is typed into a search box, and beside another view.
        let query = ItemQuery { text: "view:Both".to_owned(), ..ItemQuery::of(SystemView::Open) };
        assert_eq!(desk.items().total(&ana, query).await.unwrap(), 1);

        // It follows a change of the other, and matches nothing while that is gone; never more.
        let view = views.get(&adam, jams).await.unwrap();
        views.save(&adam, jams, view.version, NewView { text: "invoice".to_owned(), ..as_it_is(&view) }).await.unwrap();
        assert_eq!((shown(&desk, &ana, both).await, shown(&desk, &ana, inner).await), (vec![3], vec![1, 2]));
        views.delete(&adam, jams).await.unwrap();
        // The paper jam is not in "Both", whatever the view that is gone showed.
        for (key, expected) in [(both, vec![]), (inner, vec![2])] {
            assert_eq!(shown(&desk, &ana, key).await, expected);
            assert_eq!(counted(&desk, &ana, key).await, Some(i64::try_from(expected.len()).unwrap()));
        }
        assert!(views.get(&ana, both).await.unwrap().broken);
        views.restore(&adam, jams).await.unwrap();
        assert_eq!(shown(&desk, &ana, both).await, [3]);
        assert!(!views.get(&ana, both).await.unwrap().broken);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn views_do_not_lead_back_to_themselves() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let views = service(&desk);
        desk.ticket("Printer jam").await;
        let a = make(&desk, &ana, "A", ViewScope::Personal, "jam").await;
        let b = make(&desk, &ana, "B", ViewScope::Personal, "view:A | printer").await;
        for text in ["view:B", "-view:B", "view:A", "printer | view:A"] {
            let view = views.get(&ana, a).await.unwrap();
            let again = NewView { text: text.to_owned(), ..as_it_is(&view) };
            let error = views.save(&ana, a, view.version, again).await.unwrap_err();
            assert_eq!((error.code, error.key.as_str()), (ErrorCode::Invalid, "error_filter_view_circle"), "{text}");
        }
        // Past the program, or by two at once.
        for filter in [format!("{{\"view\":{b}}}"), format!("{{\"not\":{{\"view\":{b}}}}}"), format!("{{\"view\":{a}}}")] {
            overwrite(&desk, a, FILTER, &filter).await;
            overwrite(&desk, b, FILTER, &format!("{{\"view\":{a}}}")).await;
            for key in [a, b] {
                assert_eq!(shown(&desk, &ana, key).await, [0; 0], "{filter}");
                assert_eq!(counted(&desk, &ana, key).await, Some(0), "{filter}");
                assert!(views.get(&ana, key).await.unwrap().broken, "{filter}");
            }
            let all = views.all(&ana).await.unwrap();
            assert_eq!(all.views.iter().filter(|view| view.broken).count(), 2);
            assert_eq!(counted(&desk, &ana, SystemView::Open.into()).await, Some(1));
        }
        // It can be mended.
        let view = views.get(&ana, a).await.unwrap();
        views.save(&ana, a, view.version, NewView { text: "jam".to_owned(), ..as_it_is(&view) }).await.unwrap();
        assert_eq!((shown(&desk, &ana, a).await, shown(&desk, &ana, b).await), (vec![1], vec![1]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_anything_through_a_view_that_they_do_not_have() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let ana = desk.agent("Ana").in_team("Support").await;
        let (support, views) = (ViewScope::Team(desk.team("Support").await), service(&desk));
        let ben = desk.agent("Ben").await;
        desk.ticket("Printer jam").await;
        let secret = make(&desk, &adam, "Secret", ViewScope::Personal, "jam").await;
        let teams = make(&desk, &ana, "The team's", support, "jam").await;
        // By name and by number it is as if it were not there.
        for text in ["view:Secret".to_owned(), format!("view:#{secret}"), "view:#999".to_owned()] {
            let error = views.create(&ana, new_view("Mine", ViewScope::Personal, &text)).await.unwrap_err();
            assert!(["error_query_name", "error_filter_view_unknown"].contains(&error.key.as_str()), "{text}: {error}");
            for text in [text.clone(), format!("-{text}")] {
                let query = ItemQuery { text, ..ItemQuery::of(SystemView::All) };
                assert_eq!(desk.items().total(&ana, query).await.unwrap(), 0);
            }
        }
        // What is shared names what is shared as widely.
        for (by, scope, text, expected) in [
            (&adam, ViewScope::Everyone, "view:Secret", Some("error_filter_view_narrower")),
            (&adam, support, "view:Secret", Some("error_filter_view_narrower")),
            (&adam, ViewScope::Everyone, "view:\"The team's\"", Some("error_filter_view_narrower")),
            (&adam, ViewScope::Personal, "view:Secret", None),
            (&ana, support, "view:\"The team's\"", None),
        ] {
            let found = views.create(by, new_view("Named", scope, text)).await.err().map(|error| error.key);
            assert_eq!(found.as_deref(), expected, "{scope:?} {text}");
        }
        // If it comes to be otherwise, others find nothing by it, also not by its opposite.
        let shared = make(&desk, &adam, "Shared", ViewScope::Everyone, "jam").await;
        for filter in [format!("{{\"view\":{teams}}}"), format!("{{\"not\":{{\"view\":{teams}}}}}")] {
            overwrite(&desk, shared, FILTER, &filter).await;
            assert_eq!(shown(&desk, &ben, shared).await, [0; 0]);
            assert_eq!(counted(&desk, &ben, shared).await, Some(0));
            let his = views.get(&ben, shared).await.unwrap();
            assert!(his.broken && !his.text.contains("team's"), "{}", his.text);
            let hers = views.get(&ana, shared).await.unwrap();
            assert!(!hers.broken && hers.text.contains("team's"), "{}", hers.text);
        }
        overwrite(&desk, shared, FILTER, &format!("{{\"view\":{teams}}}")).await;
        assert_eq!(shown(&desk, &ana, shared).await, [1]);
        assert_eq!(views.get(&ben, ViewKey::System(SystemView::Open)).await.unwrap().text, "category:todo,waiting");
    })
    .await;
}
