//! Requests that make sense, for each door: `samples.toml` with its placeholders filled by things made for the occasion.

use crate::{
    ask::{Answer, Ask},
    site::Site,
};
use domain::{
    action::NewMerge,
    actor::Actor,
    agent::{NewAgent, Role, TicketAccess},
    bulk::{BulkDeed, BulkTarget, NewBulk},
    conversation::{MessageKind, NewMessage},
    draft::NewDraft,
    id::{BulkId, FileId, HeldId, ImportId, ItemNumber},
    import::{ImportMap, Target},
    item::Change,
    portal::{
        app::{AppKind, NewApp},
        rules::Access,
    },
    view::{NewView, Settings, ViewKey, ViewScope},
};
use serde::Deserialize;
use server::{args, db::Sql};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

const CSV: &[u8] = b"Title\nPrinter jam\n";

/// What is sent to a door.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    path: Option<String>,
    json: Option<String>,
    form: Option<BTreeMap<String, String>>,
    multipart: Option<BTreeMap<String, String>>,
}

static SAMPLES: LazyLock<HashMap<String, Sample>> = LazyLock::new(|| toml::from_str(include_str!("samples.toml")).unwrap());

impl Sample {
    /// The sample of a row of the table.
    pub fn of(row: &str) -> Self {
        SAMPLES.get(row).cloned().unwrap_or_default()
    }
    /// Every sample that names one of these placeholders.
    pub fn naming<'a>(names: &'a [&'a str]) -> impl Iterator<Item = (&'static str, Sample)> + 'a {
        let mut all: Vec<_> = SAMPLES.iter().collect();
        all.sort_by_key(|(row, _)| row.as_str());
        all.into_iter()
            .filter(|(_, sample)| names.iter().any(|name| sample.names(name)))
            .map(|(row, sample)| (row.as_str(), sample.clone()))
    }
    /// Whether it names this placeholder.
    pub fn names(&self, name: &str) -> bool {
        let name = format!("{{{name}}}");
        let fields = self.form.iter().chain(&self.multipart).flat_map(BTreeMap::values);
        self.path.iter().chain(&self.json).chain(fields).any(|text| text.contains(&name))
    }
    /// With a placeholder filled.
    pub fn filled(mut self, name: &str, value: &str) -> Self {
        let name = format!("{{{name}}}");
        let fields = self.form.iter_mut().chain(&mut self.multipart).flat_map(BTreeMap::values_mut);
        for text in self.path.iter_mut().chain(&mut self.json).chain(fields) {
            *text = text.replace(&name, value);
        }
        self
    }

    /// Sends it to its door, as this person.
    pub async fn send(&self, world: &World<'_>, row: &str, person: &Person) -> Answer {
        let mut filled = self.clone();
        if filled.path.is_none() {
            let door = if row.starts_with("GET (") { row } else { row.split(" (").next().unwrap() };
            filled.path = door.split_once(' ').map(|(_, path)| path.to_owned());
        }
        for name in NAMES {
            if filled.names(name) {
                filled = filled.filled(name, &world.make(name, &person.actor).await);
            }
        }
        let cookie = world.site.sign_in(&person.actor).await;
        filled.ask(world.site, row).by(&cookie).await
    }

    fn ask(&self, site: &Site, row: &str) -> Ask {
        let path = self.path.as_deref().unwrap();
        let Some(method) = row.split(' ').next() else { unreachable!() };
        if method == "GET" {
            return site.get(path);
        }
        let ask = site.post(path);
        if let Some(json) = &self.json {
            ask.json(json)
        } else if let Some(fields) = &self.form {
            ask.form(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        } else if let Some(fields) = &self.multipart {
            ask.multipart(fields.iter().map(|(name, value)| match (name.as_str(), value.as_str()) {
                (name @ ("file" | "files"), "a.csv") => (name, "a.csv", CSV),
                (name @ ("file" | "files"), file) => (name, file, b"Hello".as_slice()),
                (name, value) => (name, "", value.as_bytes()),
            }))
        } else {
            panic!("samples.toml does not say what to send to {row}")
        }
    }
}

const NAMES: [&str; 35] = [
    "n",
    "password",
    "session",
    "customer",
    "never_invited",
    "organization",
    "ticket",
    "other_ticket",
    "merged",
    "message",
    "colleagues_ticket",
    "drafted",
    "shared",
    "sharer",
    "held",
    "agent",
    "owner",
    "invited",
    "team",
    "app",
    "mail",
    "failed_job",
    "undelivered",
    "csv",
    "import",
    "failed_import",
    "public_file",
    "internal_file",
    "slug",
    "texts",
    "own_view",
    "own_deleted_view",
    "everyones_view",
    "everyones_deleted_view",
    "bulk",
];

/// Somebody who knocks.
pub struct Person {
    /// Which column of the table.
    pub name: &'static str,
    /// Who it is.
    pub actor: Actor,
}

/// The people and things of the test.
pub struct World<'s> {
    site: &'s Site,
    people: [Person; 6],
    colleague: Actor,
    /// Who shares drafts.
    sharer: Actor,
    next: AtomicU32,
}

impl<'s> World<'s> {
    /// One of each.
    pub async fn new(site: &'s Site) -> Self {
        let desk = &site.desk;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let people = [
            Person { name: "anonymous", actor: Actor::Anonymous },
            Person { name: "customer", actor: marisa },
            Person { name: "light", actor: desk.light_agent().await },
            Person { name: "agent", actor: desk.agent("Ana").await },
            Person { name: "administrator", actor: desk.administrator().await },
            Person { name: "owner", actor: desk.owner().await },
        ];
        // Customers may change the titles of their tickets.
        let owner = &people[5].actor;
        let portal = site.services.apps.list(owner).await.unwrap().remove(0);
        let mut settings = portal.settings();
        settings.rules.properties[0].access = Access::Edit;
        site.services.apps.change(owner, portal.id, portal.version, settings).await.unwrap();
        let (colleague, sharer) = (desk.customer("Carla").of("ACME").await, desk.agent("Sara").await);
        Self { site, people, colleague, sharer, next: AtomicU32::new(1) }
    }
    /// Those of the columns of the table, in order.
    pub fn people(&self) -> &[Person; 6] {
        &self.people
    }
    fn person(&self, name: &str) -> &Actor {
        &self.people.iter().find(|person| person.name == name).unwrap().actor
    }

    /// Makes what a placeholder stands for; answers how it is named in a request.
    async fn make(&self, name: &str, actor: &Actor) -> String {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let desk = &self.site.desk;
        let owner = self.person("owner");
        let id = |actor: &Actor| actor.party().id().unwrap().to_string();
        match name {
            "n" => n.to_string(),
            "password" => format!("a long enough phrase {n}"),
            "session" => {
                self.site.sign_in(actor).await;
                desk.number(Sql::new("SELECT MAX(id) FROM session", args![])).await.to_string()
            }
            "customer" => id(&desk.customer(&format!("Nina {n}")).await),
            "never_invited" => {
                let customer = desk.customer(&format!("Nina {n}")).await;
                let sql = "UPDATE customer SET state = 'none' WHERE id = $1";
                desk.execute(Sql::new(sql, args![customer.party().id()])).await;
                id(&customer)
            }
            "organization" => desk.organization(&format!("Umbrella {n}")).await.to_string(),
            "ticket" => desk.ticket("Printer jam").by(self.person("customer")).await.to_string(),
            "other_ticket" => desk.ticket("Paper jam").by(self.person("customer")).await.to_string(),
            "merged" => self.merged().await.to_string(),
            "message" => self.replied().await,
            "colleagues_ticket" => desk.ticket("Printer jam").by(&self.colleague).await.to_string(),
            "drafted" => self.drafts(if actor.agent().is_ok() { actor } else { &self.sharer }, false).await.to_string(),
            "shared" => self.drafts(&self.sharer, true).await.to_string(),
            "sharer" => id(&self.sharer),
            "held" => self.held(if actor.working_agent().is_ok() { actor } else { &self.sharer }).await.to_string(),
            "agent" => id(&desk.agent(&format!("Bea {n}")).await),
            "owner" => id(&desk.agent(&format!("Oscar {n}")).with_role(Role::Owner).await),
            "invited" => {
                let agent = NewAgent {
                    name: format!("Ivo {n}"),
                    email: format!("ivo{n}@desk.test"),
                    role: Role::Agent,
                    access: TicketAccess::All,
                    teams: Vec::new(),
                };
                self.site.services.admin.invite_agent(owner, agent).await.unwrap().id.to_string()
            }
            "team" => desk.team(&format!("Team {n}")).await.to_string(),
            "mail" => self.held_mail().await.to_string(),
            "failed_job" => self.failed_job().await.to_string(),
            "undelivered" => {
                let number = desk.ticket("Printer jam").by(self.person("customer")).await;
                format!(r#"{{"number":{number},"mail":{}}}"#, self.undelivered(number).await)
            }
            "csv" => self.csv(if actor.administrator().is_ok() { actor } else { owner }).await.to_string(),
            "import" => self.import().await.to_string(),
            "failed_import" => {
                let import = self.import().await;
                desk.execute(Sql::new("UPDATE import_run SET state = 'failed' WHERE id = $1", args![import])).await;
                import.to_string()
            }
            "public_file" => self.file(MessageKind::Reply).await.to_string(),
            "internal_file" => self.file(MessageKind::Note).await.to_string(),
            "slug" => self.site.services.portals.default_portal().await.unwrap().slug,
            "app" => {
                let app = NewApp { kind: AppKind::TicketPortal, name: String::new(), slug: format!("app-{n}") };
                self.site.services.apps.create(owner, app).await.unwrap().id.to_string()
            }
            "texts" => app::i18n::script_path(domain::language::Language::En, false).rsplit('/').next().unwrap().to_owned(),
            "own_view" | "own_deleted_view" => {
                let maker = if actor.agent().is_ok() { actor } else { owner };
                self.view(maker, ViewScope::Personal, name == "own_deleted_view").await.to_string()
            }
            "everyones_view" | "everyones_deleted_view" => {
                self.view(owner, ViewScope::Everyone, name == "everyones_deleted_view").await.to_string()
            }
            "bulk" => self.bulk(if actor.working_agent().is_ok() { actor } else { owner }).await.to_string(),
            other => panic!("nothing is made for {{{other}}}"),
        }
    }

    /// A ticket that was merged into another.
    async fn merged(&self) -> ItemNumber {
        let customer = self.person("customer");
        let (into, item) =
            (self.site.desk.ticket("Printer jam").by(customer).await, self.site.desk.ticket("Paper jam").by(customer).await);
        let merge = NewMerge { into, items: vec![item], share: false, idempotency_key: String::new() };
        self.site.services.actions.merge(self.person("owner"), merge).await.unwrap();
        item
    }

    /// A ticket with a reply, as a request names both.
    async fn replied(&self) -> String {
        let item = self.site.desk.ticket("Printer jam").by(self.person("customer")).await;
        let detail = self.site.services.items.write(&self.sharer, message(item, MessageKind::Reply)).await.unwrap();
        format!(r#""item":{item},"message":{}"#, detail.messages[0].id)
    }

    /// A ticket at which somebody writes a note, and a reply if they may.
    async fn drafts(&self, writer: &Actor, shared: bool) -> ItemNumber {
        let item = self.site.desk.ticket("Printer jam").by(self.person("customer")).await;
        let items = &self.site.services.items;
        for kind in [MessageKind::Note, MessageKind::Reply] {
            if kind == MessageKind::Note || writer.working_agent().is_ok() {
                let draft = NewDraft { item, kind, html: "<p>Hel</p>".to_owned(), files: Vec::new() };
                items.save_draft(writer, draft).await.unwrap();
                items.share_draft(writer, item, kind, shared).await.unwrap();
            }
        }
        item
    }

    /// A reply of somebody that waits to be sent.
    async fn held(&self, writer: &Actor) -> HeldId {
        let item = self.site.desk.ticket("Printer jam").by(self.person("customer")).await;
        let reply = NewMessage { hold: true, ..message(item, MessageKind::Reply) };
        self.site.services.items.write(writer, reply).await.unwrap().held[0].id
    }

    /// A view of somebody, maybe deleted.
    async fn view(&self, maker: &Actor, scope: ViewScope, deleted: bool) -> ViewKey {
        let views = &self.site.services.views;
        let (name, text, settings) = ("Jams".to_owned(), "jam".to_owned(), Settings::default());
        let (folder, icon, colour) = (String::new(), String::new(), String::new());
        let view = views.create(maker, NewView { name, scope, folder, icon, colour, text, settings }).await.unwrap();
        if deleted {
            views.delete(maker, view.key).await.unwrap();
        }
        view.key
    }

    /// A bulk change of somebody that is over and has changed a ticket.
    async fn bulk(&self, agent: &Actor) -> BulkId {
        let number = self.site.desk.ticket("Printer jam").by(self.person("customer")).await;
        let bulk = NewBulk {
            target: BulkTarget::Numbers(vec![number]),
            deed: BulkDeed::Set(Change::Priority(5)),
            idempotency_key: String::new(),
        };
        self.site.services.bulk.start(agent, bulk).await.unwrap().id
    }

    async fn held_mail(&self) -> i64 {
        self.site
            .desk
            .execute(Sql::new(
                "INSERT INTO mail (token, recipients, subject, text, state, created_at) \
                 VALUES ($1, '[\"nina@new.test\"]', 'Hello', 'Hello', 'held', 0)",
                args![server::ambient::token()],
            ))
            .await;
        self.site.desk.number(Sql::new("SELECT MAX(id) FROM mail", args![])).await
    }

    /// A mail that was given up, with its job; answers the job.
    async fn failed_job(&self) -> i64 {
        let mail = self.held_mail().await;
        let desk = &self.site.desk;
        desk.execute(Sql::new("UPDATE mail SET state = 'failed' WHERE id = $1", args![mail])).await;
        let sql =
            "INSERT INTO job (kind, subject_id, priority, state, run_at, created_at) VALUES ('mail', $1, 1, 'failed', 0, 0)";
        desk.execute(Sql::new(sql, args![mail])).await;
        desk.number(Sql::new("SELECT MAX(id) FROM job", args![])).await
    }

    /// A mail of a reply to a ticket that was given up.
    async fn undelivered(&self, item: ItemNumber) -> i64 {
        self.site.services.items.write(self.person("agent"), message(item, MessageKind::Reply)).await.unwrap();
        let desk = &self.site.desk;
        let mail = desk.number(Sql::new("SELECT MAX(id) FROM mail", args![])).await;
        desk.execute(Sql::new("UPDATE mail SET state = 'failed' WHERE id = $1", args![mail])).await;
        desk.execute(Sql::new("UPDATE job SET state = 'failed' WHERE kind = 'mail' AND subject_id = $1", args![mail])).await;
        mail
    }

    async fn csv(&self, actor: &Actor) -> FileId {
        self.site.services.imports.inspect(actor, "a.csv", CSV.to_vec()).await.unwrap().file
    }

    async fn import(&self) -> ImportId {
        let owner = self.person("owner");
        let map = ImportMap { columns: BTreeMap::from([("Title".to_owned(), Target::Title)]), ..ImportMap::default() };
        let file = self.csv(owner).await;
        self.site.services.imports.start(owner, file, map).await.unwrap().id
    }

    async fn file(&self, kind: MessageKind) -> FileId {
        let ana = self.person("agent");
        let item = self.site.desk.ticket("Printer jam").by(self.person("customer")).await;
        let file = self.site.services.files.upload(ana, "a.txt", b"Hello".to_vec()).await.unwrap().id;
        let message = NewMessage { files: vec![file], ..message(item, kind) };
        self.site.services.items.write(ana, message).await.unwrap();
        file
    }
}

/// A message without anything but a text.
pub fn message(item: ItemNumber, kind: MessageKind) -> NewMessage {
    NewMessage {
        item,
        kind,
        html: "<p>See the file</p>".to_owned(),
        files: Vec::new(),
        cc: Vec::new(),
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: Vec::new(),
        hold: false,
        idempotency_key: String::new(),
    }
}
