//! Import of tickets from CSV. The file itself goes to `/files/import`, which answers with what is in it.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    id::{FileId, ImportId},
    import::{ImportMap, ImportPreview, ImportRun},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// What an import would do; nothing is changed.
#[server(prefix = "/_fn", endpoint = "imports/preview", input = StrictJson, output = StrictJson)]
pub async fn preview(file: FileId, map: ImportMap) -> Result<ImportPreview, ApiError> {
    Ok(desk()?.imports.preview(&agent_actor()?, file, map).await?)
}

/// Starts an import in the background.
#[server(prefix = "/_fn", endpoint = "imports/start", input = StrictJson, output = StrictJson)]
pub async fn start(file: FileId, map: ImportMap) -> Result<ImportRun, ApiError> {
    Ok(desk()?.imports.start(&agent_actor()?, file, map).await?)
}

/// Where a run stands.
#[server(prefix = "/_fn", endpoint = "imports/run", input = StrictJson, output = StrictJson)]
pub async fn run(import: ImportId) -> Result<ImportRun, ApiError> {
    Ok(desk()?.imports.run(&agent_actor()?, import).await?)
}

/// The latest runs.
#[server(prefix = "/_fn", endpoint = "imports/runs", input = StrictJson, output = StrictJson)]
pub async fn runs() -> Result<Vec<ImportRun>, ApiError> {
    Ok(desk()?.imports.runs(&agent_actor()?).await?)
}

/// Starts a failed run again where it stopped.
#[server(prefix = "/_fn", endpoint = "imports/resume", input = StrictJson, output = StrictJson)]
pub async fn resume(import: ImportId) -> Result<ImportRun, ApiError> {
    Ok(desk()?.imports.resume(&agent_actor()?, import).await?)
}
