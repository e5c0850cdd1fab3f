//! All customer apps: where they are, whether they are on; making and deleting them.

use super::{name_of, path_of};
use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::{I18n, use_i18n},
    state::{load, use_session},
    t,
    ui::{
        Banner, Button, ConfirmDialog, Dialog, ErrorState, IconButton, LinkButton, Look, PageTitle, Skeleton, TextField, Tone,
        field_error, use_toasts,
    },
};
use domain::{
    limits,
    portal::app::{AppKind, CustomerApp, NewApp},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// The screen.
#[component]
pub fn Apps() -> impl IntoView {
    let i18n = use_i18n();
    let apps = load(|| (), |()| api::apps::list());
    let open = RwSignal::new(false);
    let gone = Callback::new(move |()| apps.refetch());
    view! {
        <PageTitle text=t!(i18n, apps_title) />
        <div class="page">
            <div class="page-head">
                <h1 class="page-title">{t!(i18n, apps_title)}</h1>
                <Button look=Look::Primary icon="plus" on_click=Callback::new(move |_| open.set(true))>{t!(i18n, apps_new)}</Button>
            </div>
            <p class="muted">{t!(i18n, apps_lead)}</p>
            <Suspense fallback=|| view! { <Skeleton lines=4 /> }>
                {move || Suspend::new(async move {
                    match apps.await {
                        Ok(apps) => view! {
                            <ul class="admin-list">{apps.into_iter().map(|app| view! { <Row app gone /> }).collect_view()}</ul>
                        }
                        .into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=gone /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
        <Dialog open title=Signal::derive(move || t!(i18n, apps_new).to_owned())>{|| view! { <Create /> }}</Dialog>
    }
}

/// What kind of app it is.
fn kind_name(i18n: I18n, kind: AppKind) -> &'static str {
    match kind {
        AppKind::TicketPortal => t!(i18n, apps_ticket_portal),
    }
}

#[component]
fn Row(app: CustomerApp, gone: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let asking = RwSignal::new(false);
    let name = session.workspace.with_untracked(|workspace| name_of(&app, &workspace.name));
    let (id, path) = (app.id, path_of(&app));
    let copied = path.clone();
    let copy = Callback::new(move |_| {
        let origin = window().location().origin().unwrap_or_default();
        let done = window().navigator().clipboard().write_text(&format!("{origin}{copied}"));
        spawn_local(async move {
            match wasm_bindgen_futures::JsFuture::from(done).await {
                Ok(_) => toasts.success(t!(i18n, apps_link_copied)),
                Err(_) => toasts.error(t!(i18n, apps_link_not_copied)),
            }
        });
    });
    let delete = Callback::new(move |()| {
        spawn_local(async move {
            match api::apps::delete(id).await {
                Ok(()) => {
                    toasts.success(t!(i18n, apps_deleted));
                    gone.run(());
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    });
    let address = if app.enabled {
        view! { <a class="link" href=path.clone() rel="external" target="_blank">{path.clone()}</a> }.into_any()
    } else {
        view! { <span class="muted">{path}" – "{t!(i18n, apps_off)}</span> }.into_any()
    };
    view! {
        <li>
            <div class="admin-list-head">
                <h2>{name.clone()}</h2>
                <LinkButton href=format!("/desk/admin/apps/{id}")>{t!(i18n, apps_settings)}</LinkButton>
                <IconButton icon="link" label=t!(i18n, apps_copy_link_of, name = name) on_click=copy />
                <IconButton icon="trash" label=t!(i18n, admin_delete_named, name = name) on_click=Callback::new(move |_| asking.set(true)) />
            </div>
            <p>{kind_name(i18n, app.kind)}" · "{address}</p>
            <ConfirmDialog
                open=asking
                title=t!(i18n, admin_delete_named, name = name)
                text=t!(i18n, apps_delete_text).to_owned()
                action=t!(i18n, delete)
                on_confirm=delete
            />
        </li>
    }
}

#[component]
fn Create() -> impl IntoView {
    let i18n = use_i18n();
    let name = RwSignal::new(String::new());
    let slug = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let navigate = use_navigate();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let app = NewApp { kind: AppKind::TicketPortal, name: name.get_untracked(), slug: slug.get_untracked() };
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::apps::create(app).await {
                Ok(app) => navigate(&format!("/desk/admin/apps/{}", app.id), leptos_router::NavigateOptions::default()),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <p>{t!(i18n, apps_ticket_portal_lead)}</p>
            <TextField id="new-app-name" name="name" label=t!(i18n, people_name) value=name maxlength=limits::NAME help=t!(i18n, apps_name_help) error=field_error(plain, "name") />
            <TextField id="new-app-slug" name="slug" label=t!(i18n, apps_slug) value=slug required=true maxlength=limits::SLUG help=t!(i18n, apps_slug_help) error=field_error(plain, "slug") />
            <div class="dialog-actions"><Button look=Look::Primary submit=true busy>{t!(i18n, create)}</Button></div>
        </form>
    }
}
