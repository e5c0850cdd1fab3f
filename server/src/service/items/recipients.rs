//! To whom a reply goes by mail: the requester, following customers, copies; the agents whom a customer's reply concerns; to whom a
//! note is forwarded.

use super::record::{ItemRecord, push_permission};
use crate::{
    args,
    db::{Read, Sql, Tx},
    mail::{Letter, Links, templates::post_about},
    rich_text,
    service::{apps, customers::portal_slug},
};
use domain::{
    Result,
    actor::{Actor, CustomerActor},
    id::{CustomerId, MessageId, OrganizationId, SessionId},
    language::Language,
    portal::OpenPortal,
    text::normalize_email,
};
use std::collections::HashMap;

/// A recipient of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Bare address.
    pub email: String,
    /// The language they read.
    pub language: Language,
    /// Slug of the portal in which they see it; `None` for who is known by the address only.
    pub portal: Option<String>,
}

/// A customer who follows.
#[derive(sqlx::FromRow)]
struct Follower {
    id: i64,
    organization_id: Option<i64>,
    main_contact: bool,
    language: String,
    email: String,
}

impl Follower {
    /// As who reads in one portal.
    fn in_portal(&self, portal: &OpenPortal) -> Actor {
        Actor::Customer(CustomerActor {
            id: CustomerId(self.id),
            organization: self.organization_id.map(OrganizationId),
            main_contact: self.main_contact,
            portals: vec![portal.clone()],
            session: SessionId(0),
            language: Language::default(),
            time_zone: String::new(),
        })
    }
}

/// Everybody whom a reply reaches, each address once: the requester first, then the other customers who follow, then `cc`. Of the
/// customers those who see the item in a portal: mail tells nobody what no portal shows them.
///
/// # Errors
/// What the database says.
pub async fn of_reply(tx: &mut Tx, item: &ItemRecord, cc: &[String]) -> Result<Vec<Recipient>> {
    let followers: Vec<Follower> = tx
        .all(Sql::new(
            "SELECT customer.id, customer.organization_id, customer.main_contact, customer.language, address.email \
             FROM item_following_customer JOIN customer ON customer.id = item_following_customer.customer_id \
             JOIN address ON address.customer_id = customer.id AND address.position = \
             (SELECT MIN(first.position) FROM address AS first WHERE first.customer_id = customer.id) \
             WHERE item_following_customer.item_id = $1 ORDER BY customer.id",
            args![item.id],
        ))
        .await?;
    let default = own_language(tx).await?;
    let mut seen = where_seen(tx, item, &followers).await?;
    let (asking, following): (Vec<_>, Vec<_>) =
        followers.into_iter().partition(|follower| Some(follower.id) == item.requester_id);
    let customers = asking.into_iter().chain(following).filter_map(|follower| {
        let language = Language::from_tag(&follower.language).unwrap_or(default);
        seen.remove(&follower.id).map(|portal| Recipient { email: follower.email, language, portal: Some(portal) })
    });
    Ok(once(customers.chain(named(cc, default))))
}

/// In which portal each of them sees the item, by slug: one question for each portal, as long as somebody has not seen it yet.
async fn where_seen(tx: &mut Tx, item: &ItemRecord, followers: &[Follower]) -> Result<HashMap<i64, String>> {
    let mut seen = HashMap::new();
    if followers.is_empty() {
        return Ok(seen);
    }
    for portal in apps::for_mail(tx).await? {
        let mut sql = Sql::build("");
        let others = followers.iter().filter(|follower| !seen.contains_key(&follower.id));
        for (place, follower) in others.enumerate() {
            sql.push(if place > 0 { " UNION ALL SELECT CAST(" } else { "SELECT CAST(" });
            sql.bind(follower.id).push(" AS BIGINT) FROM item WHERE item.id = ").bind(item.id).push(" AND ");
            push_permission(&mut sql, tx.engine(), &follower.in_portal(&portal), tx.now);
        }
        if seen.len() == followers.len() {
            break;
        }
        let found: Vec<(i64,)> = tx.all(sql).await?;
        seen.extend(found.into_iter().map(|(id,)| (id, portal.slug.clone())));
    }
    Ok(seen)
}

/// Everybody whom a note is forwarded to, each address once.
///
/// # Errors
/// What the database says.
pub async fn of_forward(tx: &mut Tx, addresses: &[String]) -> Result<Vec<Recipient>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let default = own_language(tx).await?;
    Ok(once(named(addresses, default)))
}

/// The language of the workspace, for those of whom nothing is known.
async fn own_language(tx: &mut Tx) -> Result<Language> {
    let (language,): (String,) = tx.one(Sql::new("SELECT language FROM workspace", args![])).await?;
    Ok(Language::from_tag(&language).unwrap_or_default())
}

/// Those who are known by their address only.
fn named(addresses: &[String], language: Language) -> impl Iterator<Item = Recipient> {
    addresses.iter().filter_map(|address| normalize_email(address)).map(move |email| Recipient { email, language, portal: None })
}

fn once(recipients: impl Iterator<Item = Recipient>) -> Vec<Recipient> {
    let mut once: Vec<Recipient> = Vec::new();
    for recipient in recipients {
        if !once.iter().any(|known| known.email == recipient.email) {
            once.push(recipient);
        }
    }
    once
}

/// The agents whom a customer's reply concerns, each once: those it is assigned to and those who follow.
///
/// # Errors
/// What the database says.
pub async fn agents(tx: &mut Tx, item: &ItemRecord) -> Result<Vec<Recipient>> {
    let agents: Vec<(String, String)> = tx
        .all(Sql::new(
            "SELECT address.email, agent.language FROM agent JOIN address ON address.agent_id = agent.id \
             WHERE agent.state = 'active' AND agent.id IN (SELECT agent_id FROM item_agent WHERE item_id = $1 \
             UNION SELECT agent_id FROM item_following_agent WHERE item_id = $1) ORDER BY agent.id",
            args![item.id],
        ))
        .await?;
    let recipient = |(email, language): (String, String)| Recipient {
        email,
        language: Language::from_tag(&language).unwrap_or_default(),
        portal: None,
    };
    Ok(agents.into_iter().map(recipient).collect())
}

/// A reply that is to be mailed.
pub struct Told<'t> {
    /// The item it belongs to.
    pub item: &'t ItemRecord,
    /// The message.
    pub message: MessageId,
    /// Name of who wrote it.
    pub author: &'t str,
    /// What it says, as clean HTML.
    pub html: &'t str,
}

/// Mails a reply to customers, each in their language, with a link to the portal.
///
/// # Errors
/// What the database says.
pub async fn mail_customers(tx: &mut Tx, links: &Links, told: &Told<'_>, to: &[Recipient]) -> Result<()> {
    if to.is_empty() {
        return Ok(());
    }
    let html = with_files(tx, told).await?;
    let default = portal_slug(tx).await?;
    for recipient in to {
        let slug = recipient.portal.as_ref().unwrap_or(&default);
        let letter = Letter::ReplyToCustomer {
            number: told.item.item_number(),
            title: told.item.title.clone(),
            author: told.author.to_owned(),
            html: html.clone(),
            link: links.portal(slug, &format!("tickets/{}", told.item.number)),
        };
        post_about(tx, &recipient.email, recipient.language, letter, Some(told.item.item_id()), Some(told.message)).await?;
    }
    Ok(())
}

/// Mails a customer's reply to agents, each in their language, with a link to the agent application.
///
/// # Errors
/// What the database says.
pub async fn mail_agents(tx: &mut Tx, links: &Links, told: &Told<'_>, to: &[Recipient]) -> Result<()> {
    if to.is_empty() {
        return Ok(());
    }
    let html = with_files(tx, told).await?;
    for recipient in to {
        let letter = Letter::ReplyToAgent {
            number: told.item.item_number(),
            title: told.item.title.clone(),
            author: told.author.to_owned(),
            html: html.clone(),
            link: links.desk(&format!("tickets/{}", told.item.number)),
        };
        post_about(tx, &recipient.email, recipient.language, letter, Some(told.item.item_id()), Some(told.message)).await?;
    }
    Ok(())
}

/// Mails a note to whom it is forwarded. They know nothing of the desk: there is no link.
///
/// # Errors
/// What the database says.
pub async fn mail_forward(tx: &mut Tx, told: &Told<'_>, to: &[Recipient]) -> Result<()> {
    if to.is_empty() {
        return Ok(());
    }
    let html = with_files(tx, told).await?;
    for recipient in to {
        let letter = Letter::Forward {
            number: told.item.item_number(),
            title: told.item.title.clone(),
            author: told.author.to_owned(),
            html: html.clone(),
        };
        post_about(tx, &recipient.email, recipient.language, letter, Some(told.item.item_id()), Some(told.message)).await?;
    }
    Ok(())
}

/// The text of a message with the names of its files under it: a mail carries no files, but says that there are some.
async fn with_files(tx: &mut Tx, told: &Told<'_>) -> Result<String> {
    let sql = Sql::new("SELECT name FROM file WHERE message_id = $1 ORDER BY id", args![told.message]);
    let names: Vec<(String,)> = tx.all(sql).await?;
    let names: Vec<String> = names.into_iter().map(|(name,)| format!("📎 {name}")).collect();
    Ok(format!("{}{}", told.html, rich_text::from_plain(&names.join("\n"))))
}
