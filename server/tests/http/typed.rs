//! A plain form that is refused comes back with what was typed: long texts too, to whom they belong and nobody else, never
//! passwords; a reload sends nothing.

use crate::{
    ask::Answer,
    site::{Site, on_a_site},
};
use domain::{actor::Actor, form::KEPT, limits};
use server::{args, db::Sql};

/// What must not become a part of the page.
const HOSTILE: &str = "</textarea><script>alert(1)</script>";

async fn slug(site: &Site) -> String {
    site.services.portals.default_portal().await.unwrap().slug
}

/// The cookies of somebody, with the one that an answer sets.
fn with_set(cookie: &str, answer: &Answer) -> String {
    let set = answer.header("set-cookie").split(';').next().unwrap();
    assert!(set.starts_with("taquilla_form_") && !set.ends_with('='), "{set}");
    format!("{cookie}; {set}")
}

/// Sends a new request as a plain form.
async fn ask(site: &Site, cookie: &str, title: &str, body: &str, file: &str) -> Answer {
    let slug = slug(site).await;
    let texts = [("portal", slug.as_str()), ("title", title), ("body", body), ("idempotency_key", "once")];
    let parts = texts.map(|(name, value)| (name, "", value.as_bytes()));
    let file = [("files", file, if file.is_empty() { b"".as_slice() } else { b"Hello".as_slice() })];
    let form = site.post("/_fn/portal/create_form").by(cookie).multipart(parts.into_iter().chain(file));
    form.without_javascript(&format!("/p/{slug}/new")).await.is(302)
}

/// As if somebody had done this as often as they may.
async fn spend(site: &Site, what: &str, who: &Actor, used: i64) {
    let key = format!("{what}:{}:{}", who.party().kind(), who.party().id().unwrap());
    let sql = "INSERT INTO rate_limit (key, window_start, used) VALUES ($1, $2, $3)";
    site.desk.execute(Sql::new(sql, args![key, site.desk.db.now(), used])).await;
}

async fn count(site: &Site, sql: &'static str) -> i64 {
    site.desk.number(Sql::new(sql, args![])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_comes_back_with_its_long_text() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.customer("Marisa").await).await;
        let body = format!("\r\n{HOSTILE} & \"more\"\r\n{}", "It jams. ".repeat(15_000));
        let long_title = "\"A\" & <b>".repeat(40);
        let refused = ask(&site, &cookie, &long_title, &body, "a.txt").await;
        assert!(refused.leads_to().len() < 2_000 && refused.header("set-cookie").len() < 300, "nothing long but in the database");
        let cookie_and_form = with_set(&cookie, &refused);
        for _ in ["first", "reloaded"] {
            let page = site.get(refused.leads_to()).by(&cookie_and_form).await.is(200).text;
            let escaped =
                format!(">\n\r\n{} & \"more\"", HOSTILE.replace('<', "&lt;").replace('>', "&gt;")).replace(" & ", " &amp; ");
            assert!(page.contains(&escaped) && page.contains(&"It jams. ".repeat(15_000)), "the text");
            assert!(!page.contains(HOSTILE), "as text only");
            assert!(page.contains("&quot;A&quot; &amp; ") && !page.contains("value=\"\"A\""), "the title");
            assert!(page.contains("choose the files again"), "files");
        }
        assert_eq!(count(&site, "SELECT COUNT(*) FROM item").await, 0, "looking sends nothing");
        // Opened anew, the form is empty.
        let slug = slug(&site).await;
        let fresh = site.get(&format!("/p/{slug}/new")).by(&cookie_and_form).await.is(200).text;
        assert!(!fresh.contains("It jams.") && !fresh.contains("choose the files again"));

        // Somebody else with the same cookie, or later, finds nothing.
        let other = site.sign_in(&site.desk.customer("Otto").await).await;
        let stolen = site.get(refused.leads_to()).by(&with_set(&other, &refused)).await.is(200).text;
        assert!(!stolen.contains("It jams."));
        let ticket = ask(&site, &cookie_and_form, "Printer jam", "It jams.", "").await;
        assert!(ticket.leads_to().contains("/tickets/"));
        assert!(ticket.header("set-cookie").contains("Max-Age=0"));
        assert_eq!(count(&site, "SELECT COUNT(*) FROM typed_form").await, 0, "what went through is forgotten");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_comes_back_when_it_was_too_much_and_for_half_an_hour_only() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let cookie = site.sign_in(&marisa).await;
        let number = site.desk.ticket("Printer jam").by(&marisa).await.to_string();
        spend(&site, "reply", &marisa, limits::REPLIES_CUSTOMER).await;
        let slug = slug(&site).await;
        let page = format!("/p/{slug}/tickets/{number}");
        let texts = [("portal", slug.as_str()), ("number", number.as_str()), ("body", "Still <jams>.")];
        let parts = texts.map(|(name, value)| (name, "", value.as_bytes()));
        let refused = site.post("/_fn/portal/reply_form").by(&cookie).multipart(parts).without_javascript(&page).await.is(302);
        let cookie = with_set(&cookie, &refused);
        let shown = site.get(refused.leads_to()).by(&cookie).await.is(200).text;
        assert!(shown.contains("Still &lt;jams&gt;.</textarea>") && shown.contains("120 times an hour"));
        assert!(!shown.contains("choose the files again"));
        site.desk.clock.advance(KEPT);
        assert!(!site.get(refused.leads_to()).by(&cookie).await.is(200).text.contains("Still"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_comes_back_without_its_password() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let slug = slug(&site).await;
        let fields = [
            ("portal", slug.as_str()),
            ("first_name", "Zoé \"Z\""),
            ("last_name", "Petit"),
            ("email", "zoe at home"),
            ("password", "a long walk in the hills"),
        ];
        let page = format!("/p/{slug}/register");
        let refused = site.post("/_fn/portal/register").form(fields).without_javascript(&page).await.is(302);
        let shown = site.get(refused.leads_to()).by(&with_set("a=b", &refused)).await.is(200).text;
        for value in ["Zoé &quot;Z&quot;", "Petit", "zoe at home"] {
            assert!(shown.contains(&format!("value=\"{value}\"")), "{value}");
        }
        assert!(!shown.contains("a long walk"));
        let kept: Vec<(String,)> = site.desk.rows(Sql::new("SELECT texts FROM typed_form", args![])).await;
        assert!(!kept[0].0.contains("a long walk"), "a password is not even kept");
        assert!(!site.get(refused.leads_to()).await.is(200).text.contains("Petit"), "without the cookie");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_comes_back_as_it_was_typed() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.customer("Marisa Diaz").await).await;
        let slug = slug(&site).await;
        let fields = [
            ("portal", slug.as_str()),
            ("first_name", "Marisol"),
            ("last_name", ""),
            ("job_title", "Boss"),
            ("phone", "+34"),
            ("language", "de"),
            ("time_zone", "Mars/Olympus"),
        ];
        let form = site.post("/_fn/portal/change_profile").by(&cookie).form(fields);
        let refused = form.without_javascript(&format!("/p/{slug}/profile")).await.is(302);
        let shown = site.get(refused.leads_to()).by(&with_set(&cookie, &refused)).await.is(200).text;
        for value in ["Marisol", "Boss", "+34", "Mars/Olympus"] {
            assert!(shown.contains(&format!("value=\"{value}\"")), "{value}");
        }
        assert!(!shown.contains("value=\"Diaz\""), "what was emptied stays empty");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_signed_out_meanwhile_finds_the_text_after_signing_in() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let refused = ask(&site, "taquilla_customer=gone", "Printer jam", "It jams a lot.", "a.txt").await;
        let form = with_set("a=b", &refused);
        let sign_in = site.get(refused.leads_to()).by(&form).await.is(303);
        assert!(sign_in.leads_to().contains("/sign-in?next="));
        let cookie = format!("{form}; {}", site.sign_in(&marisa).await);
        let shown = site.get(refused.leads_to()).by(&cookie).await.is(200).text;
        assert!(shown.contains("It jams a lot.") && shown.contains("choose the files again"));
        assert!(!shown.contains("Please sign in"), "that is done");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn not_too_much_is_kept_for_one_person() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let cookie = site.sign_in(&marisa).await;
        spend(&site, "form", &marisa, limits::FORMS_KEPT).await;
        let refused = ask(&site, &cookie, "", "It jams.", "").await;
        assert!(refused.leads_to().contains("__err=") && refused.header("set-cookie").is_empty());
        assert_eq!(count(&site, "SELECT COUNT(*) FROM typed_form").await, 0);
    })
    .await;
}
