//! The lazy parts of the agent application. Every `#[lazy_route]` is a point where the WebAssembly is split, and code that
//! several of them share becomes a file for each combination that occurs: with one point a screen that was 384 files. So
//! screens that are used together share a point, and the address says which of them is meant.

use super::{
    admin::{AgentsScreen, MailScreen, TeamsScreen, WorkspaceScreen},
    auth::{ForgotScreen, InvitationScreen, SetUpScreen, SignInScreen},
    customers::{CustomerScreen, CustomersScreen, NewCustomerScreen},
    import::ImportScreen,
    organizations::{NewOrganizationScreen, OrganizationScreen, OrganizationsScreen},
    profile::ProfileScreen,
    tickets::{NewTicketScreen, TicketScreen},
};
use crate::ui::NotFound;
use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_location, lazy_route};

/// One lazy part: its name, and for each address below `/desk` the screen.
macro_rules! part {
    ($(#[$doc:meta])* $part:ident { $($address:pat => $variant:ident($screen:ident)),+ $(,)? }) => {
        $(#[$doc])*
        pub enum $part {
            $(
                #[doc = concat!("See `", stringify!($screen), "`.")]
                $variant($screen),
            )+
            /// The address is none of these.
            Nowhere,
        }

        #[lazy_route]
        impl LazyRoute for $part {
            fn data() -> Self {
                let path = use_location().pathname.get_untracked();
                let place: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).skip(1).collect();
                match place.as_slice() {
                    $($address => Self::$variant($screen::data()),)+
                    _ => Self::Nowhere,
                }
            }
            fn view(this: Self) -> AnyView {
                match this {
                    $($part::$variant(screen) => $screen::view(screen),)+
                    $part::Nowhere => view! { <NotFound /> }.into_any(),
                }
            }
        }
    };
}

part! {
    /// The ways in.
    WayIn {
        ["sign-in"] => SignIn(SignInScreen),
        ["forgot"] => Forgot(ForgotScreen),
        ["setup"] => SetUp(SetUpScreen),
        ["invitation", _] => Invitation(InvitationScreen),
    }
}

part! {
    /// The open ticket and the form of a new one: both have the editor.
    Panel {
        ["tickets", "new"] => New(NewTicketScreen),
        ["tickets", _] => Ticket(TicketScreen),
    }
}

part! {
    /// Customers and organizations.
    People {
        ["customers"] => Customers(CustomersScreen),
        ["customers", "new"] => NewCustomer(NewCustomerScreen),
        ["customers", _] => Customer(CustomerScreen),
        ["organizations"] => Organizations(OrganizationsScreen),
        ["organizations", "new"] => NewOrganization(NewOrganizationScreen),
        ["organizations", _] => Organization(OrganizationScreen),
    }
}

part! {
    /// Administration, import, the own profile.
    Office {
        ["admin", "agents"] => Agents(AgentsScreen),
        ["admin", "teams"] => Teams(TeamsScreen),
        ["admin", "workspace"] => Workspace(WorkspaceScreen),
        ["admin", "mail"] => Mail(MailScreen),
        ["import"] => Import(ImportScreen),
        ["profile"] => Profile(ProfileScreen),
    }
}
