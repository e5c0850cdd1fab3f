//! Files in the portal: choosing them in a form, showing those of a message.

use crate::{i18n::use_i18n, t, ui::files_of};
use domain::{file::Attachment, limits};
use leptos::prelude::*;

/// A file that is chosen and not sent yet: its name and its size in bytes.
type Chosen = (String, i64);

/// The files of one form: what may be chosen, what is, and what is wrong with it.
#[component]
pub fn FileInput(
    /// What is chosen; whoever empties the form empties it, too.
    chosen: RwSignal<Vec<Chosen>>,
    /// Whether files were chosen before the form came back: no browser takes a file back from a page.
    again: bool,
    /// What the server found wrong; empty if nothing.
    #[prop(optional, into)]
    wrong: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let megabytes = limits::FILE / (1024 * 1024);
    // What is wrong with what is chosen; the browser says it, too, but only when the form is sent.
    let refused = RwSignal::new(String::new());
    let change = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        #[allow(clippy::cast_possible_truncation)]
        let files: Vec<Chosen> = files_of(input.files()).iter().map(|file| (file.name(), file.size() as i64)).collect();
        let text = if files.iter().any(|(_, size)| is_too_large(*size)) {
            t!(i18n, error_file_too_large, megabytes = megabytes)
        } else if files.iter().any(|(_, size)| *size == 0) {
            t!(i18n, error_file_empty).to_owned()
        } else if files.len() > limits::FILES {
            t!(i18n, error_too_many_files).to_owned()
        } else {
            String::new()
        };
        // The browser does not send a form with such an input, and says why.
        input.set_custom_validity(&text);
        refused.set(text);
        chosen.set(files);
    };
    let row = move |(name, size): Chosen| {
        let bad = is_too_large(size) || size == 0;
        view! { <li class:form-wrong=bad><span class="portal-file-name">{name}</span><small>{i18n.bytes(size)}</small></li> }
    };
    view! {
        <div class="portal-file-input">
            {again.then(|| view! { <p class="form-wrong">{t!(i18n, portal_files_again)}</p> })}
            <label for="files">{t!(i18n, portal_attach)}</label>
            <input id="files" type="file" name="files" multiple aria-describedby="files-help files-error" on:change=change/>
            <p class="form-help" id="files-help">{t!(i18n, portal_files_limit, count = limits::FILES, megabytes = megabytes)}</p>
            <p class="form-wrong" id="files-error">{move || refused.with(|text| if text.is_empty() { wrong.get() } else { text.clone() })}</p>
            <ul class="portal-chosen" aria-label=t!(i18n, portal_files)>
                {move || {
                    let files = chosen.get();
                    if files.is_empty() {
                        refused.set(String::new());
                    }
                    files.into_iter().map(row).collect_view()
                }}
            </ul>
        </div>
    }
    .into_any()
}

fn is_too_large(size: i64) -> bool {
    u64::try_from(size).is_ok_and(|size| size > limits::FILE)
}

/// The files of a message: pictures as thumbnails, others by name and size.
#[component]
pub fn FileList(
    /// The files.
    files: Vec<Attachment>,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |file: Attachment| {
        let href = file.href();
        let picture = file.is_image().then(|| view! { <img src=href.clone() alt="" loading="lazy"/> });
        view! {
            <li>
                <a href=href rel="external" target="_blank">
                    {picture}
                    <span class="portal-file-name">{file.name.clone()}</span>
                    <small>{i18n.bytes(file.size)}</small>
                </a>
            </li>
        }
    };
    (!files.is_empty()).then(|| {
        view! { <ul class="portal-files" aria-label=t!(i18n, portal_files)>{files.into_iter().map(row).collect_view()}</ul> }
    })
}
