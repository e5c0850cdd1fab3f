//! The title of a page.

use leptos::{prelude::*, text_prop::TextProp};

/// Titles the page in the browser's tab, in the pattern of its frame.
///
/// The server reads it when it makes the view: it makes some views only to see what they load, and by the time the document is
/// written their signals are gone.
#[component]
pub fn PageTitle(
    /// The title; may follow signals.
    #[prop(into)]
    text: TextProp,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let text = TextProp::from(text.get());
    view! { <leptos_meta::Title text /> }
}
