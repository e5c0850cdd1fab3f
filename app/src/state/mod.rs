//! What a surface knows for as long as it is open: who is signed in and the names of things, what happens elsewhere, how what is
//! shown follows it, who is where, the choices of a browser, and which keyboard shortcuts work at the moment.

mod fresh;
pub mod live;
mod load;
pub mod preferences;
pub mod presence;
pub mod session;
pub mod shortcuts;

pub use fresh::{Asked, Fresh};
pub use live::{Live, on_news, provide_live};
#[cfg(feature = "ssr")]
pub use load::begin_page;
pub use load::{Load, load};
pub use session::{Session, use_session};
pub use shortcuts::{Acting, Command, is_typing, promise_keyboard, register_commands};
