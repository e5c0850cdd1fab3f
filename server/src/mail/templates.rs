//! The mails that the product itself writes, in the language of the reader. The texts lie in `texts/<language>.toml`; the
//! same struct reads all of them, so that none can lack a text, and a test holds the placeholders equal.
//!
//! A paragraph of a text that is only a placeholder is a block: `{code}` stands large, `{link}` is a button in HTML and the
//! bare address in plain text, `{quote}` is somebody's message.

use super::{
    outbox::{self, NewMail},
    plain,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    rich_text,
};
use domain::{
    Result,
    id::{ItemId, ItemNumber, MessageId},
    language::Language,
    session::{CODE_LIFE, INVITATION_LIFE},
    time::{DAY, MINUTE},
};
use serde::Deserialize;
use std::sync::LazyLock;

/// One mail: subject, paragraphs (separated by an empty line), label of the button (empty if there is none).
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    subject: String,
    body: String,
    #[serde(default)]
    button: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    footer: String,
    sign_in_code: Text,
    reset_code: Text,
    register_code: Text,
    taken_by_customer: Text,
    taken_by_agent: Text,
    invitation_agent: Text,
    invitation_customer: Text,
    reply_to_customer: Text,
    reply_to_agent: Text,
    forward: Text,
}

static TEXTS: LazyLock<[Texts; 6]> = LazyLock::new(|| {
    [
        include_str!("texts/en.toml"),
        include_str!("texts/fr.toml"),
        include_str!("texts/de.toml"),
        include_str!("texts/es.toml"),
        include_str!("texts/it.toml"),
        include_str!("texts/pt.toml"),
    ]
    // The files are part of the program and a test reads them; a default keeps this free of panics.
    .map(|text| toml::from_str(text).unwrap_or_default())
});

fn texts(language: Language) -> &'static Texts {
    let index = Language::ALL.iter().position(|one| *one == language).unwrap_or_default();
    &TEXTS[index]
}

/// Makes the links that mails carry.
#[derive(Debug, Clone)]
pub struct Links {
    public_url: String,
}

impl Links {
    /// Links below the address that people reach the desk at.
    #[must_use]
    pub fn new(public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').to_owned() }
    }
    /// A page of the agent application, e.g. `sign-in`.
    #[must_use]
    pub fn desk(&self, path: &str) -> String {
        format!("{}/desk/{path}", self.public_url)
    }
    /// A page of a portal, e.g. `sign-in`; an empty path is its list.
    #[must_use]
    pub fn portal(&self, slug: &str, path: &str) -> String {
        format!("{}/p/{slug}/{path}", self.public_url).trim_end_matches('/').to_owned()
    }
}

/// What a mail says. Links are complete addresses.
#[derive(Debug, Clone)]
pub enum Letter {
    /// A code to sign in with.
    SignInCode {
        /// The code.
        code: String,
    },
    /// A code to set a new password with.
    ResetCode {
        /// The code.
        code: String,
    },
    /// A code that confirms the address of who registers.
    RegisterCode {
        /// The code.
        code: String,
    },
    /// Somebody tried to register with the address of a customer who can sign in already.
    TakenByCustomer {
        /// Where to sign in.
        link: String,
    },
    /// Somebody tried to register as a customer with the address of an agent.
    TakenByAgent {
        /// Where agents sign in.
        link: String,
    },
    /// An agent is invited.
    InvitationAgent {
        /// Who invites.
        by: String,
        /// Where to accept.
        link: String,
    },
    /// A customer is invited to the portal.
    InvitationCustomer {
        /// Where to accept.
        link: String,
    },
    /// A customer gets a public message of an item.
    ReplyToCustomer {
        /// Number of the item.
        number: ItemNumber,
        /// Its title.
        title: String,
        /// Who wrote.
        author: String,
        /// What they wrote, as clean HTML.
        html: String,
        /// The item in the portal.
        link: String,
    },
    /// An agent learns of a message of an item.
    ReplyToAgent {
        /// Number of the item.
        number: ItemNumber,
        /// Its title.
        title: String,
        /// Who wrote.
        author: String,
        /// What they wrote, as clean HTML.
        html: String,
        /// The item in the agent application.
        link: String,
    },
    /// Somebody outside gets a note of an item.
    Forward {
        /// Number of the item.
        number: ItemNumber,
        /// Its title.
        title: String,
        /// Who forwards it.
        author: String,
        /// What they wrote, and what they quote, as clean HTML.
        html: String,
    },
}

/// A mail put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML fragment.
    pub html: String,
}

impl Letter {
    /// Whether it lets somebody in.
    fn is_secret(&self) -> bool {
        matches!(
            self,
            Self::SignInCode { .. }
                | Self::ResetCode { .. }
                | Self::RegisterCode { .. }
                | Self::InvitationAgent { .. }
                | Self::InvitationCustomer { .. }
        )
    }

    fn text(&self, texts: &'static Texts) -> &'static Text {
        match self {
            Self::SignInCode { .. } => &texts.sign_in_code,
            Self::ResetCode { .. } => &texts.reset_code,
            Self::RegisterCode { .. } => &texts.register_code,
            Self::TakenByCustomer { .. } => &texts.taken_by_customer,
            Self::TakenByAgent { .. } => &texts.taken_by_agent,
            Self::InvitationAgent { .. } => &texts.invitation_agent,
            Self::InvitationCustomer { .. } => &texts.invitation_customer,
            Self::ReplyToCustomer { .. } => &texts.reply_to_customer,
            Self::ReplyToAgent { .. } => &texts.reply_to_agent,
            Self::Forward { .. } => &texts.forward,
        }
    }

    fn values(&self, workspace: &str) -> Vec<(&'static str, String)> {
        let mut values = vec![
            ("workspace", workspace.to_owned()),
            ("minutes", (CODE_LIFE / MINUTE).to_string()),
            ("days", (INVITATION_LIFE / DAY).to_string()),
        ];
        match self {
            Self::SignInCode { code } | Self::ResetCode { code } | Self::RegisterCode { code } => {
                values.push(("code", code.clone()));
            }
            Self::TakenByCustomer { link } | Self::TakenByAgent { link } | Self::InvitationCustomer { link } => {
                values.push(("link", link.clone()));
            }
            Self::InvitationAgent { by, link } => {
                values.push(("by", by.clone()));
                values.push(("link", link.clone()));
            }
            Self::ReplyToCustomer { number, title, author, link, .. }
            | Self::ReplyToAgent { number, title, author, link, .. } => {
                values.push(("number", number.to_string()));
                values.push(("title", title.clone()));
                values.push(("author", author.clone()));
                values.push(("link", link.clone()));
            }
            Self::Forward { number, title, author, .. } => {
                values.push(("number", number.to_string()));
                values.push(("title", title.clone()));
                values.push(("author", author.clone()));
            }
        }
        values
    }

    fn quote(&self) -> &str {
        match self {
            Self::ReplyToCustomer { html, .. } | Self::ReplyToAgent { html, .. } | Self::Forward { html, .. } => html,
            _ => "",
        }
    }

    /// Puts it into words.
    #[must_use]
    pub fn render(&self, language: Language, workspace: &str) -> Rendered {
        let texts = texts(language);
        let text = self.text(texts);
        let values = self.values(workspace);
        let plain_fill = |template: &str| fill(template, &values, str::to_owned);
        let mut plain_parts = Vec::new();
        let mut html_parts = Vec::new();
        for paragraph in text.body.trim().split("\n\n").chain([texts.footer.as_str()]) {
            match paragraph.trim() {
                "{quote}" => {
                    plain_parts.push(rich_text::to_text(&plain::for_mail(self.quote())));
                    html_parts.push(format!(
                        "<div style=\"border-left:3px solid #c8ccd4;padding-left:12px\">{}</div>",
                        plain::for_mail(self.quote())
                    ));
                }
                "{code}" => {
                    let code = plain_fill("{code}");
                    html_parts.push(format!(
                        "<p style=\"font-size:24px;letter-spacing:3px;font-family:monospace\"><strong>{}</strong></p>",
                        plain::escape(&code)
                    ));
                    plain_parts.push(format!("    {code}"));
                }
                "{link}" => {
                    let link = plain_fill("{link}");
                    html_parts.push(format!(
                        "<p><a href=\"{0}\" style=\"font-weight:bold\">{1}</a><br><small>{0}</small></p>",
                        plain::escape(&link),
                        plain::escape(&text.button)
                    ));
                    plain_parts.push(link);
                }
                words => {
                    plain_parts.push(plain_fill(words));
                    html_parts.push(format!("<p>{}</p>", fill(&plain::escape(words), &values, plain::escape)));
                }
            }
        }
        let html = format!(
            "<div lang=\"{}\" style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">{}</div>",
            language.tag(),
            html_parts.concat()
        );
        Rendered { subject: plain_fill(&text.subject), text: plain_parts.join("\n\n"), html }
    }
}

/// Puts values in the place of `{names}`; what a value says is never looked at again.
fn fill(template: &str, values: &[(&'static str, String)], encode: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            out.push_str(&encode(value));
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Puts a letter into the outbox, in the transaction of what it tells about.
///
/// # Errors
/// What the database says.
pub async fn post(tx: &mut Tx, to: &str, language: Language, letter: Letter) -> Result<()> {
    post_about(tx, to, language, letter, None, None).await
}

/// As [`post`], for a letter about a message of an item.
///
/// # Errors
/// What the database says.
pub async fn post_about(
    tx: &mut Tx,
    to: &str,
    language: Language,
    letter: Letter,
    item_id: Option<ItemId>,
    message_id: Option<MessageId>,
) -> Result<()> {
    let (workspace,): (String,) = tx.one(Sql::new("SELECT name FROM workspace", args![])).await?;
    let Rendered { subject, text, html } = letter.render(language, &workspace);
    let mail = NewMail { to: vec![to.to_owned()], subject, text, html, item_id, message_id, secret: letter.is_secret() };
    outbox::enqueue(tx, mail).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const FILES: [&str; 6] = [
        include_str!("texts/en.toml"),
        include_str!("texts/fr.toml"),
        include_str!("texts/de.toml"),
        include_str!("texts/es.toml"),
        include_str!("texts/it.toml"),
        include_str!("texts/pt.toml"),
    ];

    fn placeholders(text: &str) -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect()
    }

    /// Every text of a file: its path and what it needs.
    fn shape(file: &str) -> Vec<(String, BTreeSet<String>)> {
        let table: toml::Table = toml::from_str(file).unwrap();
        let mut shape = Vec::new();
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => shape.extend(
                    inner.into_iter().map(|(name, text)| (format!("{key}.{name}"), placeholders(text.as_str().unwrap()))),
                ),
                text => shape.push((key, placeholders(text.as_str().unwrap()))),
            }
        }
        shape.sort();
        shape
    }

    #[test]
    fn all_languages_have_the_same_texts_and_placeholders() {
        for (language, file) in Language::ALL.into_iter().zip(FILES) {
            toml::from_str::<Texts>(file).unwrap_or_else(|error| panic!("{}: {error}", language.tag()));
            assert_eq!(shape(file), shape(FILES[0]), "{}", language.tag());
        }
    }

    #[test]
    fn every_letter_is_complete_in_every_language() {
        let link = "https://desk.example.net/x?a=1&b=2".to_owned();
        let html = "<p>Try <b>this</b></p>".to_owned();
        let (number, title, author) = (ItemNumber(42), "Printer".to_owned(), "Ada".to_owned());
        let letters = [
            Letter::SignInCode { code: "ABCD2345".into() },
            Letter::ResetCode { code: "ABCD2345".into() },
            Letter::RegisterCode { code: "ABCD2345".into() },
            Letter::TakenByCustomer { link: link.clone() },
            Letter::TakenByAgent { link: link.clone() },
            Letter::InvitationAgent { by: "Ada".into(), link: link.clone() },
            Letter::InvitationCustomer { link: link.clone() },
            Letter::ReplyToCustomer {
                number,
                title: title.clone(),
                author: author.clone(),
                html: html.clone(),
                link: link.clone(),
            },
            Letter::ReplyToAgent { number, title: title.clone(), author: author.clone(), html: html.clone(), link },
            Letter::Forward { number, title, author, html },
        ];
        for language in Language::ALL {
            for letter in &letters {
                let mail = letter.render(language, "Acme");
                for part in [&mail.subject, &mail.text, &mail.html] {
                    assert!(!part.is_empty() && !part.contains('{') && !part.contains('}'), "{language:?} {letter:?}: {part}");
                }
                for (name, value) in letter.values("Acme") {
                    if matches!(name, "code" | "link") {
                        assert!(mail.text.contains(&value) && !mail.subject.contains(&value), "{language:?} {letter:?} {name}");
                        assert!(mail.html.contains(&plain::escape(&value)), "{language:?} {letter:?} {name}");
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_text_and_are_not_looked_at_again() {
        let letter = Letter::InvitationAgent { by: "<b>{link}</b>".into(), link: "https://a.b/c".into() };
        let mail = letter.render(Language::En, "A & B");
        assert!(mail.text.contains("<b>{link}</b>"), "{}", mail.text);
        assert!(mail.html.contains("&lt;b&gt;{link}&lt;/b&gt;") && mail.html.contains("A &amp; B"), "{}", mail.html);
    }
}
