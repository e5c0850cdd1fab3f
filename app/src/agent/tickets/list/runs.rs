//! Changes of very many tickets, which the server makes: begun here, watched, stopped and taken back. What is under way is found again
//! after the page was left.

use crate::{
    agent::tickets::store::ListStore,
    api::{
        self, ApiResult,
        bulk::{Draft, Progress, Refused},
        items::ListQuery,
        new_key,
    },
    i18n::{I18n, use_i18n},
    plural, t,
    ui::{Button, Dialog, IconButton, Look, Progress as Bar, Toasts},
};
use domain::{action::Put, id::ItemNumber, item::Change, limits};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeSet, future::Future, time::Duration};

/// How often it is asked how far a run is.
const LOOK: Duration = Duration::from_millis(700);

/// How long after its end the stream may still tell of a run.
const ECHO: Duration = Duration::from_secs(2);

/// The run that is watched.
#[derive(Clone, Copy)]
pub struct Runs {
    /// Whether everything that the list shows, or a group of it, is meant, and not only what is selected.
    pub whole: RwSignal<bool>,
    /// What is under way, or was until somebody has seen its end.
    now: RwSignal<Option<Progress>>,
    list: ListStore,
    toasts: Toasts,
    i18n: I18n,
}

impl Runs {
    /// Nothing runs yet, as far as is known.
    #[must_use]
    pub fn new(list: ListStore, toasts: Toasts, i18n: I18n) -> Self {
        Self { whole: list.meant.whole, now: RwSignal::new(None), list, toasts, i18n }
    }

    /// Whether what is meant is more than is changed one by one from here.
    #[must_use]
    pub fn are_meant(self) -> bool {
        let selected = self.list.selected.with_untracked(BTreeSet::len);
        self.whole.get_untracked() || i64::try_from(selected).is_ok_and(|selected| selected > limits::BULK_AT_ONCE)
    }

    /// Sets a field of everything that is meant.
    pub fn set(self, change: &Change) {
        let value = serde_json::to_value(change).ok().and_then(|json| json.get("value").map(ToString::to_string));
        self.start(Draft { field: change.key().to_owned(), value: value.unwrap_or_default(), ..Draft::default() });
    }

    /// Puts values into a field and takes values out of it: tags, or ids.
    pub fn put(self, field: &str, add: Vec<String>, remove: Vec<String>) {
        self.start(Draft { field: field.to_owned(), add, remove, ..Draft::default() });
    }

    /// Puts everything that is meant away, or brings it back: these tickets, unless it is the whole list.
    pub fn put_away(self, put: Put, numbers: Vec<ItemNumber>) {
        let value = serde_json::to_value(put).ok().and_then(|json| json.get(put.key()).map(ToString::to_string));
        let draft = Draft { field: put.key().to_owned(), value: value.unwrap_or_default(), ..Draft::default() };
        self.start_with(draft, numbers);
    }

    fn start(self, draft: Draft) {
        self.start_with(draft, self.list.selected.get_untracked().into_iter().collect());
    }

    fn start_with(self, draft: Draft, numbers: Vec<ItemNumber>) {
        let draft = if self.whole.get_untracked() {
            let within = self.list.meant.within.get_untracked();
            Draft { list: Some(ListQuery { within, ..self.list.query(None, 0) }), ..draft }
        } else {
            Draft { numbers, ..draft }
        };
        self.take(api::bulk::start(Draft { idempotency_key: new_key(), ..draft }));
    }

    /// Shows what the server answers about a run, and watches it until it is over.
    fn take(self, answer: impl Future<Output = ApiResult<Progress>> + 'static) {
        spawn_local(async move {
            match answer.await {
                Ok(run) => self.show(run),
                Err(error) => self.toasts.error(self.i18n.error_at_once(&error.0)),
            }
        });
    }

    fn show(self, run: Progress) {
        let (id, over) = (run.id, run.over);
        if self.now.try_set(Some(run)).is_some() {
            return;
        }
        if over {
            self.list.reload();
            self.list.count_views();
            // What the stream tells of one's own run is not new to oneself.
            set_timeout(
                move || {
                    if self.list.fresh.try_with_untracked(|fresh| !fresh.is_empty()) == Some(true) {
                        self.list.reload();
                    }
                },
                ECHO,
            );
            return;
        }
        set_timeout(
            move || {
                // Somebody may look at another one by now.
                let still = self.now.try_get_untracked().flatten().is_some_and(|run| run.id == id);
                if still {
                    spawn_local(async move {
                        match api::bulk::run(id).await {
                            Ok(run) => self.show(run),
                            // Without a connection it is asked again; what is shown stays.
                            Err(_) => {
                                if let Some(run) = self.now.try_get_untracked().flatten() {
                                    self.show(run);
                                }
                            }
                        }
                    });
                }
            },
            LOOK,
        );
    }

    /// Finds what was under way when the page was left.
    fn resume(self) {
        spawn_local(async move {
            let Ok(runs) = api::bulk::runs().await else { return };
            if let Some(run) = runs.into_iter().find(|run| !run.over) {
                self.show(run);
            }
        });
    }
}

/// How far the run is, or what came of it.
#[component]
pub fn RunBar(
    /// The run.
    runs: Runs,
) -> impl IntoView {
    let i18n = use_i18n();
    let looking = RwSignal::new(false);
    Effect::new(move |_| runs.resume());
    let bar = move || {
        let run = runs.now.get()?;
        let id = run.id;
        let field = i18n.name("field", &run.field);
        #[allow(clippy::cast_precision_loss)]
        let (done, total) = (run.done as f64, run.total as f64);
        if !run.over {
            let text = if run.total == 0 {
                t!(i18n, tickets_run_begins, field = field)
            } else {
                t!(i18n, tickets_run_under_way, field = field, done = i18n.number(run.done), total = i18n.number(run.total))
            };
            return Some(view! {
                <Bar value=done max=total label=text.clone() />
                <span>{text}</span>
                <span class="selection-space"></span>
                <Button look=Look::Ghost on_click=Callback::new(move |_| runs.take(api::bulk::cancel(id)))>{t!(i18n, tickets_run_stop)}</Button>
            }.into_any());
        }
        let changed = if run.takes_back {
            plural!(i18n, tickets_run_taken_back, run.changed)
        } else {
            plural!(i18n, tickets_run_changed, run.changed, field = field)
        };
        let left = (run.refused > 0).then(|| {
            view! {
                <button type="button" class="link" on:click=move |_| looking.set(true)>{plural!(i18n, tickets_run_left, run.refused)}</button>
            }
        });
        let stopped = (run.done < run.total)
            .then(|| view! { <span>{t!(i18n, tickets_run_stopped, total = i18n.number(run.total))}</span> });
        let undo = (run.may_undo && !run.undone).then(|| {
            view! { <Button look=Look::Ghost icon="undo" on_click=Callback::new(move |_| runs.take(api::bulk::undo(id)))>{t!(i18n, undo)}</Button> }
        });
        Some(
            view! {
                <span>{changed}</span>
                {stopped}
                {left}
                {run.problem}
                <span class="selection-space"></span>
                {undo}
                <IconButton icon="close" label=t!(i18n, close) on_click=Callback::new(move |_| runs.now.set(None)) />
            }
            .into_any(),
        )
    };
    view! {
        <div class="run-place" aria-live="polite">
            {move || bar().map(|bar| view! { <div class="selection run" role="region" aria-label=t!(i18n, tickets_run)>{bar}</div> })}
        </div>
        <Dialog open=looking title=Signal::derive(move || t!(i18n, tickets_run_refused).to_owned())>
            <Refusals runs />
        </Dialog>
    }
    .into_any()
}

/// The tickets that were left as they are, and why.
#[component]
fn Refusals(runs: Runs) -> impl IntoView {
    let i18n = use_i18n();
    let run = runs.now.get_untracked();
    let all = run.as_ref().map(|run| run.refused).unwrap_or_default();
    let id = run.as_ref().map(|run| run.id);
    let told = RwSignal::new(run.map(|run| run.refusals).unwrap_or_default());
    let more = move |_| {
        let (Some(id), after) = (id, told.with_untracked(|told| told.last().map_or(ItemNumber(0), |one| one.number))) else {
            return;
        };
        spawn_local(async move {
            match api::bulk::refusals(id, after).await {
                Ok(next) => drop(told.try_update(|told| told.extend(next))),
                Err(error) => runs.toasts.error(i18n.error(&error.0)),
            }
        });
    };
    let is_more = move || told.with(|told| i64::try_from(told.len()).is_ok_and(|told| told < all));
    let line = |one: Refused| {
        let href = format!("/desk/tickets/{}", one.number);
        view! { <li><a class="link" href=href target="_blank" rel="external">{format!("#{}", one.number)}</a> " " {one.reason}</li> }
    };
    view! {
        <ul class="refusals">{move || told.get().into_iter().map(line).collect_view()}</ul>
        {move || is_more().then(|| view! { <div class="dialog-actions"><Button on_click=Callback::new(more)>{t!(i18n, show_more)}</Button></div> })}
    }
    .into_any()
}
