//! The workspace: name, logo, colour, language, the rule for organizations, the address of the portal.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError, upload_file},
    i18n::use_i18n,
    state::{load, use_session},
    t,
    ui::{Banner, Button, Checkbox, ErrorState, Look, PageTitle, Select, Skeleton, TextField, Tone, field_error, use_toasts},
};
use domain::{
    file::PICTURES,
    id::FileId,
    language::Language,
    limits,
    patch::Patch,
    workspace::{Workspace, WorkspacePatch},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// The screen.
#[component]
pub fn WorkspacePage() -> impl IntoView {
    let workspace = load(|| (), |()| api::admin::workspace());
    let i18n = use_i18n();
    view! {
        <PageTitle text=t!(i18n, admin_workspace) />
        <div class="page">
            <div class="page-narrow">
                <div class="page-head"><h1 class="page-title">{t!(i18n, admin_workspace)}</h1></div>
                <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                    {move || Suspend::new(async move {
                        match workspace.await {
                            Ok(workspace) => view! { <Form workspace /> }.into_any(),
                            Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| workspace.refetch()) /> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </div>
    }
}

#[component]
fn Form(workspace: Workspace) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let name = RwSignal::new(workspace.name.clone());
    let colour = RwSignal::new(workspace.colour.clone());
    let logo = RwSignal::new(workspace.logo);
    let language = RwSignal::new(workspace.language.tag().to_owned());
    let automatic = RwSignal::new(workspace.auto_organizations);
    let portal = format!("/p/{}", workspace.portal_slug);
    let address = portal.clone();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let languages: Vec<_> = Language::ALL.iter().map(|l| (l.tag().to_owned(), l.name().to_owned())).collect();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let patch = WorkspacePatch {
            name: Patch::Set(name.get_untracked()),
            colour: Patch::Set(colour.get_untracked()),
            logo: Patch::Set(logo.get_untracked()),
            language: Patch::Set(Language::from_tag(&language.get_untracked()).unwrap_or_default()),
            auto_organizations: Patch::Set(automatic.get_untracked()),
        };
        spawn_local(async move {
            match api::admin::change_workspace(patch).await {
                Ok(_) => {
                    toasts.success(t!(i18n, saved));
                    session.refresh();
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <TextField id="workspace-name" name="name" label=t!(i18n, admin_workspace_name) value=name required=true maxlength=limits::NAME error=field_error(plain, "name") />
            <Logo logo error=field_error(plain, "logo") />
            <TextField id="workspace-colour" name="colour" label=t!(i18n, admin_colour) kind="color" value=colour help=t!(i18n, admin_colour_help) error=field_error(plain, "colour") />
            <Select id="workspace-language" name="language" label=t!(i18n, admin_language) value=language options=languages help=t!(i18n, admin_language_help) />
            <Checkbox id="workspace-automatic" name="auto_organizations" label=t!(i18n, admin_automatic) help=t!(i18n, admin_automatic_help) checked=automatic />
            <p>
                {t!(i18n, admin_portal)}
                " "
                <a class="link" href=portal rel="external" target="_blank">{address}</a>
            </p>
            <div class="form-actions"><Button look=Look::Primary submit=true busy>{t!(i18n, save)}</Button></div>
        </form>
    }
}

/// The logo: shown as it is, replaced by a chosen file, taken away.
#[component]
fn Logo(logo: RwSignal<Option<FileId>>, error: Signal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let error = Signal::derive(move || wrong.get().or_else(|| error.get()));
    let chosen = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        busy.set(true);
        wrong.set(None);
        spawn_local(async move {
            match upload_file(&file).await {
                // The server looks at what is in the file, whatever it is called.
                Ok(uploaded) if !uploaded.is_image() => wrong.set(Some(t!(i18n, error_logo_type).to_owned())),
                Ok(uploaded) => logo.set(Some(uploaded.id)),
                Err(failed) => wrong.set(Some(i18n.error_at_once(&failed.0))),
            }
            busy.set(false);
            input.set_value("");
        });
    };
    view! {
        <div class="field">
            <label class="field-label" for="workspace-logo">{t!(i18n, admin_logo)}</label>
            <div class="admin-logo">
                {move || logo.get().map(|id| view! {
                    <img src=format!("/files/{id}/logo") alt=t!(i18n, admin_logo_now) />
                    <Button on_click=Callback::new(move |_| logo.set(None))>{t!(i18n, remove)}</Button>
                })}
                <input id="workspace-logo" type="file" accept=PICTURES.join(",") disabled=busy on:change=chosen aria-describedby="workspace-logo-note" />
            </div>
            <p id="workspace-logo-note" class="field-note" class:field-error=move || error.with(Option::is_some)>
                {move || error.get().unwrap_or_else(|| t!(i18n, admin_logo_help).to_owned())}
            </p>
        </div>
    }
}
