//! A plain form that is refused leads back to its page, and what was typed comes back into its fields: the texts wait in the
//! database, a cookie of the form holds the token. Not in the address or the cookie itself: they may be long, and nobody
//! else's business. A reload shows the page again and sends nothing.

use super::{
    Site,
    session::{Who, cookie},
};
use app::api::{
    answer::accepts_html,
    context::{Cookies, Typing},
    kept_fields,
};
use axum::{
    Form,
    body::{Body, Bytes},
    extract::{FromRequest, Query, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use domain::form::{KEPT, TypedForm};
use std::collections::HashMap;

/// Begins to note what a plain form brings, if it is one whose texts come back.
pub(super) fn begin(request: &Request) -> Option<Typing> {
    let path = request.uri().path();
    (accepts_html(request.headers()) && !kept_fields(path).is_empty()).then(|| Typing::new(path))
}

/// Notes the texts of a form that is not multipart.
pub(super) async fn note(typing: &Typing, parts: &Parts, body: &Bytes) {
    let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
    // What cannot be read is refused by the function, and has no texts.
    let Ok(Form(pairs)) = Form::<Vec<(String, String)>>::from_request(request, &()).await else { return };
    for (name, text) in pairs {
        if let Some(name) = name.strip_prefix("form[").and_then(|name| name.strip_suffix(']')) {
            typing.note(name, &text);
        }
    }
}

/// Keeps the texts of a form that was refused; forgets those of one that went through.
pub(super) async fn end(site: &Site, who: Option<Who>, before: Option<String>, typing: Typing, response: &mut Response) {
    let typed = typing.take();
    let name = site.settings.cookies().form_name(&typed.form);
    let mut token = None;
    if let (true, Some(who)) = (is_refused(response.headers()), who) {
        token = site.desk.forms.keep(&who.customer, &who.origin, typed).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the texts of a refused form could not be kept");
            None
        });
    }
    if let Some(before) = &before
        && let Err(error) = site.desk.forms.forget(before).await
    {
        tracing::warn!(%error, "the texts of a form could not be forgotten");
    }
    let cookies = site.settings.cookies();
    let set = match (token, before) {
        (Some(token), _) => set_cookie(cookies, &name, &token, KEPT / 1000),
        (None, Some(_)) => set_cookie(cookies, &name, "", 0),
        (None, None) => None,
    };
    if let Some(set) = set {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
}

fn set_cookie(cookies: Cookies, name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}; Max-Age={seconds}; {}", cookies.attributes())).ok()
}

/// Whether a plain form is led back with an error.
fn is_refused(headers: &HeaderMap) -> bool {
    let location = headers.get(header::LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default();
    location.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair.starts_with("__err=")))
}

/// The token that the browser sent for this form.
pub(super) fn token(site: &Site, headers: &HeaderMap, form: &str) -> Option<String> {
    let name = site.settings.cookies().form_name(form);
    cookie(headers, &name).filter(|token| !token.is_empty() && token.len() <= 64).map(str::to_owned)
}

/// What was typed into the form that a page was led back to. The request itself is not kept while the database answers.
pub(super) fn bring_back(site: &Site, request: &Request) -> impl Future<Output = Option<TypedForm>> + Send + use<> {
    let opens = what_opens(site, request);
    let forms = site.desk.forms.clone();
    async move {
        let (who, form, token) = opens?;
        forms.kept(&who.customer, &form, &token).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the texts of a refused form could not be read");
            None
        })
    }
}

/// Who asks, for which form, with which token; none for a page that was not led back to.
fn what_opens(site: &Site, request: &Request) -> Option<(Who, String, String)> {
    let Query(mut query) = Query::<HashMap<String, String>>::try_from_uri(request.uri()).ok()?;
    let form = query.remove("__path").filter(|form| !kept_fields(form).is_empty())?;
    let token = token(site, request.headers(), &form)?;
    Some((request.extensions().get::<Who>()?.clone(), form, token))
}
