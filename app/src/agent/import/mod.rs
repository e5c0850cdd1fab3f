//! Tools → Import: a CSV file becomes tickets. Choose the file, say what each column is, look at what would happen, run.

mod mapping;
mod preview;
mod progress;
mod wizard;

use crate::api::{self, ApiError};
use domain::import::ImportRun;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/import`
pub struct ImportScreen {
    runs: Resource<Result<Vec<ImportRun>, ApiError>>,
}

#[lazy_route]
impl LazyRoute for ImportScreen {
    fn data() -> Self {
        Self { runs: Resource::new(|| (), |()| api::imports::runs()) }
    }
    fn view(this: Self) -> AnyView {
        view! { <wizard::Wizard runs=this.runs /> }.into_any()
    }
}
