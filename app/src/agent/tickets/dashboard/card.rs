//! A card: its head with what can be done with it, and what it shows.

use super::{
    Dashboard, answers,
    answers::Told,
    cards,
    charts::{self, Chart},
    menu,
};
use crate::{
    i18n::I18n,
    plural, t,
    ui::{Icon, Menu, MenuItem, MenuLabel, MenuSeparator},
};
use domain::view::{Card, CardKind, GroupBy, cards::CARD_WIDEST};
use leptos::{ev, prelude::*};

/// What a card is divided by, in words.
fn divided(i18n: I18n, by: &GroupBy) -> String {
    let field = i18n.name("field", by.name());
    match by {
        GroupBy::Time(_, unit) => format!("{field} · {}", i18n.name("period", unit.key())),
        _ => field,
    }
}

/// What a card tells of items, in words.
pub fn measured(i18n: I18n, card: &Card) -> String {
    card.measure.map_or_else(|| t!(i18n, tickets).to_owned(), |measure| i18n.name("measure", &measure.name()))
}

/// What a card is called as a whole.
fn named(i18n: I18n, card: &Card) -> String {
    let what = measured(i18n, card);
    card.by.as_ref().map_or_else(|| what.clone(), |by| format!("{} · {what}", divided(i18n, by)))
}

/// The card that is known by a key.
pub fn card(dashboard: Dashboard, key: String) -> AnyView {
    let Dashboard { i18n, cards, dragged, over, .. } = dashboard;
    let own = key.clone();
    let place = Memo::new(move |_| cards.with(|cards| cards::keys(cards).iter().position(|key| *key == own)));
    let now = Memo::new(move |_| cards.with(|cards| place.get().and_then(|at| cards.get(at).cloned())));
    let Some(first) = now.get_untracked() else { return ().into_any() };
    let as_table = RwSignal::new(false);
    let class = move || {
        let width = now.with(|card| card.as_ref().map_or(1, |card| card.width));
        format!("dash-card dash-of-{} card-w{width}", first.kind.key())
    };
    let (begun, ended, entered, is_over) = (key.clone(), key.clone(), key.clone(), key.clone());
    let begin = move |event: ev::DragEvent| {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &begun);
            data.set_effect_allowed("move");
        }
        dragged.set(Some(begun.clone()));
    };
    let end = move |_| {
        dragged.set(None);
        over.set(None);
    };
    let drag_over = move |event: ev::DragEvent| {
        if dragged.with_untracked(Option::is_some) {
            event.prevent_default();
            if over.with_untracked(|over| over.as_ref() != Some(&entered)) {
                over.set(Some(entered.clone()));
            }
        }
    };
    let drop = move |event: ev::DragEvent| {
        event.prevent_default();
        let moved = dragged.get_untracked();
        dragged.set(None);
        over.set(None);
        let keys = cards.with_untracked(|cards| cards::keys(cards));
        let from = moved.and_then(|moved| keys.iter().position(|key| *key == moved));
        if let (Some(from), Some(to)) = (from, place.get_untracked()) {
            dashboard.arrange(cards::moved(cards.get_untracked(), from, to));
        }
    };
    let is_dragged = move || dragged.with(|dragged| dragged.as_ref() == Some(&ended));
    let target = move || over.with(|over| over.as_ref() == Some(&is_over)) && dragged.with(|one| one.as_ref() != Some(&is_over));
    let name = named(i18n, &first);
    let head = view! {
        <header class="dash-head" draggable="true" on:dragstart=begin on:dragend=end>
            <h2 class="dash-title truncate" title=name.clone()>
                {first.by.as_ref().map_or_else(|| measured(i18n, &first), |by| divided(i18n, by))}
                {first.by.is_some().then(|| view! { <span class="dash-what">{measured(i18n, &first)}</span> })}
            </h2>
            {(!matches!(first.kind, CardKind::Number | CardKind::Table)).then(|| table_switch(i18n, as_table))}
            {card_menu(dashboard, &key, &name, place)}
        </header>
    };
    let body = body(dashboard, first.clone(), now, format!("card-{key}"), name.clone(), as_table);
    view! {
        <article
            class=class
            class:dash-dragged=is_dragged
            class:dash-over=target
            aria-label=name
            on:dragover=drag_over
            on:drop=drop
        >
            {head}
            {body}
        </article>
    }
    .into_any()
}

/// The same in rows, for who reads better so.
fn table_switch(i18n: I18n, as_table: RwSignal<bool>) -> AnyView {
    let label = t!(i18n, tickets_card_as_table);
    view! {
        <button
            type="button"
            class="btn btn-ghost btn-icon"
            aria-label=label
            title=label
            aria-pressed=move || if as_table.get() { "true" } else { "false" }
            on:click=move |_| as_table.update(|on| *on = !*on)
        >
            <Icon name="list" />
        </button>
    }
    .into_any()
}

/// What can be done with a card; also what dragging does.
fn card_menu(dashboard: Dashboard, key: &str, name: &str, place: Memo<Option<usize>>) -> AnyView {
    let Dashboard { i18n, cards, .. } = dashboard;
    let now = move || (cards.get_untracked(), place.get_untracked());
    let step = move |by: isize| {
        let (cards, Some(from)) = now() else { return };
        if let Some(to) = from.checked_add_signed(by).filter(|to| *to < cards.len()) {
            dashboard.arrange_at(cards::moved(cards, from, to), to);
        }
    };
    let width = move |width: u8| {
        let set = move |()| {
            let (mut cards, Some(at)) = now() else { return };
            if let Some(card) = cards.get_mut(at) {
                card.width = width;
            }
            dashboard.arrange_at(cards, at);
        };
        let is = move || cards.with(|cards| place.get().and_then(|at| cards.get(at)).is_some_and(|card| card.width == width));
        let text = plural!(i18n, tickets_card_columns, i64::from(width));
        view! { <MenuItem chosen=Signal::derive(is) on_select=Callback::new(set)>{text}</MenuItem> }
    };
    let remove = move |()| {
        let (mut cards, Some(at)) = now() else { return };
        // A dashboard of nothing would be the usual one.
        if cards.len() > 1 && at < cards.len() {
            cards.remove(at);
            let next = at.min(cards.len() - 1);
            dashboard.arrange_at(cards, next);
        }
    };
    let several = move || cards.with(Vec::len) > 1;
    let change = move |()| dashboard.form(place.get_untracked());
    view! {
        <Menu
            id=menu(key)
            label=t!(i18n, tickets_card_menu, name = name)
            class="btn btn-ghost btn-icon"
            trigger=ViewFn::from(|| view! { <Icon name="more" /> })
            at_end=true
        >
            <MenuItem icon="edit" on_select=Callback::new(change)>{t!(i18n, tickets_card_edit)}</MenuItem>
            <MenuItem icon="arrow-left" on_select=Callback::new(move |()| step(-1))>{t!(i18n, tickets_card_earlier)}</MenuItem>
            <MenuItem icon="arrow-right" on_select=Callback::new(move |()| step(1))>{t!(i18n, tickets_card_later)}</MenuItem>
            <MenuSeparator />
            <MenuLabel text=t!(i18n, tickets_card_width) />
            {(1..=CARD_WIDEST).map(width).collect_view()}
            <Show when=several>
                <MenuSeparator />
                <MenuItem icon="trash" on_select=Callback::new(remove)>{t!(i18n, tickets_card_remove)}</MenuItem>
            </Show>
        </Menu>
    }
    .into_any()
}

/// What a card shows: what it was told, a place of its size until then, or why nothing came.
fn body(
    dashboard: Dashboard,
    first: Card,
    now: Memo<Option<Card>>,
    id: String,
    name: String,
    as_table: RwSignal<bool>,
) -> AnyView {
    let Dashboard { list, i18n, answers, go, .. } = dashboard;
    let answer = answers.of(&first);
    let asked = first.clone();
    let again = Callback::new(move |()| answers.ask(asked.clone()));
    let shown = move || {
        // Links lead from where one is.
        list.address.track();
        let card = now.get().unwrap_or_else(|| first.clone());
        let answers::Answer { told, failed } = answer.get();
        let retry = failed.map(|error| {
            let why = if told.is_some() { t!(i18n, tickets_card_old).to_owned() } else { i18n.error(&error.0) };
            view! {
                <p class="dash-failed" role="status">
                    {why} " "
                    <button type="button" class="link" on:click=move |_| again.run(())>{t!(i18n, retry)}</button>
                </p>
            }
        });
        let chart = |slices| Chart { list, i18n, card: card.clone(), id: id.clone(), name: name.clone(), told: slices, go };
        let drawn = match told {
            None if retry.is_some() => ().into_any(),
            None => waiting(i18n).into_any(),
            Some(Told::Number(value)) => charts::number(list, i18n, &card, value),
            Some(Told::Groups(slices)) if as_table.get() => chart(slices).table(),
            Some(Told::Groups(slices)) => chart(slices).draw(),
        };
        view! { {retry} {drawn} }
    };
    view! { <div class="dash-body">{shown}</div> }.into_any()
}

fn waiting(i18n: I18n) -> impl IntoView {
    view! {
        <div class="dash-waiting" role="status" aria-label=t!(i18n, loading)>
            {(0..4).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}
