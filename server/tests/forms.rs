//! What was typed into a refused form: kept for a while, for whom it came from, and no more than is good.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{browser, from},
};
use domain::{
    actor::Actor,
    form::{KEPT, TypedForm},
    limits,
    service::Forms,
};
use server::{
    args,
    db::Sql,
    service::{accounts::tidy, forms::FormsService},
};

const FORM: &str = "/_fn/portal/create_form";

fn service(desk: &TestDesk) -> FormsService {
    FormsService::new(desk.db.clone())
}

fn typed(body: &str) -> TypedForm {
    let texts = [("title".to_owned(), "Printer jam".to_owned()), ("body".to_owned(), body.to_owned())].into();
    TypedForm { form: FORM.to_owned(), texts, files: true }
}

async fn rows(desk: &TestDesk) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM typed_form", args![])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_for_whom_it_came_from() {
    both_databases(async |desk| {
        let (forms, elsewhere) = (service(&desk), service(&desk));
        let (marisa, otto) = (desk.customer("Marisa").await, desk.customer("Otto").await);
        let form = typed("It jams — 卡住了.");
        let token = forms.keep(&marisa, &browser(), form.clone()).await.unwrap().unwrap();
        assert_eq!(elsewhere.kept(&marisa, FORM, &token).await.unwrap(), Some(form.clone()));
        assert_eq!(forms.kept(&marisa, "/_fn/portal/reply_form", &token).await.unwrap(), None, "another form");
        assert_eq!(forms.kept(&marisa, FORM, "guessed").await.unwrap(), None);
        for other in [&otto, &Actor::Anonymous] {
            assert_eq!(forms.kept(other, FORM, &token).await.unwrap(), None);
        }
        let strangers = forms.keep(&Actor::Anonymous, &browser(), form.clone()).await.unwrap().unwrap();
        for holder in [&Actor::Anonymous, &marisa] {
            assert_eq!(forms.kept(holder, FORM, &strangers).await.unwrap(), Some(form.clone()), "who holds the token");
        }
        forms.forget(&token).await.unwrap();
        assert_eq!(forms.kept(&marisa, FORM, &token).await.unwrap(), None);
        assert_eq!(rows(&desk).await, 1);
        let hashes: Vec<(String,)> = desk.rows(Sql::new("SELECT token_hash FROM typed_form", args![])).await;
        assert_ne!(hashes[0].0, strangers, "only a hash of the token is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_gone_after_half_an_hour() {
    both_databases(async |desk| {
        let forms = service(&desk);
        let marisa = desk.customer("Marisa").await;
        let token = forms.keep(&marisa, &browser(), typed("It jams.")).await.unwrap().unwrap();
        desk.clock.advance(KEPT - 1);
        tidy(&desk.db).await.unwrap();
        assert!(forms.kept(&marisa, FORM, &token).await.unwrap().is_some());
        desk.clock.advance(1);
        assert!(forms.kept(&marisa, FORM, &token).await.unwrap().is_none());
        tidy(&desk.db).await.unwrap();
        assert_eq!(rows(&desk).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_too_often_is_not_kept() {
    both_databases(async |desk| {
        let forms = service(&desk);
        let marisa = desk.customer("Marisa").await;
        let long = "x".repeat(limits::RICH_TEXT);
        assert!(forms.keep(&marisa, &browser(), typed(&long)).await.unwrap().is_some());
        assert!(forms.keep(&Actor::Anonymous, &browser(), typed(&long)).await.unwrap().is_none());
        assert!(forms.keep(&marisa, &browser(), typed(&"x".repeat(limits::BODY))).await.unwrap().is_none());
        for _ in 0..limits::FORMS_KEPT {
            assert!(forms.keep(&Actor::Anonymous, &browser(), typed("It jams.")).await.unwrap().is_some());
        }
        assert!(forms.keep(&Actor::Anonymous, &browser(), typed("It jams.")).await.unwrap().is_none());
        assert!(forms.keep(&Actor::Anonymous, &from("192.0.2.8"), typed("It jams.")).await.unwrap().is_some());
    })
    .await;
}
