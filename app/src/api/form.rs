//! What pages with forms need on both sides: the error of a form that was posted without JavaScript, what was typed, and a key that makes
//! sending the same form twice harmless.

use super::ApiError;
use domain::{ErrorCode, form::TypedForm};
use leptos::{
    prelude::{SharedValue, use_context},
    server::ServerActionError,
};
use server_fn::{ServerFn, error::ServerFnUrlError};

/// The error with which the form of server function `F` failed before this page was loaded, without JavaScript.
/// `ServerAction` finds it by itself; this is for multipart forms and for pages with no action.
#[must_use]
fn posted_error<F: ServerFn<Error = ApiError>>() -> Option<ApiError> {
    let error = use_context::<ServerActionError>()?;
    let error = (error.path() == F::PATH).then(|| ServerFnUrlError::<ApiError>::decode_err(error.err()))?;
    // Whoever sees a form again has signed in meanwhile.
    (error.code() != ErrorCode::Unauthenticated).then_some(error)
}

/// What was typed into the plain form of `F` before it came back, the same on the server and in the page that wakes up; nothing
/// on a page that was opened. Call it while the component is built.
#[must_use]
pub fn typed<F: ServerFn<Error = ApiError>>() -> TypedForm {
    SharedValue::new(|| use_context::<TypedForm>().filter(|typed| typed.form == F::PATH).unwrap_or_default()).into_inner()
}

/// The error with which the plain form of `F` came back, the same on the server and in the page that wakes up. Call it while
/// the component is built.
#[must_use]
pub fn form_error<F: ServerFn<Error = ApiError>>() -> Option<ApiError> {
    SharedValue::new(posted_error::<F>).into_inner()
}

/// A key made once for one form (field `idempotency_key`): 128 random bits. The same while the page is rendered on the server
/// and woken in the browser. Call it while the component is built, not later.
#[must_use]
pub fn form_key() -> String {
    SharedValue::new(random_key).into_inner()
}

/// A new key for a form that was sent and stays on the page.
#[must_use]
pub fn new_key() -> String {
    random_key()
}

/// On the server the key comes with the request.
#[cfg(feature = "ssr")]
fn random_key() -> String {
    use_context::<super::context::FormKeys>().map(|keys| keys.next()).unwrap_or_default()
}

/// In the browser from its own source of randomness.
#[cfg(not(feature = "ssr"))]
fn random_key() -> String {
    let mut bytes = [0_u8; 16];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok());
    if filled.is_none() {
        // Without a source of randomness no key is better than the same key for everybody.
        return String::new();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
