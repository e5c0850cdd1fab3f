//! The door of the live updates: server-sent events for somebody who is signed in.

use super::{
    Site,
    refusal::Refusal,
    session::{Who, cookie},
};
use crate::live::{Ask, Begin, Reader};
use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
    routing::{MethodRouter, get},
};
use domain::{actor::Actor, session::Realm};
use futures::stream;
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc};

/// Where a reader left off, for the first connection; a browser that comes back says it in `Last-Event-ID`. And in which tab.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    after: Option<i64>,
    tab: Option<String>,
}

/// The stream for those who are signed in on a surface.
pub(super) fn of(realm: Realm) -> MethodRouter<Site> {
    let answer =
        async move |State(site): State<Site>, Extension(who): Extension<Who>, Query(from): Query<From>, headers: HeaderMap| {
            let actor = match realm {
                Realm::Agent => who.agent,
                Realm::Customer => who.customer,
            };
            stream(&site, realm, actor, from, &headers)
        };
    get(answer)
}

fn stream(site: &Site, realm: Realm, actor: Actor, from: From, headers: &HeaderMap) -> Response {
    let token = cookie(headers, site.settings.cookies().name(realm)).unwrap_or_default().to_owned();
    let ask: Ask = {
        let accounts = site.desk.accounts.clone();
        Arc::new(move || {
            let (accounts, token) = (accounts.clone(), token.clone());
            Box::pin(async move { accounts.holder(realm, &token).await })
        })
    };
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok());
    let after = last.or(from.after).filter(|after| *after >= 0);
    let sent = match Reader::open(&site.live, actor, ask, Begin { after, tab: from.tab }) {
        Ok(sent) => sent,
        Err(error) => return Refusal::of(headers).tell(error),
    };
    let chunks = stream::unfold(sent, |mut sent| async move { sent.recv().await.map(|text| (Ok::<_, Infallible>(text), sent)) });
    let body = Body::from_stream(chunks);
    let mut response = Response::new(body);
    let fixed = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store, no-transform"),
        // nginx and those who learnt from it collect an answer unless told otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
