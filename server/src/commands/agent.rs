//! `taquilla agent …`: for the first set-up without a browser, and for lock-outs.

use super::{Failure, open, told};
use domain::agent::{NewAgent, Role, TicketAccess};
use server::{
    ambient,
    config::Settings,
    service::accounts::{Passwords, create_with_password},
};
use std::io::{BufRead, IsTerminal};

/// What to do with agents.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Make an agent who can sign in at once. The password is the first line of standard input if that is no terminal;
    /// otherwise one is made and printed
    Create {
        /// E-mail address to sign in with
        #[arg(long)]
        email: String,
        /// Full name
        #[arg(long)]
        name: String,
        /// owner, administrator, agent or light
        #[arg(long, default_value = "agent", value_parser = role)]
        role: Role,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_key(text).ok_or_else(|| "use owner, administrator, agent or light".to_owned())
}

/// Does it.
pub async fn run(settings: &Settings, command: Command) -> Result<(), Failure> {
    let Command::Create { email, name, role } = command;
    let given = given_password()?;
    let made = given.is_none();
    let password = given.unwrap_or_else(ambient::password);
    let db = open(settings).await?;
    let new = NewAgent { name, email: email.clone(), role, access: TicketAccess::All, teams: Vec::new() };
    let passwords = Passwords::new().map_err(told)?;
    create_with_password(&db, &passwords, new, &password).await.map_err(told)?;
    db.close().await;
    println!("{email} can sign in now.");
    if made {
        println!("{email}  {password}");
    }
    Ok(())
}

fn given_password() -> Result<Option<String>, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    Ok((!password.is_empty()).then(|| password.to_owned()))
}
