//! `taquilla demo`

use super::{Failure, open, told};
use server::{config::Settings, demo, service::accounts::Passwords};

/// How much, and which.
#[derive(clap::Args)]
pub struct Options {
    /// Tickets
    #[arg(long, default_value_t = demo::ITEMS, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    items: u32,
    /// The same seed makes the same company
    #[arg(long, default_value_t = demo::SEED)]
    seed: u64,
}

/// Fills the database and prints who can sign in.
pub async fn run(settings: &Settings, options: Options) -> Result<(), Failure> {
    let db = open(settings).await?;
    let passwords = Passwords::new().map_err(told)?;
    let options = demo::Options { items: options.items, seed: options.seed };
    let made = demo::fill(&db, &passwords, &options).await.map_err(told)?;
    db.close().await;
    println!(
        "Made {} tickets, {} agents, {} customers, {} organizations. Sign in with:",
        made.items, made.agents, made.customers, made.organizations
    );
    for sign_in in made.sign_ins {
        let place = if sign_in.customer { "/p/support/sign-in" } else { "/desk/sign-in" };
        println!("  {:<9} {:<36} {}  at {}{place}", sign_in.what, sign_in.email, sign_in.password, settings.public_url);
    }
    Ok(())
}
