//! A site on a SQLite database of its own, and people who are signed in to it.

use crate::{
    ask::Ask,
    common::{TestDesk, on_sqlite},
};
use axum::{Router, http::Method};
use domain::{actor::Actor, service::Desk};
use server::{
    config::{Given, Settings},
    desk::Built,
    http::{Behind, HttpSettings, router},
    live::Live,
    meter::Meter,
};

/// The address under which the site believes to be.
pub const PUBLIC_URL: &str = "http://desk.test";

/// A site over an empty workspace.
pub struct Site {
    /// Its data.
    pub desk: TestDesk,
    /// Its services.
    pub services: Desk,
    /// Follows the log for the streams.
    pub live: Live,
    /// What it counts.
    pub meter: Meter,
    router: Router,
}

/// Runs a test on a site.
pub async fn on_a_site(test: impl AsyncFn(Site)) {
    on_sqlite(async |desk| test(Site::at(desk, PUBLIC_URL).await).await).await;
}

impl Site {
    /// The site of a desk under an address.
    pub async fn at(desk: TestDesk, public_url: &str) -> Self {
        Self::behind(desk, public_url, "").await
    }
    /// The same, behind proxies in these networks.
    pub async fn behind(desk: TestDesk, public_url: &str, proxies: &str) -> Self {
        Self::with(desk, public_url, &[("TAQUILLA_TRUSTED_PROXIES", proxies)]).await
    }
    /// The same, with these settings.
    pub async fn with(desk: TestDesk, public_url: &str, more: &[(&str, &str)]) -> Self {
        let root = desk.folder().join("site");
        std::fs::create_dir_all(root.join("pkg")).unwrap();
        std::fs::write(root.join("favicon.svg"), "<svg/>").unwrap();
        std::fs::write(root.join("pkg/taquilla.abc.js"), "export {}").unwrap();
        let site = leptos::config::LeptosOptions::builder()
            .output_name("taquilla")
            .site_root(root.to_str().unwrap())
            .site_pkg_dir("pkg")
            .build();
        let variables = [
            ("TAQUILLA_DATA".to_owned(), desk.folder().display().to_string()),
            ("TAQUILLA_PUBLIC_URL".to_owned(), public_url.to_owned()),
        ];
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::load_with(Given::default(), variables.into_iter().chain(more)).unwrap();
        let Built { desk: services, live, .. } = build(&desk, &settings).await;
        let Settings { trusted_proxies, metrics, .. } = settings;
        let settings = HttpSettings { public_url: public_url.to_owned(), trusted_proxies, metrics, site };
        let meter = Meter::default();
        let behind = Behind { db: desk.db.clone(), live: live.clone(), meter: meter.clone(), clock: desk.clock.clone() };
        let router = router(services.clone(), behind, settings);
        Self { desk, services, live, meter, router }
    }

    /// Asks for a page or a file, as a browser does that somebody navigates.
    pub fn get(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), Method::GET, path).with("accept", "text/html").with("sec-fetch-dest", "document")
    }
    /// Sends something, as our own pages do.
    pub fn post(&self, path: &str) -> Ask {
        Ask::new(self.router.clone(), Method::POST, path).with("sec-fetch-site", "same-origin")
    }

    /// Signs somebody in; answers the cookie.
    pub async fn sign_in(&self, who: &Actor) -> String {
        self.desk.cookie(who, self.desk.db.now()).await
    }
}

/// The services as the binary puts them together.
async fn build(desk: &TestDesk, settings: &Settings) -> Built {
    let store = server::desk::store(settings).unwrap();
    server::desk::build(&desk.db, store, settings).await.unwrap()
}
