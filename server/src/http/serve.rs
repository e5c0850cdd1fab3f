//! Listening until somebody asks to stop.

use axum::{Router, serve::ListenerExt};
use domain::limits::STOP_SECONDS;
use std::{future::Future, io, net::SocketAddr, time::Duration};
use tokio::net::TcpListener;

/// Longest time that requests under way get to finish.
const GRACE: Duration = Duration::from_secs(STOP_SECONDS);

/// Serves until `stop` is ready, then lets what is under way finish.
///
/// # Errors
/// The listener fails.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let listener = listener.tap_io(|socket| {
        // Without this a streamed page waits 44 ms for a delayed acknowledgement.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "could not set TCP_NODELAY");
        }
    });
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            stop.await;
            // Whoever waits for it may have gone.
            let _ = stopping.send(());
        })
        .into_future();
    let deadline = async {
        if stopped.await.is_ok() {
            tokio::time::sleep(GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = server => served,
        () = deadline => Ok(()),
    }
}
