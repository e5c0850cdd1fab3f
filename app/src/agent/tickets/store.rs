//! The list as the browser holds it: rows that came page by page, how many there are, which are selected, where the keyboard
//! is. It lives as long as the list's route, so opening a ticket beside the list never loads the list again.

use super::{
    address::ListAddress,
    change,
    grouped::{Line, Node, Rest},
    meant::Meant,
    open::OpenTicket,
};
use crate::{
    api::{
        self, ApiError, ApiResult,
        filters::Bar,
        items::{GroupList, ListQuery},
        views::{View, Views},
    },
    i18n::I18n,
    state::{Asked, Fresh, Session},
    t,
};
use domain::{
    Error,
    agent::Me,
    id::ItemNumber,
    item::{Catalog, ItemDetail, ItemRow},
    page::{Cursor, Page},
    view::{Column, Settings, Sort, ViewCount, ViewKey, layout},
};
use futures_util::future::join;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Rows of the first page.
const FIRST_PAGE: u16 = 100;
/// Rows of a page when somebody has scrolled far ahead of what is loaded.
const FAR_PAGE: u16 = domain::limits::PAGE;

/// What the server answered to the first question of a list: its first rows, or the groups that they stand in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum First {
    /// Rows.
    Rows(Page<ItemRow>),
    /// Groups.
    Groups(GroupList),
}

/// What the screen begins with: the list, and the ticket that is open beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Beginning {
    /// The views, unless they are known.
    views: Option<Views>,
    /// The view that is begun with.
    view: ViewKey,
    first: Result<First, ApiError>,
    /// What is filtered by.
    bar: Option<Bar>,
    /// How many rows there are, where the server makes the page; the browser asks later.
    total: Option<i64>,
    /// How much is in each view, where the server makes the page; the browser asks later.
    counts: Vec<ViewCount>,
    ticket: Option<LoadedTicket>,
}

/// A ticket, or why it could not be loaded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoadedTicket {
    /// The number that was asked for; none if the address has none.
    pub number: Option<ItemNumber>,
    /// What the server answered.
    pub answer: Result<ItemDetail, ApiError>,
}

impl LoadedTicket {
    /// Asks for a ticket; an address without a number is one of nothing.
    pub async fn load(number: Option<ItemNumber>) -> Self {
        match number {
            Some(at) => Self { number, answer: api::items::get(at).await },
            None => Self::none(),
        }
    }

    /// What stands at an address without a number: nothing.
    fn none() -> Self {
        Self { number: None, answer: Err(ApiError::from(Error::not_found())) }
    }
}

impl Beginning {
    /// Asks for it. A page that the server makes has everything at once, so that nothing changes when the browser wakes it; in the
    /// browser nobody waits for numbers.
    ///
    /// An address that names no view begins with the one that the person, or the workspace, has chosen.
    pub async fn load(mut address: ListAddress, names_view: bool, open: Option<ItemNumber>) -> ApiResult<Self> {
        let views = api::views::all().await?;
        if let (false, Some(default)) = (names_view, views.default) {
            address.view = default;
        }
        let settings = views.views.iter().find(|view| view.key == address.view).map(settings_of).unwrap_or_default();
        let wording = wording(&address, views.views.iter().find(|view| view.key == address.view));
        let ticket = async {
            match open {
                Some(_) => Some(LoadedTicket::load(open).await),
                None => None,
            }
        };
        let list = async {
            let first = ListStore::ask_first(&address, &settings).await;
            let total = match &first {
                Ok(First::Rows(page)) if cfg!(feature = "ssr") && page.next.is_some() => {
                    api::items::total(address.request(&settings, None, 0)).await.ok()
                }
                _ => None,
            };
            let bar = api::filters::understand(wording).await.ok();
            (first, total, bar)
        };
        let counts = async { if cfg!(feature = "ssr") { api::items::counts().await.unwrap_or_default() } else { Vec::new() } };
        let (((first, total, bar), counts), ticket) = join(join(list, counts), ticket).await;
        Ok(Self { views: Some(views), view: address.view, first, bar, total, counts, ticket })
    }
}

/// What a view is called.
#[must_use]
pub fn name_of(view: &View, i18n: I18n) -> String {
    match view.key {
        ViewKey::System(system) if view.name.is_empty() => i18n.name("view", system.key()),
        _ => view.name.clone(),
    }
}

/// What of an address says what the list is filtered by.
fn wording_of(address: &ListAddress) -> (ViewKey, &Option<String>, &str) {
    (address.view, &address.filter, &address.text)
}

/// How a person has a view shown: their own way, or else as it was saved.
fn settings_of(view: &View) -> Settings {
    Settings::of_query(view.own.as_ref().unwrap_or(&view.settings))
}

/// All that a list is filtered by: the view's own filter or what stands in its place, and what is searched for.
fn wording(address: &ListAddress, view: Option<&View>) -> String {
    let own = address.filter.clone().or_else(|| view.map(|view| view.text.clone())).unwrap_or_default();
    both(&own, &address.text)
}

/// Two filters as one text.
#[must_use]
pub fn both(one: &str, other: &str) -> String {
    match (one.trim(), other.trim()) {
        (only, "") | ("", only) => only.to_owned(),
        (one, other) => format!("({one}) ({other})"),
    }
}

/// A row that can change on its own.
#[derive(Debug, Clone)]
pub struct Row {
    /// The number of the ticket.
    pub number: ItemNumber,
    /// What the row shows.
    pub item: ArcRwSignal<ItemRow>,
}

/// Where loading stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    /// Everything asked for has come.
    Idle,
    /// The first page of another list is on its way.
    First,
    /// Further rows are on their way.
    More,
    /// The last try failed.
    Failed(ApiError),
}

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct ListStore {
    /// What the list shows.
    pub address: RwSignal<ListAddress>,
    /// The views that the person has.
    pub views: RwSignal<Views>,
    /// What the list is filtered by.
    pub bar: RwSignal<Bar>,
    /// The groups, where the list is in groups.
    pub tree: RwSignal<Vec<Node>>,
    /// What is drawn of the groups.
    pub lines: RwSignal<Vec<Line>>,
    /// What was asked for of the whole list beside how much it holds, where it is in groups.
    pub whole: RwSignal<Vec<String>>,
    /// The same of a list that is not in groups, as numbers.
    pub(super) sums: RwSignal<Vec<Option<f64>>>,
    /// The groups of the first level that have not come.
    pub(super) rest: StoredValue<Rest>,
    /// The view whose groups are there.
    pub(super) grouped: StoredValue<Option<ViewKey>>,
    /// Whether what the person has opened and closed is looked up.
    pub(super) recalls: StoredValue<bool>,
    /// The groups of the first level that are in sight, from one place to before another, where it is known: of the others nothing is
    /// asked for anew before they are seen.
    pub(super) sight: StoredValue<Option<(usize, usize)>>,
    /// The rows that came so far, in order.
    pub rows: RwSignal<Vec<Row>>,
    /// How many rows there are in all, once known.
    pub total: RwSignal<Option<i64>>,
    /// Where loading stands.
    pub loading: RwSignal<Loading>,
    /// The selected tickets.
    pub selected: RwSignal<BTreeSet<ItemNumber>>,
    /// What more is meant than what is selected.
    pub meant: Meant,
    /// The row that the keyboard is at.
    pub current: RwSignal<Option<ItemNumber>>,
    /// The number in the address: the ticket that is (about to be) open beside the list.
    pub open_number: Signal<Option<ItemNumber>>,
    /// The ticket that is open beside the list, once loaded.
    pub open: RwSignal<Option<OpenTicket>>,
    /// How much is in each view.
    pub counts: RwSignal<Vec<ViewCount>>,
    /// The small lists that rows refer to.
    pub catalog: RwSignal<Catalog>,
    /// Who is signed in.
    pub me: RwSignal<Me>,
    /// Tickets that belong here by what was told of them and were not here when the list was loaded: they wait until somebody
    /// asks for them, so that nothing moves under the pointer.
    pub fresh: RwSignal<BTreeSet<ItemNumber>>,
    /// The last ticket that can no longer be seen.
    pub gone: RwSignal<Option<ItemNumber>>,
    /// Whether numbers and leaving rows are about to be looked at.
    pub(super) settling: StoredValue<bool>,
    /// Tickets of which it is to be asked whether they belong here.
    pub(super) touched: StoredValue<BTreeSet<ItemNumber>>,
    next: RwSignal<Option<Cursor>>,
    /// The ticket that the screen began with.
    ticket: StoredValue<Option<LoadedTicket>>,
    /// Counts lists, so that an answer that comes too late for its list is dropped.
    generation: StoredValue<u64>,
    /// Rows that are wanted: scrolling further than what is loaded asks for more.
    wanted: StoredValue<usize>,
    /// The ticket of which something was told before it was there to hear it.
    pub(super) missed: StoredValue<Option<ItemNumber>>,
    counting: Fresh,
    renewing: Fresh,
    understanding: Fresh,
    viewing: Fresh,
}

impl ListStore {
    /// A list that has nothing yet.
    #[must_use]
    pub fn new(address: ListAddress, views: RwSignal<Views>, open_number: Signal<Option<ItemNumber>>, session: Session) -> Self {
        Self {
            open_number,
            address: RwSignal::new(address),
            views,
            bar: RwSignal::new(Bar::default()),
            tree: RwSignal::new(Vec::new()),
            lines: RwSignal::new(Vec::new()),
            whole: RwSignal::new(Vec::new()),
            sums: RwSignal::new(Vec::new()),
            rest: StoredValue::new(Rest::default()),
            grouped: StoredValue::new(None),
            recalls: StoredValue::new(false),
            sight: StoredValue::new(None),
            rows: RwSignal::new(Vec::new()),
            total: RwSignal::new(None),
            loading: RwSignal::new(Loading::First),
            selected: RwSignal::new(BTreeSet::new()),
            meant: Meant::nothing(),
            current: RwSignal::new(None),
            open: RwSignal::new(None),
            counts: RwSignal::new(Vec::new()),
            fresh: RwSignal::new(BTreeSet::new()),
            gone: RwSignal::new(None),
            settling: StoredValue::new(false),
            catalog: session.catalog,
            me: session.me,
            touched: StoredValue::new(BTreeSet::new()),
            next: RwSignal::new(None),
            ticket: StoredValue::new(None),
            generation: StoredValue::new(0),
            wanted: StoredValue::new(0),
            missed: StoredValue::new(None),
            counting: Fresh::begin(),
            renewing: Fresh::begin(),
            understanding: Fresh::begin(),
            viewing: Fresh::begin(),
        }
    }

    /// What the view is called. Tracked.
    #[must_use]
    pub fn view_name(self, i18n: I18n) -> String {
        let key = self.address.with(|address| address.view);
        let name = self.views.with(|views| views.views.iter().find(|view| view.key == key).map(|view| name_of(view, i18n)));
        name.unwrap_or_else(|| match key {
            ViewKey::System(view) => i18n.name("view", view.key()),
            ViewKey::Saved(_) => t!(i18n, tickets).to_owned(),
        })
    }

    /// The view. Tracked.
    #[must_use]
    pub fn view(self) -> Option<View> {
        let key = self.address.with(|address| address.view);
        self.views.with(|views| views.views.iter().find(|view| view.key == key).cloned())
    }

    /// How the view is shown to this person, where the address says nothing else. Tracked.
    #[must_use]
    pub fn settings(self) -> Settings {
        let key = self.address.with(|address| address.view);
        self.views.with(|views| views.views.iter().find(|view| view.key == key).map(settings_of)).unwrap_or_default()
    }

    /// How the list is shown. Tracked.
    #[must_use]
    pub fn shown(self) -> Settings {
        let settings = self.settings();
        self.address.with(|address| address.settings(&settings))
    }

    /// The columns of the table, and whether somebody chose them. Tracked.
    #[must_use]
    pub fn columns(self) -> (Vec<Column>, bool) {
        let columns = self.shown().columns;
        let own = !columns.is_empty();
        (if own { columns } else { layout::USUAL.map(Column::usual).to_vec() }, own)
    }

    /// The order of the rows. Tracked.
    #[must_use]
    pub fn sort(self) -> Sort {
        self.shown().sort
    }

    /// The request for a page of the list.
    pub fn query(self, after: Option<Cursor>, limit: u16) -> ListQuery {
        let settings = untrack(|| self.settings());
        self.address.with_untracked(|address| address.request(&settings, after, limit))
    }

    /// Asks for what is shown first at an address.
    async fn ask_first(address: &ListAddress, settings: &Settings) -> Result<First, ApiError> {
        let query = address.request(settings, None, FIRST_PAGE);
        let shown = address.settings(settings);
        match shown.nested().into_iter().next() {
            Some(by) => Self::ask_groups(query, &by, &shown, 0).await.map(First::Groups),
            None => api::items::list(query).await.map(First::Rows),
        }
    }

    /// Takes what the screen begins with, unless it has gone on meanwhile.
    pub fn take_beginning(self, beginning: ApiResult<Beginning>) {
        if self.loading.get_untracked() != Loading::First || self.generation.get_value() > 0 {
            return;
        }
        let beginning = match beginning {
            Ok(beginning) => beginning,
            Err(error) => return self.begin(Err(error)),
        };
        if let Some(views) = beginning.views {
            self.views.set(views);
        }
        self.address.update(|address| address.view = beginning.view);
        if let Some(bar) = beginning.bar {
            self.bar.set(bar);
        }
        self.begin(beginning.first);
        if beginning.total.is_some() {
            self.total.set(beginning.total);
        }
        self.counts.set(beginning.counts);
        self.ticket.set_value(beginning.ticket);
    }

    /// The ticket that the screen began with, if it is this one. In the browser once: later it may have changed.
    #[must_use]
    pub fn first_ticket(self, number: Option<ItemNumber>) -> Option<LoadedTicket> {
        if number.is_none() {
            return Some(LoadedTicket::none());
        }
        #[cfg(feature = "ssr")]
        let ticket = self.ticket.get_value();
        #[cfg(not(feature = "ssr"))]
        let ticket = self.ticket.try_update_value(Option::take).flatten();
        ticket.filter(|ticket| ticket.number == number)
    }

    /// Takes what is shown first.
    fn begin(self, first: Result<First, ApiError>) {
        self.fresh.update(BTreeSet::clear);
        match first {
            Ok(First::Rows(page)) => {
                let complete = page.next.is_none();
                let rows = self
                    .rows
                    .with_untracked(|before| page.rows.into_iter().map(|item| Row::of(item, before.iter())).collect::<Vec<_>>());
                if complete {
                    self.total.set(i64::try_from(rows.len()).ok());
                }
                self.tree.set(Vec::new());
                self.rows.set(rows);
                self.next.set(page.next);
                self.loading.set(Loading::Idle);
            }
            Ok(First::Groups(groups)) => {
                self.next.set(None);
                self.take_groups(Ok(groups), false);
            }
            Err(error) => {
                self.tree.set(Vec::new());
                self.rows.set(Vec::new());
                self.next.set(None);
                self.loading.set(Loading::Failed(error));
            }
        }
    }

    /// Shows another list. What is there stays until the first page has come.
    pub fn show(self, address: ListAddress) {
        if self.address.with_untracked(|now| *now == address) {
            return;
        }
        let (same, drawn) =
            self.address.with_untracked(|now| (wording_of(now) == wording_of(&address), address.has_the_rows_of(now)));
        self.address.set(address);
        if drawn {
            return;
        }
        self.select_nothing();
        self.total.set(None);
        self.sums.update(Vec::clear);
        self.wanted.set_value(0);
        if !same {
            self.understand();
        }
        self.reload();
    }

    /// Asks what the list is filtered by, for the chips.
    pub fn understand(self) {
        self.understanding.ask(move || async move {
            // Nobody looks any more.
            if self.address.try_get_untracked().is_none() {
                return Asked::Refused;
            }
            Asked::of(api::filters::understand(self.wording()).await, move |bar| {
                let _ = self.bar.try_set(bar);
            })
        });
    }

    /// All that the list is filtered by, as text.
    #[must_use]
    pub fn wording(self) -> String {
        let view = untrack(|| self.view());
        self.address.with_untracked(|address| wording(address, view.as_ref()))
    }

    /// Asks for the views anew: somebody has changed them.
    pub fn renew_views(self) {
        self.viewing.ask(move || async move { Asked::of(api::views::all().await, move |views| self.take_views(views)) });
    }

    /// Takes the views as they are now; what is shown follows if it is shown by a view that has changed.
    pub fn take_views(self, views: Views) {
        if self.views.try_get_untracked().is_none_or(|before| before == views) {
            return;
        }
        let shown = |list: Self| list.view().map(|view| (settings_of(&view), view.text));
        let before = untrack(|| shown(self));
        self.views.set(views);
        self.count_views();
        if untrack(|| shown(self)) != before {
            self.understand();
            self.renew();
        }
    }

    /// Loads the list again from its beginning.
    pub fn reload(self) {
        let generation = self.next_generation();
        self.loading.set(Loading::First);
        let address = self.address.get_untracked();
        let settings = untrack(|| self.settings());
        spawn_local(async move {
            let first = Self::ask_first(&address, &settings).await;
            if self.is(generation) {
                self.begin(first);
            }
        });
    }

    /// Loads the list again because all of it may be old; what is there stays until it has come.
    pub fn renew(self) {
        if self.is_grouped() {
            return self.renew_groups();
        }
        self.renewing.ask(move || async move {
            let Some(address) = self.address.try_get_untracked() else { return Asked::Refused };
            let settings = untrack(|| self.settings());
            let generation = self.generation.get_value();
            Asked::of(Self::ask_first(&address, &settings).await, move |first| {
                // Another list that was asked for meanwhile is new anyway.
                if self.is(generation) {
                    self.next_generation();
                    self.begin(Ok(first));
                }
            })
        });
    }

    /// Whether the list is in groups.
    pub(super) fn is_grouped(self) -> bool {
        !untrack(|| self.levels()).is_empty()
    }

    /// Asks for what is told of a whole list beside how much it holds, where its groups do not tell it.
    pub fn add_up(self) {
        let measures = untrack(|| self.shown()).measures;
        if measures.is_empty() || self.is_grouped() {
            return;
        }
        let generation = self.generation.get_value();
        let request = self.query(None, 0);
        spawn_local(async move {
            if let Ok(sums) = api::items::sums(request, measures).await
                && self.is(generation)
            {
                self.sums.set(sums);
            }
        });
    }

    /// Asks how many rows there are, unless all are here.
    pub fn count_total(self) {
        if self.is_grouped() {
            return;
        }
        if self.is_complete() {
            self.total.set(i64::try_from(self.rows.with_untracked(Vec::len)).ok());
            return;
        }
        let generation = self.generation.get_value();
        let request = self.query(None, 0);
        spawn_local(async move {
            if let Ok(total) = api::items::total(request).await
                && self.is(generation)
            {
                self.total.set(Some(total));
            }
        });
    }

    /// Asks how much is in each view.
    pub fn count_views(self) {
        self.counting.ask(move || async move {
            Asked::of(api::items::counts().await, move |counts| {
                // The store is gone when somebody left the list meanwhile.
                let _ = self.counts.try_set(counts);
            })
        });
    }

    /// Makes sure that the rows up to `end` come.
    pub fn want(self, end: usize) {
        let Some(wanted) = self.wanted.try_get_value() else { return };
        self.wanted.set_value(wanted.max(end));
        let have = self.rows.with_untracked(Vec::len);
        if end > have && self.loading.get_untracked() == Loading::Idle {
            self.load_more();
        }
    }

    /// Loads the next page; goes on until what is wanted is there.
    pub fn load_more(self) {
        let Some(after) = self.next.get_untracked() else { return };
        let generation = self.generation.get_value();
        let have = self.rows.with_untracked(Vec::len);
        let far = self.wanted.get_value() > have + usize::from(FIRST_PAGE);
        let request = self.query(Some(after), if far { FAR_PAGE } else { FIRST_PAGE });
        self.loading.set(Loading::More);
        spawn_local(async move {
            let answer = api::items::list(request).await;
            if !self.is(generation) {
                return;
            }
            match answer {
                Ok(page) => self.append(page),
                Err(error) => self.loading.set(Loading::Failed(error)),
            }
        });
    }

    fn append(self, page: Page<ItemRow>) {
        self.rows.update(|rows| {
            // A ticket that moved while one scrolled can come twice: it stays where it was.
            let known: BTreeSet<ItemNumber> = rows.iter().map(|row| row.number).collect();
            rows.extend(page.rows.into_iter().filter(|row| !known.contains(&row.number)).map(|item| Row::of(item, [].iter())));
        });
        self.next.set(page.next);
        self.loading.set(Loading::Idle);
        if self.is_complete() {
            self.total.set(i64::try_from(self.rows.with_untracked(Vec::len)).ok());
        } else if self.wanted.get_value() > self.rows.with_untracked(Vec::len) {
            self.load_more();
        }
    }

    /// Whether the last row has come. Tracked.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.next.with(Option::is_none)
    }

    /// The place of a ticket among the loaded rows.
    #[must_use]
    pub fn place(self, number: ItemNumber) -> Option<usize> {
        self.rows.with_untracked(|rows| rows.iter().position(|row| row.number == number))
    }

    /// The row of a ticket, if it is loaded.
    #[must_use]
    pub fn row(self, number: ItemNumber) -> Option<ItemRow> {
        self.rows
            .with_untracked(|rows| rows.iter().find(|row| row.number == number).map(|row| row.item.clone()))
            .map(|item| item.get_untracked())
    }

    /// The row of a ticket, if it is loaded, as it changes.
    #[must_use]
    pub fn row_signal(self, number: ItemNumber) -> Option<RwSignal<ItemRow>> {
        self.rows.with_untracked(|rows| rows.iter().find(|row| row.number == number).map(|row| RwSignal::from(row.item.clone())))
    }

    /// The ticket `step` rows after (or before) `number`; the first one if there is no such row.
    #[must_use]
    pub fn neighbour(self, number: Option<ItemNumber>, step: isize) -> Option<ItemNumber> {
        let place = number.and_then(|number| self.place(number));
        self.rows.with_untracked(|rows| {
            let to = match place {
                Some(place) => place.checked_add_signed(step)?,
                None => 0,
            };
            rows.get(to).map(|row| row.number)
        })
    }

    /// Shows a row as it is now, if it is loaded.
    pub fn take_row(self, row: &ItemRow) {
        let Some(item) = self
            .rows
            .try_with_untracked(|rows| rows.iter().find(|r| r.number == row.number).map(|row| row.item.clone()))
            .flatten()
        else {
            return;
        };
        if item.with_untracked(|old| old != row) {
            item.set(row.clone());
        }
    }

    /// Takes what the server confirmed about a ticket.
    pub fn take(self, detail: &ItemDetail) {
        self.take_row(&detail.row);
        if let Some(Some(open)) = self.open.try_get_untracked() {
            open.take(detail);
        }
        self.count_views();
    }

    /// Takes rows out that no longer belong to the view, except the ticket that is open and those with which something more may
    /// be meant: the selected ones.
    ///
    /// What people have put together is told apart by the server alone.
    pub fn tidy(self) {
        let Some(view) = self.plain_view() else { return };
        let me = self.me.get_untracked();
        let leaves = |row: &&Row| row.item.with_untracked(|item| !change::fits(view, item, &me));
        let leaving = self.rows.with_untracked(|rows| rows.iter().filter(leaves).map(|row| row.number).collect());
        self.let_go(&leaving);
    }

    /// Takes rows out that do not belong here, except the ticket that is open and those with which something more may be meant: the
    /// selected ones.
    pub(super) fn let_go(self, leaving: &BTreeSet<ItemNumber>) {
        let open = self.open.get_untracked().map(|open| open.number);
        let stays = |number: &ItemNumber| Some(*number) == open || self.selected.with_untracked(|all| all.contains(number));
        self.take_out(&leaving.iter().copied().filter(|number| !stays(number)).collect());
    }

    /// Takes rows out, and puts the keyboard to one that stays.
    pub(super) fn take_out(self, leaving: &BTreeSet<ItemNumber>) {
        let leaving: BTreeSet<ItemNumber> = leaving.iter().copied().filter(|number| self.place(*number).is_some()).collect();
        if leaving.is_empty() {
            return;
        }
        if let Some(current) = self.current.get_untracked().filter(|current| leaving.contains(current)) {
            self.current.set(self.next_staying(current, &leaving));
        }
        let gone = i64::try_from(leaving.len()).unwrap_or_default();
        if self.is_grouped() {
            self.take_out_of_groups(&leaving);
        } else {
            self.rows.update(|rows| rows.retain(|row| !leaving.contains(&row.number)));
        }
        self.selected.update(|selected| selected.retain(|number| !leaving.contains(number)));
        self.total.update(|total| *total = total.map(|total| (total - gone).max(0)));
    }

    /// The row that stays and is nearest to one that leaves.
    fn next_staying(self, from: ItemNumber, leaving: &BTreeSet<ItemNumber>) -> Option<ItemNumber> {
        let place = self.place(from)?;
        self.rows.with_untracked(|rows| {
            let stays = |row: &&Row| !leaving.contains(&row.number);
            let after = rows.iter().skip(place).find(stays);
            after.or_else(|| rows.iter().take(place).rev().find(stays)).map(|row| row.number)
        })
    }

    /// Shows a row that was not in the list (or had left it) again: loads the list anew.
    pub fn bring_back(self, number: ItemNumber) {
        if self.place(number).is_none() {
            self.reload();
        }
    }

    /// Selects a row, or no longer.
    pub fn toggle(self, number: ItemNumber) {
        self.selected.update(|selected| {
            if !selected.remove(&number) {
                selected.insert(number);
            }
        });
        self.current.set(Some(number));
    }

    /// Selects everything between the row that the keyboard is at and this one.
    pub fn extend_to(self, number: ItemNumber) {
        let from = self.current.get_untracked().and_then(|current| self.place(current));
        let (Some(from), Some(to)) = (from.or_else(|| self.place(number)), self.place(number)) else { return };
        let (low, high) = (from.min(to), from.max(to));
        self.rows.with_untracked(|rows| {
            self.selected.update(|selected| selected.extend(rows.iter().skip(low).take(high - low + 1).map(|row| row.number)));
        });
        self.current.set(Some(number));
    }

    /// Selects all rows that are loaded, or none if all of them are.
    pub fn toggle_all(self) {
        let loaded = self.rows.with_untracked(Vec::len);
        self.selected.update(|selected| {
            if selected.len() >= loaded {
                selected.clear();
            } else {
                selected.extend(self.rows.with_untracked(|rows| rows.iter().map(|row| row.number).collect::<Vec<_>>()));
            }
        });
    }

    pub(super) fn generation(self) -> u64 {
        self.generation.get_value()
    }

    fn next_generation(self) -> u64 {
        self.generation.update_value(|generation| *generation += 1);
        self.generation.get_value()
    }

    /// Whether an answer still belongs to the list that is shown; `false` when the list is gone.
    pub(super) fn is(self, generation: u64) -> bool {
        self.generation.try_get_value() == Some(generation)
    }
}

impl Row {
    /// The row of a ticket. A row that there is already changes where it is, unless it is newer.
    pub(super) fn of<'a>(item: ItemRow, mut before: impl Iterator<Item = &'a Self>) -> Self {
        let Some(row) = before.find(|row| row.number == item.number) else {
            return Self { number: item.number, item: ArcRwSignal::new(item) };
        };
        if row.item.with_untracked(|old| old.version <= item.version && *old != item) {
            row.item.set(item);
        }
        row.clone()
    }
}
