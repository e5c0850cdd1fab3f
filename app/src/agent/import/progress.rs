//! A run of the import: how far it is, what came of it; the list of earlier runs. A run goes on when the page is left.

use super::preview::Problems;
use crate::{
    api,
    i18n::{Moment, use_i18n},
    t,
    ui::{Banner, Button, LinkButton, Look, Progress, Tone, use_toasts},
};
use domain::import::{ImportRun, ImportState};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// One run, followed while it works.
#[component]
pub fn Watch(
    /// The run as it was when the page began to look.
    run: ImportRun,
    /// Back to the start.
    again: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let id = run.id;
    let begun = run.started_at;
    let ticker = use_context::<crate::i18n::Ticker>();
    let run = RwSignal::new(run);
    let asking = StoredValue::new(false);
    let timer = StoredValue::new(None::<IntervalHandle>);
    let poll = move || {
        if asking.try_get_value() != Some(false) || run.with_untracked(|run| run.state != ImportState::Running) {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            // A failed question is asked again at the next turn.
            if let Ok(now) = api::imports::run(id).await {
                let _ = run.try_set(now);
            }
            let _ = asking.try_set_value(false);
        });
    };
    Effect::new(move |_| timer.set_value(set_interval_with_handle(poll, Duration::from_millis(700)).ok()));
    on_cleanup(move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
    });
    let resume = move |_| {
        spawn_local(async move {
            match api::imports::resume(id).await {
                Ok(now) => run.set(now),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    #[allow(clippy::cast_precision_loss)]
    let done = Signal::derive(move || run.with(|run| run.done) as f64);
    #[allow(clippy::cast_precision_loss)]
    let rows = Signal::derive(move || run.with(|run| run.rows) as f64);
    let counts = move || {
        let run = run.get();
        [
            (t!(i18n, import_imported), run.imported),
            (t!(i18n, import_existing), run.existing),
            (t!(i18n, import_refused), run.refused),
        ]
        .into_iter()
        .map(|(label, count)| view! { <div><dt>{label}</dt><dd>{i18n.number(count)}</dd></div> })
        .collect_view()
    };
    let line = move || {
        let run = run.get();
        let progress = t!(i18n, import_progress, done = i18n.number(run.done), rows = i18n.number(run.rows));
        // Rate and rest are a guess from the time so far; told once there is something to guess from.
        let seconds = ticker.and_then(crate::i18n::Ticker::now).map_or(0, |now| now.since(begun) / 1000);
        if run.state == ImportState::Running && seconds > 2 && run.done > 0 {
            let rate = (run.done / seconds).max(1);
            let rest = (run.rows - run.done) / rate;
            format!("{progress} · {}", t!(i18n, import_rate, rate = i18n.number(rate), rest = i18n.number(rest)))
        } else {
            progress
        }
    };
    view! {
        <section class="import-run" aria-label=t!(i18n, import_run)>
            <p><strong>{move || run.with(|run| run.file_name.clone())}</strong></p>
            <Progress value=done max=rows label=t!(i18n, import_run) />
            <p role="status" class="tabular">{line}</p>
            <dl class="import-facts">{counts}</dl>
            {move || match run.with(|run| run.state) {
                ImportState::Running => view! { <p class="muted">{t!(i18n, import_may_leave)}</p> }.into_any(),
                ImportState::Done => view! { <Banner tone=Tone::Success>{t!(i18n, import_done)}</Banner> }.into_any(),
                ImportState::Failed => view! {
                    <Banner tone=Tone::Danger>{t!(i18n, import_failed)}</Banner>
                    <Button look=Look::Primary on_click=Callback::new(resume)>{t!(i18n, import_resume)}</Button>
                }
                .into_any(),
            }}
            {move || {
                let run = run.get();
                (run.state != ImportState::Running && run.refused > 0).then(|| {
                    let count = run.problems.len();
                    view! {
                        <p>
                            <a class="link" href=format!("/files/import/{}/report.csv", run.id) rel="external" download="">
                                {t!(i18n, import_report)}
                            </a>
                        </p>
                        <Problems problems=run.problems count />
                    }
                })
            }}
            <div class="form-actions">
                <LinkButton href="/desk/tickets?view=all" look=Look::Primary>{t!(i18n, import_to_tickets)}</LinkButton>
                <Button on_click=Callback::new(move |_| again.run(()))>{t!(i18n, import_again)}</Button>
            </div>
        </section>
    }
}

/// Earlier runs, the latest first.
#[component]
pub fn Runs(
    /// The runs.
    list: Vec<ImportRun>,
    /// Shows one.
    watch: Callback<ImportRun>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!list.is_empty()).then(|| {
        view! {
            <h2>{t!(i18n, import_earlier)}</h2>
            <ul class="lines">
                {list
                    .into_iter()
                    .map(|run| {
                        let name = run.file_name.clone();
                        let at = run.started_at;
                        let state = match run.state {
                            ImportState::Running => t!(i18n, import_state_running),
                            ImportState::Done => t!(i18n, import_state_done),
                            ImportState::Failed => t!(i18n, import_state_failed),
                        };
                        let imported = i18n.number(run.imported);
                        view! {
                            <li>
                                <button type="button" class="link" on:click=move |_| watch.run(run.clone())>{name}</button>
                                <span class="muted">{format!("{state} · {imported}")}</span>
                                <Moment at />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
    })
}
