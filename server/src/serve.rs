//! `taquilla serve`: brings the schema up to date, starts what works in the background, serves until asked to stop.

use crate::{
    ambient::WallClock,
    config::Settings,
    db::Db,
    desk::{Assembly, assemble},
    http::{self, HttpSettings},
    mail::{MailSettings, Worker as MailWorker},
    service::{
        accounts::{DemoFiller, keep_tidy, set_up_token},
        files::FilesService,
    },
};
use leptos::config::{LeptosOptions, get_config_from_str};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves the desk. `listening` is called once requests are taken, with the link for the first set-up if there is no owner.
///
/// # Errors
/// The site was not built, the address is taken, a setting makes no sense.
pub async fn serve(
    db: Db,
    settings: &Settings,
    demo: Option<DemoFiller>,
    listening: impl FnOnce(Option<String>),
) -> Result<(), Failure> {
    let Assembly { desk, files, import_worker, .. } = assemble(&db, settings, demo)?;
    let mail = MailSettings { smtp: settings.smtp.clone(), from: settings.mail_from.clone(), folder: settings.data.join("mail") };
    let mail_worker = MailWorker::new(db.clone(), mail)?;
    let http_settings = HttpSettings {
        public_url: settings.public_url.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        site: site_options(settings)?,
    };
    let listener = TcpListener::bind(settings.addr).await.map_err(|error| format!("setting addr: {}: {error}", settings.addr))?;
    let (stop, stopped) = watch::channel(false);
    let background = [
        tokio::spawn(mail_worker.run(stopped.clone())),
        tokio::spawn(import_worker.run(stopped.clone())),
        tokio::spawn(keep_tidy(db.clone(), stopped.clone())),
        tokio::spawn(discard_unused(files, stopped)),
    ];
    let set_up = set_up_token(&db).await?.map(|token| format!("{}/desk/setup?token={token}", settings.public_url));
    listening(set_up);
    let router = http::router(desk, Arc::new(WallClock), http_settings);
    http::serve(listener, router, asked_to_stop()).await?;
    // Whoever does not listen any more has ended already.
    let _ = stop.send(true);
    for task in background {
        if let Err(error) = task.await {
            tracing::error!(%error, "something in the background ended abnormally");
        }
    }
    db.close().await;
    Ok(())
}

/// Interrupt from the terminal, or the end that a service manager asks for.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("stopping");
}

/// Once an hour discards uploads that nothing took.
async fn discard_unused(files: Arc<FilesService>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = files.discard_unused().await {
            tracing::error!(%error, "unused uploads could not be discarded");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(3600)) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Where the built site lies and how its files are named: the block of `Leptos.toml`, with the folder that is found.
fn site_options(settings: &Settings) -> Result<LeptosOptions, Failure> {
    let mut options = get_config_from_str(include_str!("../../Leptos.toml"))?;
    let folder = find_site(settings.site.as_deref()).ok_or(
        "the built site (scripts and styles) was not found: put the folder \"site\" beside the binary, or name it with the setting site",
    )?;
    options.site_root = folder.to_string_lossy().as_ref().into();
    options.site_addr = settings.addr;
    Ok(options)
}

/// The folder of the site: the one that is set, the one beside the binary, the one that a build in this folder made.
fn find_site(set: Option<&Path>) -> Option<PathBuf> {
    if let Some(folder) = set {
        return folder.join("pkg").is_dir().then(|| folder.to_owned());
    }
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|folder| folder.join("site")));
    beside.into_iter().chain([PathBuf::from("target/site")]).find(|folder| folder.join("pkg").is_dir())
}
