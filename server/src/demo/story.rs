//! One ticket: who asks what, who answers when, how far it has come by now.

use super::{
    cast::{Customer, Member, Team},
    random::Random,
    rhythm,
    texts::{Library, Scenario, Texts},
};
use crate::{
    bulk::{BulkItem, BulkMessage},
    db::NewEvent,
    import::{
        facts::{Facts, StatusFact, TypeFact},
        row::to_html,
    },
    service::events::Author,
};
use domain::{
    actor::Party,
    conversation::MessageKind,
    event::Subject,
    item::{Channel, Impact, normalize_tags},
    time::{DAY, HOUR, MINUTE, Timestamp},
    types::Category,
};
use std::collections::HashMap;

/// What the texts leave open.
pub(super) const PLACEHOLDERS: [&str; 6] = ["name", "agent", "product", "order", "serial", "company"];
/// Days after which a resolved ticket is closed.
const CLOSES_AFTER: i64 = 5;
/// From how many workers of a team on some of them do more than others.
const MANY: usize = 40;
/// Ways in, by how common they are.
const CHANNELS: [(Channel, usize); 5] =
    [(Channel::Mail, 55), (Channel::Portal, 25), (Channel::Phone, 8), (Channel::Chat, 7), (Channel::Social, 5)];

/// Everybody and everything that stories are made of.
pub struct Stage {
    /// The texts.
    pub library: Library,
    /// Types and statuses.
    pub facts: Facts,
    /// Teams.
    pub teams: Vec<Team>,
    /// Agents.
    pub agents: Vec<Member>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// The present.
    pub now: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Customer,
    Agent,
    Note,
}

/// A ticket in the making.
struct Telling<'a> {
    stage: &'a Stage,
    customer: &'a Customer,
    agent: &'a Member,
    found_type: &'a TypeFact,
    status: &'a StatusFact,
    item: BulkItem,
    assigned: bool,
}

impl Stage {
    /// A ticket that came in at `created`.
    pub fn tell(&self, random: &mut Random, created: Timestamp) -> Option<BulkItem> {
        // Some customers write more than others.
        let index = random.below(self.customers.len()).min(random.below(self.customers.len()));
        let customer = self.customers.get(index)?;
        let texts = self.library.texts.get(&customer.language)?;
        let weight = |key: &String| self.library.scenarios.get(key).map_or(0, |scenario| scenario.weight);
        let thread = texts.threads.get(random.weighted(texts.threads.iter().map(|thread| weight(&thread.key))))?;
        let scenario = self.library.scenarios.get(&thread.key)?;
        let team = self.teams.iter().find(|team| team.key == scenario.team)?;
        let workers: Vec<&Member> =
            self.agents.iter().filter(|agent| agent.works && agent.teams.contains(&scenario.team)).collect();
        let mut worker = random.below(workers.len());
        if workers.len() >= MANY {
            worker = worker.min(random.below(workers.len()));
        }
        let agent = workers.get(worker)?;
        let found_type = self.facts.types.get(self.facts.find_type(&scenario.type_key)?)?;

        let product = random.pick(&scenario.products, "").to_owned();
        let order = format!("BR-{}", random.between(20_000, 89_999));
        let serial = format!("B{}-{}-{:04}", random.between(1, 4), random.between(2_100, 2_652), random.below(10_000));
        let company = if customer.company.is_empty() { &customer.found.name } else { &customer.company };
        let values = HashMap::from([
            ("name", customer.first_name.as_str()),
            ("agent", agent.first_name()),
            ("product", if product.is_empty() { "Brisa" } else { &product }),
            ("order", &order),
            ("serial", &serial),
            ("company", company),
        ]);
        let written = plot(random, texts, &thread.messages);
        let (_, question) = written.first()?;
        let status = found_type.find_status("new").or(found_type.statuses.first())?;
        let channel = CHANNELS[random.weighted(CHANNELS.iter().map(|(_, weight)| *weight))].0;
        let asker = (Party::Customer(customer.found.id), customer.found.name.clone());
        let mut telling = Telling {
            stage: self,
            customer,
            agent,
            found_type,
            status,
            item: BulkItem {
                title: fill(random.pick(&thread.subjects, ""), &values),
                description: to_html(&fill(question, &values)),
                type_id: found_type.id,
                status_id: status.id,
                category: status.category,
                status_rank: status.rank,
                priority: priority(random, scenario),
                requester: Some(customer.found.clone()),
                channel,
                impact: if random.chance(6) { Impact::Minor } else { Impact::None },
                product: product.clone(),
                created_by: asker.clone(),
                created_at: created,
                updated_at: created,
                first_response_at: None,
                resolved_at: None,
                last_message: Some((created, asker.0, asker.1)),
                version: 1,
                external: None,
                tags: tags(random, scenario),
                agents: Vec::new(),
                teams: if random.chance(85) { vec![team.id] } else { Vec::new() },
                following_agents: Vec::new(),
                read_at: None,
                messages: Vec::new(),
                events: Vec::new(),
            },
            assigned: false,
        };
        telling.note("created", created, telling.by_customer());
        telling.go_on(random, &written, &values);
        Some(telling.item)
    }
}

impl Telling<'_> {
    /// Writes what has been written by now; the rest has not happened yet.
    fn go_on(&mut self, random: &mut Random, written: &[(Who, String)], values: &HashMap<&str, &str>) {
        let now = self.stage.now;
        // Some conversations fall asleep.
        let ends_early = random.chance(20).then(|| 1 + random.below(written.len()));
        let mut at = self.item.created_at;
        let mut done = true;
        for (index, (who, text)) in written.iter().enumerate().skip(1) {
            at = match who {
                Who::Customer => rhythm::awake(at.plus(random.between(20 * MINUTE, 20 * HOUR))),
                Who::Agent if !self.assigned => rhythm::at_work(at.plus(random.between(8 * MINUTE, 6 * HOUR))),
                Who::Agent | Who::Note => rhythm::at_work(at.plus(random.between(5 * MINUTE, 3 * HOUR))),
            };
            if at >= now || ends_early.is_some_and(|end| index >= end) {
                done = false;
                break;
            }
            self.write(*who, &fill(text, values), at);
        }
        if !self.assigned && now.since(self.item.created_at) > DAY && random.chance(40) {
            let at = rhythm::at_work(self.item.created_at.plus(random.between(HOUR, 5 * HOUR)));
            self.assign(at);
            self.set_status("open", at, self.by_agent());
        }
        // Of what has slept for longer than a quarter half is given up.
        done = done || now.since(at) > rhythm::DAYS * DAY && random.chance(50);
        if done {
            self.finish(at.plus(random.between(2 * MINUTE, 40 * MINUTE)));
        } else if self.assigned && random.chance(12) {
            let last = self.item.updated_at.plus(MINUTE);
            self.set_status(if random.chance(50) { "on_hold" } else { "in_progress" }, last, self.by_agent());
        }
        if self.assigned && random.chance(10) {
            let others: Vec<&Member> = self.stage.agents.iter().filter(|agent| agent.id != self.agent.id).collect();
            self.item.following_agents.extend(others.get(random.below(others.len())).map(|agent| agent.id));
        }
        self.item.read_at = Some(if random.chance(70) { self.item.updated_at } else { self.item.created_at });
    }

    fn write(&mut self, who: Who, text: &str, at: Timestamp) {
        let (author, kind, channel) = match who {
            Who::Customer => (self.by_customer(), MessageKind::Reply, self.item.channel),
            Who::Agent => (self.by_agent(), MessageKind::Reply, Channel::Agent),
            Who::Note => (self.by_agent(), MessageKind::Note, Channel::Agent),
        };
        if who != Who::Customer && !self.assigned {
            self.assign(at.plus(-2 * MINUTE).max(self.item.created_at));
        }
        self.item.messages.push(BulkMessage {
            kind,
            author: author.party,
            author_name: author.name.clone(),
            html: to_html(text),
            channel,
            recipients: if who == Who::Agent { vec![self.customer.email.clone()] } else { Vec::new() },
            at,
        });
        if kind == MessageKind::Reply {
            self.item.last_message = Some((at, author.party, author.name.clone()));
        }
        self.note(if kind == MessageKind::Note { "noted" } else { "replied" }, at, author.clone());
        match who {
            Who::Agent => {
                self.item.first_response_at.get_or_insert(at);
                self.set_status("waiting_customer", at, author);
            }
            Who::Customer => self.set_status("open", at, author),
            Who::Note => self.set_status("in_progress", at, author),
        }
    }

    fn assign(&mut self, at: Timestamp) {
        self.assigned = true;
        self.item.agents = vec![self.agent.id];
        let mut event = self.by_agent().changed(Subject::Workspace, "agents", "", &self.agent.name);
        event.value = ("[]".to_owned(), format!("[{}]", self.agent.id));
        self.push(event, at);
    }

    fn set_status(&mut self, key: &str, at: Timestamp, by: Author) {
        let Some(status) = self.found_type.find_status(key).filter(|status| status.id != self.status.id) else { return };
        let mut event = by.changed(Subject::Workspace, "status", &self.status.name, &status.name);
        event.value = (self.status.id.to_string(), status.id.to_string());
        self.status = status;
        self.item.status_id = status.id;
        self.item.category = status.category;
        self.item.status_rank = status.rank;
        self.item.resolved_at = if status.category == Category::Done { self.item.resolved_at.or(Some(at)) } else { None };
        self.push(event, at);
    }

    fn finish(&mut self, at: Timestamp) {
        if at >= self.stage.now {
            return;
        }
        self.set_status("resolved", at, self.by_agent());
        let closed = at.plus(CLOSES_AFTER * DAY);
        if closed < self.stage.now {
            self.set_status("closed", closed, Author::system());
        }
    }

    fn note(&mut self, name: &'static str, at: Timestamp, by: Author) {
        let event = by.event(Subject::Workspace, name);
        self.push(event, at);
    }

    fn push(&mut self, mut event: NewEvent, at: Timestamp) {
        if !self.item.events.is_empty() {
            self.item.version += 1;
        }
        event.version = self.item.version;
        event.at = Some(at);
        self.item.updated_at = self.item.updated_at.max(at);
        self.item.events.push(event);
    }

    fn by_customer(&self) -> Author {
        let channel = if self.item.channel == Channel::Mail { "mail" } else { "portal" };
        Author { party: Party::Customer(self.customer.found.id), name: self.customer.found.name.clone(), channel }
    }
    fn by_agent(&self) -> Author {
        Author { party: Party::Agent(self.agent.id), name: self.agent.name.clone(), channel: "agent" }
    }
}

/// The messages of a thread, varied: somebody asks again, somebody notes something, somebody says thanks.
fn plot(random: &mut Random, texts: &Texts, messages: &[String]) -> Vec<(Who, String)> {
    let mut all: Vec<(Who, String)> = Vec::with_capacity(messages.len() + 3);
    for message in messages {
        let (who, text) = message.split_once(' ').unwrap_or(("C", message));
        let who = match who {
            "A" => Who::Agent,
            "N" => Who::Note,
            _ => Who::Customer,
        };
        if who == Who::Agent && all.len() == 1 {
            if random.chance(12) {
                all.push((Who::Customer, random.pick(&texts.pings, "").to_owned()));
            }
            if random.chance(12) {
                all.push((Who::Note, random.pick(&texts.notes, "").to_owned()));
            }
            if random.chance(15) {
                all.push((Who::Agent, random.pick(&texts.acks, "").to_owned()));
            }
        }
        all.push((who, text.to_owned()));
    }
    if all.last().is_some_and(|(who, _)| *who == Who::Agent) && random.chance(55) {
        all.push((Who::Customer, random.pick(&texts.thanks, "").to_owned()));
    }
    all
}

fn priority(random: &mut Random, scenario: &Scenario) -> u8 {
    let [least, most] = scenario.priority;
    u8::try_from(random.between(i64::from(least), i64::from(most))).unwrap_or_default()
}

fn tags(random: &mut Random, scenario: &Scenario) -> Vec<String> {
    let mut tags: Vec<&str> = scenario.tags.iter().map(String::as_str).filter(|_| random.chance(70)).collect();
    if random.chance(4) {
        tags.push("vip");
    }
    normalize_tags(&tags)
}

/// Fills the placeholders of a text.
pub(super) fn fill(text: &str, values: &HashMap<&str, &str>) -> String {
    let mut text = text.to_owned();
    for name in PLACEHOLDERS {
        let mark = format!("{{{name}}}");
        if text.contains(&mark) {
            text = text.replace(&mark, values.get(name).copied().unwrap_or_default());
        }
    }
    text
}
