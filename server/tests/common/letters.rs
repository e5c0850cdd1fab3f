//! What was mailed, as its reader would use it: the code, the link.

use super::TestDesk;
use domain::{id::MailId, session::Origin};
use server::{
    args,
    db::Sql,
    jobs::{Held, Outcome, Work},
    mail::{Links, MailSettings, Worker, outbox::JOB},
    service::accounts::{AccountsService, Passwords},
};
use std::sync::Arc;

/// Links of a desk at `https://desk.test`.
pub fn links() -> Links {
    Links::new("https://desk.test/")
}

/// A browser at a network address.
pub fn from(address: &str) -> Origin {
    Origin { address: address.to_owned(), user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned(), language: None }
}

/// A browser.
pub fn browser() -> Origin {
    from("192.0.2.7")
}

impl TestDesk {
    /// The service under test.
    pub fn accounts(&self) -> AccountsService {
        AccountsService::new(self.db.clone(), Passwords::new().unwrap(), links(), None)
    }
    /// Subjects and texts of the mails to an address, oldest first.
    pub async fn letters(&self, email: &str) -> Vec<(String, String)> {
        let recipients = serde_json::to_string(&[email]).unwrap();
        self.rows(Sql::new("SELECT subject, text FROM mail WHERE recipients = $1 ORDER BY id", args![recipients])).await
    }
    /// The code of the last mail to an address.
    pub async fn code(&self, email: &str) -> String {
        let letters = self.letters(email).await;
        let (_, text) = letters.last().expect("a mail");
        text.lines().find_map(|line| line.strip_prefix("    ")).expect("a code").to_owned()
    }
    /// The token of the invitation in the last mail to an address.
    pub async fn invitation(&self, email: &str) -> String {
        let letters = self.letters(email).await;
        let (_, text) = letters.last().expect("a mail");
        let (_, token) = text.split_once("/invitation/").expect("a link");
        token.lines().next().unwrap().to_owned()
    }
    /// Has the last mail to an address given up, as if a mail server had refused it for good.
    pub async fn refuse_mail(&self, email: &str, reason: &str) -> MailId {
        let recipients = serde_json::to_string(&[email]).unwrap();
        let mail = self.number(Sql::new("SELECT MAX(id) FROM mail WHERE recipients = $1", args![recipients])).await;
        let held = Held::take(&self.db, JOB, mail).await.unwrap().expect("it waits");
        let work: Arc<dyn Work> = Arc::new(self.mail_worker());
        held.settle(&work, Outcome::Failed(reason.to_owned())).await;
        MailId(mail)
    }
    /// Delivers mails of this desk: without a mail server, into files.
    pub fn mail_worker(&self) -> Worker {
        let settings = MailSettings { smtp: None, from: "desk@acme.com".into(), folder: self.folder().join("mail") };
        Worker::new(self.db.clone(), settings).unwrap()
    }
    /// Gives the agent or customer with this address a password.
    pub async fn set_password(&self, table: &'static str, email: &str, password: &str) {
        let hash = Passwords::new().unwrap().hash(password).await.unwrap();
        let mut sql = Sql::build("UPDATE ");
        sql.push(table).push(" SET password_hash = ").bind(hash).push(" WHERE id = (SELECT ");
        sql.push(if table == "agent" { "agent_id" } else { "customer_id" });
        sql.push(" FROM address WHERE email = ").bind(email).push(")");
        self.execute(sql).await;
    }
}
