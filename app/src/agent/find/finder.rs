//! A text with what can be chosen by it: what is there anyway, and what the server finds. One for the palette and one for the search box;
//! each says what is shown.

use super::entry::{Does, Entry, Section, remember};
use crate::{
    agent::shared::with_suggestion,
    api::{self, find::Found},
    i18n::I18n,
    t,
    ui::{Icon, Kbd, by_id, reveal},
};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{sync::Arc, time::Duration};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// How long typing pauses before the server is asked.
const PAUSE: Duration = Duration::from_millis(150);

/// What a place shows of a text and of what was found for it.
pub(super) type Shows = Arc<dyn Fn(&str, Option<Found>) -> Vec<Section> + Send + Sync>;

/// Leads to an address.
type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// Where the question to the server stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asking {
    /// Answered, or not asked.
    Idle,
    /// On its way.
    Waiting,
    /// Not answered: why.
    Failed(String),
}

/// The text and its choices.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    /// Id of the text field; the list and its entries have ids that begin so.
    pub id: &'static str,
    /// Whether the choices are shown.
    pub open: RwSignal<bool>,
    /// Which is chosen.
    pub at: RwSignal<Option<usize>>,
    /// What can be chosen.
    pub shown: RwSignal<Vec<Section>>,
    /// Where the question stands.
    pub asking: RwSignal<Asking>,
    /// What of the text is no filter, where nothing is suggested that could stand there; empty for nothing.
    pub problem: RwSignal<String>,
    /// What was found for the text.
    pub found: StoredValue<Option<Found>>,
    /// Which is chosen when nobody has chosen yet.
    first: Option<usize>,
    turn: StoredValue<u64>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    shows: StoredValue<Shows>,
    go: StoredValue<Go>,
    i18n: I18n,
}

impl Finder {
    /// Of the field with this id.
    pub(super) fn new(id: &'static str, open: RwSignal<bool>, first: Option<usize>, i18n: I18n, shows: Shows) -> Self {
        let navigate = use_navigate();
        let go: Go = Arc::new(move |href| navigate(href, NavigateOptions::default()));
        Self {
            id,
            open,
            at: RwSignal::new(first),
            shown: RwSignal::new(Vec::new()),
            asking: RwSignal::new(Asking::Idle),
            problem: RwSignal::new(String::new()),
            found: StoredValue::new(None),
            first,
            turn: StoredValue::new(0),
            waiting: StoredValue::new(None),
            shows: StoredValue::new(shows),
            go: StoredValue::new(go),
            i18n,
        }
    }

    /// The field, once it is there.
    pub(super) fn field(self) -> Option<HtmlInputElement> {
        by_id(self.id)?.dyn_into().ok()
    }

    /// What is typed.
    pub(super) fn typed(self) -> String {
        self.field().map(|field| field.value()).unwrap_or_default()
    }

    /// Draws anew what can be chosen.
    fn draw(self) {
        let typed = self.typed();
        let found = self.found.get_value();
        let suggests = |found: &Found| found.completion.as_ref().is_some_and(|some| !some.suggestions.is_empty());
        // In the palette words are names first.
        let problem = found.as_ref().filter(|found| self.first.is_none() && !suggests(found)).map(|found| found.problem.clone());
        self.problem.set(problem.unwrap_or_default());
        let mut sections = self.shows.get_value()(typed.trim(), found);
        if matches!(self.asking.get_untracked(), Asking::Failed(_)) {
            sections.push(Section::new("", vec![Entry::new("refresh", t!(self.i18n, retry), Does::Again)]));
        }
        self.shown.set(sections);
    }

    /// Something was typed: what is there anyway is shown at once, what has to be asked for after a pause.
    pub(super) fn type_on(self) {
        self.at.set(self.first);
        self.ask(PAUSE);
    }

    /// Asks the server after a pause; the answer to the last question counts.
    pub(super) fn ask(self, pause: Duration) {
        let Some(turn) = self.turn.try_get_value().map(|turn| turn + 1) else { return };
        self.turn.set_value(turn);
        if let Some(before) = self.waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        self.asking.set(Asking::Waiting);
        self.draw();
        let ask = move || {
            let typed = self.typed();
            let caret = self.field().and_then(|field| field.selection_end().ok().flatten()).unwrap_or(u32::MAX);
            spawn_local(async move {
                let answer = api::find::find(typed, caret).await;
                // Who has typed on wants something else.
                if self.turn.try_get_value() != Some(turn) {
                    return;
                }
                match answer {
                    Ok(found) => {
                        self.found.set_value(Some(found));
                        self.asking.set(Asking::Idle);
                    }
                    Err(error) => {
                        self.found.set_value(None);
                        self.asking.set(Asking::Failed(self.i18n.error_at_once(&error.0)));
                    }
                }
                self.draw();
            });
        };
        self.waiting.set_value(set_timeout_with_handle(ask, pause).ok());
    }

    /// Forgets what was asked and found.
    pub(super) fn forget(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.found.set_value(None);
        self.asking.set(Asking::Idle);
        self.problem.set(String::new());
        self.at.set(self.first);
    }

    /// How many can be chosen. Tracked.
    fn count(self) -> usize {
        self.shown.with(|all| all.iter().map(|section| section.list.len()).sum())
    }

    /// What is chosen now.
    pub(super) fn chosen(self) -> Option<Entry> {
        let at = self.at.get_untracked()?;
        self.shown.with_untracked(|all| all.iter().flat_map(|section| &section.list).nth(at).cloned())
    }

    /// Does what an entry does.
    pub(super) fn choose(self, entry: Entry) {
        match entry.does {
            Does::Put(found, choice) => {
                let Some(field) = self.field() else { return };
                let (text, caret) = with_suggestion(&field.value(), &found, &choice);
                field.set_value(&text);
                let _ = field.set_selection_range(caret, caret);
                self.type_on();
            }
            Does::Again => self.ask(Duration::ZERO),
            Does::Run(run) => {
                remember(&entry.label);
                self.open.set(false);
                // Once the dialog has given the keyboard back.
                request_animation_frame(move || run());
            }
            Does::Go(href) => {
                if entry.icon != "ticket" && entry.icon != "arrow-right" {
                    remember(&entry.label);
                }
                self.open.set(false);
                self.go.get_value()(&beside_list(href));
            }
        }
    }

    /// Goes through what can be chosen; whether the key meant that.
    pub(super) fn walk(self, key: &str) -> bool {
        let count = untrack(|| self.count());
        let now = self.at.get_untracked();
        let to = match key {
            "ArrowDown" if count > 0 => now.map_or(0, |at| (at + 1) % count),
            "ArrowUp" if count > 0 => now.map_or(count - 1, |at| (at + count - 1) % count),
            _ => return false,
        };
        self.at.set(Some(to));
        if let Some(row) = by_id(&self.entry_id(to)) {
            reveal(&row);
        }
        true
    }

    fn entry_id(self, at: usize) -> String {
        format!("{}-{at}", self.id)
    }

    /// The id of the chosen entry, for `aria-activedescendant`. Tracked.
    pub(super) fn active(self) -> Option<String> {
        let at = self.at.get()?;
        (at < self.count()).then(|| self.entry_id(at))
    }

    /// The list of what can be chosen, and what is to be said of it.
    pub(super) fn list(self, label: &'static str) -> AnyView {
        let i18n = self.i18n;
        let sections = move || {
            let mut next = 0;
            let section = |section: Section| {
                let first = next;
                next += section.list.len();
                let rows: Vec<AnyView> = section.list.into_iter().zip(first..).map(|(entry, at)| self.row(entry, at)).collect();
                if section.title.is_empty() {
                    return rows.into_any();
                }
                view! {
                    <div role="group" aria-label=section.title.clone()>
                        <p class="finder-section truncate" aria-hidden="true">{section.title.clone()}</p>
                        {rows}
                    </div>
                }
                .into_any()
            };
            self.shown.get().into_iter().map(section).collect_view()
        };
        let says = move || match self.asking.get() {
            Asking::Waiting => t!(i18n, find_waiting).to_owned(),
            Asking::Failed(why) => why,
            Asking::Idle if self.problem.with(|problem| !problem.is_empty()) => self.problem.get(),
            Asking::Idle if self.count() == 0 => t!(i18n, find_nothing).to_owned(),
            Asking::Idle => String::new(),
        };
        view! {
            <div id=format!("{}-list", self.id) class="finder-list" role="listbox" aria-label=label>
                {sections}
            </div>
            <p class="finder-says" role="status" class:finder-waiting=move || self.asking.get() == Asking::Waiting class:finder-problem=move || self.problem.with(|problem| !problem.is_empty())>
                {says}
            </p>
        }
        .into_any()
    }

    fn row(self, entry: Entry, at: usize) -> AnyView {
        let chosen = entry.clone();
        let is = move || self.at.get() == Some(at);
        view! {
            <div
                role="option"
                id=self.entry_id(at)
                class="finder-entry"
                class:finder-at=is
                aria-selected=move || if is() { "true" } else { "false" }
                on:mousedown=move |event: ev::MouseEvent| event.prevent_default()
                on:mousemove=move |_| {
                    if self.at.get_untracked() != Some(at) {
                        self.at.set(Some(at));
                    }
                }
                on:click=move |_| self.choose(chosen.clone())
            >
                <Icon name=entry.icon />
                <span class="finder-label truncate">{entry.label}</span>
                <span class="finder-hint truncate">{entry.hint}</span>
                {entry.keys.into_iter().map(|key| view! { <Kbd key=key /> }).collect_view()}
            </div>
        }
        .into_any()
    }
}

/// The address of a ticket beside the list that is shown now, or else beside all tickets; others as they are.
fn beside_list(href: String) -> String {
    let is_ticket = href.strip_prefix("/desk/tickets/").is_some_and(|rest| rest.parse::<i64>().is_ok());
    if !is_ticket {
        return href;
    }
    let location = window().location();
    let in_list = location.pathname().is_ok_and(|path| path.starts_with("/desk/tickets"));
    let query =
        location.search().ok().filter(|query| in_list && query.contains("view=")).unwrap_or_else(|| "?view=all".to_owned());
    let kept: Vec<&str> = query.trim_start_matches('?').split('&').filter(|part| !part.starts_with("tab=")).collect();
    format!("{href}?{}", kept.join("&"))
}
