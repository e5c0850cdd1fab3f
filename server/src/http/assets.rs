//! Files of the built site: scripts, styles, icons, texts. Those whose name carries their hash may be kept for ever.

use super::{Site, pages, refusal::Refusal};
use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Error;
use tower::ServiceExt;
use tower_http::services::ServeDir;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The texts of a language, as a script.
pub(super) async fn texts(Path(file): Path<String>, headers: HeaderMap) -> Response {
    match app::i18n::script(&format!("/i18n/{file}")) {
        Some(script) => {
            let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
            ([kind, (header::CACHE_CONTROL, FOR_EVER)], script).into_response()
        }
        None => Refusal::of(&headers).tell(Error::not_found()),
    }
}

/// A file of the site, or the page that says that there is nothing here.
pub(super) async fn file_or_not_found(State(site): State<Site>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Refusal::of(request.headers()).tell(Error::not_found());
    }
    let options = &site.settings.site;
    let path = request.uri().path().to_owned();
    if let Some(mut found) = file(&options.site_root, ask(&request)).await {
        let in_package = path.strip_prefix('/').is_some_and(|path| path.starts_with(&format!("{}/", options.site_pkg_dir)));
        let keep = match (in_package, options.hash_files) {
            (true, true) => FOR_EVER,
            (true, false) => ASK_AGAIN,
            (false, _) => A_DAY,
        };
        found.headers_mut().insert(header::CACHE_CONTROL, keep);
        return found;
    }
    // A script or an icon that is not there needs no page.
    let wants_page = request.headers().get("sec-fetch-dest").is_none_or(|dest| dest == "document");
    if wants_page { pages::not_found(site, request).await } else { Refusal::of(request.headers()).tell(Error::not_found()) }
}

/// What of a request counts for a file.
fn ask(request: &Request) -> Request {
    let mut ask = Request::new(Body::empty());
    *ask.method_mut() = request.method().clone();
    *ask.uri_mut() = request.uri().clone();
    for name in [header::ACCEPT_ENCODING, header::IF_MODIFIED_SINCE, header::RANGE] {
        if let Some(value) = request.headers().get(&name) {
            ask.headers_mut().insert(name, value.clone());
        }
    }
    ask
}

/// A file of the site, compressed beforehand if there is such a twin.
async fn file(root: &str, ask: Request) -> Option<Response> {
    let folder = ServeDir::new(root).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    let response = folder.oneshot(ask).await.ok()?;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    found.then(|| response.into_response())
}
