//! The menu of the administration, around its pages.

use crate::{i18n::use_i18n, state::use_session, t, ui::Forbidden};
use leptos::prelude::*;
use leptos_router::components::A;

/// The menu and the page that is open. Who may not administer is told so, with who could change it.
#[component]
pub fn Menu(
    /// The page that is open.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let may = move || session.me.with(|me| me.role.administers());
    view! {
        <Show when=may fallback=|| view! { <div class="page"><Forbidden alone=true /></div> }>
            <div class="admin">
                <nav class="admin-menu" aria-label=t!(i18n, admin_title)>
                    <A href="/desk/admin/agents">{t!(i18n, admin_agents)}</A>
                    <A href="/desk/admin/teams">{t!(i18n, admin_teams)}</A>
                    <A href="/desk/admin/workspace">{t!(i18n, admin_workspace)}</A>
                    <A href="/desk/admin/apps">{t!(i18n, apps_title)}</A>
                    <A href="/desk/admin/mail">{t!(i18n, admin_mail)}</A>
                    <A href="/desk/admin/health">{t!(i18n, admin_health)}</A>
                </nav>
                {children()}
            </div>
        </Show>
    }
}
