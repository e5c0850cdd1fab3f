//! What opens over every screen, as a part of its own that comes when it is first wanted: the palette, the help with all keys, and what
//! is found while somebody types into the search box. Palette and search box are one thing ([`finder::Finder`]) in two places.

mod acting;
mod entry;
mod finder;
mod help;
mod palette;
mod search;

use super::frame::Finding;
use leptos::prelude::*;

/// Loads the part and answers what makes it.
#[lazy]
pub fn finder() -> fn(Finding) -> AnyView {
    part
}

fn part(finding: Finding) -> AnyView {
    view! {
        {palette::palette(finding.palette)}
        {search::search()}
        {help::help(finding.help)}
    }
    .into_any()
}
