//! `taquilla serve`: the schema, the workers, the site, until somebody asks to stop.

use crate::{
    config::Settings,
    db::Db,
    desk, http, mail,
    service::accounts::{keep_tidy, set_up_token},
    service::files::FilesService,
    site,
};
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};

/// How often uploads that nothing took are looked for.
const TIDY: Duration = Duration::from_secs(3600);

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
    let built = desk::build(&db, store, settings)?;
    let listener = TcpListener::bind(settings.addr)
        .await
        .map_err(|error| format!("setting addr: cannot listen on {}: {error}", settings.addr))?;
    let address = listener.local_addr()?;

    let (stopping, stopped) = watch::channel(false);
    let workers = [
        tokio::spawn(mail::Worker::new(db.clone(), desk::mail_settings(settings))?.run(stopped.clone())),
        tokio::spawn(built.imports.clone().run(stopped.clone())),
        tokio::spawn(keep_tidy(db.clone(), stopped.clone())),
        tokio::spawn(built.live.clone().run(stopped.clone())),
        tokio::spawn(discard_unused(built.files.clone(), stopped)),
    ];
    let router = http::router(
        built.desk,
        built.live.clone(),
        Arc::new(crate::ambient::WallClock),
        http::HttpSettings { public_url: settings.public_url.clone(), trusted_proxies: settings.trusted_proxies.clone(), site },
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

async fn discard_unused(files: Arc<FilesService>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = files.discard_unused().await {
            tracing::warn!(%error, "unused uploads could not be discarded");
        }
        tokio::select! {
            () = tokio::time::sleep(TIDY) => {}
            _ = stop.changed() => return,
        }
    }
}
