//! One message of the thread: a reply, a note, or the description. A note cannot be taken for a reply: another ground, a lock,
//! and the word.

use super::undelivered::undelivered;
use crate::{
    agent::tickets::open::OpenTicket,
    i18n::use_i18n,
    t,
    ui::{Avatar, Icon, IconButton, Moment},
};
use domain::{
    actor::Party,
    conversation::{Message, MessageKind},
    file::Attachment,
    id::MessageId,
    item::ItemDetail,
    time::Timestamp,
};
use leptos::prelude::*;

/// The first entry of the thread, around what was asked: who, when, and a button beside it.
pub fn first(detail: &ItemDetail, button: Option<AnyView>, inside: AnyView) -> AnyView {
    let i18n = use_i18n();
    let author = match (&detail.created_by, &detail.row.requester) {
        // An agent wrote it down for somebody: both stand there.
        (Party::Agent(_), Some(requester)) => {
            t!(i18n, tickets_written_for, agent = detail.created_by_name, customer = requester.name)
        }
        _ => detail.created_by_name.clone(),
    };
    let head = Head {
        class: "message message-first",
        avatar: detail.created_by_name.clone(),
        author,
        label: None,
        at: detail.row.created_at,
        button,
        recipients: &[],
    };
    entry(head, inside)
}

/// What can be done with one message: each is told of which one, where that may be.
#[derive(Clone, Copy)]
pub struct Tools {
    /// A ticket is made of it.
    pub split: Option<RwSignal<i64>>,
    /// It is forwarded.
    pub forward: Option<Callback<MessageId>>,
}

/// A reply or a note, with what of it did not arrive.
pub fn message(ticket: OpenTicket, message: &Message, tools: Tools) -> AnyView {
    let i18n = use_i18n();
    let inside = view! {
        {body(&message.html, &message.files)}
        {undelivered(ticket, &message.undelivered)}
    }
    .into_any();
    let (class, label) = match (message.kind, message.author) {
        (MessageKind::Note, _) if !message.recipients.is_empty() => {
            ("message message-note", Some(t!(i18n, tickets_forward_label)))
        }
        (MessageKind::Note, _) => ("message message-note", Some(t!(i18n, tickets_note_label))),
        (MessageKind::Reply, Party::Customer(_)) => ("message message-customer", None),
        (MessageKind::Reply, _) => ("message", None),
    };
    let button = match message.from {
        Some(number) => Some(view! { <span class="message-from">{t!(i18n, tickets_from, number = number)}</span> }.into_any()),
        None => Some(tools.buttons(message.id)),
    };
    let head = Head {
        class,
        avatar: message.author_name.clone(),
        author: message.author_name.clone(),
        label,
        at: message.created_at,
        button,
        recipients: &message.recipients,
    };
    entry(head, inside)
}

impl Tools {
    fn buttons(self, id: MessageId) -> AnyView {
        let i18n = use_i18n();
        let tool = |icon: &'static str, label: &'static str, act: Callback<MessageId>| {
            view! { <IconButton icon label on_click=Callback::new(move |_| act.run(id)) /> }
        };
        let split = self.split.map(|split| Callback::new(move |id: MessageId| split.set(id.0)));
        view! {
            {self.forward.map(|forward| tool("arrow-right", t!(i18n, tickets_forward_this), forward))}
            {split.map(|split| tool("ticket", t!(i18n, tickets_split), split))}
        }
        .into_any()
    }
}

/// What stands over the text of an entry.
struct Head<'m> {
    class: &'static str,
    avatar: String,
    author: String,
    label: Option<&'static str>,
    at: Timestamp,
    button: Option<AnyView>,
    recipients: &'m [String],
}

fn entry(head: Head<'_>, inside: AnyView) -> AnyView {
    let i18n = use_i18n();
    let Head { class, avatar, author, label, at, button, recipients } = head;
    let label = label.map(|label| view! { <span class="message-label"><Icon name="lock" />{label}</span> });
    let to = (!recipients.is_empty())
        .then(|| view! { <p class="message-to">{t!(i18n, tickets_message_to, names = recipients.join(", "))}</p> });
    view! {
        <article class=class>
            <header class="message-head">
                <Avatar name=avatar />
                <span class="message-author truncate">{author}</span>
                {label}
                <span class="message-time"><Moment at /></span>
                {button}
            </header>
            {to}
            {inside}
        </article>
    }
    .into_any()
}

/// Text and files. The text was cleaned by the server, or written here a moment ago.
pub fn body(html: &str, files: &[Attachment]) -> AnyView {
    let i18n = use_i18n();
    let text = (!html.is_empty()).then(|| view! { <div class="rich message-text" inner_html=html.to_owned()></div> });
    let nothing =
        (html.is_empty() && files.is_empty()).then(|| view! { <p class="message-empty">{t!(i18n, tickets_no_text)}</p> });
    view! { {text} {nothing} {beside(html, files)} }.into_any()
}

/// The files beside a text. A picture that stands in it is not listed a second time.
pub fn beside(html: &str, files: &[Attachment]) -> Option<AnyView> {
    let i18n = use_i18n();
    let listed: Vec<&Attachment> = files.iter().filter(|file| !html.contains(&file.href())).collect();
    (!listed.is_empty()).then(|| {
        let rows = listed.into_iter().map(file).collect_view();
        view! { <ul class="files" aria-label=t!(i18n, tickets_files)>{rows}</ul> }.into_any()
    })
}

/// A file: a thumbnail for pictures, a link for the rest.
fn file(file: &Attachment) -> AnyView {
    let i18n = use_i18n();
    let (href, name, title, size) = (file.href(), file.name.clone(), file.name.clone(), i18n.bytes(file.size));
    let inside = if file.is_image() {
        view! { <img class="file-thumb" src=href.clone() alt="" loading="lazy" /> }.into_any()
    } else {
        view! { <Icon name="clip" /> }.into_any()
    };
    view! {
        <li>
            <a class="file" href=href target="_blank" rel="external noopener" title=title>
                {inside}
                <span class="file-name truncate">{name}</span>
                <span class="file-size">{size}</span>
            </a>
        </li>
    }
    .into_any()
}
