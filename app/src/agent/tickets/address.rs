//! The address of the list: which view, which search, which order, and which ticket is open beside it. What stands there is
//! what is shown, so back, forward, reload and a pasted link restore it.

use domain::{
    id::ItemNumber,
    page::Cursor,
    view::{ItemQuery, Sort, SortField, SystemView},
};
use leptos_router::{location::Url, params::ParamsMap};

/// What the list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAddress {
    /// The view.
    pub view: SystemView,
    /// What is searched for; empty for nothing.
    pub search: String,
    /// The order.
    pub sort: Sort,
}

/// The view of an address that names none.
const FIRST_VIEW: SystemView = SystemView::Open;

impl Default for ListAddress {
    fn default() -> Self {
        Self { view: FIRST_VIEW, search: String::new(), sort: Sort::default() }
    }
}

impl ListAddress {
    /// Reads the query of an address; what makes no sense there is as if it were not there.
    #[must_use]
    pub fn read(params: &ParamsMap) -> Self {
        let sort = params.get_str("sort").and_then(|text| {
            let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
            Some(Sort { by: SortField::from_key(name)?, descending })
        });
        Self {
            view: params.get_str("view").and_then(SystemView::from_key).unwrap_or(FIRST_VIEW),
            search: params.get_str("q").unwrap_or_default().trim().to_owned(),
            sort: sort.unwrap_or_default(),
        }
    }

    /// The query of the address: always the view, the rest where it is not as usual.
    #[must_use]
    pub fn query(&self) -> String {
        let mut parts = vec![format!("view={}", self.view.key())];
        if !self.search.is_empty() {
            parts.push(format!("q={}", Url::escape(&self.search)));
        }
        if self.sort != Sort::default() {
            parts.push(format!("sort={}{}", if self.sort.descending { "-" } else { "" }, self.sort.by.key()));
        }
        format!("?{}", parts.join("&"))
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

    /// The list of another view in its usual order, with nothing searched.
    #[must_use]
    pub fn of_view(view: SystemView) -> Self {
        Self { view, ..Self::default() }
    }

    /// The same list, sorted by a column: the way people expect of it first, the other way when it is sorted by it already.
    #[must_use]
    pub fn sorted_by(&self, by: SortField) -> Self {
        let usual = matches!(by, SortField::Number | SortField::Priority | SortField::Created | SortField::Updated);
        let descending = if self.sort.by == by { !self.sort.descending } else { usual };
        Self { sort: Sort { by, descending }, ..self.clone() }
    }

    /// The request for a page of the list.
    #[must_use]
    pub fn request(&self, after: Option<Cursor>, limit: u16) -> ItemQuery {
        ItemQuery { view: self.view, filter: None, search: self.search.clone(), sort: self.sort, after, limit }
    }
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
        let params = params(&[("view", "waiting"), ("q", " printer "), ("sort", "-priority")]);
        let address = ListAddress::read(&params);
        assert_eq!(address.view, SystemView::Waiting);
        assert_eq!(address.search, "printer");
        assert_eq!(address.sort, Sort { by: SortField::Priority, descending: true });
        assert_eq!(address.ticket(ItemNumber(7)), "/desk/tickets/7?view=waiting&q=printer&sort=-priority");
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        let address = ListAddress::read(&params(&[("view", "x"), ("sort", "-")]));
        assert_eq!(address, ListAddress::default());
        assert_eq!(address.list(), "/desk/tickets?view=open");
    }

    #[test]
    fn a_column_sorts_its_usual_way_first() {
        let by_title = ListAddress::default().sorted_by(SortField::Title);
        assert!(!by_title.sort.descending);
        assert!(by_title.sorted_by(SortField::Title).sort.descending);
        assert!(by_title.sorted_by(SortField::Number).sort.descending);
    }

    #[test]
    fn a_tab_stands_in_the_address() {
        assert_eq!(Tab::Conversation.href("/desk/tickets/7"), "/desk/tickets/7");
        assert_eq!(Tab::Details.href("/desk/tickets/7"), "/desk/tickets/7?tab=details");
        assert_eq!(Tab::Activity.href("/desk/tickets/7?view=all"), "/desk/tickets/7?view=all&tab=activity");
    }
}
