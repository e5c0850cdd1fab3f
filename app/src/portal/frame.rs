//! What is around every page of the portal: the workspace's name and logo, the way to the list and to a new request, the
//! person, the language.

use super::parts::ErrorPage;
use crate::{
    api,
    i18n::use_i18n,
    state::{Load, live, load, provide_live},
    t,
    ui::Accent,
};
use domain::{
    language::Language,
    portal::{PortalInfo, PortalMe},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};
use server_fn::ServerFn;

/// What the pages of a portal share.
#[derive(Clone, Copy)]
pub struct PortalContext {
    /// Slug of the portal.
    pub slug: Memo<String>,
    /// The customer who is signed in.
    pub me: Load<PortalMe>,
}

impl PortalContext {
    /// The address of a page of this portal; `page` begins with `/` or is empty.
    #[must_use]
    pub fn href(&self, page: &str) -> String {
        format!("/p/{}{page}", self.slug.get_untracked())
    }
}

/// The context of the page's portal.
#[must_use]
pub fn use_portal() -> PortalContext {
    expect_context()
}

/// The frame around the pages.
#[component]
pub fn PortalFrame() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    let info = load(move || slug.get(), api::portal::info);
    let me = load(move || slug.get(), api::portal::me);
    provide_context(PortalContext { slug, me });
    provide_live();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match info.await {
                    Ok(info) => {
                        provide_context(info.clone());
                        let said = info.texts(i18n.language()).footer;
                        view! {
                            <Header info/>
                            <main id="content" class="portal-main" tabindex="-1"><Outlet/></main>
                            <Footer said/>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <main id="content" class="portal-main"><ErrorPage error/></main> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Header(info: PortalInfo) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let logo = info.logo.map(|id| view! { <img class="portal-logo" src=format!("/files/{id}/logo") alt=""/> });
    let home = portal.href("");
    view! {
        <Title formatter={
            let name = info.name.clone();
            move |page: String| if page.is_empty() { name.clone() } else { format!("{page} – {name}") }
        }/>
        <Accent colour=info.colour.clone()/>
        <a class="skip" href="#content">{t!(i18n, skip_to_content)}</a>
        <header class="portal-header">
            <a class="portal-brand" href=home>{logo}<span>{info.name.clone()}</span></a>
            <Suspense>
                {move || Suspend::new(async move { portal.me.await.ok().map(|me| view! { <Person me/> }) })}
            </Suspense>
        </header>
    }
    .into_any()
}

#[component]
fn Person(me: PortalMe) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let initials = domain::text::initials(&me.name);
    live::follow("/live/portal", || Box::pin(async { api::portal_accounts::sessions().await.err().map(|error| error.code()) }));
    let new = me.offers.may.create.then(|| {
        view! {
            <a class="portal-new" href=portal.href("/new")>
                <span aria-hidden="true">"+ "</span>
                {t!(i18n, portal_new_request)}
            </a>
        }
    });
    view! {
        <nav class="portal-nav" aria-label=t!(i18n, portal_navigation)>
            {new}
            <details class="portal-menu">
                <summary aria-label=t!(i18n, portal_menu_of, name = me.name)>
                    <span class="portal-avatar" aria-hidden="true">{initials}</span>
                </summary>
                <div class="portal-menu-box">
                    <p class="portal-menu-name">{me.name.clone()}<small>{me.email.clone()}</small></p>
                    <a href=portal.href("")>{t!(i18n, portal_my_requests)}</a>
                    <a href=portal.href("/profile")>{t!(i18n, portal_profile)}</a>
                    <form method="post" action=api::portal_accounts::SignOut::PATH>
                        <input type="hidden" name="form[portal]" value=portal.slug.get_untracked()/>
                        <button type="submit">{t!(i18n, portal_sign_out)}</button>
                    </form>
                </div>
            </details>
        </nav>
    }
    .into_any()
}

/// The choice of the language. Signed in, it becomes the customer's own.
#[component]
fn Footer(said: String) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get(), location.search.with(|search| prefix_if_some('?', search)));
    let current = i18n.language();
    view! {
        <footer class="portal-footer">
            {(!said.is_empty()).then(|| view! { <p class="portal-said">{said}</p> })}
            <form method="post" action=api::portal_accounts::SetLanguage::PATH aria-label=t!(i18n, language)>
                <input type="hidden" name="form[portal]" value=portal.slug.get_untracked()/>
                <input type="hidden" name="form[next]" value=here/>
                {Language::ALL
                    .into_iter()
                    .map(|language| view! {
                        <button
                            type="submit"
                            name="form[language]"
                            value=language.tag()
                            lang=language.tag()
                            aria-pressed=if language == current { "true" } else { "false" }
                        >
                            {language.name()}
                        </button>
                    })
                    .collect_view()}
            </form>
        </footer>
    }
    .into_any()
}

fn prefix_if_some(prefix: char, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{prefix}{}", text.trim_start_matches(prefix)) }
}
