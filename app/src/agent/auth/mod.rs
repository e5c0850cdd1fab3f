//! Sign-in, first set-up and invitations of agents. Outside the frame, complete without JavaScript: plain forms, each of which
//! ends in a new page, so that language and session are right from the first byte.

mod card;
mod forgot;
mod invitation;
mod set_up;
mod sign_in;

pub use forgot::ForgotScreen;
pub use invitation::InvitationScreen;
pub use set_up::SetUpScreen;
pub use sign_in::SignInScreen;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A value of the address, as it was when the page opened.
fn query(name: &str) -> String {
    use_query_map().read_untracked().get(name).unwrap_or_default()
}
