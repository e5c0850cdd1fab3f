//! Customer apps: who keeps them, what they refuse, and that their rules hold on every door.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    Error, ErrorCode,
    action::NewMerge,
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    id::{FileId, ItemNumber, TypeId},
    item::Impact,
    language::Language,
    limits,
    portal::{
        DetailValue, PortalChange, PortalNewTicket, PortalQuery, PortalReply,
        app::{AppKind, AppSettings, CustomerApp, NewApp},
        rules::{Access, Colleagues, OnForm, PortalFilter, PortalRules, Property, TypeRule},
    },
    service::{Actions, Apps, Files, Items, Portals},
};
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    mail::Links,
    service::{apps::AppsService, files::FilesService, portals::PortalsService},
};
use std::collections::BTreeSet;

struct Services {
    apps: AppsService,
    portals: PortalsService,
    files: FilesService,
}

fn services(desk: &TestDesk) -> Services {
    Services {
        apps: AppsService::new(desk.db.clone()),
        portals: PortalsService::new(desk.db.clone(), Links::new("https://desk.test")),
        files: FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap()),
    }
}

fn partners(slug: &str) -> NewApp {
    NewApp { kind: AppKind::TicketPortal, name: "Partners".to_owned(), slug: slug.to_owned() }
}

/// The app with other rules.
async fn with_rules(services: &Services, owner: &Actor, app: &CustomerApp, rules: PortalRules) -> CustomerApp {
    let mut settings = app.settings();
    settings.rules = rules;
    services.apps.change(owner, app.id, app.version, settings).await.unwrap()
}

/// A customer under the rules as they are now.
async fn now(desk: &TestDesk, customer: &Actor) -> Actor {
    let mut customer = customer.customer().unwrap().clone();
    customer.portals = server::service::apps::open(&mut desk.db.clone()).await.unwrap();
    Actor::Customer(customer)
}

fn wrong(error: &Error) -> Vec<(&str, &str)> {
    error.fields.iter().map(|field| (field.field.as_str(), field.key.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_keep_apps_and_nobody_else() {
    both_databases(async |desk| {
        let Services { apps, .. } = services(&desk);
        let owner = desk.owner().await;
        let first = apps.list(&owner).await.unwrap().remove(0);
        assert_eq!((first.slug.as_str(), first.enabled, &first.rules), ("support", true, &PortalRules::default()));
        for other in [desk.agent("Ana").await, desk.light_agent().await, desk.customer("Marisa").await, Actor::Anonymous] {
            let refused = if other == Actor::Anonymous { ErrorCode::Unauthenticated } else { ErrorCode::Forbidden };
            assert_eq!(apps.list(&other).await.unwrap_err().code, refused);
            assert_eq!(apps.app(&other, first.id).await.unwrap_err().code, refused);
            assert_eq!(apps.create(&other, partners("x")).await.unwrap_err().code, refused);
            assert_eq!(apps.change(&other, first.id, 1, first.settings()).await.unwrap_err().code, refused);
            assert_eq!(apps.delete(&other, first.id).await.unwrap_err().code, refused);
        }
        assert_eq!(apps.list(&owner).await.unwrap(), [first]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_is_made_changed_by_one_at_a_time_and_deleted() {
    both_databases(async |desk| {
        let Services { apps, portals, .. } = services(&desk);
        let owner = desk.owner().await;
        let made = apps.create(&owner, partners(" Partners ")).await.unwrap();
        assert_eq!((made.slug.as_str(), made.name.as_str(), made.enabled), ("partners", "Partners", true));
        assert_eq!(portals.info("partners").await.unwrap().name, "Partners");
        for (slug, key) in
            [("", "error_required"), ("a b", "error_slug"), ("-a", "error_slug"), ("a--b", "error_slug"), ("ä", "error_slug")]
        {
            assert_eq!(wrong(&apps.create(&owner, partners(slug)).await.unwrap_err()), [("slug", key)], "{slug:?}");
        }
        let long = apps.create(&owner, partners(&"x".repeat(41))).await.unwrap_err();
        assert_eq!(wrong(&long), [("slug", "error_too_long")]);
        assert_eq!(wrong(&apps.create(&owner, partners("support")).await.unwrap_err()), [("slug", "error_slug_taken")]);

        let mut settings = made.settings();
        settings.slug = "support".to_owned();
        assert_eq!(wrong(&apps.change(&owner, made.id, 1, settings.clone()).await.unwrap_err()), [("slug", "error_slug_taken")]);
        settings.slug = "resellers".to_owned();
        settings.look.colour = Some("#067647".to_owned());
        let changed = apps.change(&owner, made.id, 1, settings.clone()).await.unwrap();
        assert_eq!((changed.version, changed.slug.as_str()), (2, "resellers"));
        assert_eq!(apps.change(&owner, made.id, 1, made.settings()).await.unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(apps.change(&owner, made.id, 2, settings.clone()).await.unwrap().version, 2, "nothing is different");
        assert_eq!(portals.info("resellers").await.unwrap().colour, "#067647");
        assert_eq!(portals.info("partners").await.unwrap_err(), Error::not_found());

        settings.enabled = false;
        apps.change(&owner, made.id, 2, settings).await.unwrap();
        assert_eq!(portals.info("resellers").await.unwrap_err(), Error::not_found());
        apps.delete(&owner, made.id).await.unwrap();
        assert_eq!(apps.app(&owner, made.id).await.unwrap_err(), Error::not_found());
        assert_eq!(apps.delete(&owner, made.id).await.unwrap_err(), Error::not_found());
        let last = apps.list(&owner).await.unwrap().remove(0);
        assert_eq!(apps.delete(&owner, last.id).await.unwrap_err().code, ErrorCode::Conflict);
        let told = desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE subject_kind = 'portal'", args![])).await;
        assert_eq!(told, 5, "made, slug and look, switched off, deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_make_no_sense_are_refused_at_their_field_and_nothing_is_saved() {
    both_databases(async |desk| {
        let Services { apps, .. } = services(&desk);
        let owner = desk.owner().await;
        let app = apps.list(&owner).await.unwrap().remove(0);
        let refused = async |change: &dyn Fn(&mut PortalRules)| {
            let mut settings = app.settings();
            change(&mut settings.rules);
            let error = apps.change(&owner, app.id, 1, settings).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid);
            error.fields.into_iter().map(|field| format!("{} {}", field.field, field.key)).collect::<Vec<_>>()
        };
        let place = |property| Property::ALL.iter().position(|each| *each == property).unwrap();
        let nothing = refused(&|rules| (rules.theirs, rules.of_projects) = (false, false)).await;
        assert_eq!(nothing, ["theirs error_portal_shows_nothing"]);
        let hidden = refused(&|rules| rules.properties[place(Property::Title)].access = Access::Hidden).await;
        assert_eq!(hidden, ["properties.title error_portal_title"]);
        let gone = refused(&|rules| rules.properties.retain(|rule| rule.property != Property::Title)).await;
        assert_eq!(gone, ["properties.title error_portal_title"]);
        let status = refused(&|rules| rules.properties[place(Property::Status)].access = Access::Edit).await;
        assert_eq!(status, ["properties.status error_portal_fixed"]);
        let asked = refused(&|rules| rules.properties[place(Property::Description)].access = Access::Edit).await;
        assert_eq!(asked, ["properties.description error_portal_fixed"]);
        let assignee = refused(&|rules| rules.properties[place(Property::Assignee)].form = OnForm::Optional).await;
        assert_eq!(assignee, ["properties.assignee error_portal_fixed"]);
        let twice = refused(&|rules| rules.properties.push(rules.properties[place(Property::Impact)].clone())).await;
        assert_eq!(twice, ["properties.impact error_portal_property_twice"]);
        assert_eq!(apps.app(&owner, app.id).await.unwrap(), app);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_is_entered_by_its_address_and_shows_only_what_it_shows() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let support = services.apps.list(&owner).await.unwrap().remove(0);
        let partners = services.apps.create(&owner, partners("partners")).await.unwrap();
        with_rules(&services, &owner, &partners, PortalRules { shown: Some(Vec::new()), ..PortalRules::default() }).await;
        let marisa = now(&desk, &marisa).await;
        let (here, there) = (marisa.in_portal("support").unwrap(), marisa.in_portal("partners").unwrap());
        assert_eq!(services.portals.list(&here, PortalQuery::default()).await.unwrap().rows.len(), 1);
        assert!(services.portals.list(&there, PortalQuery::default()).await.unwrap().rows.is_empty());
        assert_eq!(services.portals.ticket(&there, number).await.unwrap_err(), Error::not_found());
        assert_eq!(marisa.in_portal("elsewhere").unwrap_err(), Error::not_found());
        // Outside of a portal nothing is answered that only rules can answer.
        assert_eq!(services.portals.list(&marisa, PortalQuery::default()).await.unwrap_err(), Error::not_found());
        // One that is switched off is not entered.
        let mut settings = support.settings();
        settings.enabled = false;
        services.apps.change(&owner, support.id, support.version, settings).await.unwrap();
        assert_eq!(now(&desk, &marisa).await.in_portal("support").unwrap_err(), Error::not_found());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_change_what_is_editable_and_the_form_asks_what_it_says() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let marisa = desk.customer("Marisa").await;
        let app = services.apps.list(&owner).await.unwrap().remove(0);
        let types = services.portals.form(&marisa).await.unwrap().types;
        let (question, incident) = (types[0].kind.id, types[1].kind.id);
        let mut rules = PortalRules { creatable: Some(vec![question, incident]), ..PortalRules::default() };
        for rule in &mut rules.properties {
            match rule.property {
                Property::Impact => {
                    (rule.access, rule.form) = (Access::Edit, OnForm::Optional);
                    rule.of_types = vec![TypeRule { type_id: incident, access: Access::Edit, form: OnForm::Required }];
                }
                Property::Priority => (rule.access, rule.form) = (Access::Hidden, OnForm::Absent),
                Property::Title => rule.access = Access::Edit,
                _ => {}
            }
        }
        let app = with_rules(&services, &owner, &app, rules.clone()).await;
        let marisa = now(&desk, &marisa).await;
        let form = services.portals.form(&marisa).await.unwrap();
        let asked =
            |of: usize| form.types[of].asks.iter().map(|(property, needed)| (property.key(), *needed)).collect::<Vec<_>>();
        assert_eq!(form.types.len(), 2);
        assert_eq!(asked(0), [("title", true), ("description", true), ("impact", false)]);
        assert_eq!(asked(1), [("title", true), ("description", true), ("impact", true)]);

        let request = |type_id| PortalNewTicket {
            title: "Printer jam".to_owned(),
            body: "It smokes.".to_owned(),
            html: false,
            type_id: Some(type_id),
            priority: 0,
            impact: Impact::None,
            product: String::new(),
            files: Vec::new(),
            idempotency_key: String::new(),
        };
        let refused = async |ticket| {
            let error = services.portals.create(&marisa, ticket).await.unwrap_err();
            error.fields.into_iter().map(|field| format!("{} {}", field.field, field.key)).collect::<Vec<_>>()
        };
        assert_eq!(refused(request(incident)).await, ["impact error_required"]);
        assert_eq!(refused(PortalNewTicket { priority: 1, ..request(question) }).await, ["priority error_not_asked"]);
        assert_eq!(refused(PortalNewTicket { product: "P".to_owned(), ..request(question) }).await, ["product error_not_asked"]);
        assert_eq!(refused(PortalNewTicket { body: " ".to_owned(), ..request(question) }).await, ["body error_required"]);
        assert_eq!(refused(request(types[2].kind.id)).await, ["type error_choice"]);
        assert!(services.items_of(&desk, &owner).await.is_empty(), "nothing is half made");
        let number =
            services.portals.create(&marisa, PortalNewTicket { impact: Impact::Major, ..request(incident) }).await.unwrap();

        let change = async |property, value: &str| {
            let change = PortalChange { item: number, property, value: value.to_owned() };
            services.portals.change(&marisa, change).await
        };
        let ticket = change(Property::Impact, "crisis").await.unwrap();
        let impact = ticket.details.iter().find(|detail| detail.property == Property::Impact).unwrap();
        assert_eq!((&impact.value, impact.editable), (&DetailValue::Impact(Impact::Crisis), true));
        assert_eq!(change(Property::Title, "Printer burns").await.unwrap().title, "Printer burns");
        for (property, value, error) in [
            (Property::Impact, "none", "impact error_required"),
            (Property::Impact, "huge", "impact error_choice"),
            (Property::Title, " ", "title error_required"),
            (Property::Status, "1", "status error_not_editable"),
            (Property::Type, "1", "type error_not_editable"),
            (Property::Assignee, "1", "assignee error_not_editable"),
        ] {
            let refused = change(property, value).await.unwrap_err();
            assert_eq!(wrong(&refused).iter().map(|(field, key)| format!("{field} {key}")).collect::<Vec<_>>(), [error]);
        }
        assert_eq!(change(Property::Priority, "5").await.unwrap_err(), Error::not_found(), "what is hidden is not there");

        // What is not allowed is refused on its own door, too.
        let mut may = rules.clone();
        (may.may.create, may.may.reply, may.may.close) = (false, false, false);
        with_rules(&services, &owner, &app, may).await;
        let marisa = now(&desk, &marisa).await;
        let reply =
            PortalReply { item: number, body: "x".to_owned(), html: false, files: Vec::new(), idempotency_key: String::new() };
        assert_eq!(services.portals.reply(&marisa, reply).await.unwrap_err(), Error::forbidden());
        assert_eq!(services.portals.set_closed(&marisa, number, true).await.unwrap_err(), Error::forbidden());
        assert_eq!(services.portals.create(&marisa, request(question)).await.unwrap_err(), Error::forbidden());
        assert_eq!(services.portals.form(&marisa).await.unwrap_err(), Error::forbidden());
        let ticket = services.portals.ticket(&marisa, number).await.unwrap();
        assert!(!ticket.may_reply && !ticket.may_close);
    })
    .await;
}

impl Services {
    async fn items_of(&self, desk: &TestDesk, owner: &Actor) -> Vec<ItemNumber> {
        let query = domain::view::ItemQuery::of(domain::view::SystemView::All);
        desk.items().list(owner, query).await.unwrap().rows.into_iter().map(|row| row.number).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_is_called_says_and_names_has_limits_and_there_are_only_so_many() {
    both_databases(async |desk| {
        let Services { apps, .. } = services(&desk);
        let owner = desk.owner().await;
        let app = apps.list(&owner).await.unwrap().remove(0);
        let refused = async |change: &dyn Fn(&mut AppSettings)| {
            let mut settings = app.settings();
            change(&mut settings);
            let error = apps.change(&owner, app.id, 1, settings).await.unwrap_err();
            error.fields.into_iter().map(|field| format!("{} {}", field.field, field.key)).collect::<Vec<_>>()
        };
        assert_eq!(refused(&|app| app.slug = "x".repeat(limits::SLUG + 1)).await, ["slug error_too_long"]);
        let welcome = |app: &mut AppSettings| {
            app.look.texts.entry(Language::Fr).or_default().welcome = "x".repeat(limits::PORTAL_TEXT + 1);
        };
        assert_eq!(refused(&welcome).await, ["texts.fr.welcome error_too_long"]);
        let most = i64::try_from(limits::TYPES).unwrap();
        let types = |app: &mut AppSettings| app.rules.shown = Some((0..=most).map(TypeId).collect());
        assert_eq!(refused(&types).await, ["types error_too_many_values"]);
        for n in 1..limits::APPS {
            apps.create(&owner, partners(&format!("p-{n}"))).await.unwrap();
        }
        assert_eq!(apps.create(&owner, partners("one-more")).await.unwrap_err().key, "error_too_many_apps");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_in_a_ticket_that_was_merged_is_hidden_like_what_was_asked_here() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let (marisa, carla) = (desk.customer("Marisa").of("ACME").await, desk.customer("Carla").of("ACME").await);
        let app = services.apps.list(&owner).await.unwrap().remove(0);
        let ask = |title: &str| PortalNewTicket {
            title: title.to_owned(),
            body: format!("secret of {title}"),
            html: false,
            type_id: None,
            priority: 0,
            impact: Impact::None,
            product: String::new(),
            files: Vec::new(),
            idempotency_key: String::new(),
        };
        let into = services.portals.create(&marisa, ask("one")).await.unwrap();
        let part = services.portals.create(&carla, ask("two")).await.unwrap();
        let merge = NewMerge { into, items: vec![part], share: true, idempotency_key: String::new() };
        desk.items().merge(&owner, merge).await.unwrap();
        let read = async |customer: &Actor| {
            let ticket = services.portals.ticket(&now(&desk, customer).await, into).await.unwrap();
            let messages = ticket.messages.iter().map(|message| format!("{}: {}", message.author_name, message.html));
            (ticket.description.is_some(), messages.collect::<Vec<_>>())
        };
        assert_eq!(read(&marisa).await, (true, vec!["Carla: <p>secret of two</p>".to_owned()]));
        let hide = |hidden: Property| {
            let mut rules = PortalRules::default();
            rules.properties.iter_mut().filter(|rule| rule.property == hidden).for_each(|rule| rule.access = Access::Hidden);
            rules
        };
        let app = with_rules(&services, &owner, &app, hide(Property::Requester)).await;
        assert_eq!(read(&marisa).await, (true, vec![": <p>secret of two</p>".to_owned()]));
        with_rules(&services, &owner, &app, hide(Property::Description)).await;
        assert_eq!(read(&marisa).await, (false, Vec::new()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn types_are_not_told_where_they_are_hidden_and_not_chosen_where_they_are_not_asked() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let marisa = desk.customer("Marisa").await;
        let app = services.apps.list(&owner).await.unwrap().remove(0);
        assert_eq!(services.portals.me(&marisa).await.unwrap().offers.types.len(), 4);
        let mut rules = PortalRules::default();
        let types = rules.properties.iter_mut().filter(|rule| rule.property == Property::Type);
        types.for_each(|rule| (rule.access, rule.form) = (Access::Hidden, OnForm::Absent));
        with_rules(&services, &owner, &app, rules).await;
        let marisa = now(&desk, &marisa).await;
        assert!(services.portals.me(&marisa).await.unwrap().offers.types.is_empty());
        assert_eq!(services.portals.form(&marisa).await.unwrap().types.len(), 1);
    })
    .await;
}

/// A message of an agent.
fn message(item: ItemNumber, kind: MessageKind, files: Vec<FileId>) -> NewMessage {
    NewMessage {
        item,
        kind,
        html: "<p>Words.</p>".to_owned(),
        files,
        cc: vec![],
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: Vec::new(),
        hold: false,
        idempotency_key: String::new(),
    }
}

/// An item of the generated world, as the test knows it.
#[derive(Debug, Clone)]
struct Made {
    number: ItemNumber,
    type_id: TypeId,
    requester: usize,
    follower: Option<usize>,
    published: bool,
    deleted: bool,
    spam: bool,
    stars: u8,
    described: FileId,
    replied: FileId,
    noted: FileId,
}

/// The customers of the world: three of one organization, of whom one is a main contact, one of another, one of none.
const CUSTOMERS: [(&str, Option<&str>, bool); 5] = [
    ("Marisa", Some("ACME"), false),
    ("Carla", Some("ACME"), false),
    ("Mona", Some("ACME"), true),
    ("Sven", Some("Umbrella"), false),
    ("Lena", None, false),
];

/// Items with all that visibility depends on.
async fn world(desk: &TestDesk, services: &Services, owner: &Actor) -> (Vec<Actor>, Vec<Made>) {
    let mut customers = Vec::new();
    for (name, organization, main) in CUSTOMERS {
        let customer = match organization {
            Some(organization) => desk.customer(name).of(organization).await,
            None => desk.customer(name).await,
        };
        let mut actor = customer.customer().unwrap().clone();
        actor.main_contact = main;
        desk.execute(Sql::new("UPDATE customer SET main_contact = $1 WHERE id = $2", args![main, actor.id])).await;
        customers.push(Actor::Customer(actor));
    }
    let types: Vec<TypeId> = desk.items().catalog(owner).await.unwrap().types.into_iter().map(|kind| kind.id).collect();
    let mut made = Vec::new();
    for n in 0..24_usize {
        let requester = n % CUSTOMERS.len();
        let type_id = types[n % 3];
        let follower = (n % 4 == 1).then_some((n + 2) % CUSTOMERS.len());
        let (published, deleted, spam) = (n % 7 != 3, n % 11 == 5, n % 13 == 6);
        let number = desk.ticket(&format!("Ticket {n}")).by(&customers[requester]).await;
        let stars = u8::try_from(n % 6).unwrap();
        let sql = "UPDATE item SET type_id = $1, published = $2, priority = $3 WHERE number = $4";
        desk.execute(Sql::new(sql, args![type_id, published, i64::from(stars), number])).await;
        if let Some(follower) = follower {
            let customer = customers[follower].customer().unwrap().id;
            let sql = "INSERT INTO item_following_customer (item_id, customer_id) SELECT id, $1 FROM item WHERE number = $2 \
                       ON CONFLICT DO NOTHING";
            desk.execute(Sql::new(sql, args![customer, number])).await;
        }
        let mut files = Vec::new();
        for kind in [MessageKind::Reply, MessageKind::Note] {
            let file = services.files.upload(owner, "a.txt", b"words".to_vec()).await.unwrap().id;
            let message = message(number, kind, vec![file]);
            desk.items().write(owner, message).await.unwrap();
            files.push(file);
        }
        let described = services.files.upload(owner, "b.txt", b"words".to_vec()).await.unwrap().id;
        let sql = "UPDATE file SET purpose = 'description', item_id = (SELECT id FROM item WHERE number = $1) WHERE id = $2";
        desk.execute(Sql::new(sql, args![number, described])).await;
        if deleted {
            desk.items().set_deleted(owner, number, true).await.unwrap();
        }
        if spam {
            desk.items().set_spam(owner, number, true).await.unwrap();
        }
        let (replied, noted) = (files[0], files[1]);
        made.push(Made { number, type_id, requester, follower, published, deleted, spam, stars, described, replied, noted });
    }
    (customers, made)
}

/// Whether a customer sees an item under these rules: what the settings say, in other words than the product's.
fn sees(rules: &PortalRules, customer: usize, item: &Made) -> bool {
    if !item.published || item.deleted || item.spam || !rules.theirs {
        return false;
    }
    if let Some(shown) = &rules.shown
        && !shown.contains(&item.type_id)
    {
        return false;
    }
    let (own, followed) = (item.requester == customer, item.follower == Some(customer));
    let (_, organization, main) = CUSTOMERS[customer];
    let colleague = organization.is_some() && organization == CUSTOMERS[item.requester].1;
    own || followed || colleague && (main || rules.colleagues == Colleagues::Everyone)
}

/// Rules of any kind that may be saved.
fn any_rules(types: Vec<TypeId>) -> impl Strategy<Value = PortalRules> {
    let some = proptest::option::of(proptest::sample::subsequence(types.clone(), 0..=types.len()));
    let access = || prop_oneof![Just(Access::Hidden), Just(Access::View), Just(Access::Edit)];
    let accesses = proptest::collection::vec(
        (access(), proptest::option::of((proptest::sample::select(types), access()))),
        Property::ALL.len(),
    );
    let filters = proptest::sample::subsequence(PortalFilter::ALL.to_vec(), 0..=PortalFilter::ALL.len());
    (any::<bool>(), any::<bool>(), some, accesses, filters, Just(Property::ALL.to_vec()).prop_shuffle()).prop_map(
        |(theirs, everyone, shown, accesses, filters, order)| {
            let mut rules = PortalRules { theirs, shown, filters, ..PortalRules::default() };
            rules.colleagues = if everyone { Colleagues::Everyone } else { Colleagues::MainContacts };
            rules.properties.sort_by_key(|rule| order.iter().position(|property| *property == rule.property));
            for (rule, (access, of_type)) in rules.properties.iter_mut().zip(accesses) {
                let property = rule.property;
                let possible = |access: Access| {
                    let least = if property == Property::Title { Access::View } else { Access::Hidden };
                    let most = if property.changeable() { Access::Edit } else { Access::View };
                    access.clamp(least, most)
                };
                rule.access = possible(access);
                rule.of_types = of_type
                    .into_iter()
                    .map(|(type_id, access)| TypeRule { type_id, access: possible(access), form: rule.form })
                    .collect();
            }
            rules
        },
    )
}

/// Everything that the portal lists, page by page.
async fn listed(services: &Services, actor: &Actor, query: PortalQuery) -> Vec<ItemNumber> {
    let (mut all, mut query) = (Vec::new(), query);
    loop {
        let page = services.portals.list(actor, query.clone()).await.unwrap();
        all.extend(page.rows.iter().map(|row| row.number));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_shows_what_the_rules_say() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let (customers, items) = world(&desk, &services, &owner).await;
        let mut app = services.apps.list(&owner).await.unwrap().remove(0);
        let types: Vec<TypeId> = desk.items().catalog(&owner).await.unwrap().types.into_iter().map(|kind| kind.id).collect();
        let mut runner = TestRunner::deterministic();
        for _ in 0..24 {
            let rules = any_rules(types.clone()).new_tree(&mut runner).unwrap().current();
            app = with_rules(&services, &owner, &app, rules.clone()).await;
            for (who, customer) in customers.iter().enumerate() {
                let actor = now(&desk, customer).await;
                let expected: BTreeSet<ItemNumber> =
                    items.iter().filter(|item| sees(&rules, who, item)).map(|item| item.number).collect();
                let about = || format!("{} under {rules:?}", CUSTOMERS[who].0);
                let list = listed(&services, &actor, PortalQuery::default()).await;
                assert_eq!(list.iter().copied().collect::<BTreeSet<_>>(), expected, "the list of {}", about());
                assert_eq!(list.len(), expected.len(), "each once");
                for item in &items {
                    let shown = expected.contains(&item.number);
                    let ticket = services.portals.ticket(&actor, item.number).await;
                    assert_eq!(ticket.as_ref().err(), (!shown).then(Error::not_found).as_ref(), "{} of {}", item.number, about());
                    let access = |property| rules.access(property, item.type_id);
                    if let Ok(ticket) = ticket {
                        let details: Vec<Property> = ticket.details.iter().map(|detail| detail.property).collect();
                        let right = rules.properties.iter().map(|rule| rule.property).filter(|property| {
                            !matches!(property, Property::Title | Property::Description) && access(*property) > Access::Hidden
                        });
                        assert_eq!(details, right.collect::<Vec<_>>(), "{} of {}", item.number, about());
                        assert_eq!(ticket.description.is_some(), access(Property::Description) > Access::Hidden);
                        assert_eq!(ticket.files.len(), usize::from(access(Property::Description) > Access::Hidden));
                        assert!(ticket.details.iter().all(|detail| detail.editable == (access(detail.property) == Access::Edit)));
                    }
                    let described = shown && access(Property::Description) > Access::Hidden;
                    for (file, right) in [(item.replied, shown), (item.noted, false), (item.described, described)] {
                        assert_eq!(services.files.download(&actor, file).await.is_ok(), right, "{} of {}", item.number, about());
                    }
                }
                // Each filter that is offered, and none that is not.
                let stars = PortalQuery { priority: Some(2), ..PortalQuery::default() };
                if rules.offers(PortalFilter::Priority) {
                    let right: BTreeSet<_> = items
                        .iter()
                        .filter(|item| expected.contains(&item.number) && item.stars == 2)
                        .map(|item| item.number)
                        .collect();
                    assert_eq!(listed(&services, &actor, stars).await.into_iter().collect::<BTreeSet<_>>(), right);
                } else {
                    let refused = services.portals.list(&actor, stars).await.unwrap_err();
                    assert_eq!(wrong(&refused), [("priority", "error_portal_filter")]);
                }
                let offered = services.portals.me(&actor).await.unwrap().offers.filters;
                let hidden = |filter: &PortalFilter| {
                    types.iter().any(|id| rules.shows(*id) && rules.access(filter.property(), *id) == Access::Hidden)
                };
                assert!(offered.iter().all(|filter| rules.filters.contains(filter)), "{offered:?}");
                assert!(!offered.iter().any(hidden), "{offered:?} tells what is hidden: {}", about());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_tells_nobody_what_no_portal_shows_them_and_leads_to_one_that_does() {
    both_databases(async |desk| {
        let services = services(&desk);
        let owner = desk.owner().await;
        let (customers, items) = world(&desk, &services, &owner).await;
        let support = services.apps.list(&owner).await.unwrap().remove(0);
        let partners = services.apps.create(&owner, partners("partners")).await.unwrap();
        let types: Vec<TypeId> = desk.items().catalog(&owner).await.unwrap().types.into_iter().map(|kind| kind.id).collect();
        let here = PortalRules { shown: Some(vec![types[0]]), ..PortalRules::default() };
        let there = PortalRules { shown: Some(vec![types[1]]), ..PortalRules::default() };
        with_rules(&services, &owner, &support, here.clone()).await;
        with_rules(&services, &owner, &partners, there.clone()).await;
        for item in items.iter().filter(|item| !item.deleted && !item.spam) {
            let before = desk.number(Sql::new("SELECT COALESCE(MAX(id), 0) FROM mail", args![])).await;
            let message = message(item.number, MessageKind::Reply, Vec::new());
            desk.items().write(&owner, message).await.unwrap();
            let mails: Vec<(String, String)> =
                desk.rows(Sql::new("SELECT recipients, text FROM mail WHERE id > $1 ORDER BY id", args![before])).await;
            let mut expected = BTreeSet::new();
            for (who, _) in customers.iter().enumerate() {
                let concerned = item.requester == who || item.follower == Some(who);
                for (rules, slug) in [(&here, "support"), (&there, "partners")] {
                    if concerned && sees(rules, who, item) {
                        expected.insert((CUSTOMERS[who].0.to_lowercase(), slug));
                    }
                }
            }
            let told: BTreeSet<(String, &str)> = mails
                .iter()
                .map(|(recipient, body)| {
                    let slug = ["support", "partners"]
                        .into_iter()
                        .find(|slug| body.contains(&format!("/p/{slug}/tickets/")))
                        .unwrap_or("none");
                    (recipient.trim_start_matches("[\"").split('@').next().unwrap_or_default().to_owned(), slug)
                })
                .collect();
            assert_eq!(told, expected, "{item:?}");
        }
    })
    .await;
}
