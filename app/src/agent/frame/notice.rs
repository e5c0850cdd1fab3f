//! Tells when the connection is gone and when it is back, and when the session has ended.

use crate::{
    i18n::use_i18n,
    state::Live,
    t,
    ui::{Banner, Tone, use_toasts},
};
use leptos::{ev, prelude::*};
use leptos_router::{hooks::use_location, location::Url};

#[component]
pub(super) fn Offline() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let offline = RwSignal::new(false);
    Effect::new(move |_| offline.set(!window().navigator().on_line()));
    let gone = window_event_listener(ev::offline, move |_| offline.set(true));
    let back = window_event_listener(ev::online, move |_| {
        offline.set(false);
        toasts.success(t!(i18n, frame_back_online));
    });
    on_cleanup(move || {
        gone.remove();
        back.remove();
    });
    let ended = use_context::<Live>().map(|live| live.ended);
    let location = use_location();
    let sign_in = move || {
        let here = format!(
            "{}{}",
            location.pathname.get(),
            location.search.with(|query| if query.is_empty() { String::new() } else { format!("?{query}") })
        );
        format!("/desk/sign-in?next={}", Url::escape(&here))
    };
    view! {
        <Show when=move || ended.is_some_and(|ended| ended.get())>
            <div class="p-2">
                <Banner tone=Tone::Warning>
                    {t!(i18n, frame_session_ended)} " "
                    <a class="link" href=sign_in rel="external">{t!(i18n, sign_in)}</a>
                </Banner>
            </div>
        </Show>
        <Show when=move || offline.get()>
            <div class="p-2">
                <Banner tone=Tone::Warning>{t!(i18n, frame_offline)}</Banner>
            </div>
        </Show>
    }
}
