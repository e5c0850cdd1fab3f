//! The document around every page: language, theme, styles, and what wakes the page in the browser.

use crate::{
    App,
    i18n::{THEME_COOKIE, resolve_locale, script_path},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

/// The application alone, from which the server reads the addresses of all pages.
pub fn application() -> AnyView {
    view! { <App /> }.into_any()
}

/// The whole document. Called by the server for every page and for the pages of errors. Without its long type, so that the
/// server does not compile the pages a second time.
pub fn shell(options: LeptosOptions) -> AnyView {
    let locale = resolve_locale();
    let messages = script_path(locale.language);
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
                <script src=messages nonce=use_nonce()></script>
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
    .into_any()
}
