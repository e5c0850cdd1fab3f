//! Sending one file from the browser to an address of the server that answers JSON. Where progress is shown, the screen has
//! its own request.

use super::{ApiError, ApiResult};
use domain::{Error, ErrorCode, file::Attachment};
use gloo_net::http::Request;
use serde::de::DeserializeOwned;
use web_sys::{File, FormData};

/// Sends a file to be kept.
///
/// # Errors
/// What the server says of it, or that there is no connection.
pub async fn upload_file(file: &File) -> ApiResult<Attachment> {
    send_file("/files/upload", file).await
}

/// Sends a file to an address.
///
/// # Errors
/// What the server says of it, or that there is no connection.
pub async fn send_file<T: DeserializeOwned>(address: &str, file: &File) -> ApiResult<T> {
    let offline = || ApiError(Error::new(ErrorCode::Unavailable, "error_offline"));
    let internal = || ApiError(Error::internal());
    let form = FormData::new().map_err(|_| internal())?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(|_| internal())?;
    let request = Request::post(address).header("Accept", "application/json").body(form).map_err(|_| internal())?;
    let response = request.send().await.map_err(|_| offline())?;
    if response.ok() {
        return response.json().await.map_err(|_| internal());
    }
    match response.json::<Error>().await {
        Ok(error) => Err(ApiError(error)),
        Err(_) if response.status() == 413 => Err(ApiError(Error::new(ErrorCode::TooLarge, "error_too_large"))),
        Err(_) => Err(internal()),
    }
}
