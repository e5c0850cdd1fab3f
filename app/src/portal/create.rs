//! A new request: what it is about, what happened, files.

use super::{
    files::FileInput,
    frame::use_portal,
    parts::{ErrorPage, FormError},
};
use crate::{
    api::{form_error, form_key, portal as forms, typed},
    i18n::use_i18n,
    state::load,
    t,
    ui::{PageTitle, textarea_html},
};
use domain::portal::PortalTypes;
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use server_fn::ServerFn;
use wasm_bindgen::JsCast;

/// The page for a new request.
#[component]
pub fn Create() -> impl IntoView {
    let i18n = use_i18n();
    let types = load(|| (), |()| forms::types());
    view! {
        <PageTitle text=t!(i18n, portal_new_request)/>
        <Suspense>
            {move || Suspend::new(async move {
                match types.await {
                    Ok(types) => view! { <NewRequest types/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn NewRequest(types: PortalTypes) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let error = RwSignal::new(form_error::<forms::CreateForm>());
    let typed = typed::<forms::CreateForm>();
    let chosen_type = typed.text("type_id");
    let sending = RwSignal::new(false);
    let form = NodeRef::<html::Form>::new();
    let navigate = use_navigate();
    let wrong =
        move |field: &'static str| error.read().as_ref().and_then(|error| i18n.field_error(&error.0, field)).unwrap_or_default();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        let Some(element) = form.get_untracked() else { return };
        let Ok(data) = web_sys::FormData::new_with_form(element.unchecked_ref()) else { return };
        sending.set(true);
        error.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            match forms::create_form(data.into()).await {
                Ok(number) => navigate(&portal.href(&format!("/tickets/{number}")), leptos_router::NavigateOptions::default()),
                Err(failed) => {
                    error.set(Some(failed));
                    sending.set(false);
                }
            }
        });
    };
    view! {
        <section class="portal-card portal-card-wide">
            <h1>{t!(i18n, portal_new_request)}</h1>
            <form
                node_ref=form
                method="post"
                action=forms::CreateForm::PATH
                enctype="multipart/form-data"
                class="portal-form"
                on:submit=send
            >
                <FormError error/>
                <input type="hidden" name="portal" value=portal.slug.get_untracked()/>
                <input type="hidden" name="idempotency_key" value=form_key()/>
                <div class="form-field">
                    <label for="new-type">{t!(i18n, portal_type)}</label>
                    <select id="new-type" name="type_id">
                        {types
                            .into_iter()
                            .map(|kind| {
                                let id = kind.id.to_string();
                                let selected = id == chosen_type;
                                view! { <option value=id selected=selected>{i18n.ticket_type(&kind)}</option> }
                            })
                            .collect_view()}
                    </select>
                </div>
                <div class="form-field">
                    <label for="new-title">{t!(i18n, portal_title)}</label>
                    <input id="new-title" name="title" value=typed.text("title") required aria-describedby="new-title-error"/>
                    <p class="form-wrong" id="new-title-error">{move || wrong("title")}</p>
                </div>
                <div class="form-field">
                    <label for="new-body">{t!(i18n, portal_body)}</label>
                    <textarea
                        id="new-body"
                        name="body"
                        rows="8"
                        required
                        aria-describedby="new-body-error new-body-help"
                        inner_html=textarea_html(&typed.text("body"))
                    ></textarea>
                    <p class="form-wrong" id="new-body-error">{move || wrong("body")}</p>
                    <p class="form-help" id="new-body-help">{t!(i18n, portal_body_help)}</p>
                </div>
                <FileInput chosen=RwSignal::new(Vec::new()) again=typed.files wrong=Signal::derive(move || wrong("files"))/>
                <button type="submit" class="portal-button" aria-disabled=move || sending.get().then_some("true")>
                    {move || if sending.get() { t!(i18n, portal_sending) } else { t!(i18n, portal_send_request) }}
                </button>
            </form>
        </section>
    }
    .into_any()
}
