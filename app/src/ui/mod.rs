//! The design system: every control and every designed state, one look for all screens. Styles are in `style/`.
//!
//! Rules of the house: a control has a visible label or an `aria-label`; ids are given by the caller (they must be the same on
//! the server and in the browser); nothing writes a `style` attribute on the server, because the content policy forbids it.

mod accent;
mod avatar;
mod button;
mod combobox;
mod content;
mod dialog;
mod dom;
mod field;
mod icon;
mod menu;
mod select;
mod stars;
mod state;
mod status;
mod tabs;
mod title;
mod toast;
mod virtual_list;

pub use crate::i18n::{Moment, MomentStyle};
pub use accent::Accent;
pub use avatar::{Avatar, Person};
pub use button::{Button, IconButton, LinkButton, Look};
pub use combobox::{ComboOption, Combobox, Loader, TagInput};
pub use content::{Banner, Card, Chip, Kbd, Progress, Skeleton, Spinner, Tone};
pub use dialog::{ConfirmDialog, Dialog};
pub use dom::{by_id, capture, closest, files_of, find_all, focus, local_storage, on_resize, place, reveal, session_storage};
pub use field::{Checkbox, Field, TextArea, TextField, field_error, textarea_html};
pub use icon::Icon;
pub use menu::{Menu, MenuItem, MenuLabel, MenuLink, MenuSeparator, focus_entry, walk as walk_menu};
pub use select::Select;
pub use stars::{Stars, StarsInput};
pub use state::{EmptyState, ErrorState, Forbidden, NotFound};
pub use status::{StatusBadge, StatusDot, TypeLabel};
pub use tabs::{Tab, Tabs};
pub use title::PageTitle;
pub use toast::{ToastHost, Toasts, provide_toasts, use_toasts};
pub use virtual_list::VirtualList;
