//! Dialogs on the browser's own `<dialog>`: it holds the keyboard inside, closes with Escape and gives the focus back.

use super::{Button, IconButton, Look, dom::find_all};
use crate::{i18n::use_i18n, t};
use leptos::{html, prelude::*};

/// What takes the keyboard in the body of a dialog: the first field, or else the first control.
const FIRST: [&str; 2] =
    [".dialog-body :is(input,select,textarea):not(:disabled)", ".dialog-body :is(button,a[href]):not(:disabled)"];

/// A modal dialog. What is in it exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Heading.
    #[prop(into)]
    title: Signal<String>,
    /// Wider than a form.
    #[prop(optional)]
    wide: bool,
    /// What is in it; put buttons into an element of class `dialog-actions`.
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        let Some(element) = node.get() else { return };
        if open && !element.open() {
            let _ = element.show_modal();
            // What is in it appears with the next frame; the keyboard goes to its first control, not to the closing button.
            request_animation_frame(move || {
                if let Some(first) = FIRST.iter().find_map(|those| find_all(&element, those).into_iter().next()) {
                    let _ = first.focus();
                }
            });
        } else if !open && element.open() {
            element.close();
        }
    });
    view! {
        <dialog node_ref=node class="dialog" class:dialog-wide=wide aria-label=title on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <header class="dialog-head">
                    <h2 class="dialog-title">{title}</h2>
                    <IconButton icon="close" label=t!(i18n, close) on_click=Callback::new(move |_| open.set(false)) />
                </header>
                <div class="dialog-body">{children()}</div>
            </Show>
        </dialog>
    }
}

/// Asks before something that cannot be undone. The text names what goes.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will be gone.
    #[prop(into)]
    text: Signal<String>,
    /// The word on the button.
    #[prop(into)]
    action: String,
    /// Called on yes; the dialog has closed then.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = StoredValue::new(action);
    view! {
        <Dialog open title>
            <p>{text}</p>
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button
                    look=Look::Danger
                    on_click=Callback::new(move |_| {
                        open.set(false);
                        on_confirm.run(());
                    })
                >
                    {action.get_value()}
                </Button>
            </div>
        </Dialog>
    }
}
