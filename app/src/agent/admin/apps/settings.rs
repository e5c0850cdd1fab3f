//! The settings of a customer app. Nothing changes for customers before they are saved, and then all of it at once.

use super::{
    looks::{Looks, LooksInput},
    name_of, path_of,
    properties::{Properties, complete},
    types::{Types, TypesInput},
};
use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::use_i18n,
    state::{load, use_session},
    t,
    ui::{
        Banner, Button, Checkbox, ErrorState, LinkButton, Look, PageTitle, Select, Skeleton, TextField, Tone, field_error,
        use_toasts,
    },
};
use domain::{
    ErrorCode,
    id::PortalId,
    limits,
    portal::{
        app::{AppSettings, CustomerApp},
        rules::{Colleagues, PortalFilter, PortalMay, PortalRules},
    },
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// The screen.
#[component]
pub fn AppPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("app").and_then(|id| id.parse::<PortalId>().ok()));
    let app = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::apps::app(id).await,
                None => Err(ApiError::from(domain::Error::not_found())),
            }
        },
    );
    let again = Callback::new(move |()| app.refetch());
    view! {
        <div class="page">
            <Suspense fallback=|| view! { <Skeleton lines=12 /> }>
                {move || Suspend::new(async move {
                    match app.await {
                        Ok(app) => view! { <Settings app again /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=again /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Settings(app: CustomerApp, again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let (workspace, brand) = session.workspace.with_untracked(|workspace| (workspace.name.clone(), workspace.colour.clone()));
    let types = session.catalog.with_untracked(|catalog| catalog.types.clone());
    let kept = RwSignal::new(app.clone());
    let CustomerApp { id, rules, look, .. } = app.clone();
    let name = RwSignal::new(app.name.clone());
    let slug = RwSignal::new(app.slug.clone());
    let enabled = RwSignal::new(app.enabled);
    let theirs = RwSignal::new(rules.theirs);
    let of_projects = RwSignal::new(rules.of_projects);
    let colleagues = RwSignal::new(rules.colleagues.key().to_owned());
    let shown = Types::of(rules.shown.as_ref(), &types);
    let creatable = Types::of(rules.creatable.as_ref(), &types);
    let [create, reply, attach, close] =
        [rules.may.create, rules.may.reply, rules.may.attach, rules.may.close].map(RwSignal::new);
    let filters = PortalFilter::ALL.map(|filter| (filter, RwSignal::new(rules.filters.contains(&filter))));
    let properties = RwSignal::new(complete(rules.properties));
    let looks = Looks::of(&look, &brand);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let settings = {
        let (shown, creatable, looks) = (shown.clone(), creatable.clone(), looks.clone());
        move || AppSettings {
            name: name.get(),
            slug: slug.get(),
            enabled: enabled.get(),
            rules: PortalRules {
                theirs: theirs.get(),
                of_projects: of_projects.get(),
                colleagues: colleagues.with(|key| Colleagues::from_key(key)).unwrap_or_default(),
                shown: shown.rule(),
                creatable: creatable.rule(),
                properties: properties.get(),
                filters: filters.iter().filter(|(_, offered)| offered.get()).map(|(filter, _)| *filter).collect(),
                may: PortalMay { create: create.get(), reply: reply.get(), attach: attach.get(), close: close.get() },
            },
            look: looks.look(),
        }
    };
    // What is kept may leave out what is hidden anyway.
    let before = StoredValue::new(untrack(&settings));
    let changed = {
        let settings = settings.clone();
        Memo::new(move |_| {
            kept.track();
            let now = settings();
            before.with_value(|before| *before != now)
        })
    };
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let settings = untrack(&settings);
        let version = kept.with_untracked(|app| app.version);
        spawn_local(async move {
            match api::apps::change(id, version, settings.clone()).await {
                Ok(app) => {
                    before.set_value(settings);
                    kept.set(app);
                    toasts.success(t!(i18n, apps_saved));
                    session.refresh();
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let conflict = move || error.with(|error| error.as_ref().is_some_and(|error| error.code() == ErrorCode::Conflict));
    let title = move || kept.with(|app| name_of(app, &workspace));
    let path = move || kept.with(path_of);
    let of_rule = move |field: &'static str| field_error(plain, field);
    let wrong_properties = move || {
        error.with(|error| {
            let fields = error.iter().flat_map(|error| &error.0.fields);
            let wrong = fields.filter(|field| field.field.starts_with("properties.") || field.field == "types");
            wrong.map(|field| i18n.field_error(&error.as_ref().map(|error| error.0.clone())?, &field.field)).next().flatten()
        })
    };
    let filter_name = move |filter: PortalFilter| super::property_name(i18n, filter.property());
    let filter_boxes = filters.map(|(filter, offered)| {
        let id = format!("app-filter-{}", filter.property().key());
        view! { <Checkbox id=id.clone() name=id label=filter_name(filter) checked=offered /> }
    });
    view! {
        <PageTitle text=title.clone() />
        <div class="page-head">
            <h1 class="page-title">{title}</h1>
            <Show when=move || kept.with(|app| app.enabled)>
                <a class="link" href=path rel="external" target="_blank">{path}</a>
            </Show>
            <LinkButton href="/desk/admin/apps">{t!(i18n, apps_all)}</LinkButton>
        </div>
        <form class="form app-form" on:submit=save>
            {move || error.get().map(|error| view! {
                <Banner tone=Tone::Danger>
                    {i18n.error(&error.0)}
                    {conflict().then(|| view! { " " <Button on_click=Callback::new(move |_| again.run(()))>{t!(i18n, apps_load_again)}</Button> })}
                </Banner>
            })}
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_general)}</legend>
                <TextField id="app-name" name="name" label=t!(i18n, people_name) value=name maxlength=limits::NAME help=t!(i18n, apps_name_help) error=of_rule("name") />
                <TextField id="app-slug" name="slug" label=t!(i18n, apps_slug) value=slug required=true maxlength=limits::SLUG help=t!(i18n, apps_slug_help) error=of_rule("slug") />
                <Checkbox id="app-enabled" name="enabled" label=t!(i18n, apps_enabled) help=t!(i18n, apps_enabled_help) checked=enabled />
            </fieldset>
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_sees)}</legend>
                <Checkbox id="app-theirs" name="theirs" label=t!(i18n, apps_theirs) help=t!(i18n, apps_theirs_help) checked=theirs />
                <Checkbox id="app-projects" name="of_projects" label=t!(i18n, apps_of_projects) help=t!(i18n, apps_of_projects_help) checked=of_projects />
                <Show when=move || !(theirs.get() || of_projects.get())>
                    <p class="field-error">{t!(i18n, error_portal_shows_nothing)}</p>
                </Show>
                <Select
                    id="app-colleagues"
                    name="colleagues"
                    label=t!(i18n, apps_colleagues)
                    value=colleagues
                    options=vec![
                        (Colleagues::Everyone.key().to_owned(), t!(i18n, apps_colleagues_everyone).to_owned()),
                        (Colleagues::MainContacts.key().to_owned(), t!(i18n, apps_colleagues_main).to_owned()),
                    ]
                    help=t!(i18n, apps_colleagues_help)
                    disabled=Signal::derive(move || !theirs.get())
                />
            </fieldset>
            <TypesInput id="app-shown" label=t!(i18n, apps_types_shown) types=shown />
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_may)}</legend>
                <Checkbox id="app-create" name="create" label=t!(i18n, apps_may_create) checked=create />
                <Checkbox id="app-reply" name="reply" label=t!(i18n, apps_may_reply) checked=reply />
                <Checkbox id="app-attach" name="attach" label=t!(i18n, apps_may_attach) checked=attach />
                <Checkbox id="app-close" name="close" label=t!(i18n, apps_may_close) checked=close />
            </fieldset>
            <Show when=move || create.get()>
                <TypesInput id="app-creatable" label=t!(i18n, apps_types_created) types=creatable.clone() />
            </Show>
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_properties)}</legend>
                {move || wrong_properties().map(|wrong| view! { <p class="field-error">{wrong}</p> })}
                <Properties rules=properties types />
            </fieldset>
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_filters)}</legend>
                <p class="muted">{t!(i18n, apps_filters_help)}</p>
                <div class="app-types">{filter_boxes.into_iter().collect_view()}</div>
            </fieldset>
            <fieldset class="app-set">
                <legend>{t!(i18n, apps_looks)}</legend>
                <LooksInput looks plain error />
            </fieldset>
            <div class="app-save">
                <Button look=Look::Primary submit=true busy disabled=Signal::derive(move || !changed.get())>{t!(i18n, save)}</Button>
                <span class="muted" role="status">{move || if changed.get() { t!(i18n, apps_unsaved) } else { "" }}</span>
            </div>
        </form>
    }
}
