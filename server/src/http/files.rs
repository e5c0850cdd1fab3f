//! Uploads and downloads. Large bodies come only here (and with the two forms of the portal). An upload is multipart with the
//! file in the field `file`; the answer is JSON.

use super::{Site, limits, refusal::Refusal, session::Who};
use axum::{
    Extension,
    body::Body,
    extract::{FromRequest, Multipart, Path, Query, Request, State, multipart::MultipartError},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Json, Response},
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    file::{Attachment, clean_name},
    id::{FileId, ImportId},
    limits as most,
    service::Download,
};
use serde::Deserialize;

const PDF: &str = "application/pdf";

/// Who uploads, where somebody is signed in to both surfaces.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct For {
    /// `portal` for the customer; otherwise the agent, if there is one.
    #[serde(default, rename = "for")]
    surface: String,
}

/// Keeps a file of somebody who is signed in; answers the attachment.
pub(super) async fn upload(
    State(site): State<Site>,
    Extension(who): Extension<Who>,
    Query(which): Query<For>,
    request: Request,
) -> Response {
    let refusal = Refusal::of(request.headers());
    let actor = match (which.surface.as_str(), &who.agent, &who.customer) {
        ("portal", _, customer @ Actor::Customer(_)) => customer.clone(),
        ("", agent @ Actor::Agent(_), _) => agent.clone(),
        ("", _, customer @ Actor::Customer(_)) => customer.clone(),
        _ => return refusal.tell(Error::unauthenticated()),
    };
    let kept = async {
        let (name, bytes) = one_file(request, most::FILE).await?;
        site.desk.files.upload(&actor, &name, bytes).await
    };
    match kept.await {
        Ok(file) => Json(file).into_response(),
        Err(error) => refusal.tell(error),
    }
}

/// Keeps a CSV file of an administrator; answers what is in it.
pub(super) async fn import(State(site): State<Site>, Extension(who): Extension<Who>, request: Request) -> Response {
    let refusal = Refusal::of(request.headers());
    let looked_into = async {
        who.agent.administrator()?;
        let (name, bytes) = one_file(request, most::IMPORT).await?;
        site.desk.imports.inspect(&who.agent, &name, bytes).await
    };
    match looked_into.await {
        Ok(file) => Json(file).into_response(),
        Err(error) => refusal.tell(error),
    }
}

/// The refused rows of an import.
pub(super) async fn import_report(
    State(site): State<Site>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let report = async {
        who.agent.administrator()?;
        let id: ImportId = id.parse().map_err(|_| Error::not_found())?;
        site.desk.imports.report(&who.agent, id).await
    };
    match report.await {
        Ok(csv) => {
            let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
            let name = (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"report.csv\""));
            ([kind, name], csv).into_response()
        }
        Err(error) => Refusal::of(&headers).tell(error),
    }
}

/// Sends a file to somebody who may see what it belongs to: as an agent, or else as a customer.
pub(super) async fn download(
    State(site): State<Site>,
    Extension(who): Extension<Who>,
    Path((id, _name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let found = async {
        let id: FileId = id.parse().map_err(|_| Error::not_found())?;
        let mut last = Error::not_found();
        for actor in [&who.agent, &who.customer] {
            match site.desk.files.download(actor, id).await {
                Ok(download) => return Ok(download),
                // Nobody may learn from the kind of refusal whether there is such a file.
                Err(error) if is_refusal(&error) => {}
                Err(error) => last = error,
            }
        }
        Result::Err(last)
    };
    match found.await {
        Ok(download) => send(download, &headers),
        Err(error) => Refusal::of(&headers).tell(error),
    }
}

fn is_refusal(error: &Error) -> bool {
    matches!(error.code, ErrorCode::NotFound | ErrorCode::Forbidden | ErrorCode::Unauthenticated)
}

/// What a browser may show of a file: safe images and PDF in place, everything else only to keep, nothing with rights.
fn send(Download { file, bytes }: Download, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", file.id);
    let unchanged = asked.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes());
    let mut response = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(bytes)) };
    let set = [
        (header::CONTENT_TYPE, file.content_type.clone()),
        (header::CONTENT_DISPOSITION, disposition(&file)),
        (header::CONTENT_SECURITY_POLICY, policy(&file).to_owned()),
        // Kept by this browser only, and asked for again each time: whoever lost access sees it no more.
        (header::CACHE_CONTROL, "private, no-cache".into()),
        (header::ETAG, tag),
    ];
    for (name, value) in set {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A file opens in a place of its own, with no rights. A PDF cannot be shown there (Chrome and Safari show nothing), and its
/// viewer is such a place already.
fn policy(file: &Attachment) -> &'static str {
    if file.content_type == PDF {
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    } else {
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    }
}

fn disposition(file: &Attachment) -> String {
    let shown = file.is_image() || file.content_type == PDF;
    let name = clean_name(&file.name);
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && c != '\\' || c == ' ' { c } else { '_' }).collect();
    let exact = app::api::answer::query_value(&name);
    let kind = if shown { "inline" } else { "attachment" };
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

/// Name and bytes of the one file of a request.
async fn one_file(request: Request, most: u64) -> Result<(String, Vec<u8>)> {
    let bad = || Error::invalid("error_bad_request");
    let path = request.uri().path().to_owned();
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => limits::too_large(&path),
        _ => bad(),
    };
    let mut body = Multipart::from_request(request, &()).await.map_err(|_| bad())?;
    let mut found = None;
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        if field.name() != Some("file") || found.is_some() {
            return Err(bad());
        }
        let name = field.file_name().ok_or_else(bad)?.to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if (bytes.len() + chunk.len()) as u64 > most {
                return Err(limits::too_large(&path));
            }
            bytes.extend_from_slice(&chunk);
        }
        found = Some((name, bytes));
    }
    found.ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, content_type: &str) -> String {
        disposition(&Attachment { id: FileId(1), name: name.to_owned(), content_type: content_type.to_owned(), size: 1 })
    }

    #[test]
    fn only_safe_kinds_are_shown_in_place() {
        assert!(named("a.png", "image/png").starts_with("inline;"));
        assert!(named("a.pdf", "application/pdf").starts_with("inline;"));
        assert!(named("a.svg", "image/svg+xml").starts_with("attachment;"));
        assert!(named("a.html", "text/html").starts_with("attachment;"));
        assert!(named("a.bin", "application/octet-stream").starts_with("attachment;"));
    }

    #[test]
    fn names_cannot_break_out_of_the_header() {
        assert_eq!(
            named("r\u{e9}sum\u{e9}\"; x=\r\n.txt", "text/plain"),
            "attachment; filename=\"r_sum_; x=.txt\"; filename*=UTF-8''r%C3%A9sum%C3%A9%3B%20x%3D.txt"
        );
    }
}
