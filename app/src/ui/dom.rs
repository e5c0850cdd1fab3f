//! What the controls need of the document. Does nothing on the server.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlElement;

/// The element with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Calls back with the size of the element, and whenever it has changed, until the screen goes away. In the browser, once the
/// element is there.
pub fn on_resize(id: &str, then: impl Fn() + 'static) {
    let Some(element) = by_id(id) else { return };
    let called = Closure::<dyn FnMut()>::new(then);
    let Ok(observer) = web_sys::ResizeObserver::new(called.as_ref().unchecked_ref()) else { return };
    observer.observe(&element);
    let observing = StoredValue::new_local((observer, called));
    on_cleanup(move || {
        let _ = observing.try_update_value(|(observer, _)| observer.disconnect());
    });
}

/// Hears an event of the window before anything on the page does, until the screen goes away. In the browser.
pub fn capture<E: JsCast + 'static>(name: &'static str, then: impl Fn(E) + 'static) {
    let called = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        if let Ok(event) = event.dyn_into() {
            then(event);
        }
    });
    let _ = window().add_event_listener_with_callback_and_bool(name, called.as_ref().unchecked_ref(), true);
    let listening = StoredValue::new_local(called);
    on_cleanup(move || {
        let _ = listening.try_update_value(|called| {
            window().remove_event_listener_with_callback_and_bool(name, called.as_ref().unchecked_ref(), true)
        });
    });
}

/// The nearest element around what happened that fits.
#[must_use]
pub fn closest(event: &web_sys::Event, selector: &str) -> Option<HtmlElement> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok()??.dyn_into().ok()
}

/// Gives the keyboard to the element with this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = by_id(id) {
        let _ = element.focus();
    }
}

/// Scrolls an element into sight, no further than it takes.
pub fn reveal(element: &HtmlElement) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// What the browser keeps as long as the tab, if it keeps anything.
#[must_use]
pub fn session_storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// What the browser keeps, if it keeps anything.
#[must_use]
pub fn local_storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The files of a file input or of a drop.
#[must_use]
pub fn files_of(files: Option<web_sys::FileList>) -> Vec<web_sys::File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}

/// Puts a floating element under its anchor (over it where there is no room below), inside the window.
pub fn place(floating: &HtmlElement, anchor: &HtmlElement, as_wide: bool, at_end: bool) {
    let rect = anchor.get_bounding_client_rect();
    let number = |value: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let (width, height) = (number(window().inner_width()), number(window().inner_height()));
    let style = floating.style();
    let set = |name: &str, value: f64| {
        let _ = style.set_property(name, &format!("{value}px"));
    };
    if as_wide {
        set("min-width", rect.width());
    }
    let own = floating.get_bounding_client_rect();
    let left = if at_end { rect.right() - own.width() } else { rect.left() };
    set("left", left.min(width - own.width() - 8.0).max(8.0));
    let below = rect.bottom() + 4.0;
    let above = rect.top() - own.height() - 4.0;
    set("top", if below + own.height() > height - 8.0 && above > 8.0 { above } else { below });
}

/// The elements inside `root` that a selector finds.
#[must_use]
pub fn find_all(root: &HtmlElement, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)?.dyn_into().ok()).collect()
}
