//! Server functions: the door between the pages and the desk. One file per noun, a few lines per function: take the actor
//! and the desk from the context, call the service, give back what it says. No rule of the product lives here.
//!
//! Two forms of input are in use:
//! - **JSON** ([`codec::StrictJson`]) for what runs only with WebAssembly (the agent application). Unknown fields are refused.
//! - **Forms** (`PostUrl`, used with `<ActionForm>`) for what must work with JavaScript off (sign-in, portal). They take one
//!   argument that is named `form`, so inputs are named `form[email]`; its type refuses unknown fields, and the server refuses
//!   any other top-level name. Forms with files are multipart and read by [`upload`].
//!
//! After a form the browser is sent to a page ([`answer::go_to`], [`answer::back_to`]); after a failing form without
//! JavaScript it comes back to the page it was on, where [`form_error`] has the error and [`typed`] what was typed.

pub mod accounts;
pub mod actions;
pub mod admin;
pub mod apps;
pub mod bulk;
pub mod cards;
pub mod codec;
pub mod customers;
mod error;
pub mod filters;
pub mod find;
mod form;
#[cfg(feature = "ssr")]
mod group_titles;
pub mod imports;
pub mod items;
pub mod organizations;
pub mod portal;
pub mod portal_accounts;
mod send_file;
pub mod views;

#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod upload;

pub use error::ApiError;
pub use form::{form_error, form_key, new_key, typed};

pub use send_file::{send_file, upload_file};

/// What every server function answers.
pub type ApiResult<T> = Result<T, ApiError>;

/// The fields of a form whose texts come back when a browser without JavaScript sent it and it was refused. Passwords, codes
/// and files never do.
#[must_use]
pub fn kept_fields(path: &str) -> &'static [&'static str] {
    use portal_accounts as accounts;
    use server_fn::ServerFn;
    let kept: [(&str, &[&str]); 7] = [
        (portal::CreateForm::PATH, &["title", "body", "type_id", "priority", "impact", "product"]),
        (portal::ReplyForm::PATH, &["body"]),
        (accounts::SignIn::PATH, &["email"]),
        (accounts::RequestCode::PATH, &["email"]),
        (accounts::ForgotPassword::PATH, &["email"]),
        (accounts::Register::PATH, &["first_name", "last_name", "email"]),
        (accounts::ChangeProfile::PATH, &["first_name", "last_name", "job_title", "phone", "language", "time_zone"]),
    ];
    kept.into_iter().find(|(known, _)| *known == path).map(|(_, fields)| fields).unwrap_or_default()
}

/// Server functions that read a multipart body. The server checks the kind of the body and the limits before it calls them.
#[must_use]
pub fn multipart_paths() -> [&'static str; 2] {
    use server_fn::ServerFn;
    [portal::CreateForm::PATH, portal::ReplyForm::PATH]
}
