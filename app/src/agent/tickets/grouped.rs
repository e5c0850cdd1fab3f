//! The list in groups: a tree of groups as far as they are open, and the lines that are drawn of it.
//!
//! How much is in a group is known from the start, so a group that is open has its height before its rows have come; they are asked
//! for when somebody sees their place. Groups within a group are asked for when it is opened.

use super::{
    folds::{Condition, Folds},
    store::{ListStore, Loading, Row},
};
use crate::api::{
    self, ApiError, ApiResult,
    items::{Group, GroupList, ListQuery},
};
use domain::{
    id::ItemNumber,
    page::{Cursor, Page},
    view::{GroupBy, Layout, Settings},
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::BTreeSet;

/// Rows of a group that are asked for at once.
const PAGE: u16 = 50;
/// The same where a column of a board crosses a lane: there are many such places, and few cards are seen in each.
const CROSSING: u16 = 12;
/// Most lines that stand for rows of a group that have not come.
const WAITING: usize = 200;
/// Groups that are open when a list begins: so many at first, the others when somebody opens them.
const OPEN_AT_FIRST: usize = 20;

/// A group and what is in it, as far as it has come.
#[derive(Debug, Clone)]
pub struct Node {
    /// The group.
    pub group: Group,
    /// What it is grouped by.
    pub by: GroupBy,
    /// Whether its inside is shown.
    pub open: bool,
    /// The groups within it that have not come.
    rest: Rest,
    inner: Inner,
}

/// The groups behind those that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rest {
    /// How many there are.
    pub more: i64,
    /// Why the next ones did not come.
    pub failed: Option<ApiError>,
    /// Where they begin.
    pub next: Option<Cursor>,
    asked: bool,
}

impl Rest {
    fn of(page: &GroupList) -> Self {
        Self { more: page.more, failed: None, next: page.next.clone(), asked: false }
    }
}

/// The inside of a group.
#[derive(Debug, Clone)]
enum Inner {
    /// Nothing was asked for yet.
    Unknown,
    /// It is on its way.
    Asked,
    /// It did not come.
    Failed(ApiError),
    /// Groups within the group.
    Groups(Vec<Node>),
    /// Rows, and where the next ones begin.
    Rows { rows: Vec<Row>, next: Option<Cursor>, asked: bool, failed: Option<ApiError> },
}

/// The places of a group among its siblings, outermost first.
pub type Path = Vec<usize>;

/// What is drawn in one line of a list.
#[derive(Debug, Clone)]
pub enum Line {
    /// The head of a group.
    Head(Path),
    /// A ticket.
    Ticket(Row),
    /// A place for something that has not come: the inside of this group, of which so many rows are there.
    Waiting(Path, usize),
    /// The inside of this group did not come.
    Failed(Path),
    /// In this group (in none: of the first level) are more groups than came.
    More(Path),
}

impl Line {
    /// The ticket, if it is one.
    #[must_use]
    pub fn ticket(&self) -> Option<ItemNumber> {
        match self {
            Self::Ticket(row) => Some(row.number),
            _ => None,
        }
    }
}

impl Node {
    fn new(group: Group, by: &GroupBy, open: bool) -> Self {
        Self { group, by: by.clone(), open, rest: Rest::default(), inner: Inner::Unknown }
    }

    /// Why its inside did not come.
    #[must_use]
    pub fn failure(&self) -> Option<&ApiError> {
        match &self.inner {
            Inner::Failed(error) => Some(error),
            Inner::Rows { failed, .. } => failed.as_ref(),
            _ => None,
        }
    }

    /// Its rows, as far as they have come.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        match &self.inner {
            Inner::Rows { rows, .. } => rows,
            _ => &[],
        }
    }

    /// The groups within it, as far as they have come.
    #[must_use]
    pub fn groups(&self) -> &[Node] {
        match &self.inner {
            Inner::Groups(nodes) => nodes,
            _ => &[],
        }
    }

    /// Whether nothing of its inside was asked for yet.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.inner, Inner::Unknown)
    }

    /// Adds the tickets in it that have come; whether these are all.
    fn gather(&self, tickets: &mut BTreeSet<ItemNumber>) -> bool {
        match &self.inner {
            Inner::Rows { rows, next, .. } => {
                tickets.extend(rows.iter().map(|row| row.number));
                next.is_none()
            }
            Inner::Groups(nodes) => {
                let mut all = self.rest.next.is_none();
                for node in nodes {
                    all &= node.gather(tickets);
                }
                all
            }
            _ => self.group.count == 0,
        }
    }

    /// What its items have in common.
    #[must_use]
    pub fn condition(&self) -> Condition {
        (self.by.to_string(), self.group.key.clone())
    }

    /// What is drawn of it, and the rows in their order.
    fn lines(&self, path: &mut Path, lines: &mut Vec<Line>, rows: &mut Vec<Row>) {
        lines.push(Line::Head(path.clone()));
        if !self.open || self.group.count == 0 {
            return;
        }
        let wait = |lines: &mut Vec<Line>, have: usize, how_many: usize| {
            lines.extend(std::iter::repeat_n(Line::Waiting(path.clone(), have), how_many.min(WAITING)));
        };
        let count = usize::try_from(self.group.count).unwrap_or_default();
        match &self.inner {
            Inner::Unknown | Inner::Asked => wait(lines, 0, count),
            Inner::Failed(_) => lines.push(Line::Failed(path.clone())),
            Inner::Groups(nodes) => all_lines(nodes, &self.rest, path, lines, rows),
            Inner::Rows { rows: own, next, failed, .. } => {
                lines.extend(own.iter().cloned().map(Line::Ticket));
                rows.extend(own.iter().cloned());
                if failed.is_some() {
                    lines.push(Line::Failed(path.clone()));
                } else if next.is_some() {
                    wait(lines, own.len(), count.saturating_sub(own.len()).max(1));
                }
            }
        }
    }
}

/// `rest`: the groups behind these.
fn all_lines(nodes: &[Node], rest: &Rest, path: &mut Path, lines: &mut Vec<Line>, rows: &mut Vec<Row>) {
    for (at, node) in nodes.iter().enumerate() {
        path.push(at);
        node.lines(path, lines, rows);
        path.pop();
    }
    if rest.next.is_some() {
        lines.push(Line::More(path.clone()));
    }
}

/// Does something with each group: with what its items, and those of the groups around it, have in common.
fn each(nodes: &mut [Node], around: &mut Vec<Condition>, then: &mut impl FnMut(&mut Node, &[Condition])) {
    for node in nodes {
        around.push(node.condition());
        then(node, around);
        if let Inner::Groups(nodes) = &mut node.inner {
            each(nodes, around, then);
        }
        around.pop();
    }
}

/// The node at a place.
fn find<'n>(nodes: &'n mut [Node], path: &[usize]) -> Option<&'n mut Node> {
    let (first, rest) = path.split_first()?;
    let node = nodes.get_mut(*first)?;
    if rest.is_empty() {
        return Some(node);
    }
    match &mut node.inner {
        Inner::Groups(nodes) => find(nodes, rest),
        _ => None,
    }
}

/// The groups of the first level, or those in a group.
fn within<'n>(nodes: &'n mut Vec<Node>, path: &[usize]) -> Option<&'n mut Vec<Node>> {
    if path.is_empty() {
        return Some(nodes);
    }
    match &mut find(nodes, path)?.inner {
        Inner::Groups(nodes) => Some(nodes),
        _ => None,
    }
}

/// The same, only to be looked at.
fn seen<'n>(nodes: &'n [Node], path: &[usize]) -> Option<&'n Node> {
    let (first, rest) = path.split_first()?;
    let node = nodes.get(*first)?;
    match (&node.inner, rest) {
        (_, []) => Some(node),
        (Inner::Groups(nodes), rest) => seen(nodes, rest),
        _ => None,
    }
}

/// Where the group now stands whose items have this in common, and those of the groups around it.
fn place_of(nodes: &[Node], conditions: &[Condition]) -> Option<Path> {
    let (first, rest) = conditions.split_first()?;
    let at = nodes.iter().position(|node| node.condition() == *first)?;
    let mut path = vec![at];
    if !rest.is_empty() {
        let Inner::Groups(nodes) = &nodes[at].inner else { return None };
        path.extend(place_of(nodes, rest)?);
    }
    Some(path)
}

/// New groups in the place of old ones: what somebody has opened or closed (`folds`) is as they left it, and what was open stays open.
/// What is inside stays, too, until it is asked for anew, if it is the inside of the same list.
///
/// `around`: what the groups that these are in have in common. `late`: groups that come later are open like those that were there first.
fn renewed(
    groups: Vec<Group>,
    by: &GroupBy,
    around: &[Condition],
    folds: &Folds,
    mut before: Vec<Node>,
    same: bool,
    late: bool,
) -> Vec<Node> {
    let begins = late || before.is_empty();
    let node = |(at, group): (usize, Group)| {
        let mut conditions = around.to_vec();
        conditions.push((by.to_string(), group.key.clone()));
        let said = folds.is_open(&conditions);
        match before.iter().position(|old| old.group.key == group.key) {
            Some(old) if same => Node { group, ..before.swap_remove(old) },
            Some(old) => Node::new(group, by, said.unwrap_or(before.swap_remove(old).open)),
            None => Node::new(group, by, said.unwrap_or(begins && at < OPEN_AT_FIRST)),
        }
    };
    groups.into_iter().enumerate().map(node).collect()
}

impl ListStore {
    /// The groups' levels of the list as it is shown. Tracked.
    #[must_use]
    pub fn levels(self) -> Vec<GroupBy> {
        self.shown().groups
    }

    /// Asks for a page of groups.
    async fn ask_page(list: ListQuery, by: &GroupBy, shown: &Settings) -> ApiResult<GroupList> {
        let (order, empty) = (shown.group_sort.key().to_owned(), shown.empty_groups || shown.makes_columns(by));
        api::items::groups(list, by.to_string(), order, empty, shown.measures.clone()).await
    }

    /// Asks for the groups of a list from their beginning, at least as many as there were.
    pub(super) async fn ask_groups(list: ListQuery, by: &GroupBy, shown: &Settings, were: usize) -> ApiResult<GroupList> {
        let mut all = Self::ask_page(list.clone(), by, shown).await?;
        while all.groups.len() < were && all.next.is_some() {
            let page = Self::ask_page(ListQuery { after: all.next.clone(), ..list.clone() }, by, shown).await?;
            let known: BTreeSet<String> = all.groups.iter().map(|group| group.key.clone()).collect();
            let new = page.groups.into_iter().filter(|group| !known.contains(&group.key));
            all = GroupList { groups: all.groups.into_iter().chain(new).collect(), ..page };
        }
        Ok(all)
    }

    /// Takes the groups of the first level.
    ///
    /// `same`: of the list that was shown before.
    pub(super) fn take_groups(self, groups: Result<GroupList, ApiError>, same: bool) {
        match groups {
            Ok(groups) => {
                let Some(by) = untrack(|| self.shown()).nested().into_iter().next() else { return };
                self.total.set(Some(groups.total));
                self.rest.set_value(Rest::of(&groups));
                self.whole.set(groups.measures);
                let before = self.tree.try_update(std::mem::take).unwrap_or_default();
                let view = self.address.with_untracked(|address| address.view);
                let alike = self.grouped.get_value() == Some(view) && before.first().is_some_and(|node| node.by == by);
                self.grouped.set_value(Some(view));
                let before = if alike { before } else { Vec::new() };
                self.tree.set(self.nodes(groups.groups, &by, &[], before, same));
                self.loading.set(Loading::Idle);
            }
            Err(error) => {
                self.tree.set(Vec::new());
                self.loading.set(Loading::Failed(error));
            }
        }
        self.draw();
    }

    /// New groups in the place of old ones ([`renewed`]); the columns of a board are open, whatever somebody has closed elsewhere.
    fn nodes(self, groups: Vec<Group>, by: &GroupBy, around: &[Condition], before: Vec<Node>, same: bool) -> Vec<Node> {
        let shown = untrack(|| self.shown());
        let mut nodes = renewed(groups, by, around, &self.folds(), before, same, shown.layout == Layout::Board);
        if shown.makes_columns(by) {
            nodes.iter_mut().for_each(|node| node.open = true);
        }
        nodes
    }

    /// Makes the lines anew, if there are groups.
    fn draw_groups(self) {
        if !self.tree.with_untracked(Vec::is_empty) {
            self.draw();
        }
    }

    /// Makes the lines anew.
    fn draw(self) {
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        self.tree
            .with_untracked(|tree| self.rest.with_value(|rest| all_lines(tree, rest, &mut Vec::new(), &mut lines, &mut rows)));
        self.lines.set(lines);
        self.rows.set(rows);
    }

    /// The ticket in a line of the list.
    #[must_use]
    pub fn ticket_at(self, at: usize) -> Option<ItemNumber> {
        if self.tree.with_untracked(Vec::is_empty) {
            return self.rows.with_untracked(|rows| rows.get(at).map(|row| row.number));
        }
        self.lines.with_untracked(|lines| lines.get(at).and_then(Line::ticket))
    }

    /// The line of the list in which a ticket stands; the first one, if it stands in several. Tracked.
    #[must_use]
    pub fn line_of(self, number: ItemNumber) -> Option<usize> {
        if self.tree.with(Vec::is_empty) {
            return self.rows.with(|rows| rows.iter().position(|row| row.number == number));
        }
        self.lines.with(|lines| lines.iter().position(|line| line.ticket() == Some(number)))
    }

    /// The group in which a line stands, or whose head it is.
    #[must_use]
    pub fn group_of(self, at: usize) -> Option<Path> {
        let path = |line: &Line| match line {
            Line::Head(path) | Line::Waiting(path, _) | Line::Failed(path) => Some(path.clone()),
            Line::Ticket(_) | Line::More(_) => None,
        };
        let inside = |line: &&Line| matches!(line, Line::Ticket(_));
        self.lines.with_untracked(|lines| lines.get(..=at)?.iter().rev().find(|line| !inside(line)).and_then(path))
    }

    /// Where the group now stands whose items have this in common.
    pub(super) fn place_of_group(self, conditions: &[Condition]) -> Option<Path> {
        self.tree.with_untracked(|tree| place_of(tree, conditions))
    }

    /// The tickets of a group that have come, and whether these are all.
    pub(super) fn tickets_of(self, path: &[usize]) -> (BTreeSet<ItemNumber>, bool) {
        let mut tickets = BTreeSet::new();
        let all = self.tree.with_untracked(|tree| seen(tree, path).is_none_or(|node| node.gather(&mut tickets)));
        (tickets, all)
    }

    /// The group at a place.
    #[must_use]
    pub fn node(self, path: &[usize]) -> Option<Node> {
        self.see(path, Clone::clone)
    }

    /// What there is to see of the group at a place.
    pub fn see<T>(self, path: &[usize], see: impl FnOnce(&Node) -> T) -> Option<T> {
        self.tree.with_untracked(|tree| seen(tree, path).map(see))
    }

    /// Opens a group, or closes it.
    pub fn toggle_group(self, path: &[usize]) {
        let open = self.tree.try_update_untracked(|tree| {
            let node = find(tree, path)?;
            node.open = !node.open;
            Some(node.open)
        });
        if let Some(Some(open)) = open {
            let mut folds = self.folds();
            folds.note(&self.conditions(path), open);
            folds.write(self);
        }
        self.draw();
    }

    /// Opens all groups that are there, or closes them.
    pub fn open_groups(self, open: bool) {
        let mut folds = self.folds();
        self.each_foldable(|node, conditions| {
            node.open = open;
            folds.note(conditions, open);
        });
        folds.write(self);
        self.draw();
    }

    /// Opens and closes the groups as the person has left them. In the browser, once it has woken the page: the server does not know it.
    pub fn recall_groups(self) {
        self.recalls.set_value(true);
        let folds = self.folds();
        self.each_foldable(|node, conditions| node.open = folds.is_open(conditions).unwrap_or(node.open));
        self.draw_groups();
    }

    /// Does something with each group that can be opened and closed.
    fn each_foldable(self, mut then: impl FnMut(&mut Node, &[Condition])) {
        let shown = untrack(|| self.shown());
        self.tree.update_untracked(|tree| {
            each(tree, &mut Vec::new(), &mut |node: &mut Node, conditions: &[Condition]| {
                if !shown.makes_columns(&node.by) {
                    then(node, conditions);
                }
            });
        });
    }

    /// What the person has opened and closed in this view.
    fn folds(self) -> Folds {
        if self.recalls.get_value() { Folds::read(self) } else { Folds::default() }
    }

    /// Asks for the inside of a group, or for more of it, unless that is on its way. Called where its place is seen.
    pub fn want_group(self, path: &[usize]) {
        let ask = self.tree.try_update_untracked(|tree| {
            let node = find(tree, path)?;
            match &mut node.inner {
                Inner::Unknown | Inner::Failed(_) => {
                    node.inner = Inner::Asked;
                    Some(None)
                }
                Inner::Rows { next: Some(next), asked, failed, .. } if !*asked => {
                    *asked = true;
                    *failed = None;
                    Some(Some(next.clone()))
                }
                _ => None,
            }
        });
        if let Some(Some(after)) = ask {
            self.ask_group(path, after, self.page(path));
        }
    }

    /// The groups of the first level, or in a group, that have not come.
    #[must_use]
    pub fn rest(self, path: &[usize]) -> Rest {
        self.with_rest(path, |rest| rest.clone()).unwrap_or_default()
    }

    fn with_rest<T>(self, path: &[usize], then: impl FnOnce(&mut Rest) -> T) -> Option<T> {
        if path.is_empty() {
            return self.rest.try_update_value(then);
        }
        self.tree.try_update_untracked(|tree| find(tree, path).map(|node| then(&mut node.rest))).flatten()
    }

    /// Asks for the groups behind those of the first level, or of a group, that are there, unless they are on their way. Called where
    /// their place is seen.
    pub fn want_groups(self, path: &[usize]) {
        let conditions = self.conditions(path);
        let shown = untrack(|| self.shown());
        let Some(by) = shown.nested().into_iter().nth(conditions.len()) else { return };
        let ask = self.with_rest(path, |rest| {
            let next = rest.next.clone().filter(|_| !rest.asked);
            rest.asked = true;
            next
        });
        let Some(Some(after)) = ask else { return };
        let generation = self.generation();
        let query = ListQuery { within: conditions.clone(), ..self.query(Some(after.clone()), 0) };
        spawn_local(async move {
            let page = Self::ask_page(query, &by, &shown).await;
            // Of another list the answer is late, as it is where the groups have come anew and end elsewhere.
            if !self.is(generation) {
                return;
            }
            let path = if conditions.is_empty() { Some(Path::new()) } else { self.place_of_group(&conditions) };
            if let Some(path) = path.filter(|path| self.rest(path).next.as_ref() == Some(&after)) {
                self.take_further(&path, page, &by);
            }
        });
    }

    /// Takes groups that come behind those that are there.
    fn take_further(self, path: &[usize], page: ApiResult<GroupList>, by: &GroupBy) {
        let (folds, around) = (self.folds(), self.conditions(path));
        let shown = untrack(|| self.shown());
        let (rest, groups) = match page {
            Ok(page) => (Rest::of(&page), page.groups),
            Err(error) => (Rest { failed: Some(error), asked: false, ..self.rest(path) }, Vec::new()),
        };
        self.with_rest(path, |now| *now = rest);
        self.tree.update_untracked(|tree| {
            let Some(nodes) = within(tree, path) else { return };
            // A group whose number has changed meanwhile may come twice: it stays where it was.
            let known: BTreeSet<String> = nodes.iter().map(|node| node.group.key.clone()).collect();
            let new = groups.into_iter().filter(|group| !known.contains(&group.key)).map(|group| {
                let mut conditions = around.clone();
                conditions.push((by.to_string(), group.key.clone()));
                let said = folds.is_open(&conditions).unwrap_or(shown.layout == Layout::Board);
                let open = shown.makes_columns(by) || said;
                Node::new(group, by, open)
            });
            nodes.extend(new);
        });
        self.draw();
    }

    /// How many rows of a group are asked for at once.
    fn page(self, path: &[usize]) -> u16 {
        if path.len() > 1 && untrack(|| self.shown()).layout == Layout::Board { CROSSING } else { PAGE }
    }

    /// What the items of a group, and of those that it is in, have in common.
    pub(super) fn conditions(self, path: &[usize]) -> Vec<Condition> {
        let at = |tree: &Vec<Node>, depth: usize| seen(tree, &path[..depth]).map(Node::condition);
        self.tree.with_untracked(|tree| (1..=path.len()).filter_map(|depth| at(tree, depth)).collect())
    }

    /// Asks for the inside of a group: its beginning, or what follows a place in it.
    fn ask_group(self, path: &[usize], after: Option<Cursor>, limit: u16) {
        let generation = self.generation();
        let conditions = self.conditions(path);
        let were = self.tree.try_update_untracked(|tree| within(tree, path).map_or(0, |nodes| nodes.len())).unwrap_or_default();
        let shown = untrack(|| self.shown());
        let level = shown.nested().into_iter().nth(conditions.len());
        let more = after.is_some();
        let query = ListQuery { within: conditions.clone(), ..self.query(after, limit) };
        spawn_local(async move {
            let inside = match level {
                Some(by) => Self::ask_groups(query, &by, &shown, were).await.map(|groups| Inside::Groups(groups, by)),
                None => api::items::list(query).await.map(Inside::Rows),
            };
            // Of another list the answer is late. In this one the group may stand elsewhere by now, or be gone.
            if !self.is(generation) {
                return;
            }
            if let Some(path) = self.tree.with_untracked(|tree| place_of(tree, &conditions)) {
                self.take_inside(&path, inside, more);
            }
        });
    }

    /// `more`: what follows the rows that are there, not the beginning.
    fn take_inside(self, path: &[usize], inside: ApiResult<Inside>, more: bool) {
        let row = |item| self.rows.with_untracked(|all| Row::of(item, all.iter()));
        let around = self.conditions(path);
        self.tree.update_untracked(|tree| {
            let Some(node) = find(tree, path) else { return };
            let before = std::mem::replace(&mut node.inner, Inner::Unknown);
            node.inner = match (inside, before) {
                (Ok(Inside::Groups(groups, by)), before) => {
                    let before = if let Inner::Groups(nodes) = before { nodes } else { Vec::new() };
                    node.rest = Rest::of(&groups);
                    Inner::Groups(self.nodes(groups.groups, &by, &around, before, true))
                }
                (Ok(Inside::Rows(page)), Inner::Rows { mut rows, asked: true, .. }) if more => {
                    let known: BTreeSet<ItemNumber> = rows.iter().map(|row| row.number).collect();
                    rows.extend(page.rows.into_iter().filter(|row| !known.contains(&row.number)).map(row));
                    Inner::Rows { rows, next: page.next, asked: false, failed: None }
                }
                // The rows have begun anew since it was asked what follows them.
                (_, before @ Inner::Rows { asked: false, .. }) if more => before,
                (Ok(Inside::Rows(page)), _) => {
                    let rows = page.rows.into_iter().map(row).collect();
                    Inner::Rows { rows, next: page.next, asked: false, failed: None }
                }
                (Err(error), Inner::Rows { rows, next, asked, .. }) => {
                    Inner::Rows { rows, next, asked: asked && !more, failed: more.then_some(error) }
                }
                (Err(_), before @ Inner::Groups(_)) => before,
                (Err(error), _) => Inner::Failed(error),
            };
        });
        self.draw();
    }

    /// Shows tickets at the beginning of another group, before the server has said that they are there: that whose items, and those of
    /// the groups around it, have this in common.
    pub fn show_in_group(self, numbers: &[ItemNumber], to: &[Condition]) {
        self.tree.update_untracked(|tree| {
            let mut moved = Vec::new();
            taken(tree, numbers, &mut moved);
            // One that stood in several groups is put there once.
            let mut known = BTreeSet::new();
            moved.retain(|row: &Row| known.insert(row.number));
            put(tree, to, moved);
        });
        self.draw();
    }

    /// Takes rows out of the groups that they stand in.
    pub(super) fn take_out_of_groups(self, leaving: &BTreeSet<ItemNumber>) {
        fn all(nodes: &mut [Node], leaving: &BTreeSet<ItemNumber>) {
            for node in nodes {
                match &mut node.inner {
                    Inner::Groups(nodes) => all(nodes, leaving),
                    Inner::Rows { rows, .. } => rows.retain(|row| !leaving.contains(&row.number)),
                    _ => {}
                }
            }
        }
        self.tree.update_untracked(|tree| all(tree, leaving));
        self.draw();
    }

    /// Forgets the inside of groups that are out of sight, unless something in it is selected, open, or
    /// where the keyboard is: it is asked for when it is seen.
    fn forget_unseen(self) {
        let Some((from, to)) = self.sight.get_value() else { return };
        let selected = self.selected.get_untracked();
        let others = [self.open_number.get_untracked(), self.current.get_untracked()];
        let meant = |row: &Row| selected.contains(&row.number) || others.contains(&Some(row.number));
        self.tree.update_untracked(|tree| {
            for (_, node) in tree.iter_mut().enumerate().filter(|(at, _)| !(from..to).contains(at)) {
                if !node.groups().iter().any(|node| node.rows().iter().any(meant)) {
                    node.inner = Inner::Unknown;
                }
            }
        });
        self.draw();
    }

    /// Asks for the groups anew, and for the rows of those that are open: tickets were changed, came or went.
    pub(super) fn renew_groups(self) {
        let shown = untrack(|| self.shown());
        let Some(by) = shown.nested().into_iter().next() else { return };
        let generation = self.generation();
        let were = self.tree.with_untracked(Vec::len);
        spawn_local(async move {
            let groups = Self::ask_groups(self.query(None, 0), &by, &shown, were).await;
            if !self.is(generation) {
                return;
            }
            let Ok(groups) = groups else { return };
            self.take_groups(Ok(groups), true);
            self.forget_unseen();
            let mut open = Vec::new();
            self.tree.with_untracked(|tree| loaded(tree, &mut Vec::new(), &mut open));
            for (path, have) in open {
                let limit = u16::try_from(have).unwrap_or(u16::MAX).clamp(self.page(&path), domain::limits::PAGE);
                self.ask_group(&path, None, limit);
            }
        });
    }
}

/// Takes tickets out of the groups that they stand in, also out of what is counted of these. Answers how many there were.
fn taken(nodes: &mut [Node], numbers: &[ItemNumber], moved: &mut Vec<Row>) -> usize {
    let mut all = 0;
    for node in nodes {
        let gone = match &mut node.inner {
            Inner::Groups(nodes) => taken(nodes, numbers, moved),
            Inner::Rows { rows, .. } => {
                let before = rows.len();
                moved.extend(rows.iter().filter(|row| numbers.contains(&row.number)).cloned());
                rows.retain(|row| !numbers.contains(&row.number));
                before - rows.len()
            }
            _ => 0,
        };
        node.group.count -= i64::try_from(gone).unwrap_or_default();
        all += gone;
    }
    all
}

/// Puts rows at the beginning of a group, as far as the way there is known.
fn put(nodes: &mut [Node], to: &[Condition], mut rows: Vec<Row>) {
    let Some((first, rest)) = to.split_first() else { return };
    let Some(node) = nodes.iter_mut().find(|node| node.condition() == *first) else { return };
    node.group.count += i64::try_from(rows.len()).unwrap_or_default();
    match &mut node.inner {
        Inner::Groups(nodes) => put(nodes, rest, rows),
        Inner::Rows { rows: own, .. } => {
            rows.append(own);
            *own = rows;
        }
        // Of a group that was empty there are all rows now.
        inner if rest.is_empty() && usize::try_from(node.group.count) == Ok(rows.len()) => {
            *inner = Inner::Rows { rows, next: None, asked: false, failed: None };
        }
        _ => {}
    }
}

/// What came of the inside of a group.
enum Inside {
    Groups(GroupList, GroupBy),
    Rows(Page<domain::item::ItemRow>),
}

/// The places of open groups whose inside is there, with how many rows.
fn loaded(nodes: &[Node], path: &mut Path, found: &mut Vec<(Path, usize)>) {
    for (at, node) in nodes.iter().enumerate().filter(|(_, node)| node.open) {
        path.push(at);
        match &node.inner {
            Inner::Rows { rows, .. } => found.push((path.clone(), rows.len())),
            Inner::Groups(nodes) => {
                found.push((path.clone(), 0));
                loaded(nodes, path, found);
            }
            _ => {}
        }
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::tickets::change;
    use domain::filter::Field;

    fn node(key: i64, count: i64) -> Node {
        let group = Group { key: key.to_string(), name: String::new(), look: String::new(), count, measures: Vec::new() };
        Node::new(group, &GroupBy::Field(Field::Priority), true)
    }

    fn row(number: i64) -> Row {
        Row { number: ItemNumber(number), item: ArcRwSignal::new(change::sample()) }
    }

    fn drawn(nodes: &[Node]) -> String {
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        all_lines(nodes, &Rest::default(), &mut Vec::new(), &mut lines, &mut rows);
        let sign = |line: &Line| match line {
            Line::Head(path) => path.len().to_string(),
            Line::Ticket(_) => "t".to_owned(),
            Line::Waiting(..) => ".".to_owned(),
            Line::Failed(_) => "!".to_owned(),
            Line::More(path) => format!("+{}", path.len()),
        };
        lines.iter().map(sign).collect()
    }

    #[test]
    fn a_group_has_its_height_before_its_rows() {
        let mut nodes = vec![node(1, 3), node(2, 0), node(3, 2)];
        assert_eq!(drawn(&nodes), "1...11..");
        nodes[0].open = false;
        nodes[2].inner = Inner::Groups(vec![node(4, 1)]);
        assert_eq!(drawn(&nodes), "1112.");
        nodes[2].rest.next = Some(Cursor("x".to_owned()));
        assert_eq!(drawn(&nodes), "1112.+1");
        assert!(find(&mut nodes, &[2, 0]).is_some() && find(&mut nodes, &[0, 0]).is_none());
    }

    #[test]
    fn a_ticket_goes_to_another_group_with_all_that_is_counted() {
        let rows = Inner::Rows { rows: vec![row(7)], next: None, asked: false, failed: None };
        let mut nodes = vec![node(1, 1), node(2, 3)];
        nodes[0].inner = Inner::Groups(vec![Node { inner: rows, ..node(4, 1) }]);
        nodes[1].inner = Inner::Groups(vec![node(4, 3), node(5, 0)]);
        let to = [nodes[1].condition(), node(5, 0).condition()];
        let mut moved = Vec::new();
        assert_eq!(taken(&mut nodes, &[ItemNumber(7)], &mut moved), 1);
        put(&mut nodes, &to, moved);
        let counts = |nodes: &[Node]| nodes.iter().map(|node| node.group.count).collect::<Vec<_>>();
        assert_eq!((counts(&nodes), counts(nodes[0].groups()), counts(nodes[1].groups())), (vec![0, 4], vec![0], vec![3, 1]));
        assert_eq!(nodes[1].groups()[1].rows().len(), 1);
    }

    #[test]
    fn a_group_is_found_where_it_stands_now() {
        let mut nodes = vec![node(1, 3), node(2, 1)];
        nodes[1].inner = Inner::Groups(vec![node(4, 1), node(5, 1)]);
        let conditions = [seen(&nodes, &[1]).unwrap().condition(), seen(&nodes, &[1, 1]).unwrap().condition()];
        nodes.swap(0, 1);
        assert_eq!(place_of(&nodes, &conditions), Some(vec![0, 1]));
        nodes.remove(0);
        assert_eq!(place_of(&nodes, &conditions), None);
    }

    #[test]
    fn what_waits_waits_anew_behind_each_page() {
        let mut one = node(1, 52);
        let waiting = |node: &Node| {
            let (mut lines, mut rows) = (Vec::new(), Vec::new());
            node.lines(&mut vec![0], &mut lines, &mut rows);
            lines.into_iter().find_map(|line| if let Line::Waiting(_, have) = line { Some(have) } else { None })
        };
        assert_eq!(waiting(&one), Some(0));
        let next = Some(Cursor("x".to_owned()));
        one.inner = Inner::Rows { rows: Vec::new(), next: next.clone(), asked: false, failed: None };
        assert_eq!(drawn(std::slice::from_ref(&one)).len(), 53);
        one.inner = Inner::Rows { rows: Vec::new(), next, asked: false, failed: Some(ApiError::from(domain::Error::internal())) };
        assert_eq!(drawn(&[one]), "1!");
    }

    #[test]
    fn what_was_open_stays_open_when_groups_come_anew() {
        let mut before = vec![node(1, 3), node(2, 1)];
        before[0].open = false;
        let groups = [2, 1, 5].map(|key| node(key, 7).group).to_vec();
        let by = GroupBy::Field(Field::Priority);
        let after = renewed(groups.clone(), &by, &[], &Folds::default(), before.clone(), true, false);
        assert_eq!(after.iter().map(|node| node.open).collect::<Vec<_>>(), [true, false, false]);
        let late = renewed(groups.clone(), &by, &[], &Folds::default(), before, true, true);
        assert_eq!(late.iter().map(|node| node.open).collect::<Vec<_>>(), [true, false, true]);
        assert!(after.iter().all(|node| node.group.count == 7));
        // What somebody has said about a group is true of it in another list, too.
        let mut folds = Folds::default();
        folds.note(&[("priority".to_owned(), "1".to_owned())], false);
        let begun = renewed(groups, &by, &[], &folds, Vec::new(), false, false);
        assert_eq!(begun.iter().map(|node| node.open).collect::<Vec<_>>(), [true, false, true]);
    }
}
