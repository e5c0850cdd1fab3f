//! The frame of the agent application: the rail, the top bar, and what is around every screen. It loads the session once.

mod add;
pub mod bar;
mod keys;
mod notice;
mod person;
mod rail;

use crate::{
    agent::{
        find::finder,
        screens::{Panel, People},
        tickets::TicketsScreen,
    },
    api,
    i18n::use_i18n,
    state::{
        live, load, on_news, preferences,
        presence::provide_presence,
        provide_live,
        session::{Loaded, Session},
        shortcuts::provide_shortcuts,
    },
    t,
    ui::{Accent, ErrorState, Skeleton},
};
use domain::ErrorCode;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    LazyRoute,
    components::{Outlet, Redirect},
    hooks::use_location,
    lazy_route,
    location::Url,
};
use std::time::Duration;

/// `/desk`: what is around every screen of the agent application.
pub struct Frame;

#[lazy_route]
impl LazyRoute for Frame {
    fn data() -> Self {
        Self
    }
    fn view(_this: Self) -> AnyView {
        let loaded = load(|| (), |()| Loaded::load());
        // Screens are built by the router, not under the parts below, so the context has to be here, before it is filled.
        let session = Session::empty();
        provide_context(session);
        provide_shortcuts();
        provide_live();
        provide_presence();
        let body = move || {
            Suspend::new(async move {
                match loaded.await {
                    Ok(loaded) => {
                        session.fill(loaded);
                        view! { <Chrome /> }.into_any()
                    }
                    Err(error) if error.code() == ErrorCode::Unauthenticated => view! { <SignInFirst /> }.into_any(),
                    Err(error) => {
                        let again = Callback::new(move |()| loaded.refetch());
                        view! { <main class="page-alone"><ErrorState error=error.0 retry=again alone=true /></main> }.into_any()
                    }
                }
            })
        };
        view! { <Suspense fallback=Waiting>{body}</Suspense> }.into_any()
    }
}

/// What is seen while the session loads.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="desk">
            <div class="desk-rail"></div>
            <div class="desk-bar"></div>
            <main class="desk-main"><div class="page"><Skeleton lines=8 /></div></main>
        </div>
    }
}

/// Sends somebody whose session has ended to the sign-in, and back here afterwards.
#[component]
fn SignInFirst() -> impl IntoView {
    let location = use_location();
    let path = location.pathname.get_untracked();
    let query = location.search.get_untracked();
    let next = if query.is_empty() { path } else { format!("{path}?{query}") };
    view! { <Redirect path=format!("/desk/sign-in?next={}", Url::escape(&next)) /> }
}

/// What opens over every screen: the palette, the help with all keys, what is found while somebody types into the search box. It is
/// a part of its own, which comes when one of them is first wanted.
#[derive(Debug, Clone, Copy)]
pub struct Finding {
    /// Whether the palette is open.
    pub palette: RwSignal<bool>,
    /// Whether the help is open.
    pub help: RwSignal<bool>,
    /// Whether the search box has had the keyboard.
    pub search: RwSignal<bool>,
}

/// The place of what opens over every screen. It waits by itself and not as a `Suspend`, for which the frame, which stands in a
/// `Suspense`, would go back to what is seen while it loads.
fn when_wanted(finding: Finding) -> impl IntoView {
    let part = RwSignal::new(None::<fn(Finding) -> AnyView>);
    Effect::new(move |asked: Option<bool>| {
        let wanted = finding.palette.get() || finding.help.get() || finding.search.get();
        let asked = asked.unwrap_or_default();
        if wanted && !asked {
            leptos::task::spawn_local(async move { part.set(Some(finder().await)) });
        }
        wanted || asked
    });
    move || part.get().map(|make| untrack(|| make(finding)))
}

/// The frame itself, once it is known who is signed in.
#[component]
fn Chrome() -> impl IntoView {
    let i18n = use_i18n();
    let session = crate::state::use_session();
    let finding = Finding { palette: RwSignal::new(false), help: RwSignal::new(false), search: RwSignal::new(false) };
    keys::listen(finding);
    live::follow("/live/desk", || Box::pin(async { api::accounts::me().await.err().map(|error| error.code()) }));
    on_news(move |notice, _| {
        if matches!(notice.kind.as_str(), "names" | "reset") {
            session.refresh();
        }
    });
    // The profile is the truth about theme and zone; a new browser learns it here.
    Effect::new(move |_| {
        session.me.with(|me| {
            preferences::use_theme(me.theme);
            preferences::use_zone(&me.time_zone);
        });
    });
    // The chunks that come next are fetched while nobody waits for them.
    Effect::new(move |_| {
        let fetch = || async {
            TicketsScreen::preload().await;
            Panel::preload().await;
            People::preload().await;
        };
        set_timeout(move || leptos::task::spawn_local(fetch()), Duration::from_secs(2));
    });
    let name = session.me.get_untracked().workspace;
    view! {
        <Title formatter=move |title: String| if title.is_empty() { name.clone() } else { format!("{title} · {name}") } />
        <Accent colour=Signal::derive(move || session.me.with(|me| me.colour.clone())) />
        <a class="skip" href="#main" rel="external">{t!(i18n, skip_to_content)}</a>
        <div class="desk">
            <rail::Rail />
            <bar::Bar finding />
            <main class="desk-main" id="main" tabindex="-1">
                <notice::Offline />
                <Outlet />
            </main>
        </div>
        {when_wanted(finding)}
    }
}
