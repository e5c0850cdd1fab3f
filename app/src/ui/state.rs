//! Designed states of a screen: empty, failed, forbidden, not there. Each says what to do next.

use super::{Button, Icon, LinkButton, Look, PageTitle};
use crate::{i18n::use_i18n, t};
use domain::{Error, ErrorCode};
use leptos::prelude::*;
use leptos_router::{hooks::use_location, location::Url};

/// Nothing is here yet, or nothing matches.
#[component]
pub fn EmptyState(
    /// Name of an icon.
    icon: &'static str,
    /// What is the matter.
    #[prop(into)]
    title: String,
    /// What it means and what to do.
    #[prop(optional, into)]
    text: Option<String>,
    /// It is the whole page: its title is the page's.
    #[prop(optional)]
    alone: bool,
    /// A button or link for the next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if alone {
        view! { <PageTitle text=title.clone() /><h1 class="state-title">{title}</h1> }.into_any()
    } else {
        view! { <h2 class="state-title">{title}</h2> }.into_any()
    };
    view! {
        <div class="state">
            <Icon name=icon large=true />
            {heading}
            {text.map(|text| view! { <p class="state-text">{text}</p> })}
            {children.map(|children| view! { <div class="state-actions">{children()}</div> })}
        </div>
    }
}

/// Something failed, in the words of the error. What may not be seen or does not exist looks designed, too.
#[component]
pub fn ErrorState(
    /// What happened.
    error: Error,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
    /// It is the whole page: its title is the page's.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    match error.code {
        ErrorCode::Forbidden => view! { <Forbidden alone /> }.into_any(),
        ErrorCode::Unauthenticated => {
            let here = use_location();
            let here = format!("{}{}", here.pathname.get_untracked(), here.search.with_untracked(|search| query(search)));
            let href = format!("/desk/sign-in?next={}", Url::escape(&here));
            view! {
                <EmptyState icon="lock" title=i18n.error(&error) alone>
                    <a class="btn btn-primary" href=href rel="external">{t!(i18n, sign_in)}</a>
                </EmptyState>
            }
            .into_any()
        }
        ErrorCode::NotFound => {
            tell_status(404);
            view! { <EmptyState icon="search" title=t!(i18n, state_not_found_title) text=t!(i18n, state_not_found_text) alone /> }.into_any()
        }
        _ => view! {
            <div role="alert">
                <EmptyState icon="alert" title=t!(i18n, state_error_title) text=i18n.error(&error) alone>
                    {retry
                        .map(|retry| view! { <Button look=Look::Primary icon="refresh" on_click=Callback::new(move |_| retry.run(()))>{t!(i18n, retry)}</Button> })}
                </EmptyState>
            </div>
        }
        .into_any(),
    }
}

/// The query of an address as it stands in one, with its question mark; nothing if there is none.
fn query(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// The person's role does not allow this page.
#[component]
pub fn Forbidden(
    /// It is the whole page: its title is the page's.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    tell_status(403);
    view! { <EmptyState icon="lock" title=t!(i18n, state_forbidden_title) text=t!(i18n, state_forbidden_text) alone /> }
}

/// The page of an address that does not exist.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    tell_status(404);
    // The beginning of the portal that one is in, else of the agent application.
    let home = use_location().pathname.with_untracked(|path| match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "p", slug, ..] => format!("/p/{slug}"),
        _ => "/".to_owned(),
    });
    view! {
        <main class="page-alone">
            <EmptyState icon="search" title=t!(i18n, state_not_found_title) text=t!(i18n, state_not_found_text) alone=true>
                <LinkButton href=home>{t!(i18n, state_home)}</LinkButton>
            </EmptyState>
        </main>
    }
}

/// Gives a page that the server renders the status of what it shows.
#[cfg(feature = "ssr")]
fn tell_status(status: u16) {
    let status = axum::http::StatusCode::from_u16(status).ok();
    if let (Some(response), Some(status)) = (use_context::<leptos_axum::ResponseOptions>(), status) {
        response.set_status(status);
    }
}

/// In the browser there is no status any more.
#[cfg(not(feature = "ssr"))]
fn tell_status(_: u16) {}
