//! What several pages of the portal share: fields of forms, errors, the status of a ticket, files, a message.

use super::{files::FileList, frame::use_portal};
use crate::{
    api::ApiError,
    i18n::{I18n, Moment, MomentStyle, use_i18n},
    t,
};
use domain::{
    ErrorCode, actor::Party, conversation::Message, file::Attachment, item::Impact, portal::rules::Property, time::Timestamp,
    types::Status,
};
use leptos::prelude::*;

/// What a form says above its fields when it failed.
#[component]
pub fn FormError(
    /// Why it failed; nothing is shown if it did not.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
    /// Whether no field of the form says what is wrong with it.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let say = move |error: &ApiError| if alone { i18n.error_at_once(&error.0) } else { i18n.error(&error.0) };
    let text = move || error.read().as_ref().map(say).unwrap_or_default();
    view! { <p class="form-error" role="alert" hidden=move || error.read().is_none()>{text}</p> }.into_any()
}

/// The hidden field with the slug of the portal that every form has.
#[component]
pub fn PortalField() -> impl IntoView {
    view! { <input type="hidden" name="form[portal]" value=use_portal().slug.get_untracked()/> }
}

/// A labelled input of a plain form.
#[component]
pub fn Input(
    /// Name in the form's type.
    name: &'static str,
    /// What people read.
    label: &'static str,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// `autocomplete` token, so that browsers and password managers help.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Shortest text.
    #[prop(optional)]
    min: Option<usize>,
    /// Longest text.
    #[prop(default = domain::limits::LINE)]
    max: usize,
    /// A sentence of help.
    #[prop(optional)]
    help: Option<String>,
    /// Why the form failed.
    #[prop(optional)]
    error: Option<ApiError>,
) -> impl IntoView {
    let i18n = use_i18n();
    let wrong = error.and_then(|error| i18n.field_error(&error.0, name));
    let id = format!("field-{name}");
    let help_id = format!("help-{name}");
    let error_id = format!("error-{name}");
    let described = match (help.is_some(), wrong.is_some()) {
        (true, true) => Some(format!("{help_id} {error_id}")),
        (true, false) => Some(help_id.clone()),
        (false, true) => Some(error_id.clone()),
        (false, false) => None,
    };
    view! {
        <div class="form-field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=format!("form[{name}]")
                type=kind
                value=value
                autocomplete=autocomplete
                required=!optional
                minlength=min.map(|min| min.to_string())
                maxlength=max.to_string()
                aria-invalid=wrong.is_some().then_some("true")
                aria-describedby=described
            />
            {help.map(|help| view! { <p class="form-help" id=help_id>{help}</p> })}
            {wrong.map(|wrong| view! { <p class="form-wrong" id=error_id>{wrong}</p> })}
        </div>
    }
    .into_any()
}

/// How many stars, in words.
pub fn stars_name(i18n: I18n, stars: u8) -> String {
    match stars {
        0 => t!(i18n, stars_none).to_owned(),
        stars => crate::plural!(i18n, stars, i64::from(stars)),
    }
}

/// How many people something touches, in words.
pub fn impact_name(i18n: I18n, impact: Impact) -> &'static str {
    match impact {
        Impact::None => t!(i18n, portal_impact_none),
        Impact::Minor => t!(i18n, portal_impact_minor),
        Impact::Major => t!(i18n, portal_impact_major),
        Impact::Crisis => t!(i18n, portal_impact_crisis),
    }
}

/// What customers read for a property of a ticket.
pub fn property_name(i18n: I18n, property: Property) -> &'static str {
    match property {
        Property::Title => t!(i18n, portal_title),
        Property::Description => t!(i18n, portal_body),
        Property::Status => t!(i18n, status),
        Property::Type => t!(i18n, portal_type),
        Property::Priority => t!(i18n, priority),
        Property::Assignee => t!(i18n, portal_assignee),
        Property::Requester => t!(i18n, portal_requester),
        Property::Impact => t!(i18n, portal_impact),
        Property::Product => t!(i18n, portal_product),
        Property::Created => t!(i18n, portal_created),
        Property::Updated => t!(i18n, portal_updated),
    }
}

/// A status: a dot of its colour and its name.
#[component]
pub fn StatusName(
    /// The status.
    status: Status,
) -> impl IntoView {
    let i18n = use_i18n();
    let colour = if domain::text::is_colour(&status.colour) { status.colour.clone() } else { "#888888".to_owned() };
    view! {
        <span class="portal-status">
            <svg class="portal-dot" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill=colour/></svg>
            {i18n.status(&status)}
        </span>
    }
    .into_any()
}

/// One entry of the conversation.
#[component]
pub fn Entry(
    /// Who wrote it.
    name: String,
    /// Whether the team wrote it.
    team: bool,
    /// When.
    at: Timestamp,
    /// Clean HTML.
    html: String,
    /// Its files.
    files: Vec<Attachment>,
) -> impl IntoView {
    let i18n = use_i18n();
    let initials = domain::text::initials(&name);
    view! {
        <li class="portal-entry" class:portal-entry-team=team>
            <div class="portal-entry-head">
                <span class="portal-avatar" aria-hidden="true">{initials}</span>
                <strong>{name}</strong>
                {team.then(|| view! { <span class="portal-team">{t!(i18n, portal_team)}</span> })}
                <Moment at style=MomentStyle::Full/>
            </div>
            <div class="rich" inner_html=html></div>
            <FileList files/>
        </li>
    }
    .into_any()
}

/// A message of the conversation.
#[component]
pub fn MessageEntry(
    /// The message.
    message: Message,
) -> impl IntoView {
    let team = !matches!(message.author, Party::Customer(_));
    view! { <Entry name=message.author_name team at=message.created_at html=message.html files=message.files/> }
}

/// A page that cannot be shown: why, and where to go from here.
#[component]
pub fn ErrorPage(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let title = match error.code() {
        ErrorCode::NotFound => t!(i18n, portal_not_found),
        _ => t!(i18n, state_error_title),
    };
    let signed_out = error.code() == ErrorCode::Unauthenticated;
    view! {
        <section class="portal-state">
            <h1>{title}</h1>
            <p>{i18n.error(&error.0)}</p>
            {if signed_out {
                view! { <a class="portal-button" href=portal.href("/sign-in")>{t!(i18n, sign_in)}</a> }
            } else {
                view! { <a class="portal-button" href=portal.href("")>{t!(i18n, portal_to_my_requests)}</a> }
            }}
        </section>
    }
}
