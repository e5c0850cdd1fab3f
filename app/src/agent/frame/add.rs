//! Add: the main click makes a ticket, the arrow offers everything else.

use crate::{
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{Icon, LinkButton, Look, Menu, MenuLink, MenuSeparator},
};
use leptos::prelude::*;

#[component]
pub(super) fn Add() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <div class="btn-group">
            <LinkButton href="/desk/tickets/new" look=Look::Primary icon="plus">
                <span class="btn-text-wide">{t!(i18n, frame_add_ticket)}</span>
                <span class="sr-only md:hidden">{t!(i18n, frame_add_ticket)}</span>
            </LinkButton>
            <Menu
                id="add-menu"
                label=t!(i18n, frame_add_more)
                class="btn btn-primary"
                trigger=|| view! { <Icon name="chevron-down" /> }
            >
                <MenuLink href="/desk/tickets/new" icon="ticket" shortcut="C">
                    {t!(i18n, frame_add_ticket_short)}
                </MenuLink>
                <MenuLink href="/desk/customers/new" icon="person">
                    {t!(i18n, frame_add_customer)}
                </MenuLink>
                <MenuLink href="/desk/organizations/new" icon="building">
                    {t!(i18n, frame_add_organization)}
                </MenuLink>
                <Show when=move || session.me.with(|me| me.role.administers())>
                    <MenuSeparator />
                    <MenuLink href="/desk/admin/agents?new=1" icon="shield">
                        {t!(i18n, frame_add_agent)}
                    </MenuLink>
                    <MenuLink href="/desk/admin/teams?new=1" icon="people">
                        {t!(i18n, frame_add_team)}
                    </MenuLink>
                </Show>
            </Menu>
        </div>
    }
}
