//! `taquilla serve`

use super::{Failure, open};
use server::{config::Settings, serve};

/// Serves until Ctrl+C or SIGTERM.
pub async fn run(settings: &Settings) -> Result<(), Failure> {
    let db = open(settings).await?;
    let url = settings.public_url.clone();
    serve::serve(settings, db, asked_to_stop(), move |address, token| {
        println!("Taquilla serves {url} (listening on {address}).");
        if let Some(token) = token {
            println!();
            println!("There is no owner yet. Set the workspace up here, once:");
            println!("  {url}/desk/setup?token={token}");
            println!("Demo data can be chosen there (or stop and run `taquilla demo`).");
        }
    })
    .await?;
    println!("Taquilla has stopped.");
    Ok(())
}

async fn asked_to_stop() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl+C cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                std::future::pending::<()>().await;
            }
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
