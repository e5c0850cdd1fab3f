//! Who there is: the team, the customers and their companies.

use super::{
    random::Random,
    rhythm,
    texts::{Library, Texts},
};
use crate::{
    args,
    bulk::{self, Found, Person},
    db::{Read, Sql, Tx},
    import::words,
    keys,
    service::{accounts::agents, events::Author, organizations},
};
use domain::{
    Error, Result,
    agent::{NewAgent, Role, TicketAccess},
    event::Subject,
    id::{AgentId, OrganizationId, TeamId},
    language::Language,
    organization::NewOrganization,
    time::DAY,
};
use std::collections::HashSet;

/// Domain of the company. The ending is reserved: no mail ever gets anywhere.
pub const DOMAIN: &str = "brisa.example";
/// Teams with the key that scenarios name them by.
const TEAMS: [(&str, &str); 3] = [("care", "Customer care"), ("repairs", "Repairs"), ("orders", "Orders and billing")];
/// The team beside the owner: name, role, teams.
const AGENTS: [(&str, Role, &[&str]); 7] = [
    ("Ana Ribeiro", Role::Agent, &["care", "repairs"]),
    ("Marc Delorme", Role::Administrator, &["orders"]),
    ("Jana Weber", Role::Agent, &["repairs"]),
    ("Tom Ashworth", Role::Agent, &["care", "orders"]),
    ("Chiara Bassi", Role::Agent, &["repairs"]),
    ("Diego Salas", Role::Agent, &["orders", "care"]),
    ("Ruth Okafor", Role::Light, &["care"]),
];
/// How often a customer speaks a language, out of a hundred.
const LANGUAGES: [(Language, usize); 6] =
    [(Language::En, 34), (Language::De, 20), (Language::Fr, 16), (Language::Es, 12), (Language::It, 10), (Language::Pt, 8)];

/// From how many companies on some of them have more customers than others.
const MANY: usize = 200;

/// How many there are.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// Agents beside the owner.
    pub agents: usize,
    /// Customers.
    pub customers: usize,
    /// Organizations.
    pub organizations: usize,
    /// Days that the tickets are spread over.
    pub days: i64,
}

impl Numbers {
    /// A company that has had so many tickets: 500 agents and 2,000 organizations at a million.
    pub fn for_items(items: usize) -> Self {
        let more = items.saturating_sub(400);
        Self {
            agents: AGENTS.len() + more / 2_030,
            customers: 60 + more / 10,
            organizations: 15 + more / 500,
            days: rhythm::days(items),
        }
    }
}

/// An agent.
#[derive(Debug, Clone)]
pub struct Member {
    /// The agent.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// Address.
    pub email: String,
    /// May be assigned.
    pub works: bool,
    /// Keys of the teams.
    pub teams: Vec<String>,
}

impl Member {
    /// What customers call them.
    pub fn first_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or_default()
    }
}

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// As the tickets need them.
    pub found: Found,
    /// Given name.
    pub first_name: String,
    /// Address.
    pub email: String,
    /// What they speak.
    pub language: Language,
    /// Where they work; empty for private people.
    pub company: String,
}

/// A team.
#[derive(Debug, Clone)]
pub struct Team {
    /// The key that scenarios name it by.
    pub key: String,
    /// The team.
    pub id: TeamId,
}

/// Makes the teams.
pub async fn teams(tx: &mut Tx) -> Result<Vec<Team>> {
    let mut all = Vec::new();
    for (key, name) in TEAMS {
        let now = tx.now;
        let sql = "INSERT INTO team (name, name_key, created_at) VALUES ($1, $2, $3) RETURNING id";
        let (id,): (i64,) = tx.one(Sql::new(sql, args![name, keys::fold(name), now])).await?;
        let mut event = Author::system().event(Subject::Team(id), "created");
        name.clone_into(&mut event.text.1);
        tx.event(event);
        all.push(Team { key: key.to_owned(), id: TeamId(id) });
    }
    Ok(all)
}

/// Makes an agent who can sign in.
pub async fn agent(tx: &mut Tx, name: &str, email: &str, role: Role, teams: Vec<TeamId>, hash: &str) -> Result<AgentId> {
    let new = NewAgent { name: name.to_owned(), email: email.to_owned(), role, access: TicketAccess::All, teams };
    agents::insert(tx, &Author::system(), &new, Language::En, Some(hash)).await
}

/// Makes the agents beside the owner. The first gets `first` as the hash of the password, the others one that nobody knows.
pub async fn agents(
    tx: &mut Tx,
    random: &mut Random,
    library: &Library,
    teams: &[Team],
    count: usize,
    hashes: (&str, &str),
) -> Result<Vec<Member>> {
    let english = library.texts.get(&Language::En).ok_or_else(Error::internal)?;
    let mut all: Vec<Member> = Vec::new();
    for index in 0..count {
        let (name, role, keys) = match AGENTS.get(index) {
            Some((name, role, keys)) => ((*name).to_owned(), *role, keys.to_vec()),
            None => (person_name(random, english), Role::Agent, vec![TEAMS[index % TEAMS.len()].0]),
        };
        let ids = teams.iter().filter(|team| keys.contains(&team.key.as_str())).map(|team| team.id).collect();
        let mut email = format!("{}@{DOMAIN}", slug(&name));
        if all.iter().any(|other| other.email == email) {
            email = format!("{}.{index}@{DOMAIN}", slug(&name));
        }
        let hash = if index == 0 { hashes.0 } else { hashes.1 };
        let id = agent(tx, &name, &email, role, ids, hash).await?;
        all.push(Member { id, name, email, works: role.works(), teams: keys.into_iter().map(str::to_owned).collect() });
    }
    Ok(all)
}

fn person_name(random: &mut Random, texts: &Texts) -> String {
    format!("{} {}", random.pick(&texts.first_names, ""), random.pick(&texts.last_names, ""))
}

/// Makes companies; answers each with its language.
pub async fn organizations(tx: &mut Tx, library: &Library, count: usize) -> Result<Vec<(OrganizationId, String, Language)>> {
    let companies: Vec<(&String, Language)> = LANGUAGES
        .iter()
        .filter_map(|(language, _)| Some((library.texts.get(language)?, *language)))
        .flat_map(|(texts, language)| texts.companies.iter().map(move |name| (name, language)))
        .collect();
    let mut all = Vec::with_capacity(count);
    for index in 0..count {
        // The companies of all languages take turns.
        let (name, language) = companies[(index * 5 + index / companies.len()) % companies.len()];
        let round = index / companies.len();
        let name = if round == 0 { name.clone() } else { format!("{name} {}", round + 1) };
        let new = NewOrganization { domains: vec![domain_of(&name)], name: name.clone(), ..NewOrganization::default() };
        let id = organizations::insert(tx, &Author::system(), &new).await?;
        all.push((id, name, language));
    }
    Ok(all)
}

fn domain_of(company: &str) -> String {
    format!("{}.example", slug(company).replace('.', "-"))
}

/// Makes customers: three of four belong to a company, the others are private. The first is of the first company and gets
/// `hashes.0`. Of many companies some have more of them than others.
pub async fn customers(
    tx: &mut Tx,
    random: &mut Random,
    library: &Library,
    organizations: &[(OrganizationId, String, Language)],
    numbers: &Numbers,
    hashes: (&str, &str),
) -> Result<Vec<Customer>> {
    let count = numbers.customers;
    // They were there before their tickets.
    let since = numbers.days * DAY;
    let mut taken = HashSet::new();
    let mut people = Vec::with_capacity(count);
    let mut companies = Vec::with_capacity(count);
    for index in 0..count {
        let mut place = index % organizations.len().max(1);
        if organizations.len() >= MANY {
            place = place.min(random.below(organizations.len()));
        }
        let company = organizations.get(place).filter(|_| index % 4 != 3);
        let language = company
            .map_or_else(|| LANGUAGES[random.weighted(LANGUAGES.iter().map(|(_, weight)| *weight))].0, |company| company.2);
        let texts = library.texts.get(&language).ok_or_else(Error::internal)?;
        let (first, last) = (random.pick(&texts.first_names, ""), random.pick(&texts.last_names, ""));
        let domain =
            company.map_or_else(|| ["example.com", "example.org", "example.net"][index % 3].to_owned(), |it| domain_of(&it.1));
        let mut email = format!("{}@{domain}", slug(&format!("{first} {last}")));
        if !taken.insert(email.clone()) {
            email = format!("{}.{index}@{domain}", slug(&format!("{first} {last}")));
            taken.insert(email.clone());
        }
        let hash = match index {
            0 => Some(hashes.0),
            _ if random.chance(60) => Some(hashes.1),
            _ => None,
        };
        people.push(Person {
            email: Some(email),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            phone: if random.chance(50) { format!("+00 555 {:04}", random.below(10_000)) } else { String::new() },
            job_title: company.map_or("", |_| random.pick(&texts.job_titles, "")).to_owned(),
            organization: company.map(|company| company.0),
            language,
            password_hash: hash.map(str::to_owned),
            created_at: tx.now.plus(-random.between(since + DAY, since + 310 * DAY)),
        });
        companies.push(company.map_or("", |company| &company.1));
    }
    let found = bulk::insert_customers(tx, &people, &Author::system()).await?;
    Ok(found
        .into_iter()
        .zip(people)
        .zip(companies)
        .map(|((found, person), company)| Customer {
            found,
            first_name: person.first_name,
            email: person.email.unwrap_or_default(),
            language: person.language,
            company: company.to_owned(),
        })
        .collect())
}

/// `Élise Guérin` is `elise.guerin`.
fn slug(text: &str) -> String {
    let ascii: String = words::fold(text)
        .chars()
        .map(|c| if c == 'ı' { 'i' } else { c })
        .filter(|c| c.is_ascii_alphanumeric() || *c == ' ')
        .collect();
    ascii.split_whitespace().collect::<Vec<_>>().join(".")
}
