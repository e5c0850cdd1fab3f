//! Forms as a browser without JavaScript sends them: success leads to a page, failure comes back to the page with the error,
//! and nothing secret stands in an address.

use crate::site::{Site, on_a_site};
use domain::{ErrorCode, session::Realm};

async fn slug(site: &Site) -> String {
    site.services.portals.default_portal().await.unwrap().slug
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_comes_back_to_the_page_with_the_error_and_without_the_password() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let slug = slug(&site).await;
        for (action, page, form) in [
            ("/_fn/agent/sign_in", "/desk/sign-in?next=%2Fdesk%2Fcustomers".to_owned(), vec![]),
            ("/_fn/portal/sign_in", format!("/p/{slug}/sign-in"), vec![("portal", slug.as_str())]),
        ] {
            let fields = [("email", "nobody@desk.test"), ("password", "correct horse")].into_iter().chain(form);
            let answer = site.post(action).form(fields).without_javascript(&page).await.is(302);
            let back = answer.leads_to().to_owned();
            assert!(back.starts_with(&page), "{back}");
            assert!(!back.contains("horse") && !back.contains("nobody"), "{back}");
            let shown = site.get(&back).await.is(200);
            let sentence = error_sentence(&site).await;
            assert!(shown.text.contains(&sentence), "{action}: no \"{sentence}\" on the page");
        }
    })
    .await;
}

/// What somebody reads who signs in with a wrong password.
async fn error_sentence(site: &Site) -> String {
    let refused = site.services.accounts.sign_in(Realm::Agent, &Default::default(), "nobody@desk.test", "correct horse").await;
    let error = refused.unwrap_err();
    assert_ne!(error.code, ErrorCode::Internal);
    app::i18n::I18n::new(domain::language::Language::En).error(&error)
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_sets_a_cookie_that_scripts_cannot_read_and_leads_on() {
    on_a_site(async |site| {
        let ana = site.desk.agent("Ana").await;
        site.services.accounts.change_password(&ana, "", "a long enough phrase").await.unwrap();
        let sign_in = |next: &'static str| {
            let fields = [("email", "ana@desk.test"), ("password", "a long enough phrase"), ("next", next)];
            site.post("/_fn/agent/sign_in").form(fields).without_javascript("/desk/sign-in")
        };
        for (next, to) in [
            ("", "/desk/tickets"),
            ("/desk/customers?q=acme", "/desk/customers?q=acme"),
            ("https://evil.example", "/desk/tickets"),
            ("//evil.example", "/desk/tickets"),
            ("/\\evil.example", "/desk/tickets"),
        ] {
            assert_eq!(sign_in(next).await.is(302).leads_to(), to, "{next}");
        }
        let answer = sign_in("").await;
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.starts_with("taquilla_agent=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().unwrap();
        site.post("/_fn/agent/me").by(cookie).json("{}").await.is(200);
        assert!(!answer.text.contains(cookie.split_once('=').unwrap().1), "the token is in the cookie only");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_asks_and_answers_without_javascript() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.customer("Marisa").await).await;
        let slug = slug(&site).await;
        let send = || {
            let texts = [("portal", slug.as_str()), ("title", "Printer jam"), ("body", "It jams."), ("idempotency_key", "once")];
            let parts = texts.map(|(name, value)| (name, "", value.as_bytes()));
            // An empty part is what a browser sends for a file input in which nothing was chosen.
            let files = [("files", "a.txt", b"Hello".as_slice())];
            site.post("/_fn/portal/create_form").by(&cookie).multipart(parts.into_iter().chain(files))
        };
        let page = format!("/p/{slug}/new");
        let first = send().without_javascript(&page).await.is(302);
        let ticket = first.leads_to().to_owned();
        assert!(ticket.starts_with(&format!("/p/{slug}/tickets/")), "{ticket}");
        assert_eq!(send().without_javascript(&page).await.is(302).leads_to(), ticket, "sent twice, made once");
        let number = ticket.rsplit('/').next().unwrap();

        let texts = [("portal", slug.as_str()), ("number", number), ("body", "Still jams."), ("idempotency_key", "twice")];
        let parts = texts.map(|(name, value)| (name, "", value.as_bytes()));
        let reply = site.post("/_fn/portal/reply_form").by(&cookie).multipart(parts).without_javascript(&ticket).await.is(302);
        assert_eq!(reply.leads_to(), format!("{ticket}#latest"));
        let shown = site.get(&ticket).by(&cookie).await.is(200).text;
        assert!(shown.contains("Still jams.") && shown.contains("a.txt"));

        let closed = [("portal", slug.as_str()), ("number", number), ("closed", "true")];
        let answer = site.post("/_fn/portal/set_closed").by(&cookie).form(closed).without_javascript(&ticket).await.is(302);
        assert_eq!(answer.leads_to(), ticket);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_unknown_or_doubled_fields_is_refused() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.customer("Marisa").await).await;
        let slug = slug(&site).await;
        let texts = [("portal", slug.as_str()), ("title", "A"), ("body", "B")];
        for more in [("requester", "7"), ("title", "C"), ("", "")] {
            let parts = texts.into_iter().chain([more]).map(|(name, value)| (name, "", value.as_bytes()));
            site.post("/_fn/portal/create_form").by(&cookie).multipart(parts).await.is(422);
        }
        let no_boundary = site.post("/_fn/portal/create_form").by(&cookie).with("content-type", "multipart/form-data");
        no_boundary.body(b"x".to_vec()).await.is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_step_after_a_mailed_code_stands_in_the_address() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let slug = slug(&site).await;
        let ask = |action: &'static str, portal: bool| {
            let fields = [("email", "a+b@desk.test")].into_iter().chain(portal.then_some(("portal", slug.as_str())));
            site.post(action).form(fields.collect::<Vec<_>>()).without_javascript("/")
        };
        let to = |answer: &crate::ask::Answer| answer.leads_to().split('?').next().unwrap().to_owned();
        let code = ask("/_fn/agent/request_code", false).await.is(302);
        assert_eq!(to(&code), "/desk/sign-in");
        assert!(code.leads_to().contains("step=code&email=a%2Bb@desk.test"));
        let forgot = ask("/_fn/portal/forgot_password", true).await.is(302);
        assert_eq!(to(&forgot), format!("/p/{slug}/forgot"));
        assert!(forgot.leads_to().contains("step=reset"));
    })
    .await;
}
