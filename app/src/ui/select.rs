//! A choice of one out of a few: the browser's own select.

use super::Field;
use leptos::{html, prelude::*};

/// A choice of one. For long or searched lists use [`super::Combobox`].
#[component]
pub fn Select(
    /// Id; also the base of the ids of its notes.
    #[prop(into)]
    id: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// The value that is chosen.
    value: RwSignal<String>,
    /// Values and their labels, in order.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// One sentence of help.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called when a person chose.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let node = NodeRef::<html::Select>::new();
    Effect::new(move |ran: Option<()>| {
        let wanted = value.get();
        options.track();
        let Some(element) = node.get() else { return };
        let shown = element.value();
        if shown != wanted {
            if ran.is_none() && !shown.is_empty() { value.set(shown) } else { element.set_value(&wanted) }
        }
    });
    view! {
        <Field id=id.clone() label help error hide_label>
            <select
                node_ref=node
                id=id.clone()
                name=name
                class="input select"
                disabled=disabled
                aria-describedby=format!("{id}-note")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| {
                    let chosen = event_target_value(&event);
                    value.set(chosen.clone());
                    if let Some(on_change) = on_change {
                        on_change.run(chosen);
                    }
                }
            >
                {move || {
                    let chosen = value.get_untracked();
                    let option = |(value, label): (String, String)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{label}</option> }
                    };
                    options.get().into_iter().map(option).collect_view()
                }}
            </select>
        </Field>
    }
}
