//! What kind of file bytes are: decided by the bytes alone, never by a name or by what a client says.

/// The kinds that we name. Everything else is bytes: a browser must not guess.
const KNOWN: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/heif",
    "image/bmp",
    "image/tiff",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/x-7z-compressed",
    "application/vnd.rar",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "audio/mpeg",
    "audio/m4a",
    "audio/ogg",
    "audio/x-wav",
    "audio/x-flac",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "video/x-msvideo",
];

/// The content type of bytes, `application/octet-stream` if it is not one that we name.
#[must_use]
pub fn content_type(bytes: &[u8]) -> &'static str {
    let kind = infer::get(bytes).map(|kind| kind.mime_type());
    KNOWN.iter().copied().find(|known| Some(*known) == kind).unwrap_or("application/octet-stream")
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn bytes_decide() {
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n0000"), "image/png");
        assert_eq!(content_type(b"\xff\xd8\xff\xe0000"), "image/jpeg");
        assert_eq!(content_type(b"%PDF-1.7"), "application/pdf");
    }

    #[test]
    fn what_a_browser_could_run_is_only_bytes() {
        for bytes in [
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"\0asm\x01\0\0\0",
            b"#!/bin/sh\n",
            b"MZ\x90\0",
            b"",
        ] {
            assert_eq!(content_type(bytes), "application/octet-stream", "{bytes:?}");
        }
    }
}
