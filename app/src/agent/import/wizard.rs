//! The steps of the import, one after the other on one page.

use super::{
    mapping::Mapping,
    preview::Preview,
    progress::{Runs, Watch},
};
use crate::{
    api::{self, ApiError},
    i18n::use_i18n,
    state::{Load, load, use_session},
    t,
    ui::{Banner, Button, ErrorState, Forbidden, PageTitle, Skeleton, Tone},
};
use domain::import::{ImportFile, ImportMap, ImportPreview, ImportRun};
use leptos::{prelude::*, task::spawn_local};

/// Where the import stands.
#[derive(Clone)]
enum Step {
    /// A file is to be chosen.
    Choose,
    /// Columns are to be named.
    Map(Box<ImportFile>, ImportMap),
    /// What would happen is shown.
    Look(Box<ImportFile>, ImportMap, Box<ImportPreview>),
    /// It runs, or has run.
    Run(Box<ImportRun>),
}

/// The screen. Who may not administer is told so.
#[component]
pub fn ImportScreen() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <PageTitle text=t!(i18n, import_title) />
        <div class="page">
            <div class="page-narrow import">
                <div class="page-head"><h1 class="page-title">{t!(i18n, import_title)}</h1></div>
                <Show when=move || session.me.with(|me| me.role.administers()) fallback=|| view! { <Forbidden /> }>
                    <Steps />
                </Show>
            </div>
        </div>
    }
}

/// The steps.
#[component]
fn Steps() -> impl IntoView {
    // Earlier runs.
    let runs = load(|| (), |()| api::imports::runs());
    let i18n = use_i18n();
    let step = RwSignal::new(Step::Choose);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let fail = move |failed: ApiError| {
        error.set(Some(failed));
        busy.set(false);
    };
    let chosen = Callback::new(move |file: ImportFile| {
        let map = file.map.clone();
        step.set(Step::Map(Box::new(file), map));
    });
    let look = Callback::new(move |(file, map): (ImportFile, ImportMap)| {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::imports::preview(file.file, map.clone()).await {
                Ok(preview) => {
                    step.set(Step::Look(Box::new(file), map, Box::new(preview)));
                    busy.set(false);
                }
                Err(failed) => fail(failed),
            }
        });
    });
    let start = Callback::new(move |(file, map): (ImportFile, ImportMap)| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::imports::start(file.file, map).await {
                Ok(run) => {
                    step.set(Step::Run(Box::new(run)));
                    busy.set(false);
                }
                Err(failed) => fail(failed),
            }
        });
    });
    let again = Callback::new(move |()| {
        step.set(Step::Choose);
        runs.refetch();
    });
    // Each step begins at its top.
    Effect::watch(
        move || step.track(),
        |(), _, _| {
            if let Some(page) = document().query_selector(".page").ok().flatten() {
                page.set_scroll_top(0);
            }
        },
        false,
    );
    let watch = Callback::new(move |run: ImportRun| step.set(Step::Run(Box::new(run))));
    view! {
        {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
        {move || match step.get() {
            Step::Choose => view! {
                <Choose chosen />
                <Earlier runs watch />
            }
            .into_any(),
            Step::Map(file, map) => view! { <Mapping file=*file map busy look back=again /> }.into_any(),
            Step::Look(file, map, preview) => {
                let (to_map, to_start) = ((file.clone(), map.clone()), (*file, map));
                let back = Callback::new(move |()| step.set(Step::Map(to_map.0.clone(), to_map.1.clone())));
                let go = Callback::new(move |()| start.run(to_start.clone()));
                view! { <Preview preview=*preview busy go back /> }.into_any()
            }
            Step::Run(run) => view! { <Watch run=*run again /> }.into_any(),
        }}
    }
}

/// The choice of the file.
#[component]
fn Choose(chosen: Callback<ImportFile>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let send = move |file: web_sys::File| {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::send_file::<ImportFile>("/files/import", &file).await {
                Ok(file) => chosen.run(file),
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    let picked = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            send(file);
        }
        input.set_value("");
    };
    let dropped = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
            send(file);
        }
    };
    view! {
        <section class="import-drop" on:dragover=|event| event.prevent_default() on:drop=dropped>
            <p>{t!(i18n, import_lead)}</p>
            <label class="btn btn-primary" for="import-file" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { t!(i18n, import_reading) } else { t!(i18n, import_choose) }}
            </label>
            <input id="import-file" class="sr-only" type="file" accept=".csv,.tsv,.txt,text/csv" disabled=busy on:change=picked />
            <p class="muted">{t!(i18n, import_drop)}</p>
            <p role="alert" class="field-error">{move || error.get().map(|error| i18n.error(&error.0)).unwrap_or_default()}</p>
        </section>
    }
}

#[component]
fn Earlier(runs: Load<Vec<ImportRun>>, watch: Callback<ImportRun>) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <Skeleton lines=3 /> }>
            {move || Suspend::new(async move {
                match runs.await {
                    Ok(list) => view! { <Runs list watch /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| runs.refetch()) /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// The buttons at the end of a step.
#[component]
pub fn StepButtons(
    /// The main one.
    children: Children,
    /// Back to the step before.
    back: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="form-actions">
            {children()}
            <Button on_click=Callback::new(move |_| back.run(()))>{t!(i18n, back)}</Button>
        </div>
    }
}
