//! Server functions by HTTP. What can be refused before the function runs is refused here: unknown names, bodies of the wrong
//! kind, forms with foreign fields. Redirects never leave this server.

use super::{Site, refusal::Refusal, session, typed};
use app::api::context::Typing;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{Error, ErrorCode, limits};
use leptos::{prelude::provide_context, server_fn::axum::server_fn_paths};
use std::{collections::HashSet, sync::LazyLock};

static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    // Every function changes something or may; so all are called by POST.
    server_fn_paths().filter(|(_, method)| *method == Method::POST).map(|(path, _)| path).collect()
});

/// Calls a server function.
pub(super) async fn call(State(site): State<Site>, request: Request) -> Response {
    let refusal = Refusal::of(request.headers());
    let typing = typed::begin(&request);
    let before = typing.as_ref().and_then(|_| typed::token(&site, request.headers(), request.uri().path()));
    let who = request.extensions().get::<session::Who>().cloned();
    let request = match check(request, typing.as_ref()).await {
        Ok(request) => request,
        Err(error) => return refusal.tell(error),
    };
    let context = {
        let (site, typing) = (site.clone(), typing.clone());
        move || {
            session::provide(&site);
            if let Some(typing) = typing.clone() {
                provide_context(typing);
            }
        }
    };
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    keep_inside(response.headers_mut());
    if let Some(typing) = typing {
        typed::end(&site, who, before, typing, &mut response).await;
    }
    response
}

async fn check(request: Request, typing: Option<&Typing>) -> Result<Request, Error> {
    let path = request.uri().path();
    if !NAMES.contains(path) {
        return Err(Error::not_found());
    }
    let kind = content_type(request.headers());
    if app::api::multipart_paths().contains(&path) {
        return match multer::parse_boundary(kind) {
            Ok(_) => Ok(request),
            Err(_) => Err(Error::invalid("error_bad_request")),
        };
    }
    if kind.starts_with("application/x-www-form-urlencoded") { check_form(request, typing).await } else { Ok(request) }
}

/// Forms have one argument, `form`; any other name at the top is a field that nobody knows.
async fn check_form(request: Request, typing: Option<&Typing>) -> Result<Request, Error> {
    let (parts, body) = request.into_parts();
    let too_large = |_| Error::new(ErrorCode::TooLarge, "error_too_large");
    let bytes = axum::body::to_bytes(body, limits::BODY).await.map_err(too_large)?;
    let known = |pair: &[u8]| {
        let lower = pair.to_ascii_lowercase();
        pair.is_empty() || lower.starts_with(b"form[") || lower.starts_with(b"form%5b")
    };
    if !bytes.split(|byte| *byte == b'&').all(known) {
        return Err(Error::invalid("error_bad_request"));
    }
    if let Some(typing) = typing {
        typed::note(typing, &parts, &bytes).await;
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A plain form leads back to where the browser says it came from: only the path of that counts.
fn keep_inside(headers: &mut HeaderMap) {
    let Some(location) = headers.get(header::LOCATION) else { return };
    let path = location.to_str().ok().map(own_part).filter(|path| app::api::answer::is_own_path(path));
    let location = path.and_then(|path| HeaderValue::from_str(&path).ok()).unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
}

fn own_part(location: &str) -> String {
    if location.starts_with('/') {
        return location.to_owned();
    }
    let path = location.parse::<Uri>().ok();
    path.and_then(|uri| uri.path_and_query().map(|path| path.as_str().to_owned())).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_server() {
        let kept = |location: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, HeaderValue::from_static(location));
            keep_inside(&mut headers);
            headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        assert_eq!(kept("/desk/tickets"), "/desk/tickets");
        assert_eq!(kept("http://127.0.0.1:3000/p/help/sign-in?__err=e30%3D"), "/p/help/sign-in?__err=e30%3D");
        assert_eq!(kept("https://evil.example/login"), "/login");
        assert_eq!(kept("//evil.example/login"), "/");
        assert_eq!(kept("javascript:alert(1)"), "/");
    }
}
