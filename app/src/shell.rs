//! The document around every page: language, theme, styles, and what wakes the page in the browser.

use crate::{
    Desk, Portal,
    i18n::{THEME_COOKIE, resolve_locale, script_path},
};
use axum::http::request::Parts;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};
use std::sync::OnceLock;

/// Until the page is awake its links lead to documents, as links do. The router hears clicks before the screens are there (their
/// parts may still be on their way), and what it then showed would be woken by halves.
const ASLEEP: &str = "addEventListener('click',e=>{if(!document.documentElement.dataset.hydrated&&e.target.closest?.('a[href]'))e.stopImmediatePropagation()},true)";

/// The applications alone, from which the server reads the addresses of all pages.
pub fn applications() -> [fn() -> AnyView; 2] {
    [|| view! { <Desk /> }.into_any(), || view! { <Portal /> }.into_any()]
}

/// The whole document. Called by the server for every page and for the pages of errors. Without its long type, so that the
/// server does not compile the pages a second time.
pub fn shell(options: LeptosOptions) -> AnyView {
    let locale = resolve_locale();
    // Who is in the portal stays there: the pages of agents are another document.
    let portal = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/p/"));
    let messages = script_path(locale.language, portal);
    let theme = crate::i18n::cookie(THEME_COOKIE).filter(|theme| theme == "light" || theme == "dark");
    // How far the log had been told before anything of this page was loaded: from there on the page follows it.
    let log = use_context::<domain::id::EventSeq>().map(|position| position.0.to_string());
    view! {
        <!DOCTYPE html>
        <html lang=locale.language.tag() dir="ltr" data-theme=theme data-zone=locale.time_zone data-log=log>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet options=options.clone() id="taquilla" />
                // The editor adds its styles where this is missing, which the content policy forbids; ours are in style/tickets.css.
                <style data-tiptap-style nonce=use_nonce()></style>
                <script nonce=use_nonce()>{ASLEEP}</script>
                <script src=messages nonce=use_nonce()></script>
                {if portal { portal_script(&options) } else { view! { <HydrationScripts options /> }.into_any() }}
                <MetaTags />
            </head>
            <body>
                {if portal { view! { <Portal /> }.into_any() } else { view! { <Desk /> }.into_any() }}
            </body>
        </html>
    }
    .into_any()
}

/// What wakes a page of the portal: its own build (`portal.<hash>.js` and `.wasm` in the package), as `HydrationScripts` does it for the
/// build of the agent application. The hashes stand with the others.
fn portal_script(options: &LeptosOptions) -> AnyView {
    static NAMES: OnceLock<[String; 2]> = OnceLock::new();
    let [script, module] = NAMES.get_or_init(|| {
        let hashes = std::fs::read_to_string(options.hash_file.as_ref()).unwrap_or_default();
        ["js", "wasm"].map(|ending| {
            let known = hashes.lines().find_map(|line| line.trim().strip_prefix(&format!("portal-{ending}: ")));
            let hash = known.map(|hash| format!(".{hash}")).unwrap_or_default();
            format!("/{}/portal{hash}.{ending}", options.site_pkg_dir)
        })
    });
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href=script.as_str() crossorigin=nonce.clone() />
        <link rel="preload" href=module.as_str() r#as="fetch" r#type="application/wasm" crossorigin=nonce.clone() />
        <script type="module" nonce=nonce>
            {format!("import({script:?}).then(m=>m.default({{module_or_path:{module:?}}}).then(()=>m.hydrate()))")}
        </script>
    }
    .into_any()
}
