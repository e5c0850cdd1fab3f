//! `taquilla serve`: the schema, the runner of jobs, the site, until somebody asks to stop.

use crate::{
    config::Settings,
    db::Db,
    desk,
    files::FileStore,
    http, import,
    jobs::{Chore, Runner, Work},
    mail,
    meter::Meter,
    service::{
        accounts::{set_up_token, tidy},
        files::FilesService,
        items::{BulkRuns, SendHeld, Wake, discard_deleted as discard_deleted_items, discard_old_bulks},
        views::discard_deleted,
    },
    site,
};
use domain::time::HOUR;
use std::{future::Future, net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::watch};

/// A failure to start, to be shown to the operator.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves until `stop` is ready. `ready` is told the address and, where there is no owner yet, the set-up token.
///
/// # Errors
/// Something that is needed is not there: the database, the folder for files, the site, the address.
pub async fn serve(
    settings: &Settings,
    db: Db,
    stop: impl Future<Output = ()> + Send + 'static,
    ready: impl FnOnce(SocketAddr, Option<String>),
) -> Result<(), Failure> {
    let store = desk::store(settings)?;
    let site = site::locate(settings)?;
    let built = desk::build(&db, store.clone(), settings).await?;
    let meter = Meter::default();
    let mails = mail::Worker::new(db.clone(), desk::mail_settings(settings))?.counting(meter.clone());
    let runner =
        Runner::new(db.clone(), works(&db, store, mails.clone(), mail::Links::new(&settings.public_url), built.files.clone()));
    let listener = TcpListener::bind(settings.addr)
        .await
        .map_err(|error| format!("setting addr: cannot listen on {}: {error}", settings.addr))?;
    let address = listener.local_addr()?;

    let (stopping, stopped) = watch::channel(false);
    let workers = [
        tokio::spawn(runner.run(stopped.clone())),
        tokio::spawn(built.live.clone().run(stopped.clone())),
        tokio::spawn(mails.keep_swept(stopped)),
    ];
    let router = http::router(
        built.desk,
        http::Behind { db: db.clone(), live: built.live.clone(), meter, clock: Arc::new(crate::ambient::WallClock) },
        http::HttpSettings {
            public_url: settings.public_url.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
            metrics: settings.metrics.clone(),
            site,
        },
    );
    ready(address, set_up_token(&db).await?);
    let stop = async move {
        stop.await;
        // A stream never ends by itself, and the server waits for what is under way.
        built.live.end_streams();
    };
    http::serve(listener, router, stop).await?;
    // Workers finish what they have in hand, then the database may close.
    stopping.send_replace(true);
    for worker in workers {
        if let Err(error) = worker.await {
            tracing::error!(%error, "a worker ended abnormally");
        }
    }
    db.close().await;
    Ok(())
}

/// Everything that is done after a change, or again and again.
fn works(db: &Db, store: FileStore, mails: mail::Worker, links: mail::Links, files: Arc<FilesService>) -> Vec<Arc<dyn Work>> {
    let (tidied, of_views, of_bulks, of_items) = (db.clone(), db.clone(), db.clone(), db.clone());
    vec![
        Arc::new(mails),
        Arc::new(SendHeld::new(db.clone(), links)),
        Arc::new(Wake::new(db.clone())),
        Arc::new(import::run::Worker::new(db.clone(), store)),
        Arc::new(BulkRuns::new(db.clone())),
        Arc::new(Chore::new("tidy", HOUR, move || {
            let db = tidied.clone();
            async move { tidy(&db).await }
        })),
        Arc::new(Chore::new("unused_files", HOUR, move || {
            let files = files.clone();
            async move { files.discard_unused().await.map(|_| ()) }
        })),
        Arc::new(Chore::new("deleted_views", HOUR, move || {
            let db = of_views.clone();
            async move { discard_deleted(&db).await }
        })),
        Arc::new(Chore::new("old_bulks", HOUR, move || {
            let db = of_bulks.clone();
            async move { discard_old_bulks(&db).await }
        })),
        Arc::new(Chore::new("deleted_items", HOUR, move || {
            let db = of_items.clone();
            async move { discard_deleted_items(&db).await.map(|_| ()) }
        })),
    ]
}
