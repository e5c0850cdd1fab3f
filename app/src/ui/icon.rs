//! Icons of the sprite `public/icons.svg`.

use leptos::prelude::*;

/// An icon. It says nothing to screen readers: the control around it has the label.
#[component]
pub fn Icon(
    /// Name of the symbol in the sprite.
    #[prop(into)]
    name: Signal<String>,
    /// Larger than text: 20 instead of 16 pixels.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <svg class="icon" class:icon-large=large aria-hidden="true" focusable="false">
            <use href=move || format!("/icons.svg#{}", name.get())></use>
        </svg>
    }
}
