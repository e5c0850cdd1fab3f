//! The WebAssembly entry point. It wakes the page that the server rendered and holds nothing of its own.

/// Called by the page once its module has loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}
