//! The address of the list: which view, which search, which order, and which ticket is open beside it. What stands there is
//! what is shown, so back, forward, reload and a pasted link restore it.

use crate::api::items::ListQuery;
use domain::{
    calendar::Date,
    filter::Field,
    id::ItemNumber,
    page::Cursor,
    view::{
        CalendarBy, Card, Column, ColumnLimit, Density, GroupBy, GroupSort, Layout, Measure, Settings, Sort, SortField,
        SystemView, ViewKey, cards, group, layout, most,
    },
};
use leptos_router::{location::Url, params::ParamsMap};

/// What the list shows. What is not said is as the view has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAddress {
    /// The view.
    pub view: ViewKey,
    /// A filter in the place of the view's, in the filter language: what was changed of it and not saved.
    pub filter: Option<String>,
    /// What was typed into the search box, in the filter language; empty for nothing.
    pub text: String,
    /// What the rows are grouped by, outermost first.
    pub groups: Option<Vec<GroupBy>>,
    /// The order of the groups.
    pub group_sort: Option<GroupSort>,
    /// Whether groups that hold nothing are shown.
    pub empty_groups: Option<bool>,
    /// The order.
    pub sort: Option<Sort>,
    /// How the list is drawn.
    pub layout: Option<Layout>,
    /// The columns of the table.
    pub columns: Option<Vec<Column>>,
    /// How much room a row has.
    pub density: Option<Density>,
    /// What is told of groups and of the whole.
    pub measures: Option<Vec<Measure>>,
    /// By which date rows stand in the calendar.
    pub calendar: Option<CalendarBy>,
    /// A day of the stretch that the calendar shows; none: today. No view keeps it.
    pub day: Option<Date>,
    /// The cards of the dashboard.
    pub cards: Option<Vec<Card>>,
    /// How much the columns of the board are meant to hold.
    pub limits: Option<Vec<ColumnLimit>>,
}

/// The view of an address that names none.
const FIRST_VIEW: ViewKey = ViewKey::System(SystemView::Open);

impl Default for ListAddress {
    fn default() -> Self {
        Self::of_view(FIRST_VIEW)
    }
}

impl ListAddress {
    /// Reads the query of an address; what makes no sense there is as if it were not there.
    #[must_use]
    pub fn read(params: &ParamsMap) -> Self {
        let groups = |text: &str| text.split(',').filter_map(|key| key.parse().ok()).collect();
        Self {
            view: params.get_str("view").and_then(|key| key.parse().ok()).unwrap_or(FIRST_VIEW),
            filter: params.get_str("filter").map(|text| text.trim().to_owned()),
            text: params.get_str("q").unwrap_or_default().trim().to_owned(),
            groups: params.get_str("group").map(groups),
            group_sort: params.get_str("order").and_then(GroupSort::from_key),
            empty_groups: params.get_str("empty").map(|empty| empty == "yes"),
            sort: params.get_str("sort").and_then(|text| text.parse().ok()),
            layout: params.get_str("layout").and_then(Layout::from_key),
            columns: params.get_str("columns").map(layout::columns_of),
            density: params.get_str("density").and_then(Density::from_key),
            measures: params.get_str("measures").map(group::measures_of),
            calendar: params.get_str("calendar").and_then(|text| text.parse().ok()),
            day: params.get_str("day").and_then(|text| text.parse().ok()),
            cards: params.get_str("cards").map(cards::cards_of),
            limits: params.get_str("limits").map(most::limits_of),
        }
    }

    /// The query of the address: always the view, the rest where it is not as the view has it.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = format!("?view={}", self.view);
        let mut add = |name: &str, value: &str| {
            query.push('&');
            query.push_str(name);
            query.push('=');
            query.push_str(value);
        };
        if let Some(filter) = &self.filter {
            add("filter", &Url::escape(filter));
        }
        if !self.text.is_empty() {
            add("q", &Url::escape(&self.text));
        }
        if let Some(groups) = &self.groups {
            add("group", &groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        }
        if let Some(sort) = self.group_sort {
            add("order", sort.key());
        }
        if let Some(empty) = self.empty_groups {
            add("empty", if empty { "yes" } else { "no" });
        }
        if let Some(sort) = self.sort {
            add("sort", &sort.to_string());
        }
        if let Some(layout) = self.layout {
            add("layout", layout.key());
        }
        if let Some(columns) = &self.columns {
            add("columns", &layout::columns_text(columns));
        }
        if let Some(density) = self.density {
            add("density", density.key());
        }
        if let Some(measures) = &self.measures {
            add("measures", &group::measures_text(measures));
        }
        if let Some(calendar) = &self.calendar {
            add("calendar", &calendar.to_string());
        }
        if let Some(day) = self.day {
            add("day", &day.to_string());
        }
        if let Some(cards) = &self.cards {
            add("cards", &cards::cards_text(cards));
        }
        if let Some(limits) = &self.limits {
            add("limits", &most::limits_text(limits));
        }
        query
    }

    /// Whether something is not as the view has it.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        Self { day: None, ..self.clone() } != Self::of_view(self.view)
    }

    /// The address of the list.
    #[must_use]
    pub fn list(&self) -> String {
        format!("/desk/tickets{}", self.query())
    }

    /// The address of a ticket beside the list.
    #[must_use]
    pub fn ticket(&self, number: ItemNumber) -> String {
        format!("/desk/tickets/{number}{}", self.query())
    }

    /// The address of the list with the same ticket open as before.
    #[must_use]
    pub fn beside(&self, open: Option<ItemNumber>) -> String {
        open.map_or_else(|| self.list(), |number| self.ticket(number))
    }

    /// The address of the form for a new ticket beside the list.
    #[must_use]
    pub fn new_ticket(&self) -> String {
        format!("/desk/tickets/new{}", self.query())
    }

    /// A view as it is.
    #[must_use]
    pub fn of_view(view: impl Into<ViewKey>) -> Self {
        Self {
            view: view.into(),
            filter: None,
            text: String::new(),
            groups: None,
            group_sort: None,
            empty_groups: None,
            sort: None,
            layout: None,
            columns: None,
            density: None,
            measures: None,
            calendar: None,
            day: None,
            cards: None,
            limits: None,
        }
    }

    /// The same list in an order, of a view whose rows have this one.
    #[must_use]
    pub fn sorted(&self, sort: Sort, of_view: Sort) -> Self {
        Self { sort: (sort != of_view).then_some(sort), ..self.clone() }
    }

    /// The same list in groups, of a view whose rows are grouped so. Limits go with the columns that they are of.
    #[must_use]
    pub fn grouped(&self, groups: Vec<GroupBy>, of_view: &[GroupBy]) -> Self {
        let columns = |limit: &ColumnLimit| groups.first() == Some(&limit.by);
        let limits = self.limits.clone().filter(|limits| limits.iter().all(columns));
        Self { groups: (groups != of_view).then_some(groups), limits, ..self.clone() }
    }

    /// The same list with these measures, of a view that has those.
    #[must_use]
    pub fn measured(&self, measures: Vec<Measure>, of_view: &[Measure]) -> Self {
        Self { measures: (measures != of_view).then_some(measures), ..self.clone() }
    }

    /// The same list, drawn so, of a view that has these settings.
    #[must_use]
    pub fn drawn(&self, layout: Layout, density: Density, columns: Vec<Column>, of_view: &Settings) -> Self {
        Self {
            layout: (layout != of_view.layout).then_some(layout),
            density: (density != of_view.density).then_some(density),
            columns: (columns != of_view.columns).then_some(columns),
            ..self.clone()
        }
    }

    /// The same list with these cards, of a view that has those.
    #[must_use]
    pub fn carded(&self, cards: Vec<Card>, of_view: &[Card]) -> Self {
        Self { cards: (cards != of_view).then_some(cards), ..self.clone() }
    }

    /// The same board with these limits, of a view that has those.
    #[must_use]
    pub fn limited(&self, limits: Vec<ColumnLimit>, of_view: &[ColumnLimit]) -> Self {
        Self { limits: (limits != of_view).then_some(limits), ..self.clone() }
    }

    /// The rows of the list as a table without groups, of a view with these settings.
    #[must_use]
    pub fn rows(&self, of_view: &Settings) -> Self {
        Self {
            layout: (of_view.layout != Layout::Table).then_some(Layout::Table),
            groups: (!of_view.groups.is_empty()).then(Vec::new),
            ..self.clone()
        }
    }

    /// The same list, filtered by this instead of all that it is filtered by.
    #[must_use]
    pub fn filtered(&self, filter: String) -> Self {
        Self { filter: Some(filter), text: String::new(), ..self.clone() }
    }

    /// The same list with this calendar, of a view that has these settings, and a day of it; none: today.
    #[must_use]
    pub fn dated(&self, calendar: CalendarBy, day: Option<Date>, of_view: &Settings) -> Self {
        Self { calendar: (calendar != of_view.calendar).then_some(calendar), day, ..self.clone() }
    }

    /// Whether another address shows the same rows in the same order, whatever of them.
    #[must_use]
    pub fn has_the_rows_of(&self, other: &Self) -> bool {
        let of = |address: &Self| Self {
            columns: None,
            density: None,
            calendar: None,
            day: None,
            cards: None,
            limits: None,
            ..address.clone()
        };
        of(self) == of(other)
    }

    /// How the view is shown at this address, if it has these settings.
    #[must_use]
    pub fn settings(&self, of_view: &Settings) -> Settings {
        let view = of_view.clone();
        let layout = self.layout.unwrap_or(view.layout);
        let mut groups = self.groups.clone().unwrap_or(view.groups);
        let mut limits = self.limits.clone().unwrap_or(view.limits);
        // The columns of a board are groups, its lanes the groups of a second level; further levels have no place on it.
        if layout == Layout::Board {
            groups.truncate(2);
            if groups.is_empty() {
                groups.push(GroupBy::Field(Field::Status));
            }
            limits.retain(|limit| groups.first() == Some(&limit.by));
        } else if matches!(layout, Layout::Calendar | Layout::Dashboard) {
            groups.clear();
        }
        Settings {
            groups,
            group_sort: self.group_sort.unwrap_or(view.group_sort),
            empty_groups: self.empty_groups.unwrap_or(view.empty_groups),
            sort: self.sort.unwrap_or(view.sort),
            layout,
            columns: self.columns.clone().unwrap_or(view.columns),
            density: self.density.unwrap_or(view.density),
            measures: self.measures.clone().unwrap_or(view.measures),
            calendar: self.calendar.clone().unwrap_or(view.calendar),
            cards: self.cards.clone().unwrap_or(view.cards),
            limits,
        }
    }

    /// The query of an export of the list, of a view with these settings: of what is in these groups, if there are any.
    #[must_use]
    pub fn export(&self, of_view: &Settings, within: &[(String, String)]) -> String {
        let only = Self { filter: self.filter.clone(), text: self.text.clone(), ..Self::of_view(self.view) };
        let query = Self { sort: Some(self.sort.unwrap_or(of_view.sort)), ..only }.query();
        if within.is_empty() {
            return query;
        }
        // Keys are JSON already.
        let groups: Vec<String> = within.iter().map(|(by, key)| format!("[\"{by}\",{key}]")).collect();
        query + "&within=" + &Url::escape(&format!("[{}]", groups.join(",")))
    }

    /// The request for a page of the list, of a view with these settings.
    #[must_use]
    pub fn request(&self, settings: &Settings, after: Option<Cursor>, limit: u16) -> ListQuery {
        ListQuery {
            view: self.view,
            instead: self.filter.clone(),
            text: self.text.clone(),
            sort: self.sort.unwrap_or(settings.sort).to_string(),
            after,
            limit,
            ..ListQuery::default()
        }
    }
}

/// The order that a column has when it is chosen: the way people expect of it first, the other way when it is sorted by it already.
#[must_use]
pub fn turned(by: SortField, now: Sort) -> Sort {
    if by == SortField::Relevance {
        return Sort { by, descending: true };
    }
    let usual = matches!(by, SortField::Number | SortField::Priority | SortField::Created | SortField::Updated);
    Sort { by, descending: if now.by == by { !now.descending } else { usual } }
}

/// The tabs of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// What was asked, answered and noted.
    #[default]
    Conversation,
    /// The fields, the requester, the followers.
    Details,
    /// What happened.
    Activity,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 3] = [Self::Conversation, Self::Details, Self::Activity];

    /// The name in the address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Details => "details",
            Self::Activity => "activity",
        }
    }

    /// The tab that an address names.
    #[must_use]
    pub fn read(params: &ParamsMap) -> Self {
        let name = params.get_str("tab").unwrap_or_default();
        Self::ALL.into_iter().find(|tab| tab.key() == name).unwrap_or_default()
    }

    /// The address `of` a ticket with this tab.
    #[must_use]
    pub fn href(self, of: &str) -> String {
        if self == Self::default() {
            return of.to_owned();
        }
        let sign = if of.contains('?') { '&' } else { '?' };
        format!("{of}{sign}tab={}", self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    #[test]
    fn an_address_says_what_it_was_made_of() {
        let pairs = [
            ("view", "waiting"),
            ("filter", "tag:vip"),
            ("q", " printer "),
            ("group", "status,created.week"),
            ("sort", "-priority"),
            ("columns", "number,title.320,nonsense"),
            ("density", "compact"),
            ("calendar", "snoozed.week"),
            ("day", "2026-11-20"),
            ("cards", "number.1,bar.2:status"),
            ("limits", "status:3:10,status:3:11,status:4:0"),
        ];
        let address = ListAddress::read(&params(&pairs));
        assert_eq!(address.view, SystemView::Waiting.into());
        assert_eq!(address.text, "printer");
        assert_eq!(address.sort, Some(Sort { by: SortField::Priority, descending: true }));
        assert_eq!(
            address.ticket(ItemNumber(7)),
            "/desk/tickets/7?view=waiting&filter=tag%3Avip&q=printer&group=status,created.week&sort=-priority&columns=number,title.320&density=compact&calendar=snoozed.week&day=2026-11-20&cards=number.1,bar.2:status&limits=status:3:10"
        );
        let none = ListAddress::read(&params(&[("view", "17"), ("filter", ""), ("group", "")]));
        assert_eq!((none.filter.as_deref(), none.groups.as_deref()), (Some(""), Some(&[][..])));
        assert_eq!(none.query(), "?view=17&filter=&group=");
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        let address = ListAddress::read(&params(&[("view", "x"), ("sort", "-")]));
        assert_eq!(address, ListAddress::default());
        assert_eq!(address.list(), "/desk/tickets?view=open");
        let groups = ListAddress::read(&params(&[("group", "nothing,status")])).groups;
        assert_eq!(groups.map(|groups| groups.len()), Some(1));
    }

    #[test]
    fn a_board_has_columns_and_lanes() {
        let board = |group: &str| {
            let pairs = [("layout", "board"), ("group", group)];
            ListAddress::read(&params(&pairs)).settings(&Settings::default())
        };
        let text = |settings: &Settings| settings.groups.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(text(&board("")), ["status"]);
        assert_eq!(text(&board("priority,tags,type")), ["priority", "tags"]);
    }

    #[test]
    fn limits_are_those_of_the_columns() {
        let of_view = Settings::of_query("layout=board&limits=status:3:10,priority:5:2");
        let text = |address: &ListAddress| most::limits_text(&address.settings(&of_view).limits);
        let address = ListAddress::of_view(SystemView::All);
        assert_eq!(text(&address), "status:3:10");
        let by = |key: &str| vec![key.parse().unwrap()];
        assert_eq!(text(&address.grouped(by("priority"), &of_view.groups)), "priority:5:2");
        let other = address.limited(most::limits_of("status:4:1"), &of_view.limits);
        assert_eq!(text(&other), "status:4:1");
        assert!(other.has_the_rows_of(&address));
        // They go with the field that they are of, and stay when lanes are chosen.
        assert_eq!(other.grouped(by("priority"), &of_view.groups).limits, None);
        let lanes = ["status", "agents"].map(|key| key.parse().unwrap()).to_vec();
        assert_eq!(text(&other.grouped(lanes, &of_view.groups)), "status:4:1");
    }

    #[test]
    fn a_group_of_a_dashboard_leads_to_its_rows() {
        let address =
            ListAddress::read(&params(&[("view", "all"), ("q", "jam"), ("layout", "dashboard"), ("cards", "bar.2:tags")]));
        let rows = address.filtered("(jam) (tags:vip)".to_owned()).rows(&Settings::default());
        assert_eq!(rows.list(), "/desk/tickets?view=all&filter=%28jam%29%20%28tags%3Avip%29&cards=bar.2:tags");
        let of_view = Settings { layout: Layout::Dashboard, groups: vec!["status".parse().unwrap()], ..Settings::default() };
        assert_eq!(address.rows(&of_view).list(), "/desk/tickets?view=all&q=jam&group=&layout=table&cards=bar.2:tags");
        assert_eq!(address.carded(Vec::new(), &[]).cards, None);
    }

    #[test]
    fn a_column_sorts_its_usual_way_first() {
        let by_title = turned(SortField::Title, Sort::default());
        assert!(!by_title.descending);
        assert!(turned(SortField::Title, by_title).descending);
        assert!(turned(SortField::Number, by_title).descending);
        assert!(!ListAddress::default().sorted(Sort::default(), Sort::default()).is_changed());
    }

    #[test]
    fn a_tab_stands_in_the_address() {
        assert_eq!(Tab::Conversation.href("/desk/tickets/7"), "/desk/tickets/7");
        assert_eq!(Tab::Details.href("/desk/tickets/7"), "/desk/tickets/7?tab=details");
        assert_eq!(Tab::Activity.href("/desk/tickets/7?view=all"), "/desk/tickets/7?view=all&tab=activity");
    }
}
