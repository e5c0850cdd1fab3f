//! Sign-in, first set-up and invitations of agents. Outside the frame, complete without JavaScript: plain forms, each of which
//! ends in a new page, so that language and session are right from the first byte.

mod card;
mod forgot;
mod invitation;
mod set_up;
mod sign_in;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// A value of the address, as it was when the page opened.
fn query(name: &str) -> String {
    use_query_map().read_untracked().get(name).unwrap_or_default()
}

/// `/desk/sign-in`
pub struct SignInScreen;

impl SignInScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        sign_in::SignIn().into_any()
    }
}

/// `/desk/forgot`: a new password with a mailed code.
pub struct ForgotScreen;

impl ForgotScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        forgot::Forgot().into_any()
    }
}

/// `/desk/setup`: the first run.
pub struct SetUpScreen {
    needed: Resource<Result<bool, crate::api::ApiError>>,
}

impl SetUpScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self { needed: Resource::new_blocking(|| (), |()| crate::api::accounts::needs_set_up()) }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <set_up::SetUp needed=this.needed /> }.into_any()
    }
}

/// `/desk/invitation/:token`: an invited agent chooses a password.
pub struct InvitationScreen;

impl InvitationScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        invitation::Invitation().into_any()
    }
}
