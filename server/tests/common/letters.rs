//! What was mailed, as its reader would use it: the code, the link.

use super::TestDesk;
use domain::session::Origin;
use server::{
    args,
    db::Sql,
    mail::Links,
    service::accounts::{AccountsService, Passwords},
};

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
