//! System health: what the server is, what waits to be done, what was given up and what to do about it. It looks again by itself.

use crate::{
    api,
    i18n::{I18n, Moment, MomentStyle, use_i18n},
    plural,
    state::{load, use_session},
    t,
    ui::{Banner, Button, ConfirmDialog, EmptyState, ErrorState, IconButton, PageTitle, Skeleton, Tone, use_toasts},
};
use domain::health::{About, Chore, FailedJob, Health, Queue};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// How often a page that is seen asks how the server is.
const AGAIN: Duration = Duration::from_secs(5);

/// The screen.
#[component]
pub fn SystemHealth() -> impl IntoView {
    let i18n = use_i18n();
    let first = load(|| (), |()| api::admin::health());
    view! {
        <PageTitle text=t!(i18n, admin_health) />
        <div class="page health" tabindex="0" role="region" aria-label=t!(i18n, admin_health)>
            <div class="page-head"><h1 class="page-title">{t!(i18n, admin_health)}</h1></div>
            <Transition fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(health) => view! { <Report health /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| first.refetch()) /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// What is shown, and how it stays true.
#[derive(Clone, Copy)]
struct Store {
    health: RwSignal<Health>,
    /// The server did not answer the last time.
    old: RwSignal<bool>,
}

impl Store {
    fn refresh(self) {
        spawn_local(async move {
            match api::admin::health().await {
                Ok(now) => {
                    let _ = self.health.try_set(now);
                    let _ = self.old.try_set(false);
                }
                Err(_) => {
                    let _ = self.old.try_set(true);
                }
            }
        });
    }
}

#[component]
fn Report(health: Health) -> impl IntoView {
    let i18n = use_i18n();
    let store = Store { health: RwSignal::new(health), old: RwSignal::new(false) };
    let timer = StoredValue::new(None::<IntervalHandle>);
    let look = move || {
        if !document().hidden() {
            store.refresh();
        }
    };
    Effect::new(move |_| timer.set_value(set_interval_with_handle(look, AGAIN).ok()));
    on_cleanup(move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
    });
    let facts = Memo::new(move |_| store.health.with(|health| (health.version.clone(), health.database.clone(), health.since)));
    let queues = Memo::new(move |_| store.health.with(|health| health.queues.clone()));
    let chores = Memo::new(move |_| store.health.with(|health| health.chores.clone()));
    view! {
        <Show when=move || store.old.get()>
            <Banner tone=Tone::Warning>{t!(i18n, admin_health_old)}</Banner>
        </Show>
        <Show when=move || store.health.with(|health| health.outgoing_held)>
            <Release store />
        </Show>
        {move || {
            let (version, database, since) = facts.get();
            view! {
                <dl class="facts">
                    <dt>{t!(i18n, admin_health_version)}</dt>
                    <dd>{version}</dd>
                    <dt>{t!(i18n, admin_health_database)}</dt>
                    <dd>{database}</dd>
                    <dt>{t!(i18n, admin_health_since)}</dt>
                    <dd><Moment at=since style=MomentStyle::Full /></dd>
                </dl>
            }
        }}
        <h2>{t!(i18n, admin_health_queue)}</h2>
        {move || queue_table(i18n, queues.get())}
        <GivenUp store />
        <h2>{t!(i18n, admin_health_chores)}</h2>
        {move || chore_list(i18n, chores.get())}
    }
}

/// Nothing leaves the house since a backup was restored.
#[component]
fn Release(store: Store) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let asking = RwSignal::new(false);
    let release = Callback::new(move |()| {
        spawn_local(async move {
            match api::admin::release_outgoing().await {
                Ok(()) => {
                    toasts.success(t!(i18n, admin_health_released));
                    session.refresh();
                    store.refresh();
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    });
    view! {
        <Banner tone=Tone::Warning>
            <p>{t!(i18n, admin_health_held)}</p>
            <Button icon="send" on_click=Callback::new(move |_| asking.set(true))>{t!(i18n, admin_health_release)}</Button>
        </Banner>
        <ConfirmDialog
            open=asking
            title=t!(i18n, admin_health_release)
            text=t!(i18n, admin_health_release_text)
            action=t!(i18n, admin_health_release)
            on_confirm=release
        />
    }
}

fn queue_table(i18n: I18n, queues: Vec<Queue>) -> AnyView {
    if queues.is_empty() {
        return view! { <p class="muted">{t!(i18n, admin_health_nothing_waits)}</p> }.into_any();
    }
    let rows = queues.into_iter().map(|queue| {
        view! {
            <tr>
                <td>{i18n.name("job", &queue.kind)}</td>
                <td class="table-number">{i18n.number(queue.waiting)}</td>
                <td class="table-number">{i18n.number(queue.running)}</td>
                <td class="table-number">{i18n.number(queue.failed)}</td>
                <td>{queue.waits_since.map(|at| view! { <Moment at /> })}</td>
            </tr>
        }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, admin_health_queue)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, admin_health_job)}</th>
                        <th scope="col" class="table-number">{t!(i18n, admin_health_waiting)}</th>
                        <th scope="col" class="table-number">{t!(i18n, admin_health_running)}</th>
                        <th scope="col" class="table-number">{t!(i18n, admin_health_failed)}</th>
                        <th scope="col">{t!(i18n, admin_health_waits_since)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn chore_list(i18n: I18n, chores: Vec<Chore>) -> AnyView {
    let rows = chores.into_iter().map(|chore| {
        let failed = (!chore.error.is_empty()).then(|| view! { <span class="health-error">{chore.error}</span> });
        view! {
            <li>
                <span>{i18n.name("job", &chore.kind)}</span>
                <span class="muted">{t!(i18n, admin_health_next)} " " <Moment at=chore.next_at style=MomentStyle::Full /></span>
                {failed}
            </li>
        }
    });
    view! { <ul class="lines">{rows.collect_view()}</ul> }.into_any()
}

/// What was given up.
#[component]
fn GivenUp(store: Store) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let failed = Memo::new(move |_| store.health.with(|health| health.failed.clone()));
    let kinds = Memo::new(move |_| {
        store.health.with(|health| {
            let failed = health.queues.iter().filter(|queue| queue.failed > 0);
            failed.map(|queue| queue.kind.clone()).collect::<Vec<_>>()
        })
    });
    let more = move || {
        let more = store.health.with(|health| health.failed_count() - i64::try_from(health.failed.len()).unwrap_or_default());
        (more > 0).then(|| view! { <p class="muted">{t!(i18n, tickets_and_more, count = i18n.number(more))}</p> })
    };
    let dropped = RwSignal::new(None::<FailedJob>);
    let asking = RwSignal::new(false);
    let drop = Callback::new(move |()| {
        let Some(job) = dropped.get_untracked() else { return };
        spawn_local(async move {
            match api::admin::drop_job(job.id).await {
                Ok(()) => toasts.success(t!(i18n, admin_health_dropped)),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            store.refresh();
        });
    });
    let ask = Callback::new(move |job: FailedJob| {
        dropped.set(Some(job));
        asking.set(true);
    });
    let retry_all = move |kind: String| {
        spawn_local(async move {
            match api::admin::retry_jobs(kind).await {
                Ok(count) => toasts.success(plural!(i18n, admin_health_retried, i64::try_from(count).unwrap_or_default())),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            store.refresh();
        });
    };
    let name = Signal::derive(move || dropped.with(|job| job.as_ref().map(|job| called(i18n, job)).unwrap_or_default()));
    view! {
        <div class="health-head">
            <h2>{t!(i18n, admin_health_failed)}</h2>
            <For each=move || kinds.get() key=Clone::clone let:kind>
                {
                    let label = t!(i18n, admin_health_retry_all, kind = i18n.name("job", &kind));
                    view! { <Button icon="refresh" on_click=Callback::new(move |_| retry_all(kind.clone()))>{label}</Button> }
                }
            </For>
        </div>
        <Show
            when=move || failed.with(|failed| !failed.is_empty())
            fallback=move || view! { <EmptyState icon="check" title=t!(i18n, admin_health_none_failed) text=t!(i18n, admin_health_none_failed_text) /> }
        >
            <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, admin_health_failed)>
                <table class="table table-failed">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, admin_health_job)}</th>
                            <th scope="col">{t!(i18n, admin_health_about)}</th>
                            <th scope="col" class="table-number">{t!(i18n, admin_health_tries)}</th>
                            <th scope="col">{t!(i18n, admin_mail_error)}</th>
                            <th scope="col">{t!(i18n, admin_mail_at)}</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || failed.get() key=|job| (job.id, job.attempts) let:job>
                            <Row job store ask />
                        </For>
                    </tbody>
                </table>
            </div>
            {more}
        </Show>
        <ConfirmDialog
            open=asking
            title=t!(i18n, admin_health_drop)
            text=Signal::derive(move || t!(i18n, admin_health_drop_text, name = name.get()))
            action=t!(i18n, admin_health_drop)
            on_confirm=drop
        />
    }
}

#[component]
fn Row(job: FailedJob, store: Store, ask: Callback<FailedJob>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (id, name) = (job.id, called(i18n, &job));
    let retry = move |_| {
        spawn_local(async move {
            match api::admin::retry_job(id).await {
                Ok(()) => toasts.success(plural!(i18n, admin_health_retried, 1)),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            store.refresh();
        });
    };
    let to = match &job.about {
        About::Mail { to, .. } => Some(to.join(", ")),
        About::Import { .. } | About::Other { .. } => None,
    };
    let (kind, attempts, error, at) = (i18n.name("job", &job.kind), i18n.number(job.attempts), job.error.clone(), job.created_at);
    view! {
        <tr>
            <td>{kind}</td>
            <td class="health-about">{name.clone()} {to.map(|to| view! { <span class="muted">{to}</span> })}</td>
            <td class="table-number">{attempts}</td>
            <td class="health-error">{error}</td>
            <td><Moment at /></td>
            <td class="health-actions">
                <IconButton icon="refresh" label=t!(i18n, admin_health_retry_named, name = name) on_click=Callback::new(retry) />
                <IconButton icon="trash" label=t!(i18n, admin_health_drop_named, name = name) on_click=Callback::new(move |_| ask.run(job.clone())) />
            </td>
        </tr>
    }
}

/// What a job is about, in words.
fn called(i18n: I18n, job: &FailedJob) -> String {
    match &job.about {
        About::Mail { subject, .. } => subject.clone(),
        About::Import { file_name, .. } => file_name.clone(),
        About::Other { id } => format!("{} {id}", i18n.name("job", &job.kind)),
    }
}
