//! The error of every server function: the one of the domain, with the way over the wire added.

use super::codec::StrictJsonEncoding;
use domain::{Error, ErrorCode};
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// What went wrong, as a page can show it. A connection that failed looks like every other error, with the key `error_offline`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ApiError(pub Error);

impl ApiError {
    /// The kind of failure.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }
    /// Whether the server could not be reached at all; what was typed is worth keeping and sending again.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.0.key == "error_offline"
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ApiError {}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        #[cfg(feature = "ssr")]
        super::answer::tell_status(&error);
        Self(error)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = StrictJsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match value {
            // Only the browser makes requests: the server did not answer.
            E::Request(_) => Self(Error::new(ErrorCode::Unavailable, "error_offline")),
            E::Deserialization(text) | E::Args(text) if cfg!(feature = "ssr") => bad_request(&text),
            E::MissingArg(text) => bad_request(&text),
            E::Registration(_)
            | E::UnsupportedRequestMethod(_)
            | E::ServerError(_)
            | E::MiddlewareError(_)
            | E::Deserialization(_)
            | E::Serialization(_)
            | E::Args(_)
            | E::Response(_) => Self::from(Error::internal()),
        }
    }
}

/// The body could not be read. The text is for programmers; a person is told that the request made no sense, or was too large.
fn bad_request(text: &str) -> ApiError {
    if text.contains("length limit exceeded") {
        return ApiError::from(Error::new(ErrorCode::TooLarge, "error_too_large"));
    }
    ApiError::from(Error::invalid("error_bad_request"))
}
