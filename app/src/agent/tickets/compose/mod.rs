//! Writing: the rich-text editor, files on their way, the composer of replies, notes and what is forwarded.

mod composer;
mod drafts;
mod editor;
mod files;
mod forward;
mod recipients;
mod upload;

pub use composer::{Back, Composer, ComposerHandle};
pub use editor::{RichEditor, html_of};
pub use files::UploadList;
pub use forward::quote;
pub use upload::Uploads;
