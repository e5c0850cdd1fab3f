//! What customers do in the portal. Reading is JSON; what changes something is a form that works without JavaScript and leads
//! back to the page of the ticket (`#latest` is its last message). Every form names its portal by slug.
//!
//! The two forms with files are multipart. Their fields: `portal`, `title` (or `number` of the ticket answered), `body`,
//! `html` (`true` if the body comes from an editor), `type_id`, `priority`, `impact`, `product`, `idempotency_key`, and `files`, any number of times.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    id::ItemNumber,
    page::Page,
    portal::{self, PortalForm, PortalInfo, PortalMe, PortalQuery, PortalRow, PortalTicket},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::{MultipartData, MultipartFormData};

#[cfg(feature = "ssr")]
use super::{
    ApiResult,
    answer::{back_to, go_to},
    context::{customer_actor, customer_in, desk},
    upload,
};
#[cfg(feature = "ssr")]
use domain::{Error, item::Impact, portal::rules::Property};

/// Marking a ticket as solved, or opening it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedForm {
    /// Slug of the portal.
    pub portal: String,
    /// The ticket.
    pub number: ItemNumber,
    /// Whether it is solved.
    pub closed: bool,
}

/// Changing a property of a ticket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    /// Slug of the portal.
    pub portal: String,
    /// The ticket.
    pub number: ItemNumber,
    /// Stable name of the property.
    pub property: String,
    /// The new value: a number, a key, a text.
    pub value: String,
}

/// Following a ticket, or no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowForm {
    /// Slug of the portal.
    pub portal: String,
    /// The ticket.
    pub number: ItemNumber,
    /// Whether to follow it.
    pub follow: bool,
}

/// A portal as everybody may know it.
#[server(prefix = "/_fn", endpoint = "portal/info", input = StrictJson, output = StrictJson)]
pub async fn info(slug: String) -> Result<PortalInfo, ApiError> {
    Ok(desk()?.portals.info(&slug).await?)
}

/// The customer who is signed in.
#[server(prefix = "/_fn", endpoint = "portal/me", input = StrictJson, output = StrictJson)]
pub async fn me(portal: String) -> Result<PortalMe, ApiError> {
    Ok(desk()?.portals.me(&customer_in(&portal)?).await?)
}

/// A page of tickets.
#[server(prefix = "/_fn", endpoint = "portal/list", input = StrictJson, output = StrictJson)]
pub async fn list(portal: String, query: PortalQuery) -> Result<Page<PortalRow>, ApiError> {
    Ok(desk()?.portals.list(&customer_in(&portal)?, query).await?)
}

/// One ticket; marks it as read.
#[server(prefix = "/_fn", endpoint = "portal/ticket", input = StrictJson, output = StrictJson)]
pub async fn ticket(portal: String, number: ItemNumber) -> Result<PortalTicket, ApiError> {
    Ok(desk()?.portals.ticket(&customer_in(&portal)?, number).await?)
}

/// What the create form asks for.
#[server(prefix = "/_fn", endpoint = "portal/form", input = StrictJson, output = StrictJson)]
pub async fn form(portal: String) -> Result<PortalForm, ApiError> {
    Ok(desk()?.portals.form(&customer_in(&portal)?).await?)
}

/// Makes a ticket whose files are uploaded already.
#[server(prefix = "/_fn", endpoint = "portal/create", input = StrictJson, output = StrictJson)]
pub async fn create(portal: String, ticket: portal::PortalNewTicket) -> Result<ItemNumber, ApiError> {
    Ok(desk()?.portals.create(&customer_in(&portal)?, ticket).await?)
}

/// Answers with files that are uploaded already.
#[server(prefix = "/_fn", endpoint = "portal/reply", input = StrictJson, output = StrictJson)]
pub async fn reply(portal: String, reply: portal::PortalReply) -> Result<PortalTicket, ApiError> {
    Ok(desk()?.portals.reply(&customer_in(&portal)?, reply).await?)
}

/// Makes a ticket from a form with files, and leads to it.
#[server(prefix = "/_fn", endpoint = "portal/create_form", input = MultipartFormData, output = StrictJson)]
pub async fn create_form(data: MultipartData) -> Result<ItemNumber, ApiError> {
    const FIELDS: [&str; 9] = ["portal", "title", "body", "html", "type_id", "priority", "impact", "product", "idempotency_key"];
    let actor = match customer_actor() {
        Ok(actor) => actor,
        Err(error) => {
            upload::note_texts(data).await;
            return Err(error);
        }
    };
    let desk = desk()?;
    let form = upload::read(data, &FIELDS, &*desk.files, &actor).await?;
    let page = portal_path(form.text("portal")).await?;
    let actor = actor.in_portal(form.text("portal"))?;
    let ticket = portal::PortalNewTicket {
        title: form.text("title").to_owned(),
        body: form.text("body").to_owned(),
        html: form.value("html")?.unwrap_or_default(),
        type_id: form.value("type_id")?,
        priority: form.value("priority")?.unwrap_or_default(),
        impact: Impact::from_key(form.text("impact")).unwrap_or_default(),
        product: form.text("product").to_owned(),
        idempotency_key: form.text("idempotency_key").to_owned(),
        files: form.files,
    };
    let number = desk.portals.create(&actor, ticket).await?;
    go_to(&format!("{page}/tickets/{number}"));
    Ok(number)
}

/// Answers from a form with files.
#[server(prefix = "/_fn", endpoint = "portal/reply_form", input = MultipartFormData, output = StrictJson)]
pub async fn reply_form(data: MultipartData) -> Result<PortalTicket, ApiError> {
    let actor = match customer_actor() {
        Ok(actor) => actor,
        Err(error) => {
            upload::note_texts(data).await;
            return Err(error);
        }
    };
    let desk = desk()?;
    let form = upload::read(data, &["portal", "number", "body", "html", "idempotency_key"], &*desk.files, &actor).await?;
    let page = portal_path(form.text("portal")).await?;
    let actor = actor.in_portal(form.text("portal"))?;
    let reply = portal::PortalReply {
        item: form.value("number")?.ok_or_else(Error::not_found)?,
        body: form.text("body").to_owned(),
        html: form.value("html")?.unwrap_or_default(),
        idempotency_key: form.text("idempotency_key").to_owned(),
        files: form.files,
    };
    let ticket = desk.portals.reply(&actor, reply).await?;
    back_to(&format!("{page}/tickets/{}#latest", ticket.number));
    Ok(ticket)
}

/// Changes a property of a ticket.
#[server(prefix = "/_fn", endpoint = "portal/change")]
pub async fn change(form: ChangeForm) -> Result<PortalTicket, ApiError> {
    let page = portal_path(&form.portal).await?;
    let property = Property::from_key(&form.property).ok_or_else(Error::not_found)?;
    let change = portal::PortalChange { item: form.number, property, value: form.value };
    let ticket = desk()?.portals.change(&customer_in(&form.portal)?, change).await?;
    back_to(&format!("{page}/tickets/{}", ticket.number));
    Ok(ticket)
}

/// Marks the customer's own ticket as solved, or opens it again.
#[server(prefix = "/_fn", endpoint = "portal/set_closed")]
pub async fn set_closed(form: ClosedForm) -> Result<PortalTicket, ApiError> {
    let page = portal_path(&form.portal).await?;
    let ticket = desk()?.portals.set_closed(&customer_in(&form.portal)?, form.number, form.closed).await?;
    back_to(&format!("{page}/tickets/{}", ticket.number));
    Ok(ticket)
}

/// Follows a ticket of the organization, or stops.
#[server(prefix = "/_fn", endpoint = "portal/follow")]
pub async fn follow(form: FollowForm) -> Result<PortalTicket, ApiError> {
    let page = portal_path(&form.portal).await?;
    let ticket = desk()?.portals.follow(&customer_in(&form.portal)?, form.number, form.follow).await?;
    back_to(&format!("{page}/tickets/{}", ticket.number));
    Ok(ticket)
}

/// The address of a portal that exists.
#[cfg(feature = "ssr")]
pub(super) async fn portal_path(slug: &str) -> ApiResult<String> {
    Ok(format!("/p/{}", desk()?.portals.info(slug).await?.slug))
}
