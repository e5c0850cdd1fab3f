//! Buttons, and links that look like buttons. They listen by `on_click`: an `on:click` on a component, in a view that changes, would keep
//! listening for the view before (docs/decisions/0006-no-listeners-on-components.md).

use super::Icon;
use leptos::{ev, prelude::*};
use leptos_router::components::A;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// With a hairline.
    #[default]
    Plain,
    /// The one main action of a place.
    Primary,
    /// Without a border, for tool bars.
    Ghost,
    /// Takes something away for good.
    Danger,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "btn",
            Self::Primary => "btn btn-primary",
            Self::Ghost => "btn btn-ghost",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// The listener of a button.
fn clicked(on_click: Option<Callback<ev::MouseEvent>>) -> impl Fn(ev::MouseEvent) + Clone {
    move |event| {
        if let Some(on_click) = on_click {
            on_click.run(event);
        }
    }
}

/// What a control says that is pointed at: its label, and the key that does the same.
pub(super) fn tooltip(label: Signal<String>, shortcut: &'static str) -> impl Fn() -> String {
    move || if shortcut.is_empty() { label.get() } else { format!("{} ({shortcut})", label.get()) }
}

/// A button with a text.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
    /// Icon before the text.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Cannot be used at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Its action is under way: it turns and cannot be used again.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Called when it is pressed.
    #[prop(optional)]
    on_click: Option<Callback<ev::MouseEvent>>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            on:click=clicked(on_click)
            type=if submit { "submit" } else { "button" }
            class=look.class()
            disabled=move || disabled.get() || busy.get()
            aria-busy=move || busy.get().then_some("true")
        >
            {icon.map(|icon| view! { <Icon name=icon /> })}
            <span class="btn-text">{children()}</span>
        </button>
    }
}

/// A button that is only an icon.
#[component]
pub fn IconButton(
    /// Name of the icon.
    #[prop(into)]
    icon: Signal<String>,
    /// What it does, for screen readers and as tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Key that does the same, for the tooltip.
    #[prop(optional)]
    shortcut: &'static str,
    /// For a switch: whether it is on.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// Cannot be used at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when it is pressed.
    #[prop(optional)]
    on_click: Option<Callback<ev::MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            on:click=clicked(on_click)
            type="button"
            class="btn btn-ghost btn-icon"
            aria-label=label
            title=tooltip(label, shortcut)
            aria-pressed=move || pressed.map(|pressed| if pressed.get() { "true" } else { "false" })
            disabled=disabled
        >
            <Icon name=icon />
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it stands out.
    #[prop(optional)]
    look: Look,
    /// Icon before the text.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <A href=href attr:class=look.class()>
            {icon.map(|icon| view! { <Icon name=icon /> })}
            <span class="btn-text">{children()}</span>
        </A>
    }
}
