//! Pages as the server renders them: complete, with the right status, and leading people to where they can sign in.

use crate::{
    samples::message,
    site::{Site, on_a_site},
};
use domain::{conversation::MessageKind, service::Items};
use server::{args, db::Sql};

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_workspace_leads_to_its_set_up() {
    on_a_site(async |site| {
        for path in ["/", "/desk", "/desk/tickets", "/desk/sign-in"] {
            assert_eq!(site.get(path).await.is(303).leads_to(), "/desk/setup", "{path}");
        }
        site.get("/desk/setup").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_is_led_there_and_back() {
    on_a_site(async |site| {
        let ana = site.desk.owner().await;
        assert_eq!(site.get("/").await.is(303).leads_to(), "/desk/tickets");
        let answer = site.get("/desk/tickets/7?view=open").await.is(303);
        assert_eq!(answer.leads_to(), "/desk/sign-in?next=%2Fdesk%2Ftickets%2F7%3Fview%3Dopen");
        let slug = slug(&site).await;
        let answer = site.get(&format!("/p/{slug}/tickets/7")).await.is(303);
        assert_eq!(answer.leads_to(), format!("/p/{slug}/sign-in?next=%2Fp%2F{slug}%2Ftickets%2F7"));
        let cookie = site.sign_in(&ana).await;
        assert_eq!(site.get("/desk/sign-in").by(&cookie).await.is(303).leads_to(), "/desk/tickets");
        // A link out of the terminal that was used already says so.
        let page = site.get("/desk/setup?token=used").await.is(200);
        assert!(page.text.contains("This workspace is set up"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_complete_before_any_script_runs() {
    on_a_site(async |site| {
        let owner = site.sign_in(&site.desk.owner().await).await;
        let marisa = site.desk.customer("Marisa").of("ACME").await;
        let number = site.desk.ticket("Printer jam").by(&marisa).await;
        let customer = site.sign_in(&marisa).await;
        let slug = slug(&site).await;
        for (path, cookie) in [
            ("/desk/tickets?view=all".to_owned(), &owner),
            (format!("/desk/tickets/{number}"), &owner),
            (format!("/p/{slug}"), &customer),
            (format!("/p/{slug}/tickets/{number}"), &customer),
        ] {
            let page = site.get(&path).by(cookie).await.is(200);
            assert!(page.text.starts_with("<!DOCTYPE html>"), "{path}");
            assert!(page.text.contains("Printer jam"), "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_shown_to_who_can_do_something_about_it() {
    on_a_site(async |site| {
        let desk = &site.desk;
        let (olga, leo, marisa) = (desk.owner().await, desk.light_agent().await, desk.customer("Marisa").of("ACME").await);
        let number = desk.ticket("Printer jam").by(&marisa).await;
        desk.items().write(&olga, message(number, MessageKind::Reply)).await.unwrap();
        desk.refuse_mail("marisa@acme.test", "550 no such mailbox").await;
        let (owner, light, customer) = (site.sign_in(&olga).await, site.sign_in(&leo).await, site.sign_in(&marisa).await);

        let health = site.get("/desk/admin/health").by(&owner).await.is(200).text;
        for text in
            ["[#1] Printer jam", "marisa@acme.test", "550 no such mailbox", "Try all again: Mail", env!("CARGO_PKG_VERSION")]
        {
            assert!(health.contains(text), "{text}");
        }
        assert!(!health.contains("Release outgoing mail"));
        desk.execute(Sql::new("UPDATE workspace SET outgoing_held = TRUE", args![])).await;
        for path in ["/desk/admin/health", "/desk/admin/mail"] {
            let page = site.get(path).by(&owner).await.is(200).text;
            assert!(page.contains("Outgoing mail is held"), "{path}");
        }
        assert!(site.get("/desk/admin/health").by(&owner).await.text.contains("Release outgoing mail"));

        let ticket = format!("/desk/tickets/{number}");
        let told = "Not delivered to marisa@acme.test: 550 no such mailbox";
        for (cookie, offered) in [(&owner, true), (&light, false)] {
            let page = site.get(&ticket).by(cookie).await.is(200).text;
            assert!(page.contains(told));
            assert_eq!(page.contains("Try again"), offered);
        }
        let page = site.get(&format!("/p/{}/tickets/{number}", slug(&site).await)).by(&customer).await.is(200).text;
        assert!(page.contains("Printer jam") && !page.contains("delivered") && !page.contains("550"), "{page}");
    })
    .await;
}

/// Views are made several times for a page, some of them only to see what they load: nothing of those may be asked for later.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_pages_at_once_are_all_made() {
    on_a_site(async |site| {
        let owner = site.sign_in(&site.desk.owner().await).await;
        let marisa = site.desk.customer("Marisa").of("ACME").await;
        let number = site.desk.ticket("Printer jam").by(&marisa).await;
        for at in 0..30 {
            site.desk.ticket(&format!("Printer jam {at}")).by(&marisa).await;
        }
        let pages = ["/desk/tickets".to_owned(), format!("/desk/tickets/{number}"), "/desk/customers".to_owned()];
        let asked = (0..400).map(|at| {
            let path = &pages[at % pages.len()];
            tokio::spawn(std::future::IntoFuture::into_future(site.get(path).by(&owner)))
        });
        for answer in futures::future::join_all(asked).await {
            answer.unwrap().is(200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_says_so() {
    on_a_site(async |site| {
        let owner = site.sign_in(&site.desk.owner().await).await;
        let customer = site.sign_in(&site.desk.customer("Marisa").await).await;
        let slug = slug(&site).await;
        let mut found = Vec::new();
        for path in ["/nothing", "/desk/nothing", "/desk/tickets/999", "/desk/tickets/abc", "/desk/customers/999"] {
            found.push((path.to_owned(), site.get(path).by(&owner).await.status));
        }
        for path in ["/tickets/999", "/tickets/abc", "/nothing"] {
            let path = format!("/p/{slug}{path}");
            found.push((path.clone(), site.get(&path).by(&customer).await.status));
        }
        for path in ["/p/no-such-portal", "/p/no-such-portal/sign-in", "/pkg/none.js", "/../Cargo.toml", "/%2e%2e/Cargo.toml"] {
            found.push((path.to_owned(), site.get(path).await.status));
        }
        found.retain(|(_, status)| status.as_u16() != 404);
        assert!(found.is_empty(), "{found:?}");
        // Something that is not a page gets no page.
        let script = site.get("/pkg/none.js").with("sec-fetch-dest", "script").await.is(404);
        assert!(script.text.len() < 2000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_address_asks_for_it_is_answered_and_shows_nothing_more() {
    on_a_site(async |site| {
        let tomas = site.desk.agent("Tomas").in_team("Sales").seeing_their_teams_only().await;
        site.desk.ticket("Secret plan").for_team("Support").await;
        let own = site.desk.ticket("Printer jam").for_team("Sales").await;
        let cookie = site.sign_in(&tomas).await;
        let bombs = [
            "(".repeat(5_000),
            format!("{}a{}", "(a|".repeat(2_000), ")".repeat(2_000)),
            "-".repeat(5_000),
            "not ".repeat(5_000),
            format!("priority:{}", "1,".repeat(10_000)),
            "\"".repeat(5_001),
        ];
        let sql =
            ["' OR 1=1 --", "1); DROP TABLE item; --", "\" OR \"\"=\"", "x UNION SELECT * FROM agent", "\u{1}", "\u{feff}%00"];
        for (at, hostile) in sql.into_iter().map(str::to_owned).chain(bombs).enumerate() {
            let hostile = percent(&hostile);
            for key in ["view", "q", "filter", "sort", "group", "layout", "columns", "density", "month", "cards"] {
                let page = site.get(&format!("/desk/tickets/{own}?{key}={hostile}")).by(&cookie).await;
                assert!(page.status.is_success(), "{key} {at}: {}", page.status);
                assert!(!page.text.contains("Secret plan"), "{key} {at}");
            }
            for part in ["{} priority:1", "{}:1", "title{}jam", "title:{}", "tag:a | {}", "messages:({})", "view:{}"] {
                let address = format!("/desk/tickets?view=all&filter={}", percent(part).replace("%7B%7D", &hostile));
                let page = site.get(&address).by(&cookie).await;
                assert!(page.status.is_success(), "{part} {at}: {}", page.status);
                assert!(!page.text.contains("Secret plan"), "{part} {at}");
            }
        }
        site.get(&format!("/desk/tickets/{own}?view=all")).by(&cookie).await.is(200);
    })
    .await;
}

/// Every byte of a text so that it can stand in an address.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_light_agent_is_offered_nothing_that_they_may_not_do() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let agent = site.sign_in(&site.desk.agent("Ana").await).await;
        let light = site.sign_in(&site.desk.light_agent().await).await;
        let marisa = site.desk.customer("Marisa").of("ACME").await;
        let number = site.desk.ticket("Printer jam").by(&marisa).await;
        let marisa = marisa.customer().unwrap().clone();
        let organization = marisa.organization.unwrap();
        for (path, offer) in [
            ("/desk/customers".to_owned(), "/desk/customers/new"),
            (format!("/desk/customers/{}", marisa.id), "/desk/tickets/new?requester="),
            (format!("/desk/customers/{}", marisa.id), "#edit"),
            ("/desk/organizations".to_owned(), "/desk/organizations/new"),
            (format!("/desk/organizations/{organization}"), "#edit"),
            (format!("/desk/tickets/{number}"), "Edit the description"),
        ] {
            assert!(site.get(&path).by(&agent).await.is(200).text.contains(offer), "{path} {offer}");
            assert!(!site.get(&path).by(&light).await.is(200).text.contains(offer), "{path} {offer}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_leaves_no_trace_in_what_the_customer_gets() {
    on_a_site(async |site| {
        let ana = site.desk.agent("Ana").await;
        let marisa = site.desk.customer("Marisa").of("ACME").await;
        let number = site.desk.ticket("Printer jam").by(&marisa).await;
        let agent = site.sign_in(&ana).await;
        for (kind, text) in [("note", "xyzzy-internal"), ("reply", "plugh-public")] {
            let json = format!(r#"{{"message":{{"item":{number},"kind":"{kind}","html":"<p>{text}</p>"}}}}"#);
            site.post("/_fn/items/write").by(&agent).json(&json).await.is(200);
        }
        let customer = site.sign_in(&marisa).await;
        let slug = slug(&site).await;
        let mut all = String::new();
        for path in [format!("/p/{slug}"), format!("/p/{slug}/tickets/{number}")] {
            all.push_str(&site.get(&path).by(&customer).await.is(200).text);
        }
        for (path, json) in [
            ("ticket", format!(r#"{{"portal":"{slug}","number":{number}}}"#)),
            ("list", format!(r#"{{"portal":"{slug}","query":{{}}}}"#)),
        ] {
            all.push_str(&site.post(&format!("/_fn/portal/{path}")).by(&customer).json(&json).await.is(200).text);
        }
        assert!(all.contains("plugh-public") && !all.contains("xyzzy"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_their_own_language() {
    on_a_site(async |site| {
        site.desk.owner().await;
        for (accept, tag) in [("de-AT,de;q=0.9", "de"), ("pt-BR", "pt"), ("nl", "en")] {
            let page = site.get("/desk/sign-in").with("accept-language", accept).await.is(200);
            assert!(page.text.contains(&format!("<html lang=\"{tag}\"")), "{accept}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_times_in_the_zone_they_chose_else_in_that_of_their_browser() {
    on_a_site(async |site| {
        let browser = "taquilla_zone=America%2FLima";
        let cookie = format!("{}; {browser}", site.sign_in(&site.desk.customer("Marisa").await).await);
        let slug = slug(&site).await;
        let list = format!("/p/{slug}");
        assert!(site.get(&list).by(&cookie).await.is(200).text.contains("data-zone=\"America/Lima\""));
        let fields = [
            ("portal", slug.as_str()),
            ("first_name", "Marisa"),
            ("last_name", "Diaz"),
            ("job_title", ""),
            ("phone", ""),
            ("language", "en"),
            ("time_zone", "Europe/Madrid"),
        ];
        site.post("/_fn/portal/change_profile").by(&cookie).form(fields).without_javascript(&list).await.is(302);
        assert!(site.get(&list).by(&cookie).await.is(200).text.contains("data-zone=\"Europe/Madrid\""));
        // An agent who never chose one, as every agent who is invited.
        let ana = site.desk.agent("Ana").await;
        site.desk.execute(Sql::new("UPDATE agent SET time_zone = ''", args![])).await;
        let cookie = format!("{}; {browser}", site.sign_in(&ana).await);
        assert!(site.get("/desk/tickets").by(&cookie).await.is(200).text.contains("data-zone=\"America/Lima\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_may_be_kept_as_long_as_their_names_allow() {
    on_a_site(async |site| {
        assert_eq!(site.get("/pkg/taquilla.abc.js").await.is(200).header("cache-control"), "public, no-cache");
        assert_eq!(site.get("/favicon.svg").await.is(200).header("cache-control"), "public, max-age=86400");
        for portal in [true, false] {
            let texts = site.get(app::i18n::script_path(domain::language::Language::Fr, portal)).await.is(200);
            assert!(texts.header("cache-control").contains("immutable"));
            assert!(texts.header("content-type").starts_with("text/javascript"));
        }
        site.get("/i18n/none.js").await.is(404);
        assert_eq!(site.get("/healthz").await.is(200).text, "ok");
        assert_eq!(site.get("/readyz").await.is(200).text, "ok");
    })
    .await;
}

async fn slug(site: &Site) -> String {
    site.services.portals.default_portal().await.unwrap().slug
}
