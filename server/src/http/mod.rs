//! Everything between a socket and the desk: the router, and what surrounds every request. No rule of the product lives here.
//!
//! A request passes, from the outside in: [`watch`] (log, count, time limit, panics; it goes on in a task of its own, so that a
//! connection that breaks off never stops a change half way), [`headers`] (what every answer carries), compression,
//! [`guard`] (requests of other sites are refused), [`limits`] (size of the body), [`session`] (who asks). Then it is
//! answered by [`pages`], [`functions`], [`files`], [`export`], [`live`], [`metrics`] or [`assets`].

mod assets;
mod export;
mod files;
mod functions;
mod guard;
mod headers;
mod health;
mod limits;
mod live;
mod metrics;
mod pages;
mod refusal;
mod serve;
mod session;
mod typed;
mod watch;

pub use pages::page_paths;
pub use serve::serve;

use crate::{
    config::{Metrics, Network},
    db::Db,
    live::Live,
    meter::Meter,
};
use app::api::context::{Cookies, FormKeys};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
};
use domain::{
    service::Desk,
    session::Realm,
    time::{Clock, Timestamp},
};
use leptos::config::LeptosOptions;
use std::{net::IpAddr, sync::Arc};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// What the HTTP side has to know of the settings.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// What people type to get here, without a slash at the end. Cookies are secure, and browsers are told to stay with
    /// https, if it begins with `https://`.
    pub public_url: String,
    /// Networks of the proxies in front: their `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Who may read the metrics.
    pub metrics: Metrics,
    /// Where the built site lies and how its files are named.
    pub site: LeptosOptions,
}

impl HttpSettings {
    /// Whether people come by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
    /// How session cookies look.
    #[must_use]
    pub fn cookies(&self) -> Cookies {
        Cookies { secure: self.is_https() }
    }
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(address))
    }
}

/// What every handler can reach.
#[derive(Clone)]
struct Site {
    desk: Desk,
    live: Live,
    db: Db,
    meter: Meter,
    /// When it began.
    since: Timestamp,
    clock: Arc<dyn Clock>,
    settings: Arc<HttpSettings>,
    form_keys: FormKeys,
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.settings.site.clone()
    }
}

/// The routes beside pages and server functions: method, path, handler.
fn own_routes() -> Vec<(Method, &'static str, MethodRouter<Site>)> {
    vec![
        (Method::GET, "/", get(pages::start)),
        (Method::POST, "/files/upload", post(files::upload)),
        (Method::POST, "/files/import", post(files::import)),
        (Method::GET, "/files/import/{id}/report.csv", get(files::import_report)),
        (Method::GET, "/files/{id}/{name}", get(files::download)),
        (Method::GET, "/desk/export.csv", get(export::as_csv)),
        (Method::GET, "/desk/export.xlsx", get(export::as_xlsx)),
        (Method::GET, "/live/desk", live::of(Realm::Agent)),
        (Method::GET, "/live/portal", live::of(Realm::Customer)),
        (Method::GET, "/i18n/{file}", get(assets::texts)),
        (Method::GET, "/healthz", get(health::alive)),
        (Method::GET, "/readyz", get(health::ready)),
        (Method::GET, "/metrics", get(metrics::figures)),
    ]
}

/// Method and path of every route beside pages and server functions, for the table of doors.
#[must_use]
pub fn route_paths() -> Vec<(Method, &'static str)> {
    own_routes().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// What lies behind the site, beside the services.
pub struct Behind {
    /// The database, whose state the metrics tell.
    pub db: Db,
    /// The live updates of that database.
    pub live: Live,
    /// What this process counts.
    pub meter: Meter,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// The whole site over a desk.
pub fn router(desk: Desk, behind: Behind, settings: HttpSettings) -> Router {
    let form_keys = FormKeys(Arc::new(|| {
        let bytes: [u8; 16] = crate::ambient::random_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }));
    let Behind { db, live, meter, clock } = behind;
    let since = clock.now();
    let site = Site { desk, live, db, meter, since, clock, settings: Arc::new(settings), form_keys };
    let mut router = pages::routes(&site).route("/_fn/{*path}", post(functions::call)).fallback(assets::file_or_not_found);
    for (_, path, handler) in own_routes() {
        router = router.route(path, handler);
    }
    router
        .layer(from_fn_with_state(site.clone(), session::resolve))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(limits::hold))
        .layer(from_fn_with_state(site.clone(), guard::own_requests_only))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(site.clone(), headers::set))
        .layer(from_fn_with_state(site.clone(), watch::over))
        .with_state(site)
}
