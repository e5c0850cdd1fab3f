//! Priority as stars, shown and chosen.

use crate::{i18n::use_i18n, plural, t};
use domain::item::PRIORITY_MAX;
use leptos::prelude::*;

fn label(n: u8) -> String {
    let i18n = use_i18n();
    if n == 0 { t!(i18n, stars_none).to_owned() } else { plural!(i18n, stars, i64::from(n)) }
}

/// A priority of 0 to 5 as stars; nothing is seen for 0.
#[component]
pub fn Stars(
    /// 0–5
    #[prop(into)]
    value: Signal<u8>,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let n = value.get();
        if n == 0 { t!(i18n, stars_none).to_owned() } else { plural!(i18n, stars, i64::from(n)) }
    };
    view! {
        <span class="stars" role="img" aria-label=words title=words>
            {move || "★".repeat(usize::from(value.get().min(PRIORITY_MAX)))}
        </span>
    }
}

/// A choice of 0 to 5 stars: a radio group that looks like stars. The chosen star again takes it back to none.
#[component]
pub fn StarsInput(
    /// Base of the ids and name of the radio group.
    #[prop(into)]
    id: String,
    /// What it is about, for screen readers.
    #[prop(into)]
    label: String,
    /// 0–5
    #[prop(into)]
    value: Signal<u8>,
    /// Called when a person chose.
    #[prop(into)]
    on_change: Callback<u8>,
    /// Cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let star = |n: u8| {
        let own = format!("{id}-{n}");
        view! {
            <input
                type="radio"
                class="sr-only"
                id=own.clone()
                name=id.clone()
                value=n.to_string()
                checked=value.get_untracked() == n
                prop:checked=move || value.get() == n
                disabled=disabled
                on:change=move |_| on_change.run(n)
                on:click=move |_| {
                    if n > 0 && value.get_untracked() == n {
                        on_change.run(0);
                    }
                }
            />
            <label for=own class="star" class:star-none={n == 0} class:star-on={move || n > 0 && value.get() >= n} title=self::label(n)>
                <span aria-hidden="true">{if n == 0 { "–" } else { "★" }}</span>
                <span class="sr-only">{self::label(n)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stars-input">
            <legend class="sr-only">{label}</legend>
            {(0..=PRIORITY_MAX).map(star).collect_view()}
        </fieldset>
    }
}
