//! The dashboard: numbers and charts over everything that a list shows. A part of its own, which comes when a dashboard is first
//! shown.
//!
//! `answers` asks for what the cards show, `cards` arranges them, `card` is one of them, `charts` draws it by `scale`, and `form` is where a
//! card is put together.

mod answers;
mod card;
mod cards;
mod charts;
mod form;
mod scale;

use super::{
    list::{Bulk, go_to},
    store::ListStore,
};
use crate::{
    i18n::{I18n, use_i18n},
    state::on_news,
    t,
    ui::{Button, Dialog, Icon, Look, focus},
};
use answers::Answers;
use domain::{limits, view::Card};
use form::CardForm;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

/// Leads to an address.
type Go = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// What all cards of a dashboard share.
#[derive(Clone, Copy)]
struct Dashboard {
    list: ListStore,
    i18n: I18n,
    answers: Answers,
    /// The cards as they are shown.
    cards: Memo<Vec<Card>>,
    /// The card that is dragged, and the one under it.
    dragged: RwSignal<Option<String>>,
    over: RwSignal<Option<String>>,
    /// Whether a card is being put together, and in the place of which one; none: a new one.
    forming: RwSignal<bool>,
    formed: StoredValue<Option<usize>>,
    go: StoredValue<Go>,
}

/// Draws a dashboard of a list.
#[lazy]
pub fn dashboard() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, _bulk: Bulk) -> AnyView {
    let i18n = use_i18n();
    let cards = Memo::new(move |_| cards::shown(list.shown().cards));
    let navigate: Go = Arc::new(use_navigate());
    let dashboard = Dashboard {
        list,
        i18n,
        answers: Answers::new(list),
        cards,
        dragged: RwSignal::new(None),
        over: RwSignal::new(None),
        forming: RwSignal::new(false),
        formed: StoredValue::new(None),
        go: StoredValue::new(navigate),
    };
    on_news(move |notice, _| dashboard.answers.stir(&notice.kind, cards));
    // Another view, or another filter: what is there stays until its own numbers have come.
    let of = Memo::new(move |_| {
        let text = list.view().map(|view| view.text);
        list.address.with(|address| (address.view, address.filter.clone(), address.text.clone(), text))
    });
    Effect::watch(move || of.get(), move |_, _, _| dashboard.answers.begin(&cards.get_untracked()), false);
    let keys = move || cards.with(|cards| cards::keys(cards));
    let full = move || cards.with(Vec::len) >= limits::CARDS;
    let own = move || !list.shown().cards.is_empty();
    let forming = dashboard.forming;
    let title = Signal::derive(move || {
        forming.track();
        let new = dashboard.formed.get_value().is_none();
        if new { t!(i18n, tickets_card_new).to_owned() } else { t!(i18n, tickets_card_edit).to_owned() }
    });
    view! {
        <div class="dashboard" role="region" aria-label=move || list.view_name(i18n)>
            <div class="dash-cards">
                <For each=keys key=Clone::clone children=move |key| card::card(dashboard, key) />
            </div>
            <div class="dash-foot">
                <Show when=move || !full()>
                    <button id=ADD type="button" class="btn btn-ghost" on:click=move |_| dashboard.form(None)>
                        <Icon name="plus" />
                        {t!(i18n, tickets_cards_add)}
                    </button>
                </Show>
                <Show when=own>
                    <Button look=Look::Ghost on_click=Callback::new(move |_| dashboard.arrange(Vec::new()))>{t!(i18n, tickets_cards_usual)}</Button>
                </Show>
            </div>
        </div>
        <Dialog open=forming title>
            <CardForm dashboard />
        </Dialog>
    }
    .into_any()
}

/// The id of the button that adds a card.
const ADD: &str = "card-add";

impl Dashboard {
    /// Shows these cards. They are a part of the address, and of the view once that is saved.
    fn arrange(self, cards: Vec<Card>) {
        let cards = cards::kept(cards);
        let address = untrack(|| {
            let of_view = self.list.settings();
            self.list.address.with(|address| address.carded(cards, &of_view.cards))
        });
        self.go.with_value(|go| go_to(self.list, &address, &|href: &str, options| go(href, options)));
    }

    /// The same; the keyboard stays at this card, which may have moved.
    fn arrange_at(self, cards: Vec<Card>, at: usize) {
        let id = cards::keys(&cards).get(at).map_or_else(|| ADD.to_owned(), |key| menu_button(key));
        self.arrange(cards);
        request_animation_frame(move || focus(&id));
    }

    /// Begins to put a card together: another one in the place of one that is there, or a new one.
    fn form(self, at: Option<usize>) {
        self.formed.set_value(at);
        self.forming.set(true);
    }
}

/// The id of a card's menu.
fn menu(key: &str) -> String {
    format!("card-{key}-menu")
}

/// The id of the button that opens it.
fn menu_button(key: &str) -> String {
    format!("{}-button", menu(key))
}
