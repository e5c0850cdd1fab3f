//! Reading a form with files: text fields by name, files straight into the desk one after the other, all within the limits.

use super::{ApiError, ApiResult, context::Typing};
use domain::{Error, ErrorCode, actor::Actor, id::FileId, limits, service::Files};
use leptos::prelude::use_context;
use multer::{Field, Multipart};
use server_fn::codec::MultipartData;
use std::collections::BTreeMap;

/// What came in a form with files.
#[derive(Debug, Default)]
pub struct Form {
    texts: BTreeMap<String, String>,
    /// The files, kept already.
    pub files: Vec<FileId>,
}

impl Form {
    /// The text of a field; empty if it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }
    /// The value of a field; `None` if it was not sent or is empty.
    ///
    /// # Errors
    /// Invalid, at the field, if it does not read as such a value.
    pub fn value<T: std::str::FromStr>(&self, name: &str) -> ApiResult<Option<T>> {
        match self.text(name) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| ApiError::from(Error::field(name, "error_bad_request"))),
        }
    }
}

/// Reads a form. Only the fields in `names` are known, and files under `files`; anything else is refused.
///
/// # Errors
/// Invalid for an unknown field or a broken body, too large past a limit, and what the service says about a file.
pub async fn read(data: MultipartData, names: &[&str], files: &dyn Files, actor: &Actor) -> ApiResult<Form> {
    let mut body = data.into_inner().ok_or_else(|| ApiError::from(Error::internal()))?;
    let typing = use_context::<Typing>();
    let mut form = Form::default();
    while let Some(field) = next_field(&mut body).await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "files" {
            if let Some(typing) = typing.as_ref().filter(|_| field.file_name().is_some_and(|name| !name.is_empty())) {
                typing.note_file();
            }
            keep_file(field, &mut form, files, actor).await?;
        } else if names.contains(&name.as_str()) {
            let text = read_bytes(field, limits::BODY as u64).await?;
            let text = String::from_utf8(text).map_err(|_| ApiError::from(Error::invalid("error_bad_request")))?;
            if let Some(typing) = &typing {
                typing.note(&name, &text);
            }
            // The same field twice is as wrong as an unknown one.
            if form.texts.insert(name, text).is_some() {
                return Err(Error::invalid("error_bad_request").into());
            }
        } else {
            return Err(Error::invalid("error_bad_request").into());
        }
    }
    Ok(form)
}

/// Notes the texts of a plain form that nobody may send, up to its first file: who is to sign in first shall find them again.
pub async fn note_texts(data: MultipartData) {
    let (Some(typing), Some(mut body)) = (use_context::<Typing>(), data.into_inner()) else { return };
    while let Ok(Some(field)) = body.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "files" {
            if field.file_name().is_some_and(|name| !name.is_empty()) {
                typing.note_file();
            }
            return;
        }
        let Ok(text) = read_bytes(field, limits::BODY as u64).await else { return };
        typing.note(&name, &String::from_utf8_lossy(&text));
    }
}

async fn keep_file(field: Field<'static>, form: &mut Form, files: &dyn Files, actor: &Actor) -> ApiResult<()> {
    let file_name = field.file_name().unwrap_or_default().to_owned();
    let bytes = read_bytes(field, limits::FILE).await?;
    // A browser sends an empty part for a file input in which nothing was chosen.
    if file_name.is_empty() && bytes.is_empty() {
        return Ok(());
    }
    if form.files.len() >= limits::FILES {
        return Err(Error::field("files", "error_too_many_files").with("max", limits::FILES).into());
    }
    form.files.push(files.upload(actor, &file_name, bytes).await?.id);
    Ok(())
}

async fn next_field(body: &mut Multipart<'static>) -> ApiResult<Option<Field<'static>>> {
    body.next_field().await.map_err(|error| broken(&error))
}

async fn read_bytes(mut field: Field<'static>, most: u64) -> ApiResult<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if (bytes.len() + chunk.len()) as u64 > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large(most: u64) -> ApiError {
    Error::new(ErrorCode::TooLarge, "error_file_too_large").with("megabytes", most / (1024 * 1024)).into()
}

fn broken(error: &multer::Error) -> ApiError {
    // The limit of the whole body ends the stream with an error from below.
    if error.to_string().contains("length limit exceeded") || std::error::Error::source(error).is_some_and(is_limit) {
        return Error::new(ErrorCode::TooLarge, "error_too_large").into();
    }
    Error::invalid("error_bad_request").into()
}

fn is_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    let text = error.to_string();
    text.contains("length limit exceeded") || text.contains("error_too_large") || error.source().is_some_and(is_limit)
}
