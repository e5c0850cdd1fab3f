//! What customers write: requests, answers, solved and opened again, following. What an item then keeps is the business of
//! the functions that agents' changes go through too.

use super::{form, ticket};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    mail::Links,
    rich_text,
    service::{
        events::{Author, FieldChange, note_item_event},
        idempotency::{Claimed, Made, claim, key_reused},
        items::{
            self, AppendMessage, InsertItem, ItemRecord, append_message, apply, end, find, insert, lock, lock_by_id,
            recipients::{self, Told},
            reopened, solved, touch, wake,
        },
        rates,
    },
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    conversation::MessageKind,
    error::Check,
    id::{FileId, ItemId, ItemNumber, TypeId},
    item::{Change, Channel, Impact, PRIORITY_MAX},
    limits,
    portal::{
        PortalChange, PortalNewTicket, PortalReply, PortalTicket,
        rules::{Access, OnForm, Property},
    },
    time::Timestamp,
    types::Category,
};

/// Makes a ticket.
pub async fn create(db: &Db, actor: &Actor, ticket: PortalNewTicket) -> Result<ItemNumber> {
    let rules = actor.customer()?.portal()?.rules.clone();
    let mut check = Check::new();
    check
        .not_empty(&ticket.title, "title")
        .at_most(&ticket.title, limits::TITLE, "title")
        .at_most(&ticket.product, limits::NAME, "product")
        .that(ticket.priority <= PRIORITY_MAX, "priority", "error_priority");
    check_written(&mut check, &ticket.body, &ticket.files, &ticket.idempotency_key);
    check.done()?;
    let actor = actor.clone();
    db.write(move |tx| {
        Box::pin(async move {
            let customer = actor.customer()?;
            let claim = match claim(tx, actor.party(), &ticket.idempotency_key, Made::Item).await? {
                Claimed::New(claim) => claim,
                Claimed::Done(id) => return number_of(tx, ItemId(id)).await,
            };
            rates::count(tx, rates::REQUESTS_CUSTOMER, &rates::person(actor.party())).await?;
            let type_id = form::type_of(tx, &rules, ticket.type_id).await?;
            let description = html_of(ticket.html, ticket.body.clone());
            form::check(&rules, type_id, &ticket, !rich_text::is_empty(&description))?;
            let mut new = InsertItem::new(&ticket.title, Author::of(tx, &actor).await?);
            new.description = description;
            new.type_id = Some(type_id);
            new.priority = ticket.priority;
            new.impact = ticket.impact;
            new.product = ticket.product.trim().to_owned();
            new.requester = Some(customer.id);
            new.channel = Channel::Portal;
            new.files = ticket.files;
            let item = insert(tx, new).await?;
            claim.fulfil(tx, item.id).await?;
            Ok(item.item_number())
        })
    })
    .await
}

/// Answers a ticket. One that waits or is done is opened again. What answers one that was merged goes to where that goes on.
pub async fn reply(db: &Db, links: &Links, actor: &Actor, reply: PortalReply) -> Result<PortalTicket> {
    let may = actor.customer()?.portal()?.rules.may;
    if !may.reply {
        return Err(Error::forbidden());
    }
    let mut check = Check::new();
    check.that(may.attach || reply.files.is_empty(), "files", "error_not_asked");
    check_written(&mut check, &reply.body, &reply.files, &reply.idempotency_key);
    check.done()?;
    let (actor, links) = (actor.clone(), links.clone());
    db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now;
            let number = append(tx, &links, &actor, reply).await?;
            ticket::load(tx, &actor, number, now).await
        })
    })
    .await
}

/// The ticket that a reply is written in, and the one in which agents go on with it, if that is another.
struct Place {
    item: ItemRecord,
    onward: Option<ItemRecord>,
}

/// Locks where a reply goes. Of a ticket that was merged that is where it goes on, if the customer may see that; otherwise it stays where
/// only those read it who could before, and agents find it in both.
async fn place(tx: &mut Tx, actor: &Actor, number: ItemNumber) -> Result<Place> {
    let now = tx.now;
    let before = find(tx, actor, number, now).await?;
    if before.merged_into == 0 {
        return Ok(Place { item: lock(tx, actor, number).await?, onward: None });
    }
    let end = end(tx, number).await?;
    let mut locked = Vec::new();
    for each in [number.min(end), number.max(end)] {
        let item = find_number(tx, each).await?;
        locked.push(lock_by_id(tx, item).await?);
    }
    if locked.iter().find(|item| item.number == number.0).is_none_or(|item| item.merged_into != before.merged_into) {
        return Err(Error::new(ErrorCode::Conflict, "error_conflict"));
    }
    let seen = ticket::end(tx, actor, number, now).await?.is_some();
    let (at_end, here): (Vec<_>, Vec<_>) = locked.into_iter().partition(|item| item.number == end.0);
    let (onward, here) = (at_end.into_iter().next(), here.into_iter().next());
    match (seen, onward, here) {
        (true, Some(item), _) => Ok(Place { item, onward: None }),
        (false, onward, Some(item)) => Ok(Place { item, onward }),
        _ => Err(Error::internal()),
    }
}

async fn find_number(tx: &mut Tx, number: ItemNumber) -> Result<ItemId> {
    let (id,): (i64,) = tx.one(Sql::new("SELECT id FROM item WHERE number = $1", args![number])).await?;
    Ok(ItemId(id))
}

/// Answers the number of the ticket that has it.
async fn append(tx: &mut Tx, links: &Links, actor: &Actor, reply: PortalReply) -> Result<ItemNumber> {
    let customer = actor.customer()?.id;
    let claim = match claim(tx, actor.party(), &reply.idempotency_key, Made::Message).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(message) => {
            let now = tx.now;
            let item = find(tx, actor, reply.item, now).await?;
            let (of,): (i64,) = tx.one(Sql::new("SELECT item_id FROM message WHERE id = $1", args![message])).await?;
            if of == item.id {
                return Ok(reply.item);
            }
            let end = ticket::end(tx, actor, reply.item, now).await?.ok_or_else(key_reused)?;
            return if find(tx, actor, end, now).await?.id == of { Ok(end) } else { Err(key_reused()) };
        }
    };
    rates::count(tx, rates::REPLIES_CUSTOMER, &rates::person(actor.party())).await?;
    let Place { mut item, mut onward } = place(tx, actor, reply.item).await?;
    let author = Author::of(tx, actor).await?;
    let own: Vec<(String,)> = tx.all(Sql::new("SELECT email FROM address WHERE customer_id = $1", args![customer])).await?;
    let mut customers = recipients::of_reply(tx, &item, &[]).await?;
    customers.retain(|recipient| !own.iter().any(|(email,)| *email == recipient.email));
    let agents = recipients::agents(tx, onward.as_ref().unwrap_or(&item)).await?;

    let mut new = AppendMessage::new(MessageKind::Reply, author.clone(), &html_of(reply.html, reply.body));
    new.files = reply.files;
    new.recipients = customers.iter().chain(&agents).map(|recipient| recipient.email.clone()).collect();
    let (message, html) = append_message(tx, &mut item, new).await.map_err(of_body)?;
    match &mut onward {
        None => reopen(tx, &mut item, &author).await?,
        Some(onward) => {
            let told = FieldChange { text: (String::new(), format!("#{}", item.number)), ..FieldChange::default() };
            touch(tx, onward).await?;
            note_item_event(tx, &author, onward.id, onward.version, "replied_in", told, None);
            wake(tx, onward).await?;
            // Its customers learn that it is open, and not from whom.
            reopen(tx, onward, &Author::system()).await?;
        }
    }
    let told = Told { item: &item, message, author: &author.name, html: &html };
    recipients::mail_customers(tx, links, &told, &customers).await?;
    let told = Told { item: onward.as_ref().unwrap_or(&item), ..told };
    recipients::mail_agents(tx, links, &told, &agents).await?;
    // The answer comes with the whole thread.
    ticket::mark_read(tx, customer, item.item_id(), item.last_message_at.map_or(tx.now, Timestamp)).await?;
    claim.fulfil(tx, message.0).await?;
    Ok(item.item_number())
}

/// Opens a ticket that waits or is done.
async fn reopen(tx: &mut Tx, item: &mut ItemRecord, author: &Author) -> Result<()> {
    if item.category() != Category::Todo {
        let open = reopened(tx, item.ticket_type()).await?;
        apply(tx, item, author, vec![Change::Status(open)], None).await?;
    }
    Ok(())
}

/// Changes a property, where the portal lets customers.
pub async fn change(db: &Db, actor: &Actor, change: PortalChange) -> Result<PortalTicket> {
    let rules = actor.customer()?.portal()?.rules.clone();
    let actor = actor.clone();
    db.write(move |tx| {
        Box::pin(async move {
            rates::count(tx, rates::CHANGES_CUSTOMER, &rates::person(actor.party())).await?;
            let mut item = lock(tx, &actor, change.item).await?;
            let (property, type_id) = (change.property, item.ticket_type());
            match rules.access(property, type_id) {
                // What is hidden is not there.
                Access::Hidden => return Err(Error::not_found()),
                Access::View => return Err(Error::field(property.key(), "error_not_editable")),
                Access::Edit if item.merged_into != 0 => return Err(Error::field(property.key(), "error_not_editable")),
                Access::Edit => {}
            }
            let wrong = || Error::field(property.key(), "error_choice");
            let value = change.value;
            let changed = match property {
                Property::Title => Change::Title(value),
                Property::Type => {
                    let into = TypeId(value.parse().map_err(|_| wrong())?);
                    let known = items::types(tx).await?.into_iter().any(|kind| kind.id == into && kind.enabled);
                    Change::Type(Some(into).filter(|_| known && rules.shows(into)).ok_or_else(wrong)?)
                }
                Property::Priority => Change::Priority(value.parse().map_err(|_| wrong())?),
                Property::Impact => Change::Impact(Impact::from_key(&value).ok_or_else(wrong)?),
                Property::Product => Change::Product(value),
                Property::Description
                | Property::Status
                | Property::Assignee
                | Property::Requester
                | Property::Created
                | Property::Updated => {
                    return Err(Error::field(property.key(), "error_not_editable"));
                }
            };
            // A required property cannot be emptied afterwards.
            let emptied = match &changed {
                Change::Title(text) | Change::Product(text) => text.trim().is_empty(),
                Change::Priority(stars) => *stars == 0,
                Change::Impact(impact) => *impact == Impact::None,
                _ => false,
            };
            if emptied && rules.form(property, type_id) == OnForm::Required {
                return Err(Error::field(property.key(), "error_required"));
            }
            let author = Author::of(tx, &actor).await?;
            apply(tx, &mut item, &author, vec![changed], None).await?;
            let now = tx.now;
            ticket::load(tx, &actor, change.item, now).await
        })
    })
    .await
}

/// Marks the customer's own ticket as solved, or opens it again. What is so already stays.
pub async fn set_closed(db: &Db, actor: &Actor, number: ItemNumber, closed: bool) -> Result<PortalTicket> {
    if !actor.customer()?.portal()?.rules.may.close {
        return Err(Error::forbidden());
    }
    let actor = actor.clone();
    db.write(move |tx| {
        Box::pin(async move {
            rates::count(tx, rates::CHANGES_CUSTOMER, &rates::person(actor.party())).await?;
            let mut item = lock(tx, &actor, number).await?;
            if item.requester() != Some(actor.customer()?.id) {
                return Err(Error::forbidden());
            }
            // Where it goes on is not the business of who only asked here.
            if item.merged_into != 0 {
                return Err(Error::forbidden());
            }
            let done = item.category() == Category::Done;
            let status = match (closed, done) {
                (true, false) => Some(solved(tx, item.ticket_type()).await?),
                (false, true) => Some(reopened(tx, item.ticket_type()).await?),
                _ => None,
            };
            if let Some(status) = status {
                let author = Author::of(tx, &actor).await?;
                apply(tx, &mut item, &author, vec![Change::Status(status)], None).await?;
                wake(tx, &mut item).await?;
            }
            let now = tx.now;
            ticket::load(tx, &actor, number, now).await
        })
    })
    .await
}

/// Follows a ticket that the customer can see, or stops. Their own they always follow.
pub async fn follow(db: &Db, actor: &Actor, number: ItemNumber, follow: bool) -> Result<PortalTicket> {
    actor.customer()?;
    let actor = actor.clone();
    db.write(move |tx| {
        Box::pin(async move {
            rates::count(tx, rates::CHANGES_CUSTOMER, &rates::person(actor.party())).await?;
            let item = lock(tx, &actor, number).await?;
            let now = tx.now;
            // Who stops following may stop seeing it, so the answer is made before.
            let mut ticket = ticket::load(tx, &actor, number, now).await?;
            if !ticket.own && ticket.following != follow {
                set_follows(tx, &actor, &item, follow).await?;
                ticket.following = follow;
            }
            Ok(ticket)
        })
    })
    .await
}

async fn set_follows(tx: &mut Tx, actor: &Actor, item: &ItemRecord, follow: bool) -> Result<()> {
    let customer = actor.customer()?.id;
    let author = Author::of(tx, actor).await?;
    let mut told = FieldChange { field: "following_customers", ..FieldChange::default() };
    let value = format!("[{customer}]");
    if follow {
        let sql = Sql::new("SELECT COUNT(*) FROM item_following_customer WHERE item_id = $1", args![item.id]);
        let (followers,): (i64,) = tx.one(sql).await?;
        if usize::try_from(followers).unwrap_or(usize::MAX) >= limits::FOLLOWERS {
            return Err(Error::invalid("error_too_many_values"));
        }
        let sql = "INSERT INTO item_following_customer (item_id, customer_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![item.id, customer])).await?;
        told.text.1.clone_from(&author.name);
        told.value.1 = value;
    } else {
        let sql = "DELETE FROM item_following_customer WHERE item_id = $1 AND customer_id = $2";
        tx.execute(Sql::new(sql, args![item.id, customer])).await?;
        told.text.0.clone_from(&author.name);
        told.value.0 = value;
    }
    let name = if follow { "followed" } else { "unfollowed" };
    note_item_event(tx, &author, item.id, item.version, name, told, None);
    Ok(())
}

fn check_written(check: &mut Check, body: &str, files: &[FileId], key: &str) {
    check
        .that(body.len() <= limits::RICH_TEXT, "body", "error_text_too_long")
        .that(files.len() <= limits::FILES, "files", "error_too_many_files")
        .that(key.len() <= 64, "idempotency_key", "error_too_long");
}

fn html_of(is_html: bool, body: String) -> String {
    if is_html { body } else { rich_text::from_plain(&body) }
}

/// The customer's form calls the text of a message its body.
fn of_body(mut error: Error) -> Error {
    for field in &mut error.fields {
        if field.field == "html" {
            "body".clone_into(&mut field.field);
        }
    }
    error
}

async fn number_of(tx: &mut Tx, item: ItemId) -> Result<ItemNumber> {
    let (number,): (i64,) = tx.one(Sql::new("SELECT number FROM item WHERE id = $1", args![item])).await?;
    Ok(ItemNumber(number))
}
