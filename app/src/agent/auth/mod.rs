//! Sign-in, first set-up and invitations of agents. Outside the frame, complete without JavaScript.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/sign-in`
pub struct SignInScreen;

#[lazy_route]
impl LazyRoute for SignInScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/forgot`: a new password with a mailed code.
pub struct ForgotScreen;

#[lazy_route]
impl LazyRoute for ForgotScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/setup`: the first run.
pub struct SetUpScreen;

#[lazy_route]
impl LazyRoute for SetUpScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/invitation/:token`: an invited agent chooses a password.
pub struct InvitationScreen;

#[lazy_route]
impl LazyRoute for InvitationScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
