//! The person's menu: profile, theme, language, the portal, sign-out.

use crate::{
    api::accounts::{SignOut, change_profile},
    i18n::use_i18n,
    state::{preferences, use_session},
    t,
    ui::{Avatar, Icon, Menu, MenuItem, MenuLabel, MenuLink, MenuSeparator, use_toasts},
};
use domain::{
    agent::{ProfilePatch, Theme},
    language::Language,
    patch::Patch,
};
use leptos::{prelude::*, task::spawn_local};
use server_fn::ServerFn;

#[component]
pub(super) fn PersonMenu() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let toasts = use_toasts();
    let me = session.me.get_untracked();
    let set_theme = move |theme: Theme| {
        let before = session.me.with_untracked(|me| me.theme);
        session.me.update(|me| me.theme = theme);
        spawn_local(async move {
            let patch = ProfilePatch { theme: Patch::Set(theme), ..ProfilePatch::default() };
            if let Err(error) = change_profile(patch).await {
                session.me.update(|me| me.theme = before);
                toasts.error(i18n.error(&error.0));
            }
        });
    };
    let set_language = move |language: Language| {
        spawn_local(async move {
            let patch = ProfilePatch { language: Patch::Set(language), ..ProfilePatch::default() };
            match change_profile(patch).await {
                Ok(_) => preferences::use_language(language),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    let theme = move |theme: Theme, icon: &'static str, label: &'static str| {
        let chosen = Signal::derive(move || session.me.with(|me| me.theme == theme));
        view! {
            <MenuItem on_select=move |()| set_theme(theme) icon=icon chosen=chosen>
                {label}
            </MenuItem>
        }
    };
    let language = move |language: Language| {
        let chosen = Signal::stored(i18n.language() == language);
        view! {
            <MenuItem on_select=move |()| set_language(language) chosen=chosen>
                <span lang=language.tag()>{language.name()}</span>
            </MenuItem>
        }
    };
    let label = t!(i18n, frame_person_menu, name = me.name);
    let name = me.name.clone();
    let portal = session.workspace.with_untracked(|workspace| format!("/p/{}", workspace.portal_slug));
    view! {
        <Menu
            id="person-menu"
            label=label
            class="btn btn-ghost person-button"
            at_end=true
            trigger=move || view! { <Avatar name=name.clone() /> }
        >
            <MenuLabel text=me.email />
            <MenuLink href="/desk/profile" icon="person">
                {t!(i18n, frame_profile)}
            </MenuLink>
            <a class="menu-item" role="menuitem" tabindex="-1" href=portal target="_blank" rel="external noopener">
                <Icon name="external" />
                <span class="menu-text">{t!(i18n, frame_portal)}</span>
            </a>
            <MenuSeparator />
            <MenuLabel text=t!(i18n, frame_theme) />
            {theme(Theme::System, "monitor", t!(i18n, frame_theme_system))}
            {theme(Theme::Light, "sun", t!(i18n, frame_theme_light))}
            {theme(Theme::Dark, "moon", t!(i18n, frame_theme_dark))}
            <MenuSeparator />
            <MenuLabel text=t!(i18n, language) />
            {Language::ALL.map(language)}
            <MenuSeparator />
            // A plain form: leaving loads a new page, so nothing of the session stays in memory.
            <form method="post" action=SignOut::PATH>
                <button type="submit" class="menu-item" role="menuitem" tabindex="-1">
                    <Icon name="sign-out" />
                    <span class="menu-text">{t!(i18n, frame_sign_out)}</span>
                </button>
            </form>
        </Menu>
    }
}
