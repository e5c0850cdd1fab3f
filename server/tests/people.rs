//! Customers and organizations: who may, which organization a customer joins, addresses that belong to one person.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases, letters::links};
use domain::{
    Error, ErrorCode,
    customer::{CustomerPatch, NewCustomer},
    id::CustomerId,
    organization::{NewOrganization, OrganizationPatch},
    page::PageQuery,
    patch::Patch,
    service::{Customers, Organizations},
};
use server::{
    args,
    db::Sql,
    service::{customers::CustomersService, organizations::OrganizationsService},
};

fn customers(desk: &TestDesk) -> CustomersService {
    CustomersService::new(desk.db.clone(), links())
}

fn organizations(desk: &TestDesk) -> OrganizationsService {
    OrganizationsService::new(desk.db.clone())
}

fn with_email(name: &str, email: &str) -> NewCustomer {
    NewCustomer { first_name: name.into(), emails: vec![email.into()], ..NewCustomer::default() }
}

fn wrong_field(error: &Error) -> (&str, &str) {
    (error.fields[0].field.as_str(), error.fields[0].key.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_customer_joins_by_the_domain_of_the_address() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (customers, organizations) = (customers(&desk), organizations(&desk));
        let acme = customers.create(&ana, with_email("Ada", " ADA@Acme-Tools.com ")).await.unwrap();
        assert_eq!(acme.emails, ["ada@acme-tools.com"]);
        let made = acme.organization.unwrap();
        assert_eq!(made.name, "Acme Tools");
        let second = customers.create(&ana, with_email("Bob", "bob@acme-tools.com")).await.unwrap();
        assert_eq!(second.organization.unwrap().id, made.id);
        assert_eq!(organizations.get(&ana, made.id).await.unwrap().domains, ["acme-tools.com"]);
        assert_eq!(organizations.members(&ana, made.id).await.unwrap().len(), 2);
        // Another company of the same name is another organization.
        let other = customers.create(&ana, with_email("Cleo", "cleo@acme-tools.de")).await.unwrap();
        assert_eq!(other.organization.unwrap().name, "acme-tools.de");
        // Anybody can get an address at a public provider.
        let private = customers.create(&ana, with_email("Dora", "dora@gmail.com")).await.unwrap();
        assert_eq!(private.organization, None);
        // What the agent says counts more.
        let chosen = NewCustomer { organization: Some(made.id), ..with_email("Eva", "eva@elsewhere.com") };
        assert_eq!(customers.create(&ana, chosen).await.unwrap().organization.unwrap().id, made.id);
        desk.execute(Sql::new("UPDATE workspace SET auto_organizations = FALSE", args![])).await;
        assert_eq!(customers.create(&ana, with_email("Fay", "fay@new-company.com")).await.unwrap().organization, None);
        assert!(customers.create(&ana, with_email("Gil", "gil@acme-tools.com")).await.unwrap().organization.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_takes_in_who_has_none() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (customers, organizations) = (customers(&desk), organizations(&desk));
        desk.execute(Sql::new("UPDATE workspace SET auto_organizations = FALSE", args![])).await;
        let ada = customers.create(&ana, with_email("Ada", "ada@acme.com")).await.unwrap();
        let sub = customers.create(&ana, with_email("Sub", "sub@mail.acme.com")).await.unwrap();
        let late = customers.create(&ana, with_email("Late", "late@acme.org")).await.unwrap();
        let new =
            |name: &str, domain: &str| NewOrganization { name: name.into(), domains: vec![domain.into()], ..Default::default() };
        let acme = organizations.create(&ana, new("Acme", "@ACME.com")).await.unwrap();
        assert_eq!(acme.domains, ["acme.com"]);
        assert_eq!(customers.get(&ana, ada.id).await.unwrap().organization.unwrap().id, acme.id);
        assert_eq!(customers.get(&ana, sub.id).await.unwrap().organization, None);

        let error = organizations.create(&ana, new(" acme ", "acme.net")).await.unwrap_err();
        assert_eq!(wrong_field(&error), ("name", "error_name_taken"));
        let error = organizations.create(&ana, new("Acme Two", "acme.com")).await.unwrap_err();
        assert_eq!(wrong_field(&error), ("domains", "error_domain_taken"));
        let error = organizations.create(&ana, new("Google", "gmail.com")).await.unwrap_err();
        assert_eq!(wrong_field(&error), ("domains", "error_domain_public"));
        let error = organizations.create(&ana, new("Bad", "no domain")).await.unwrap_err();
        assert_eq!(wrong_field(&error), ("domains", "error_domain"));

        let patch = OrganizationPatch {
            name: Patch::Set("Acme Inc.".into()),
            domains: Patch::Set(vec!["acme.org".into()]),
            ..Default::default()
        };
        let acme = organizations.change(&ana, acme.id, patch).await.unwrap();
        assert_eq!((acme.name.as_str(), acme.domains), ("Acme Inc.", vec!["acme.org".to_owned()]));
        assert_eq!(customers.get(&ana, late.id).await.unwrap().organization.unwrap().name, "Acme Inc.");
        assert!(customers.get(&ana, ada.id).await.unwrap().organization.is_some(), "members stay");
        let page = organizations.list(&ana, PageQuery { search: "ACME.or".into(), ..Default::default() }).await.unwrap();
        assert_eq!((page.rows.len(), page.rows[0].members), (1, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_belongs_to_one_person() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let customers = customers(&desk);
        let ada = customers.create(&ana, with_email("Ada", "ada@acme.com")).await.unwrap();
        for taken in ["ADA@acme.com", "ana@desk.test"] {
            let error = customers.create(&ana, with_email("Eve", taken)).await.unwrap_err();
            assert_eq!(wrong_field(&error), ("emails", "error_email_taken"));
        }
        // Twenty at once: one gets it, the others are told, nothing is left of them.
        let all = (0..20).map(|n| {
            let (customers, ana) = (&customers, &ana);
            async move { customers.create(ana, with_email(&format!("Eve {n}"), "eve@new-company.com")).await }
        });
        let results = futures::future::join_all(all).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for error in results.iter().filter_map(|result| result.as_ref().err()) {
            assert_eq!(wrong_field(error), ("emails", "error_email_taken"));
        }
        let sql = "SELECT COUNT(*) FROM customer WHERE first_name LIKE 'Eve%'";
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 1);
        // Twenty people of one new company at once: one organization.
        let all = (0..20).map(|n| {
            let (customers, ana) = (&customers, &ana);
            async move { customers.create(ana, with_email("Fay", &format!("fay{n}@globex.com"))).await.unwrap() }
        });
        let made = futures::future::join_all(all).await;
        assert!(made.iter().all(|fay| fay.organization == made[0].organization && fay.organization.is_some()));

        let emails = |emails: &[&str]| CustomerPatch {
            emails: Patch::Set(emails.iter().map(|&email| email.to_owned()).collect()),
            ..Default::default()
        };
        let error = customers.change(&ana, ada.id, emails(&["ada@acme.com", "eve@new-company.com"])).await.unwrap_err();
        assert_eq!(wrong_field(&error), ("emails", "error_email_taken"));
        let changed = customers.change(&ana, ada.id, emails(&["ada@home.net", "ada@acme.com"])).await.unwrap();
        assert_eq!(changed.emails, ["ada@home.net", "ada@acme.com"]);
        let changed = customers.change(&ana, ada.id, emails(&["ada@home.net"])).await.unwrap();
        assert_eq!(changed.emails, ["ada@home.net"]);
        customers.create(&ana, with_email("Another Ada", "ada@acme.com")).await.unwrap();
        let error = customers.change(&ana, ada.id, CustomerPatch { first_name: Patch::Set(String::new()), ..emails(&[]) }).await;
        assert_eq!(wrong_field(&error.unwrap_err()), ("emails", "error_required"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_found_by_the_new_name_of_their_requester() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa Paz").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let id = marisa.customer().unwrap().id;
        let patch = CustomerPatch {
            first_name: Patch::Set("Élodie".into()),
            last_name: Patch::Set("Martin".into()),
            ..Default::default()
        };
        customers(&desk).change(&ana, id, patch).await.unwrap();
        let sql = "SELECT search_key, requester_key FROM item WHERE number = $1";
        let keys: Vec<(String, String)> = desk.rows(Sql::new(sql, args![number])).await;
        assert_eq!(keys, [("printer jam\nélodie martin marisa.paz@acme.test".to_owned(), "élodie martin".to_owned())]);
        let fields: Vec<(String, String, String)> =
            desk.rows(Sql::new("SELECT field, old_text, new_text FROM event WHERE name = 'changed' ORDER BY seq", args![])).await;
        assert_eq!(fields[0], ("first_name".to_owned(), "Marisa".to_owned(), "Élodie".to_owned()));
        assert_eq!(fields.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_page_and_search_and_count_what_the_actor_may_see() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let narrow = desk.agent("Nico").in_team("Support").seeing_their_teams_only().await;
        let customers = customers(&desk);
        for n in 0..25 {
            // Several have the same name.
            customers.create(&ana, with_email(&format!("Person {}", n / 3), &format!("p{n}@acme.com"))).await.unwrap();
        }
        let marisa = desk.customer("Marisa Paz").of("Umbrella").await;
        desk.ticket("One").by(&marisa).await;
        desk.ticket("Two").by(&marisa).for_team("Support").await;

        let mut seen: Vec<CustomerId> = Vec::new();
        let mut query = PageQuery { limit: 7, ..PageQuery::default() };
        loop {
            let page = customers.list(&ana, query.clone()).await.unwrap();
            assert!(page.rows.len() <= 7);
            seen.extend(page.rows.iter().map(|row| row.id));
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.len(), 26);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 26);

        let search = |text: &str| PageQuery { search: text.into(), ..PageQuery::default() };
        assert_eq!(customers.list(&ana, search("  PAZ  umbrella.test")).await.unwrap().rows.len(), 1);
        assert_eq!(customers.list(&ana, search("' OR 1=1 --")).await.unwrap().rows.len(), 0);
        assert_eq!(customers.suggest(&ana, "person").await.unwrap().len(), 20);
        let row = |rows: Vec<domain::customer::CustomerRow>| rows.into_iter().next().unwrap();
        assert_eq!(row(customers.list(&ana, search("paz")).await.unwrap().rows).open_items, 2);
        assert_eq!(row(customers.list(&narrow, search("paz")).await.unwrap().rows).open_items, 1);
        let organizations = organizations(&desk);
        assert_eq!(organizations.list(&ana, search("umbrella")).await.unwrap().rows[0].open_items, 2);
        assert_eq!(organizations.list(&narrow, search("umbrella")).await.unwrap().rows[0].open_items, 1);
        let broken = PageQuery { after: Some(domain::page::Cursor("nonsense!".into())), ..PageQuery::default() };
        assert_eq!(customers.list(&ana, broken).await.unwrap_err().code, ErrorCode::Invalid);
        assert_eq!(customers.list(&ana, search(&"x".repeat(201))).await.unwrap_err().code, ErrorCode::Invalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn light_agents_read_and_customers_see_nothing() {
    both_databases(async |desk| {
        let (light, marisa) = (desk.light_agent().await, desk.customer("Marisa").await);
        let organization = desk.organization("ACME").await;
        let id = marisa.customer().unwrap().id;
        let (customers, organizations) = (customers(&desk), organizations(&desk));
        customers.get(&light, id).await.unwrap();
        organizations.get(&light, organization).await.unwrap();
        for (actor, code) in [
            (&light, ErrorCode::Forbidden),
            (&marisa, ErrorCode::Forbidden),
            (&domain::actor::Actor::Anonymous, ErrorCode::Unauthenticated),
        ] {
            let code = Some(code);
            let patch = CustomerPatch { phone: Patch::Set("1".into()), ..Default::default() };
            assert_eq!(customers.create(actor, with_email("Eve", "eve@acme.com")).await.err().map(|e| e.code), code);
            assert_eq!(customers.change(actor, id, patch).await.err().map(|e| e.code), code);
            assert_eq!(customers.invite(actor, id).await.err().map(|e| e.code), code);
            let new = NewOrganization { name: "X".into(), ..Default::default() };
            assert_eq!(organizations.create(actor, new).await.err().map(|e| e.code), code);
            let patch = OrganizationPatch { name: Patch::Set("Y".into()), ..Default::default() };
            assert_eq!(organizations.change(actor, organization, patch).await.err().map(|e| e.code), code);
        }
        assert_eq!(customers.get(&marisa, id).await.err().map(|e| e.code), Some(ErrorCode::Forbidden));
        assert_eq!(customers.list(&marisa, PageQuery::default()).await.err().map(|e| e.code), Some(ErrorCode::Forbidden));
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_long_and_wrong_input_is_refused_with_its_field() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let customers = customers(&desk);
        let long = NewCustomer {
            first_name: "x".repeat(121),
            emails: vec!["no address".into()],
            notes: "x".repeat(10_001),
            ..Default::default()
        };
        let error = customers.create(&ana, long).await.unwrap_err();
        let fields: Vec<&str> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["emails", "first_name", "notes"]);
        let many = NewCustomer { emails: (0..11).map(|n| format!("a{n}@acme.com")).collect(), ..Default::default() };
        assert_eq!(customers.create(&ana, many).await.unwrap_err().fields[0].key, "error_too_many_values");
        let nobody = NewCustomer::default();
        assert_eq!(customers.create(&ana, nobody).await.unwrap_err().fields[0].key, "error_required");
        let foreign = NewCustomer { organization: Some(domain::id::OrganizationId(9_999)), ..with_email("Ada", "ada@acme.com") };
        assert_eq!(customers.create(&ana, foreign).await.unwrap_err().fields[0].field, "organization");
        let script = customers.create(&ana, with_email("<script>alert(1)</script>", "s@gmail.com")).await.unwrap();
        assert_eq!(script.first_name, "<script>alert(1)</script>");
    })
    .await;
}
