//! A new request: what it is about, what happened, files.

use super::{
    files::FileInput,
    frame::use_portal,
    parts::{ErrorPage, FormError, impact_name, property_name, stars_name},
};
use crate::{
    api::{form_error, form_key, portal as forms, typed},
    i18n::use_i18n,
    state::load,
    t,
    ui::{PageTitle, textarea_html},
};
use domain::{
    item::{Impact, PRIORITY_MAX},
    limits,
    portal::{PortalForm, rules::Property},
};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use server_fn::ServerFn;
use wasm_bindgen::JsCast;

/// The page for a new request.
#[component]
pub fn Create() -> impl IntoView {
    let i18n = use_i18n();
    let slug = use_portal().slug;
    let asked = load(move || slug.get(), forms::form);
    view! {
        <PageTitle text=t!(i18n, portal_new_request)/>
        <Suspense>
            {move || Suspend::new(async move {
                match asked.await {
                    Ok(asked) => view! { <NewRequest asked/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn NewRequest(asked: PortalForm) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let error = RwSignal::new(form_error::<forms::CreateForm>());
    let typed = typed::<forms::CreateForm>();
    let first = asked.types.first().map(|of| of.kind.id.to_string()).unwrap_or_default();
    let chosen = RwSignal::new(Some(typed.text("type_id")).filter(|typed| !typed.is_empty()).unwrap_or(first));
    let types = StoredValue::new(asked.types.clone());
    // What is asked of the chosen type. Where nothing runs in the browser, everything is there that is asked of any.
    let asks = move |property: Property| {
        types.with_value(|types| {
            let of = types.iter().find(|of| chosen.with(|chosen| of.kind.id.to_string() == *chosen));
            of.and_then(|of| of.asks.iter().find(|(asked, _)| *asked == property).map(|(_, required)| *required))
        })
    };
    let awake = RwSignal::new(false);
    Effect::new(move || awake.set(true));
    // Absent, and not sent, while another type is chosen.
    let off = move |property| awake.get() && asks(property).is_none();
    let needed = move |property| awake.get() && asks(property) == Some(true);
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
    // In the order of the portal, as the first type that asks for them has it.
    let mut order: Vec<Property> = Vec::new();
    for (property, _) in asked.types.iter().flat_map(|of| of.asks.iter()) {
        if !order.contains(property) {
            order.push(*property);
        }
    }
    let texts = typed.clone();
    let field = move |property: Property| {
        let name = match property {
            Property::Description => "body",
            other => other.key(),
        };
        let id = format!("new-{name}");
        let error_id = format!("{id}-error");
        let text = texts.text(name);
        let control = match property {
            Property::Title => view! {
                <input id=id.clone() name=name value=text required maxlength=limits::TITLE.to_string() aria-describedby=error_id.clone()/>
            }
            .into_any(),
            Property::Description => view! {
                <textarea
                    id=id.clone()
                    name=name
                    rows="8"
                    required=move || needed(property)
                    disabled=move || off(property)
                    aria-describedby=format!("{error_id} new-body-help")
                    inner_html=textarea_html(&text)
                ></textarea>
                <p class="form-help" id="new-body-help">{t!(i18n, portal_body_help)}</p>
            }
            .into_any(),
            Property::Priority | Property::Impact => {
                let values: Vec<(String, String)> = if property == Property::Priority {
                    (1..=PRIORITY_MAX).rev().map(|stars| (stars.to_string(), stars_name(i18n, stars))).collect()
                } else {
                    let impacts = Impact::ALL.into_iter().filter(|impact| *impact != Impact::None);
                    impacts.map(|impact| (impact.key().to_owned(), impact_name(i18n, impact).to_owned())).collect()
                };
                let option = move |(value, name): (String, String)| {
                    let selected = value == text;
                    view! { <option value=value selected=selected>{name}</option> }
                };
                view! {
                    <select id=id.clone() name=name required=move || needed(property) disabled=move || off(property) aria-describedby=error_id.clone()>
                        <option value="">{t!(i18n, portal_not_said)}</option>
                        {values.into_iter().map(option).collect_view()}
                    </select>
                }
                .into_any()
            }
            _ => view! {
                <input
                    id=id.clone()
                    name=name
                    value=text
                    maxlength=limits::NAME.to_string()
                    required=move || needed(property)
                    disabled=move || off(property)
                    aria-describedby=error_id.clone()
                />
            }
            .into_any(),
        };
        let marked = move || asks(property) == Some(true);
        view! {
            <div class="form-field" hidden=move || off(property)>
                <label for=id>
                    {property_name(i18n, property)}
                    <span class="form-needed" hidden=move || !marked()>" *"</span>
                </label>
                {control}
                <p class="form-wrong" id=error_id>{move || wrong(name)}</p>
            </div>
        }
        .into_any()
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
                {(asked.types.len() > 1).then(|| view! {
                    <div class="form-field">
                        <label for="new-type">{t!(i18n, portal_type)}</label>
                        <select id="new-type" name="type_id" on:change=move |event| chosen.set(event_target_value(&event))>
                            {asked
                                .types
                                .iter()
                                .map(|of| {
                                    let id = of.kind.id.to_string();
                                    let selected = chosen.with_untracked(|chosen| *chosen == id);
                                    view! { <option value=id selected=selected>{i18n.ticket_type(&of.kind)}</option> }
                                })
                                .collect_view()}
                        </select>
                        <p class="form-wrong">{move || wrong("type")}</p>
                    </div>
                })}
                {order.into_iter().map(field).collect_view()}
                {asked.attach.then(|| view! {
                    <FileInput chosen=RwSignal::new(Vec::new()) again=typed.files wrong=Signal::derive(move || wrong("files"))/>
                })}
                <button type="submit" class="portal-button" aria-disabled=move || sending.get().then_some("true")>
                    {move || if sending.get() { t!(i18n, portal_sending) } else { t!(i18n, portal_send_request) }}
                </button>
            </form>
        </section>
    }
    .into_any()
}
