//! The rich-text editor: a tool bar over a Tiptap editor. Images come in by paste, drop or choice: they are uploaded first and
//! stand in the text by the address of the server.

use super::upload::{Uploads, dropped};
use crate::{
    i18n::use_i18n,
    t,
    ui::{Button, Icon, IconButton, by_id, files_of, focus},
};
use domain::{
    Error,
    file::{Attachment, PICTURES},
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_tiptap::{
    TiptapActiveKey, TiptapContent, TiptapEditorHandle, TiptapEditorReport, TiptapHeadingLevel, TiptapInsertContentOptions,
    TiptapLinkResource, TiptapSelectionState, UseTiptapEditorInput, use_tiptap_editor,
};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;

/// What an editor without any text gives back.
const EMPTY: &str = "<p></p>";

/// The text of the editor as HTML; empty if nothing stands there.
#[must_use]
pub fn html_of(handle: TiptapEditorHandle) -> String {
    let html = handle.get_html().unwrap_or_default();
    if html == EMPTY { String::new() } else { html }
}

/// Puts the text of the editor, if it is ready.
pub fn set_html(handle: TiptapEditorHandle, html: &str) {
    let _ = handle.set_html(html);
}

/// Where loading the editor's scripts stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scripts {
    Loading,
    Ready,
    Failed,
}

/// Loads the scripts of the editor, which come only where there is an editor. Where the build has not set them aside, they are
/// there already.
async fn load_scripts() -> Scripts {
    let load = js_sys::Reflect::get(&js_sys::global(), &"taquillaEditor".into()).ok();
    let Some(load) = load.and_then(|load| load.dyn_into::<js_sys::Function>().ok()) else { return Scripts::Ready };
    let promise = load.call0(&wasm_bindgen::JsValue::NULL).ok().and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok());
    let Some(promise) = promise else { return Scripts::Failed };
    if wasm_bindgen_futures::JsFuture::from(promise).await.is_ok() { Scripts::Ready } else { Scripts::Failed }
}

/// A rich-text editor with its tool bar.
#[component]
pub fn RichEditor(
    /// Id of the editor, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is for, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Runs commands and reads the text.
    handle: TiptapEditorHandle,
    /// Where pasted images and chosen files go.
    uploads: Uploads,
    /// The text that stands there at first.
    #[prop(optional, into)]
    html: String,
    /// Takes pictures only: they stand in the text, and for other files there is no place beside it.
    #[prop(optional)]
    pictures: bool,
    /// Called after every change of the text.
    #[prop(into)]
    on_change: Callback<()>,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let scripts = RwSignal::new(Scripts::Loading);
    let load = move || {
        scripts.set(Scripts::Loading);
        spawn_local(async move {
            let state = load_scripts().await;
            let _ = scripts.try_set(state);
        });
    };
    Effect::new(move |_| load());
    move || {
        match scripts.get() {
        Scripts::Ready => {
            view! { <Mounted id=id.clone() label handle uploads html=html.clone() pictures on_change disabled /> }.into_any()
        }
        // Of the same size, so that nothing jumps.
        Scripts::Loading => view! {
            <div class="editor" aria-busy="true"><div class="editor-text"></div><div class="editor-tools"></div></div>
        }
        .into_any(),
        Scripts::Failed => view! {
            <div class="editor">
                <p class="editor-text" role="alert">{i18n.key("error_offline", &BTreeMap::new())}</p>
                <div class="editor-tools"><Button icon="refresh" on_click=Callback::new(move |_| load())>{t!(i18n, retry)}</Button></div>
            </div>
        }
        .into_any(),
    }
    }
}

/// The editor, once its scripts are there.
#[component]
fn Mounted(
    id: String,
    label: Signal<String>,
    handle: TiptapEditorHandle,
    uploads: Uploads,
    html: String,
    pictures: bool,
    on_change: Callback<()>,
    disabled: Signal<bool>,
) -> impl IntoView {
    let selection = RwSignal::new(TiptapSelectionState::default());
    // Open with what was there when it opened: whether some text was selected.
    let link_open = RwSignal::new(None::<bool>);
    let over = RwSignal::new(false);
    let name_it = {
        let id = id.clone();
        move || {
            // The library makes the editable element; it needs a role and a name of its own.
            let editable = by_id(&id).and_then(|host| host.query_selector("[contenteditable]").ok().flatten());
            if let Some(editable) = editable {
                let _ = editable.set_attribute("role", "textbox");
                let _ = editable.set_attribute("aria-multiline", "true");
                let _ = editable.set_attribute("aria-label", &label.get());
            }
        }
    };
    Effect::new(move |_| {
        if handle.is_ready() {
            name_it();
        }
    });
    let tiptap = use_tiptap_editor(UseTiptapEditorInput {
        handle: Some(handle),
        on_change: Some(on_change),
        on_selection_change: Some(Callback::new(move |state| selection.set(state))),
        disabled,
        // It would fail in silence.
        on_error: Some(Callback::new(|report: TiptapEditorReport| leptos::logging::error!("The editor: {report:?}"))),
        ..UseTiptapEditorInput::new(id.clone(), TiptapContent::html(html))
    });
    let attrs = tiptap.props.into_attrs();
    let insert = move |file: &Attachment| {
        // With a line after it: an image alone would stay selected, and the next key would replace it.
        let html = format!("<img src=\"{}\" alt=\"{}\"><p></p>", escape(&file.href()), escape(&file.name));
        let options = TiptapInsertContentOptions { update_selection: Some(true), ..TiptapInsertContentOptions::default() };
        let _ = handle.insert_content(TiptapContent::html(html), Some(options));
    };
    let take = move |files: Option<web_sys::FileList>| {
        for file in files_of(files) {
            if pictures && !PICTURES.contains(&file.type_().as_str()) {
                uploads.refuse(&file, Error::invalid("error_only_pictures"));
            } else if file.type_().starts_with("image/") {
                uploads.add(&file, move |kept| {
                    if kept.is_image() {
                        insert(kept);
                    }
                });
            } else {
                uploads.add(&file, |_| {});
            }
        }
    };
    let on_paste = move |event: ev::ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        let files = data.files().filter(|files| files.length() > 0);
        // A text copied from a word processor comes with a picture of itself: then the text is meant.
        let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
        if files.is_some() && !has_text && !disabled.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            take(files);
        }
    };
    let on_drop = move |event: ev::DragEvent| {
        over.set(false);
        let files = dropped(&event);
        if files.is_some() {
            event.prevent_default();
            event.stop_propagation();
            if !disabled.get_untracked() {
                take(files);
            }
        }
    };
    let bar = view! { <ToolBar id=id.clone() handle selection link_open uploads pictures disabled take=Callback::new(take) /> };
    let link_id = format!("{id}-link");
    view! {
        <div
            class="editor"
            class:editor-over=move || over.get()
            on:paste:capture=on_paste
            on:drop:capture=on_drop
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
        >
            <Show when=move || link_open.get().is_some()>
                <LinkBar id=link_id.clone() handle selection open=link_open />
            </Show>
            <div class="editor-text rich" {..attrs}></div>
            {bar}
        </div>
    }
    .into_any()
}

/// The tool bar. A button that is on tells so.
#[component]
fn ToolBar(
    id: String,
    handle: TiptapEditorHandle,
    selection: RwSignal<TiptapSelectionState>,
    link_open: RwSignal<Option<bool>>,
    uploads: Uploads,
    pictures: bool,
    disabled: Signal<bool>,
    take: Callback<Option<web_sys::FileList>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    let off = Signal::derive(move || disabled.get() || !handle.is_ready());
    let tool = move |icon: &'static str, label: &'static str, key: Option<TiptapActiveKey>, run: fn(TiptapEditorHandle)| {
        let pressed = key.map(|key| Signal::derive(move || selection.with(|state| state.is_active(key))));
        match pressed {
            Some(pressed) => {
                view! { <IconButton icon label pressed disabled=off on_click=Callback::new(move |_| run(handle)) /> }.into_any()
            }
            None => view! { <IconButton icon label disabled=off on_click=Callback::new(move |_| run(handle)) /> }.into_any(),
        }
    };
    let link_on = Signal::derive(move || selection.with(|state| state.is_active(TiptapActiveKey::Link)));
    let open_link = move |_| {
        let opens = link_open.get_untracked().is_none();
        link_open.set(opens.then(has_selected_text));
        if opens {
            let input = format!("{id}-link");
            request_animation_frame(move || focus(&input));
        }
    };
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            take.run(input.files());
            // The same file can be chosen again.
            input.set_value("");
        }
    };
    let attach = if pictures { t!(i18n, tickets_editor_picture) } else { t!(i18n, tickets_editor_attach) };
    let busy = move || uploads.is_busy().then(|| view! { <span class="spinner"></span> });
    view! {
        <div class="editor-tools" role="toolbar" aria-label=t!(i18n, tickets_editor_tools)>
            {tool("bold", t!(i18n, tickets_editor_bold), Some(TiptapActiveKey::Bold), |handle| drop(handle.toggle_bold()))}
            {tool("italic", t!(i18n, tickets_editor_italic), Some(TiptapActiveKey::Italic), |handle| drop(handle.toggle_italic()))}
            {tool("heading", t!(i18n, tickets_editor_heading), Some(TiptapActiveKey::H3), |handle| {
                drop(handle.toggle_heading(TiptapHeadingLevel::H3));
            })}
            {tool("list", t!(i18n, tickets_editor_bullets), Some(TiptapActiveKey::BulletList), |handle| drop(handle.toggle_bullet_list()))}
            {tool("list-ordered", t!(i18n, tickets_editor_numbers), Some(TiptapActiveKey::OrderedList), |handle| {
                drop(handle.toggle_ordered_list());
            })}
            {tool("quote", t!(i18n, tickets_editor_quote), Some(TiptapActiveKey::Blockquote), |handle| drop(handle.toggle_blockquote()))}
            {tool("code", t!(i18n, tickets_editor_code), None, |handle| drop(handle.toggle_code()))}
            {tool("code-block", t!(i18n, tickets_editor_code_block), None, |handle| drop(handle.toggle_code_block(None)))}
            <IconButton icon="link" label=t!(i18n, tickets_editor_link) pressed=link_on disabled=off on_click=Callback::new(open_link) />
            <IconButton icon="clip" label=attach disabled on_click=Callback::new(choose) />
            <input
                node_ref=input
                type="file"
                multiple
                class="sr-only"
                tabindex="-1"
                accept=pictures.then(|| PICTURES.join(","))
                aria-label=attach
                on:change=chosen
            />
            {busy}
        </div>
    }
    .into_any()
}

/// Where the address of a link is typed.
#[component]
fn LinkBar(
    id: String,
    handle: TiptapEditorHandle,
    selection: RwSignal<TiptapSelectionState>,
    open: RwSignal<Option<bool>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let address = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let linked = move || selection.with(|state| state.is_active(TiptapActiveKey::Link));
    let apply = move || {
        let Some(href) = safe_address(&address.get_untracked()) else { return wrong.set(true) };
        let text_chosen = open.get_untracked() == Some(true);
        open.set(None);
        let link = TiptapLinkResource { href: href.clone(), target: None, rel: None, class: None };
        if !text_chosen && !selection.with_untracked(|state| state.is_active(TiptapActiveKey::Link)) {
            let text = escape(&href);
            let _ = handle.insert_content(TiptapContent::html(format!("<a href=\"{text}\">{text}</a> ")), None);
            let _ = handle.focus();
        } else {
            let _ = handle.set_link(link);
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            event.stop_propagation();
            apply();
        }
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            open.set(None);
            let _ = handle.focus();
        }
        _ => {}
    };
    view! {
        <div class="editor-link">
            <input
                id=id
                type="url"
                class="input"
                placeholder="https://"
                aria-label=t!(i18n, tickets_editor_link_address)
                aria-invalid=move || wrong.get().then_some("true")
                prop:value=address
                on:input=move |event| {
                    wrong.set(false);
                    address.set(event_target_value(&event));
                }
                on:keydown=on_keydown
            />
            <Show when=move || wrong.get()>
                <p class="field-error" role="alert">{t!(i18n, tickets_editor_link_wrong)}</p>
            </Show>
            <button type="button" class="btn" on:click=move |_| apply()>
                <Icon name="check" />
                <span class="btn-text">{t!(i18n, tickets_editor_link_set)}</span>
            </button>
            <Show when=linked>
                <button
                    type="button"
                    class="btn"
                    on:click=move |_| {
                        let _ = handle.unset_link();
                        open.set(None);
                    }
                >
                    <span class="btn-text">{t!(i18n, tickets_editor_link_remove)}</span>
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// The address of a link as it may stand in a message: web and mail only; what has no scheme is taken for a web address.
fn safe_address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let lower = text.to_lowercase();
    if ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Some(text.to_owned());
    }
    // A colon before the first slash is some other scheme.
    let head = text.split('/').next().unwrap_or_default();
    (!head.contains(':') && head.contains('.')).then(|| format!("https://{text}"))
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Whether some text is selected in the document.
fn has_selected_text() -> bool {
    window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_become_links() {
        assert_eq!(safe_address(" https://example.org/a?b ").as_deref(), Some("https://example.org/a?b"));
        assert_eq!(safe_address("example.org/a").as_deref(), Some("https://example.org/a"));
        assert_eq!(safe_address("mailto:ana@example.org").as_deref(), Some("mailto:ana@example.org"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "", "two words", "localhost", "JaVaScRiPt:x"] {
            assert_eq!(safe_address(bad), None, "{bad}");
        }
    }
}
