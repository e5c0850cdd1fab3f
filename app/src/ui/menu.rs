//! Menus on the browser's own popover: it opens without JavaScript, closes with Escape and on a click elsewhere.

use super::{
    Icon,
    button::tooltip,
    dom::{by_id, find_all, place},
};
use leptos::{ev, prelude::*};
use leptos_router::components::A;
use web_sys::HtmlElement;

/// A button that opens a menu of [`MenuItem`], [`MenuLink`], [`MenuLabel`] and [`MenuSeparator`].
#[component]
pub fn Menu(
    /// Id of the menu.
    #[prop(into)]
    id: String,
    /// What the button opens (and what is chosen, where the button shows it), for screen readers and as tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// What is on the button; hidden from screen readers.
    #[prop(into)]
    trigger: ViewFn,
    /// Key that opens it, for the tooltip.
    #[prop(optional)]
    shortcut: &'static str,
    /// Classes of the button.
    #[prop(default = "btn btn-ghost")]
    class: &'static str,
    /// Aligned with the right edge of the button.
    #[prop(optional)]
    at_end: bool,
    /// The entries.
    children: Children,
) -> impl IntoView {
    let button = format!("{id}-button");
    let opener = (id.clone(), button.clone());
    let on_toggle = move |_: web_sys::Event| {
        let (Some(menu), Some(button)) = (by_id(&opener.0), by_id(&opener.1)) else { return };
        let open = menu.matches(":popover-open").unwrap_or_default();
        let _ = button.set_attribute("aria-expanded", if open { "true" } else { "false" });
        if open {
            place(&menu, &button, false, at_end);
            focus_entry(&menu);
        }
    };
    let own = id.clone();
    let on_keydown = move |event: ev::KeyboardEvent| {
        let Some(menu) = by_id(&own) else { return };
        walk(&menu, &event);
    };
    let own = id.clone();
    let on_click = move |event: ev::MouseEvent| {
        use wasm_bindgen::JsCast;
        let entry = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let chosen = entry.and_then(|element| element.closest(ENTRIES).ok().flatten()).is_some();
        if let (true, Some(menu)) = (chosen, by_id(&own)) {
            let _ = menu.hide_popover();
        }
    };
    view! {
        <button type="button" id=button class=class popovertarget=id.clone() aria-haspopup="menu" aria-expanded="false" aria-label=label title=tooltip(label, shortcut)>
            {trigger.run()}
        </button>
        <div id=id popover="auto" class="menu" role="menu" aria-label=label on:toggle=on_toggle on:keydown=on_keydown on:click=on_click>
            {children()}
        </div>
    }
}

const ENTRIES: &str = "[role=menuitem],[role=menuitemradio]";
/// What is chosen at the moment: there the keyboard begins.
const CURRENT: &str = "[role=menuitemradio][aria-checked=true]";

/// Gives the keyboard to the entry of a menu that is chosen, or else to the first one.
pub fn focus_entry(menu: &HtmlElement) {
    let current = find_all(menu, CURRENT).into_iter().next();
    if let Some(first) = current.or_else(|| find_all(menu, ENTRIES).into_iter().next()) {
        let _ = first.focus();
    }
}

/// Arrow keys, Home and End move through the entries; a letter jumps to the next entry that begins with it.
pub fn walk(menu: &HtmlElement, event: &ev::KeyboardEvent) {
    let entries = find_all(menu, ENTRIES);
    let active = document().active_element();
    let at = entries.iter().position(|entry| active.as_ref() == Some(entry.as_ref()));
    let last = entries.len().saturating_sub(1);
    let to = match event.key().as_str() {
        "ArrowDown" => at.map_or(0, |at| if at == last { 0 } else { at + 1 }),
        "ArrowUp" => at.map_or(last, |at| if at == 0 { last } else { at - 1 }),
        "Home" => 0,
        "End" => last,
        key if key.chars().count() == 1 && key != " " => {
            let from = at.map_or(0, |at| at + 1);
            let begins = |at: &usize| {
                let text = entries.get(*at).and_then(|entry| entry.text_content()).unwrap_or_default();
                text.trim().to_lowercase().starts_with(&key.to_lowercase())
            };
            match (from..entries.len()).chain(0..from).find(begins) {
                Some(to) => to,
                None => return,
            }
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(entry) = entries.get(to) {
        let _ = entry.focus();
    }
}

/// An entry that does something.
#[component]
pub fn MenuItem(
    /// Called when it is chosen.
    #[prop(into)]
    on_select: Callback<()>,
    /// Icon before the text.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// For one choice of several: whether it is the one.
    #[prop(optional, into)]
    chosen: Option<Signal<bool>>,
    /// Keyboard shortcut to show.
    #[prop(optional, into)]
    shortcut: Option<String>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="menu-item"
            tabindex="-1"
            role=if chosen.is_some() { "menuitemradio" } else { "menuitem" }
            aria-checked=move || chosen.map(|chosen| if chosen.get() { "true" } else { "false" })
            on:click=move |_| on_select.run(())
        >
            {chosen
                .map(|chosen| view! { <span class="menu-check">{move || chosen.get().then(|| view! { <Icon name="check" /> })}</span> })}
            {icon.map(|icon| view! { <Icon name=icon /> })}
            <span class="menu-text">{children()}</span>
            {shortcut.map(|shortcut| view! { <span class="menu-shortcut">{shortcut}</span> })}
        </button>
    }
}

/// An entry that leads somewhere.
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// Icon before the text.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Keyboard shortcut to show.
    #[prop(optional, into)]
    shortcut: Option<String>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <A href=href attr:class="menu-item" attr:role="menuitem" attr:tabindex="-1">
            {icon.map(|icon| view! { <Icon name=icon /> })}
            <span class="menu-text">{children()}</span>
            {shortcut.map(|shortcut| view! { <span class="menu-shortcut">{shortcut}</span> })}
        </A>
    }
}

/// A heading inside a menu.
#[component]
pub fn MenuLabel(
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <div class="menu-label" role="presentation">{text}</div> }
}

/// A line between entries.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <div class="menu-separator" role="separator"></div> }
}
