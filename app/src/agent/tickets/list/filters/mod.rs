//! The filter bar: what the list is filtered by, as chips that can be changed, and as text.

mod editor;
mod moving;
mod text;

use super::dialogs::once_wanted;
use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    api::{
        self,
        filters::{Chip, Deed, Form},
    },
    i18n::{I18n, use_i18n},
    t,
    ui::{Icon, IconButton, Toasts, use_toasts},
};
use domain::filter::Joined;
pub use editor::ConditionDialog;
use editor::Target;
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;
pub use text::FilterText;

/// What chips do to the filter.
#[derive(Clone)]
pub struct Filters {
    list: ListStore,
    /// What is being put together, while it is.
    target: RwSignal<Option<Target>>,
    /// Whether the filter is shown as text.
    as_text: RwSignal<bool>,
    go: Arc<dyn Fn(String) + Send + Sync>,
    toasts: Toasts,
    i18n: I18n,
}

impl Filters {
    /// Does something to a part of the filter. The new one stands in the place of the view's own, which stays as it was saved.
    fn change(&self, path: Vec<usize>, deed: Deed, form: Form) {
        let (list, go, toasts, i18n) = (self.list, self.go.clone(), self.toasts, self.i18n);
        spawn_local(async move {
            match api::filters::change(list.wording(), path, deed, form).await {
                Ok(text) => go(filtered(list, text)),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    }
}

/// The address of the list by another filter; as the view has it if it is the same.
fn filtered(list: ListStore, text: String) -> String {
    let own = untrack(|| list.view()).map(|view| view.text);
    let filter = (own.as_ref() != Some(&text)).then_some(text);
    let address = list.address.with_untracked(|address| ListAddress { filter, text: String::new(), ..address.clone() });
    address.beside(list.open_number.get_untracked())
}

/// The bar.
#[component]
pub fn FilterBar(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let go: Arc<dyn Fn(String) + Send + Sync> =
        Arc::new(move |href: String| navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
    let as_text = RwSignal::new(false);
    let filters = Filters { list, target: RwSignal::new(None), as_text, go, toasts: use_toasts(), i18n };
    let chips = {
        let filters = filters.clone();
        move || {
            let parts = list.bar.get().chips;
            parts.into_iter().enumerate().map(|(at, part)| filters.part(part, vec![at])).collect_view()
        }
    };
    let (target, text) = (filters.target, filters.clone());
    let as_text_field = move || {
        let filters = text.clone();
        once_wanted(|| true, move |dialogs| (dialogs.text)(filters.clone()))
    };
    // Where there is something to move, what moves it comes once the page is awake.
    let mover = RwSignal::new(None::<fn(Filters) -> AnyView>);
    Effect::watch(
        move || list.bar.with(|bar| !bar.chips.is_empty()),
        move |wanted, _, _| {
            if *wanted && mover.with_untracked(Option::is_none) {
                spawn_local(async move {
                    let loaded = moving::moving().await;
                    let _ = mover.try_set(Some(loaded));
                });
            }
        },
        true,
    );
    let moved = filters.clone();
    let add = move |_: ev::MouseEvent| target.set(Some(Target { path: Vec::new(), form: None }));
    let problem = move || Some(list.bar.with(|bar| bar.problem.clone())).filter(|problem| !problem.is_empty());
    view! {
        <div class="filters" role="group" aria-label=t!(i18n, tickets_filter)>
            <Show when=move || !as_text.get() fallback=as_text_field>
                <div id="filter-chips" class="filter-chips">
                    {chips.clone()}
                    <button type="button" id="filter-add" class="btn btn-ghost btn-small" on:click=add>
                        <Icon name="plus" />
                        {t!(i18n, tickets_filter)}
                    </button>
                </div>
                {move || problem().map(|text| view! { <p class="filter-problem" role="status">{text}</p> })}
            </Show>
            <span class="filter-tools">
                <IconButton
                    icon="code"
                    label=t!(i18n, tickets_filter_as_text)
                    on_click=Callback::new(move |_| as_text.update(|on| *on = !*on))
                />
            </span>
        </div>
        {once_wanted(move || target.with(Option::is_some), move |dialogs| (dialogs.condition)(filters.clone()))}
        {move || mover.get().map(|mover| mover(moved.clone()))}
    }
    .into_any()
}

impl Filters {
    fn part(&self, chip: Chip, path: Vec<usize>) -> AnyView {
        if chip.joined.is_empty() { self.chip(chip, path) } else { self.group(chip, path) }
    }

    /// What a part is dragged by, and what opens the menu that moves it.
    fn handle(&self, chip: &Chip) -> AnyView {
        view! {
            <button type="button" class="filter-handle" aria-haspopup="menu" aria-label=called(self.i18n, chip) title=t!(self.i18n, tickets_filter_moves)>
                <Icon name="grip" />
            </button>
        }
        .into_any()
    }

    /// A condition as a sentence: pressed, it can be changed. What is more than controls can hold is changed as text.
    fn chip(&self, chip: Chip, path: Vec<usize>) -> AnyView {
        let (i18n, handle, part) = (self.i18n, self.handle(&chip), part_of(&path));
        let Chip { sentence, form, .. } = chip;
        let (change, remove) = (self.clone(), self.clone());
        let (at, title) = (path.clone(), sentence.clone());
        let label = t!(i18n, remove_named, name = sentence.clone());
        let on_change = move |_| match &form {
            Some(form) => change.target.set(Some(Target { path: at.clone(), form: Some(form.clone()) })),
            None => change.as_text.set(true),
        };
        view! {
            <span class="chip filter-chip" draggable="true" data-part=part>
                {handle}
                <button type="button" class="filter-sentence truncate" title=title on:click=on_change>
                    {sentence}
                </button>
                <button
                    type="button"
                    class="chip-remove"
                    aria-label=label
                    on:click=move |_| remove.change(path.clone(), Deed::Remove, Form::default())
                >
                    <Icon name="close" />
                </button>
            </span>
        }
        .into_any()
    }

    /// Conditions within conditions: how they hold together, each of them, one more.
    fn group(&self, chip: Chip, path: Vec<usize>) -> AnyView {
        let (i18n, handle, part) = (self.i18n, self.handle(&chip), part_of(&path));
        let Chip { sentence, joined, parts, .. } = chip;
        let inner =
            parts.into_iter().enumerate().map(|(at, part)| self.part(part, [path.as_slice(), &[at]].concat())).collect_view();
        let (turn, add, remove) = (self.clone(), self.clone(), self.clone());
        let (turned, added) = (path.clone(), path.clone());
        let on_turn = move |event: ev::Event| {
            turn.change(turned.clone(), Deed::Join, Form { op: event_target_value(&event), ..Form::default() });
        };
        let option = |each: Joined| {
            view! { <option value=each.key() selected=each.key() == joined>{i18n.name("joined", each.key())}</option> }
        };
        let tool = |icon: &'static str, label: &'static str, act: Box<dyn Fn()>| {
            view! {
                <button type="button" class="chip-remove" aria-label=label title=label on:click=move |_| act()>
                    <Icon name=icon />
                </button>
            }
        };
        view! {
            <span class="filter-group" role="group" aria-label=sentence draggable="true" data-part=part>
                {handle}
                <select class="filter-joined" aria-label=t!(i18n, tickets_filter_joined) on:change=on_turn>
                    {Joined::ALL.into_iter().map(option).collect_view()}
                </select>
                {inner}
                {tool("plus", t!(i18n, tickets_filter_add_here), Box::new(move || add.target.set(Some(Target { path: added.clone(), form: None }))))}
                {tool("close", t!(i18n, tickets_filter_remove_group), Box::new(move || remove.change(path.clone(), Deed::Remove, Form::default())))}
            </span>
        }
        .into_any()
    }
}

/// Where a part is, for what is dragged over it.
fn part_of(path: &[usize]) -> String {
    path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// What the handle of a part is called.
fn called(i18n: I18n, chip: &Chip) -> String {
    t!(i18n, tickets_filter_move, name = named(i18n, chip))
}

/// What a part says, of a group all of it.
fn named(i18n: I18n, chip: &Chip) -> String {
    if chip.joined.is_empty() {
        return chip.sentence.clone();
    }
    let parts: Vec<String> = chip.parts.iter().map(|part| named(i18n, part)).collect();
    t!(i18n, tickets_named, name = chip.sentence.clone(), value = parts.join(" · "))
}
