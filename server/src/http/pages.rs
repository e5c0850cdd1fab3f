//! The pages: rendering, who may open which, and what an unknown address shows.

use super::{Site, headers::page_policy, refusal::Refusal, session, typed};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
};
use domain::actor::Actor;
use leptos::{
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use std::sync::LazyLock;

/// Pages of agents that are open to everybody.
const OPEN_DESK: [&str; 4] = ["/desk/sign-in", "/desk/forgot", "/desk/setup", "/desk/invitation/"];
/// Pages of a portal that are open to everybody, after its slug.
const OPEN_PORTAL: [&str; 4] = ["/sign-in", "/register", "/forgot", "/invitation/"];

/// Paths of all pages, in the form of the router.
#[must_use]
pub fn page_paths() -> Vec<String> {
    PAGES.iter().map(|page| page.path().to_owned()).collect()
}

/// All pages, listed once: while Leptos lists them it loads nothing anywhere in the process, and a page that is being rendered
/// meanwhile would wait for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    // `/` only leads on; it has a handler of its own.
    let pages = app::applications().into_iter().flat_map(generate_route_list);
    pages.filter(|page| page.path() != "/").collect()
});

/// The routes of all pages. Not by `leptos_routes_with_context`: that would mount the server functions as well, past
/// [`super::functions`].
pub(super) fn routes(site: &Site) -> Router<Site> {
    Router::new().leptos_routes_with_handler(PAGES.clone(), render).route_layer(from_fn_with_state(site.clone(), admit))
}

/// A page, complete: it is sent when everything on it has been loaded.
async fn render(State(site): State<Site>, request: Request) -> Response {
    let options = site.settings.site.clone();
    let typed = typed::bring_back(&site, &request).await;
    let context = context(&site);
    let context = move || {
        context();
        if let Some(typed) = typed.clone() {
            provide_context(typed);
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone()));
    render(request).await
}

/// What a page finds in its context, and the policy that names its nonce.
fn context(site: &Site) -> impl Fn() + Clone + Send + Sync + 'static {
    let site = site.clone();
    move || {
        session::provide(&site);
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
        if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce)) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// `/` leads to the set-up of a new desk, else to the tickets.
pub(super) async fn start(State(site): State<Site>, request: Request) -> Response {
    match site.desk.accounts.needs_set_up().await {
        Ok(true) => Redirect::to("/desk/setup").into_response(),
        Ok(false) => Redirect::to("/desk/tickets").into_response(),
        Err(error) => Refusal::of(request.headers()).tell(error),
    }
}

/// Sends people who are not signed in to the right place to sign in, and those who are away from it.
async fn admit(State(site): State<Site>, request: Request, next: Next) -> Response {
    let Some(who) = request.extensions().get::<session::Who>() else { return next.run(request).await };
    let path = request.uri().path();
    if path == "/desk" || path.starts_with("/desk/") {
        let signed_in = matches!(who.agent, Actor::Agent(_));
        if !signed_in {
            match site.desk.accounts.needs_set_up().await {
                Ok(true) if path != "/desk/setup" => return Redirect::to("/desk/setup").into_response(),
                Ok(_) => {}
                Err(error) => return Refusal::of(request.headers()).tell(error),
            }
        }
        let open = OPEN_DESK.iter().any(|page| path == *page || page.ends_with('/') && path.starts_with(page));
        if signed_in && (path == "/desk/sign-in" || path == "/desk/setup") {
            return Redirect::to("/desk/tickets").into_response();
        }
        if !signed_in && !open {
            return sign_in("/desk/sign-in", request.uri());
        }
    } else if let Some((slug, rest)) = portal(path) {
        let signed_in = matches!(who.customer, Actor::Customer(_));
        let open = OPEN_PORTAL.iter().any(|page| rest == *page || page.ends_with('/') && rest.starts_with(page));
        if signed_in && rest == "/sign-in" {
            return Redirect::to(&format!("/p/{slug}")).into_response();
        }
        // A portal that does not exist says so instead of asking for a password.
        if !signed_in && !open && site.desk.portals.info(slug).await.is_ok() {
            return sign_in(&format!("/p/{slug}/sign-in"), request.uri());
        }
    }
    next.run(request).await
}

/// The slug of a portal page, and the rest of its path.
fn portal(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("/p/")?;
    Some(rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash)))
}

/// To the sign-in, and back to this page afterwards.
fn sign_in(page: &str, from: &Uri) -> Response {
    let from = from.path_and_query().map_or("/", |path| path.as_str());
    let next = app::api::answer::query_value(from);
    Redirect::to(&format!("{page}?next={next}")).into_response()
}

/// The page for an address that does not exist.
pub(super) async fn not_found(site: Site, request: Request) -> Response {
    let mut response = render(State(site), request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
