//! The files of a message that is being written: name, progress, a way to take each out again.

use super::upload::{Upload, UploadState, Uploads};
use crate::{
    i18n::use_i18n,
    t,
    ui::{Icon, IconButton, Progress},
};
use leptos::prelude::*;

/// The files of one form.
#[component]
pub fn UploadList(
    /// The files.
    uploads: Uploads,
) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |upload: Upload| {
        let key = upload.key;
        let label = t!(i18n, remove_named, name = upload.name);
        let name = upload.name.clone();
        let state = upload.state;
        let shown = move || match state.get() {
            UploadState::Sending(percent) => {
                let done = f64::from(percent);
                let label = t!(i18n, tickets_upload_progress, name = name);
                view! { <Progress value=done max=100.0 label /> }.into_any()
            }
            UploadState::Kept(file) => view! { <span class="upload-size">{i18n.bytes(file.size)}</span> }.into_any(),
            UploadState::Failed(error) => {
                view! { <span class="upload-error" role="alert">{i18n.error_at_once(&error)}</span> }.into_any()
            }
        };
        view! {
            <li class="upload">
                <Icon name="clip" />
                <span class="truncate">{upload.name}</span>
                {shown}
                <IconButton icon="close" label on_click=Callback::new(move |_| uploads.remove(key)) />
            </li>
        }
    };
    view! {
        <Show when=move || !uploads.is_empty()>
            <ul class="uploads">
                <For each=move || uploads.list.get() key=|upload| upload.key children=row />
            </ul>
        </Show>
    }
    .into_any()
}
