//! Where the log goes: to standard error, as lines for people or for programs.

use super::{Failure, coloured};
use server::config::{LogFormat, Settings};

/// Begins to log.
pub fn begin(settings: &Settings) -> Result<(), Failure> {
    let filter: tracing_subscriber::EnvFilter = settings.log.parse()?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => log.with_ansi(coloured()).init(),
        // The request that a line belongs to stands in it as `span`.
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}
