//! Customer apps: the list of them, and the settings of each.

mod list;
mod looks;
mod properties;
mod settings;
mod types;

pub use list::Apps;
pub use settings::AppPage;

use crate::{i18n::I18n, t};
use domain::portal::{app::CustomerApp, rules::Property};

/// What an app is called: its own name, or else that of the workspace.
fn name_of(app: &CustomerApp, workspace: &str) -> String {
    if app.name.is_empty() { workspace.to_owned() } else { app.name.clone() }
}

/// The address of an app, without the server.
fn path_of(app: &CustomerApp) -> String {
    format!("/p/{}", app.slug)
}

/// What agents read for a property of a ticket.
fn property_name(i18n: I18n, property: Property) -> &'static str {
    match property {
        Property::Title => t!(i18n, field_title),
        Property::Description => t!(i18n, field_description),
        Property::Status => t!(i18n, status),
        Property::Type => t!(i18n, field_type),
        Property::Priority => t!(i18n, priority),
        Property::Assignee => t!(i18n, apps_assignee),
        Property::Requester => t!(i18n, field_requester),
        Property::Impact => t!(i18n, field_impact),
        Property::Product => t!(i18n, field_product),
        Property::Created => t!(i18n, field_created),
        Property::Updated => t!(i18n, field_updated),
    }
}
