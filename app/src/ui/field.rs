//! Form controls with label, help and error. All of them also work as plain HTML: give them a `name`, and the form sends them
//! with JavaScript off. What somebody typed before WebAssembly woke up is kept.

use crate::{i18n::use_i18n, t};
use domain::Error;
use leptos::{html, prelude::*};

/// The sentence for one field of a failed request, for the `error` of a control.
#[must_use]
pub fn field_error(error: Signal<Option<Error>>, field: &'static str) -> Signal<Option<String>> {
    let i18n = use_i18n();
    Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| i18n.field_error(error, field))))
}

/// Label, help and error around any control. The control has the id `id` and `aria-describedby="{id}-note"`.
#[component]
pub fn Field(
    /// Id of the control.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// One sentence of help under the control.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong; replaces the help.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Says "optional" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// The control.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label for=id class=if hide_label { "sr-only" } else { "field-label" }>
                {label}
                {optional.then(|| view! { <span class="field-optional">{t!(i18n, optional)}</span> })}
            </label>
            {children()}
            <p id=note class="field-note" class:field-error=move || error.with(Option::is_some)>
                {move || error.get().or_else(|| help.get())}
            </p>
        </div>
    }
}

/// Keeps a signal and a text control the same. What was typed before the page woke up wins over the signal's first value.
macro_rules! bind_text {
    ($node:expr, $value:expr) => {{
        let (node, value) = ($node, $value);
        Effect::new(move |ran: Option<()>| {
            let wanted = value.get();
            let Some(element) = node.get() else { return };
            let shown = element.value();
            if shown == wanted {
                return;
            }
            if ran.is_none() && !shown.is_empty() { value.set(shown) } else { element.set_value(&wanted) }
        });
    }};
}

/// A line of text.
#[component]
pub fn TextField(
    /// Id; also the base of the ids of its notes.
    #[prop(into)]
    id: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What it holds.
    #[prop(optional, default = RwSignal::new(String::new()))]
    value: RwSignal<String>,
    /// `text`, `email`, `password`, `search`, `tel`, `url`, `color`.
    #[prop(default = "text")]
    kind: &'static str,
    /// One sentence of help.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Says "optional" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// `autocomplete` of HTML.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// `inputmode` of HTML.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// An example inside the empty control.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<usize>,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the keyboard when the page opens.
    #[prop(optional)]
    autofocus: bool,
    /// Called after each key.
    #[prop(optional)]
    on_input: Option<Callback<()>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    bind_text!(node, value);
    view! {
        <Field id=id.clone() label help error optional hide_label>
            <input
                node_ref=node
                id=id.clone()
                name=name
                type=kind
                class="input"
                value=value.get_untracked()
                required=required
                autocomplete=autocomplete
                inputmode=inputmode
                placeholder=placeholder
                maxlength=maxlength.map(|most| most.to_string())
                disabled=disabled
                autofocus=autofocus
                aria-describedby=format!("{id}-note")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    if let Some(on_input) = on_input {
                        on_input.run(());
                    }
                }
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Id; also the base of the ids of its notes.
    #[prop(into)]
    id: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What it holds.
    #[prop(optional, default = RwSignal::new(String::new()))]
    value: RwSignal<String>,
    /// Lines to show.
    #[prop(default = 5)]
    rows: u8,
    /// One sentence of help.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Says "optional" behind the label.
    #[prop(optional)]
    optional: bool,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// An example inside the empty control.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<usize>,
) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    bind_text!(node, value);
    let first = textarea_html(&value.get_untracked());
    view! {
        <Field id=id.clone() label help error optional hide_label>
            <textarea
                node_ref=node
                id=id.clone()
                name=name
                class="input textarea"
                rows=rows.to_string()
                required=required
                placeholder=placeholder
                maxlength=maxlength.map(|most| most.to_string())
                aria-describedby=format!("{id}-note")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| value.set(event_target_value(&event))
                inner_html=first
            ></textarea>
        </Field>
    }
}

/// A text as the `inner_html` of a textarea: Leptos does not escape its children on the server. A line break at the beginning
/// is doubled, because browsers drop one.
#[must_use]
pub fn textarea_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if text.starts_with(['\n', '\r']) { format!("\n{escaped}") } else { escaped }
}

/// A box to tick.
#[component]
pub fn Checkbox(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name in the form; it sends `true`.
    #[prop(into)]
    name: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// Whether it is ticked.
    #[prop(optional, default = RwSignal::new(false))]
    checked: RwSignal<bool>,
    /// One sentence of help.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |ran: Option<()>| {
        let wanted = checked.get();
        let Some(element) = node.get() else { return };
        let shown = element.checked();
        if shown != wanted {
            if ran.is_none() { checked.set(shown) } else { element.set_checked(wanted) }
        }
    });
    let note = format!("{id}-note");
    view! {
        <div class="check">
            <input
                node_ref=node
                id=id.clone()
                name=name
                type="checkbox"
                value="true"
                checked=checked.get_untracked()
                disabled=disabled
                aria-describedby=note.clone()
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <div>
                <label for=id>{label}</label>
                <p id=note class="field-note">{move || help.get()}</p>
            </div>
        </div>
    }
}
