//! Files: uploads, attachments, logos.

use crate::id::FileId;
use serde::{Deserialize, Serialize};

/// The content types of pictures that browsers may show in place.
pub const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A file of a message or of a description. Its address is `/files/{id}/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file.
    pub id: FileId,
    /// Cleaned name.
    pub name: String,
    /// Content type as the bytes say, from an allow-list; `application/octet-stream` otherwise.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
}

impl Attachment {
    /// Whether browsers may show it in place: the safe image types.
    #[must_use]
    pub fn is_image(&self) -> bool {
        PICTURES.contains(&self.content_type.as_str())
    }
    /// The address on this server.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/files/{}/{}", self.id, encode_path(&self.name))
    }
}

/// Percent-encodes one path segment (RFC 3986 § 3.3: unreserved characters stay).
fn encode_path(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
            }
        }
    }
    out
}

/// A name that is safe in a header and in a folder: no path, no control characters, at most 120 characters, never empty.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .filter(|c| !c.is_control() && !"\u{202e}\u{202d}\u{2066}\u{2067}\u{2068}\u{2069}\"<>:|?*".contains(*c))
        .collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        return "file".to_owned();
    }
    if clean.chars().count() <= 120 {
        return clean.to_owned();
    }
    match clean.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => {
            let keep = 119 - ending.chars().count();
            format!("{}.{ending}", stem.chars().take(keep).collect::<String>())
        }
        _ => clean.chars().take(120).collect(),
    }
}
