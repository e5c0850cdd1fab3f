//! The WebAssembly entry point. It wakes the page that the server rendered and holds nothing of its own. It is built twice: with
//! the feature `desk` for the agent application, without it for the portal.
// The types of the pages are deep, and their code is made here.
#![recursion_limit = "512"]

#[cfg(feature = "desk")]
use app::Desk as Application;
#[cfg(not(feature = "desk"))]
use app::Portal as Application;

/// Called by the page once its module has loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // What `leptos::mount::hydrate_lazy` does, and then a sign that the page answers: `<html data-hydrated>`. Screens are
    // lazy, so this is later than the load of the page; who drives it (a browser test) must know when.
    wasm_bindgen_futures::spawn_local(async {
        let document = leptos::prelude::document();
        let Some(body) = document.body() else { return };
        leptos::mount::hydrate_from_async(body, Application).await.forget();
        if let Some(root) = document.document_element() {
            // Fails only for a name that is no attribute name.
            let _ = root.set_attribute("data-hydrated", "true");
        }
    });
}
