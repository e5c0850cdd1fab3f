//! Builds the mail that goes over the wire, or into a file, from a row of the outbox. Nothing that a person typed reaches a
//! header other than as an encoded text or a checked address.

use super::outbox::Waiting;
use crate::config::{Smtp, SmtpTls};
use lettre::{
    Address, AsyncSmtpTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

/// Where mail goes and whom it is from.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server; without one, mails are held.
    pub smtp: Option<Smtp>,
    /// Whom mails are from: an address, which then goes by the name of the workspace, or `Name <address>`.
    pub from: String,
    /// The folder for held mails as `.eml` files.
    pub folder: PathBuf,
}

/// What is wrong with the settings, or with one mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The way to the mail server cannot be prepared.
    #[error("the mail server cannot be used: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
    /// An address is none.
    #[error("\"{0}\" is not a mail address")]
    Address(String),
    /// The mail cannot be put together.
    #[error("the mail cannot be built: {0}")]
    Build(#[from] lettre::error::Error),
}

impl MailSettings {
    /// Whom mails are from, checked.
    ///
    /// # Errors
    /// It is not an address.
    pub fn sender(&self) -> Result<Mailbox, MailError> {
        self.from.trim().parse().map_err(|_| MailError::Address(self.from.clone()))
    }

    /// The way to the mail server; `None` if none is configured.
    ///
    /// # Errors
    /// Its name cannot be one of a TLS certificate.
    pub(super) fn transport(&self) -> Result<Option<AsyncSmtpTransport<Tokio1Executor>>, MailError> {
        let Some(smtp) = &self.smtp else { return Ok(None) };
        let tls = match smtp.tls {
            SmtpTls::StartTls => Tls::Required(TlsParameters::new(smtp.host.clone())?),
            SmtpTls::Tls => Tls::Wrapper(TlsParameters::new(smtp.host.clone())?),
            SmtpTls::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(10)));
        if !smtp.user.is_empty() {
            builder = builder.credentials(Credentials::new(smtp.user.clone(), smtp.password.clone()));
        }
        Ok(Some(builder.build()))
    }
}

fn address(text: &str) -> Result<Address, MailError> {
    text.trim().parse().map_err(|_| MailError::Address(text.to_owned()))
}

/// A text of one line: no control characters, single spaces, at most 200 characters.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(200).collect()
}

/// The mail of a claimed row. Its Message-ID is made of the row's token: the same on every try, so that a receiver who got
/// it twice can tell.
pub(super) fn build(mail: &Waiting, sender: &Mailbox, workspace: &str) -> Result<Message, MailError> {
    let recipients: Vec<String> = serde_json::from_str(&mail.recipients).unwrap_or_default();
    let domain = sender.email.domain();
    let name = sender.name.as_deref().unwrap_or(workspace);
    let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.created_at).unwrap_or_default());
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(one_line(name)), sender.email.clone()))
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}@{domain}>", mail.token)))
        .date(at)
        // No holiday notice shall answer us.
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("X-Auto-Response-Suppress", "All"));
    for recipient in &recipients {
        builder = builder.to(Mailbox::new(None, address(recipient)?));
    }
    if let Some(item) = mail.item_id {
        // Mail programs gather the mails of one ticket by it.
        builder = builder.references(format!("<item-{item}@{domain}>"));
    }
    let message = if mail.html.is_empty() {
        builder.singlepart(SinglePart::plain(mail.text.clone()))?
    } else {
        builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))?
    };
    Ok(message)
}

fn raw(name: &'static str, value: &'static str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(subject: &str, to: &str) -> Waiting {
        Waiting {
            id: 1,
            token: "tok".into(),
            recipients: serde_json::to_string(&[to]).unwrap(),
            subject: subject.into(),
            text: "Grüße".into(),
            html: "<p>Grüße</p>".into(),
            item_id: Some(7),
            created_at: 0,
        }
    }

    #[test]
    fn a_mail_has_both_parts_and_a_stable_id() {
        let sender = "desk@acme.com".parse().unwrap();
        let mail = build(&waiting("Hello", "ada@example.org"), &sender, "Acme Desk").unwrap();
        let text = String::from_utf8(mail.formatted()).unwrap();
        assert!(text.contains("Message-ID: <tok@acme.com>"), "{text}");
        assert!(text.contains("From: \"Acme Desk\" <desk@acme.com>"), "{text}");
        assert!(text.contains("multipart/alternative") && text.contains("text/plain") && text.contains("text/html"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
    }

    #[test]
    fn no_header_can_be_smuggled_in() {
        let sender = "desk@acme.com".parse().unwrap();
        let mail = build(&waiting("Hi\r\nBcc: evil@example.org", "ada@example.org"), &sender, "Acme\nBcc: x@y.z").unwrap();
        let text = String::from_utf8(mail.formatted()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
        assert_eq!(mail.envelope().to().len(), 1);
        assert!(build(&waiting("Hi", "ada@example.org\r\nBcc: evil@example.org"), &sender, "Acme").is_err());
    }
}
