//! Customer apps. Administrators only.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    id::PortalId,
    portal::app::{AppSettings, CustomerApp, NewApp},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// All of them, the oldest first.
#[server(prefix = "/_fn", endpoint = "apps/list", input = StrictJson, output = StrictJson)]
pub async fn list() -> Result<Vec<CustomerApp>, ApiError> {
    Ok(desk()?.apps.list(&agent_actor()?).await?)
}

/// One of them.
#[server(prefix = "/_fn", endpoint = "apps/app", input = StrictJson, output = StrictJson)]
pub async fn app(app: PortalId) -> Result<CustomerApp, ApiError> {
    Ok(desk()?.apps.app(&agent_actor()?, app).await?)
}

/// Makes one.
#[server(prefix = "/_fn", endpoint = "apps/create", input = StrictJson, output = StrictJson)]
pub async fn create(app: NewApp) -> Result<CustomerApp, ApiError> {
    Ok(desk()?.apps.create(&agent_actor()?, app).await?)
}

/// Sets all that can be set of one, if it still has this version.
#[server(prefix = "/_fn", endpoint = "apps/change", input = StrictJson, output = StrictJson)]
pub async fn change(app: PortalId, version: i64, settings: AppSettings) -> Result<CustomerApp, ApiError> {
    Ok(desk()?.apps.change(&agent_actor()?, app, version, settings).await?)
}

/// Deletes one.
#[server(prefix = "/_fn", endpoint = "apps/delete", input = StrictJson, output = StrictJson)]
pub async fn delete(app: PortalId) -> Result<(), ApiError> {
    Ok(desk()?.apps.delete(&agent_actor()?, app).await?)
}
