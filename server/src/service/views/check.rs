//! What people say about views, checked.

use crate::service::items::one_line;
use domain::{
    Result,
    error::Check,
    limits,
    text::is_colour,
    view::{NewView, ViewScope},
};
use serde_json::json;

/// What there is to keep of a view, as its columns hold it.
pub(super) struct Checked {
    pub scope: ViewScope,
    pub name: String,
    pub folder: String,
    pub icon: String,
    pub colour: String,
    pub settings: String,
}

/// Longest name of an icon, in bytes.
const ICON: usize = 40;

impl Checked {
    /// Refuses what makes no sense. A view that every workspace has may be without a name.
    pub fn of(view: &NewView, named: bool) -> Result<Self> {
        let checked = Self {
            scope: view.scope,
            name: one_line(&view.name),
            folder: one_line(&view.folder),
            icon: view.icon.trim().to_owned(),
            colour: view.colour.trim().to_lowercase(),
            settings: json!(view.settings).to_string(),
        };
        let mut fields = Check::new();
        if named {
            fields.not_empty(&checked.name, "name");
        }
        let is_icon = checked.icon.len() <= ICON && checked.icon.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        fields
            .at_most(&checked.name, limits::NAME, "name")
            .at_most(&checked.folder, limits::NAME, "folder")
            .that(is_icon, "icon", "error_choice")
            .that(checked.colour.is_empty() || is_colour(&checked.colour), "colour", "error_colour")
            .done()?;
        view.settings.check()?;
        Ok(checked)
    }
}
