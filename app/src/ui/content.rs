//! Small things that hold content: chips, cards, banners, and what is seen while something loads.

use super::Icon;
use crate::{i18n::use_i18n, t};
use leptos::prelude::*;

/// What a message is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    #[default]
    Info,
    /// It worked.
    Success,
    /// Mind this.
    Warning,
    /// It failed.
    Danger,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Info => "tone-info",
            Self::Success => "tone-success",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }
    pub(super) fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "check",
            Self::Warning | Self::Danger => "alert",
        }
    }
}

/// A small word with a frame: a tag, a filter. With `on_remove` it has a button that takes it away.
#[component]
pub fn Chip(
    /// The word.
    #[prop(into)]
    text: String,
    /// Called by the button that takes it away.
    #[prop(optional, into)]
    on_remove: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let remove = on_remove.map(|on_remove| {
        let label = t!(i18n, remove_named, name = text);
        view! {
            <button type="button" class="chip-remove" aria-label=label on:click=move |_| on_remove.run(())>
                <Icon name="close" />
            </button>
        }
    });
    view! {
        <span class="chip">
            <span class="truncate">{text}</span>
            {remove}
        </span>
    }
}

/// A box with a hairline around related things.
#[component]
pub fn Card(
    /// Heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            {title.map(|title| view! { <h2 class="card-title">{title}</h2> })}
            {children()}
        </section>
    }
}

/// A message across the top of a place. Failures and warnings are read out when they appear.
#[component]
pub fn Banner(
    /// What it is about.
    #[prop(optional)]
    tone: Tone,
    /// The message, with links or buttons if there is something to do.
    children: Children,
) -> impl IntoView {
    let role = if matches!(tone, Tone::Danger | Tone::Warning) { "alert" } else { "status" };
    view! {
        <div class=format!("banner {}", tone.class()) role=role>
            <Icon name=tone.icon() />
            <div class="banner-text">{children()}</div>
        </div>
    }
}

/// A key of the keyboard.
#[component]
pub fn Kbd(
    /// Name of the key.
    #[prop(into)]
    key: String,
) -> impl IntoView {
    view! { <kbd class="kbd">{key}</kbd> }
}

/// Grey lines of the size of what is loading, so that nothing jumps.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="skeleton" role="status" aria-label=t!(i18n, loading)>
            {(0..lines).map(|_| view! { <div class="skeleton-line"></div> }).collect_view()}
        </div>
    }
}

/// Something turns: work of unknown length.
#[component]
pub fn Spinner() -> impl IntoView {
    let i18n = use_i18n();
    view! { <span class="spinner" role="status" aria-label=t!(i18n, loading)></span> }
}

/// Work of known length.
#[component]
pub fn Progress(
    /// How much is done.
    #[prop(into)]
    value: Signal<f64>,
    /// How much there is.
    #[prop(into)]
    max: Signal<f64>,
    /// What it is, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <progress class="progress" value=move || value.get().to_string() max=move || max.get().max(1.0).to_string() aria-label=label></progress>
    }
}
