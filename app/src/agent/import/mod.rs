//! Tools → Import: a CSV file becomes tickets. Choose the file, say what each column is, look at what would happen, run.

mod mapping;
mod preview;
mod progress;
mod wizard;

use crate::api::{self, ApiError};
use domain::import::ImportRun;
use leptos::prelude::*;

/// `/desk/import`
pub struct ImportScreen {
    runs: Resource<Result<Vec<ImportRun>, ApiError>>,
}

impl ImportScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self { runs: Resource::new(|| (), |()| api::imports::runs()) }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <wizard::Wizard runs=this.runs /> }.into_any()
    }
}
