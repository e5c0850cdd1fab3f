//! The lazy parts of the agent application. Every `#[lazy_route]` is a point where the WebAssembly is split, and code that
//! several of them share becomes a file for each combination that occurs: with one point a screen that was 384 files. So
//! screens that are used together share a point, and the address says which of them is meant.

use super::{
    admin::{AgentsScreen, AppScreen, AppsScreen, HealthScreen, MailScreen, TeamsScreen, WorkspaceScreen},
    auth::{ForgotScreen, InvitationScreen, SetUpScreen, SignInScreen},
    customers::{CustomerScreen, CustomersScreen, NewCustomerScreen},
    import::ImportScreen,
    organizations::{NewOrganizationScreen, OrganizationScreen, OrganizationsScreen},
    profile::ProfileScreen,
    tickets::{NewTicketScreen, TicketScreen},
};
use crate::ui::NotFound;
use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_url, lazy_route};

/// One lazy part: its name, and for each address below `/desk` the screen. Nothing of a screen is outside its part, not even what
/// it loads: the types that come over the wire would all be in the first download.
macro_rules! part {
    ($(#[$doc:meta])* $part:ident { $($address:pat => $screen:ident),+ $(,)? }) => {
        $(#[$doc])*
        pub struct $part;

        #[lazy_route]
        impl LazyRoute for $part {
            fn data() -> Self {
                Self
            }
            fn view(_this: Self) -> AnyView {
                let path = use_url().with_untracked(|url| url.path().to_owned());
                let place: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).skip(1).collect();
                match place.as_slice() {
                    $($address => view! { <$screen /> }.into_any(),)+
                    _ => view! { <NotFound /> }.into_any(),
                }
            }
        }
    };
}

part! {
    /// The ways in.
    WayIn {
        ["sign-in"] => SignInScreen,
        ["forgot"] => ForgotScreen,
        ["setup"] => SetUpScreen,
        ["invitation", _] => InvitationScreen,
    }
}

part! {
    /// The open ticket and the form of a new one: both have the editor.
    Panel {
        ["tickets", "new"] => NewTicketScreen,
        ["tickets", _] => TicketScreen,
    }
}

part! {
    /// Customers and organizations.
    People {
        ["customers"] => CustomersScreen,
        ["customers", "new"] => NewCustomerScreen,
        ["customers", _] => CustomerScreen,
        ["organizations"] => OrganizationsScreen,
        ["organizations", "new"] => NewOrganizationScreen,
        ["organizations", _] => OrganizationScreen,
    }
}

part! {
    /// Customer apps and their settings.
    CustomerApps {
        ["admin", "apps"] => AppsScreen,
        ["admin", "apps", _] => AppScreen,
    }
}

part! {
    /// Administration, import, the own profile.
    Office {
        ["admin", "agents"] => AgentsScreen,
        ["admin", "teams"] => TeamsScreen,
        ["admin", "workspace"] => WorkspaceScreen,
        ["admin", "mail"] => MailScreen,
        ["admin", "health"] => HealthScreen,
        ["import"] => ImportScreen,
        ["profile"] => ProfileScreen,
    }
}
