//! Writing: the rich-text editor, files on their way, the composer of replies and notes.

mod composer;
mod drafts;
mod editor;
mod files;
mod recipients;
mod upload;

pub use composer::{Back, Composer, ComposerHandle};
pub use editor::{RichEditor, html_of};
pub use files::UploadList;
pub use upload::Uploads;
