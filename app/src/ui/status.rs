//! Status and type: one look everywhere, dot and word.

use super::Icon;
use crate::i18n::use_i18n;
use domain::types::{Status, TicketType};
use leptos::prelude::*;

/// A dot in the colour of a status. A word must stand beside it.
#[component]
pub fn StatusDot(
    /// `#rrggbb`
    #[prop(into)]
    colour: String,
) -> impl IntoView {
    // An SVG attribute, because the content policy forbids `style` attributes.
    view! {
        <svg class="status-dot" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
            <circle cx="5" cy="5" r="4.5" fill=colour></circle>
        </svg>
    }
}

/// Dot and name of a status; seeded ones in the language of the page.
#[component]
pub fn StatusBadge(
    /// The status.
    status: Status,
) -> impl IntoView {
    let label = use_i18n().status(&status);
    view! {
        <span class="status">
            <StatusDot colour=status.colour />
            <span class="truncate">{label}</span>
        </span>
    }
}

/// Icon and name of a ticket type; seeded ones in the language of the page.
#[component]
pub fn TypeLabel(
    /// The type.
    kind: TicketType,
) -> impl IntoView {
    let label = use_i18n().ticket_type(&kind);
    view! {
        <span class="status">
            <Icon name=kind.icon />
            <span class="truncate">{label}</span>
        </span>
    }
}
