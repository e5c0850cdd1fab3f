//! Tells when the connection is gone, and when it is back.

use crate::{
    i18n::use_i18n,
    t,
    ui::{Banner, Tone, use_toasts},
};
use leptos::{ev, prelude::*};

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
    view! {
        <Show when=move || offline.get()>
            <div class="p-2">
                <Banner tone=Tone::Warning>{t!(i18n, frame_offline)}</Banner>
            </div>
        </Show>
    }
}
