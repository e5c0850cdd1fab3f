//! Views that people save, and what each person makes of them.

use super::{
    CalendarBy, Card, Column, ColumnLimit, Density, GroupBy, GroupSort, Layout, Measure, Sort, ViewKey, cards, group, layout,
    most,
};
use crate::{
    error::{Error, Result},
    filter::Expr,
    id::{AgentId, TeamId},
    limits,
};
use serde::{Deserialize, Serialize};

/// Who has a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewScope {
    /// Who made it, alone.
    Personal,
    /// The members of a team, and administrators. Those of them who work tickets may change it.
    Team(TeamId),
    /// Everyone. Administrators may change it.
    Everyone,
}

/// How a view is shown. What is not said is as usual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How it is drawn.
    pub layout: Layout,
    /// What it is divided by, outermost first; at most [`limits::GROUP_LEVELS`].
    pub groups: Vec<GroupBy>,
    /// The order of the groups.
    pub group_sort: GroupSort,
    /// Whether groups that hold nothing are shown.
    pub empty_groups: bool,
    /// What is told of groups.
    pub measures: Vec<Measure>,
    /// The order of the rows.
    pub sort: Sort,
    /// The columns in their order; none for the usual ones.
    pub columns: Vec<Column>,
    /// How much room a row has.
    pub density: Density,
    /// By which date items stand in the calendar.
    pub calendar: CalendarBy,
    /// The cards of the dashboard in their order; none for the usual ones.
    pub cards: Vec<Card>,
    /// How much the columns of the board are meant to hold.
    pub limits: Vec<ColumnLimit>,
}

impl Settings {
    /// As the query of an address says it: `group=status,created.week&order=most&empty=yes&sort=-priority&columns=number,title.320`. What is
    /// as usual is left out.
    #[must_use]
    pub fn query(&self) -> String {
        let usual = Self::default();
        let mut parts = Vec::new();
        if !self.groups.is_empty() {
            parts.push(format!("group={}", self.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")));
        }
        if self.group_sort != usual.group_sort {
            parts.push(format!("order={}", self.group_sort.key()));
        }
        if self.empty_groups {
            parts.push("empty=yes".to_owned());
        }
        if self.sort != usual.sort {
            parts.push(format!("sort={}", self.sort));
        }
        if self.layout != usual.layout {
            parts.push(format!("layout={}", self.layout.key()));
        }
        if !self.columns.is_empty() {
            parts.push(format!("columns={}", layout::columns_text(&self.columns)));
        }
        if self.density != usual.density {
            parts.push(format!("density={}", self.density.key()));
        }
        if !self.measures.is_empty() {
            parts.push(format!("measures={}", group::measures_text(&self.measures)));
        }
        if self.calendar != usual.calendar {
            parts.push(format!("calendar={}", self.calendar));
        }
        if !self.cards.is_empty() {
            parts.push(format!("cards={}", cards::cards_text(&self.cards)));
        }
        if !self.limits.is_empty() {
            parts.push(format!("limits={}", most::limits_text(&self.limits)));
        }
        parts.join("&")
    }

    /// Back from [`Self::query`]; what makes no sense there is as usual.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        let mut settings = Self::default();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "group" => settings.groups = value.split(',').filter_map(|key| key.parse().ok()).collect(),
                "order" => settings.group_sort = GroupSort::from_key(value).unwrap_or_default(),
                "empty" => settings.empty_groups = value == "yes",
                "sort" => settings.sort = value.parse().unwrap_or_default(),
                "layout" => settings.layout = Layout::from_key(value).unwrap_or_default(),
                "columns" => settings.columns = layout::columns_of(value),
                "measures" => settings.measures = group::measures_of(value),
                "calendar" => settings.calendar = value.parse().unwrap_or_default(),
                "cards" => settings.cards = cards::cards_of(value),
                "limits" => settings.limits = most::limits_of(value),
                "density" => settings.density = Density::from_key(value).unwrap_or_default(),
                _ => {}
            }
        }
        settings
    }

    /// Refuses what is larger than the limits.
    ///
    /// # Errors
    /// Invalid, with the name of the field.
    pub fn check(&self) -> Result<()> {
        if self.groups.len() > limits::GROUP_LEVELS {
            return Err(Error::field("groups", "error_too_many_values").with("max", limits::GROUP_LEVELS));
        }
        if self.measures.len() > limits::MEASURES {
            return Err(Error::field("measures", "error_too_many_values").with("max", limits::MEASURES));
        }
        if self.columns.len() > limits::COLUMNS || self.columns.iter().any(|column| column.key.len() > limits::NAME) {
            return Err(Error::field("columns", "error_too_many_values").with("max", limits::COLUMNS));
        }
        if self.cards.len() > limits::CARDS {
            return Err(Error::field("cards", "error_too_many_values").with("max", limits::CARDS));
        }
        if self.limits.len() > limits::COLUMN_LIMITS {
            return Err(Error::field("limits", "error_too_many_values").with("max", limits::COLUMN_LIMITS));
        }
        Ok(())
    }

    /// The groups in the order in which they are asked for, outermost first: in the lanes of a board there are its columns, which are
    /// named first.
    #[must_use]
    pub fn nested(&self) -> Vec<GroupBy> {
        let mut groups = self.groups.clone();
        if self.layout == Layout::Board {
            groups.reverse();
        }
        groups
    }

    /// Whether this divides a board into its columns. They are all there, whatever they hold, and never closed.
    #[must_use]
    pub fn makes_columns(&self, by: &GroupBy) -> bool {
        self.layout == Layout::Board && self.groups.first() == Some(by)
    }
}

/// A view as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name in addresses and requests.
    pub key: ViewKey,
    /// What it is called; empty: a view that every workspace has and nobody has renamed, called as the reader's language says.
    pub name: String,
    /// Who has it.
    pub scope: ViewScope,
    /// Who made it; none for those that every workspace has.
    pub owner: Option<AgentId>,
    /// The folder that it lies in; empty for none.
    pub folder: String,
    /// The name of an icon; empty for the usual one.
    pub icon: String,
    /// A colour as `#rrggbb`; empty for none.
    pub colour: String,
    /// What it shows.
    pub filter: Expr,
    /// The same as text, in the stable keys.
    pub text: String,
    /// How it is shown to everyone who has it.
    pub settings: Settings,
    /// How this person has it shown, where they changed something and did not save it for all.
    pub own: Option<Settings>,
    /// Whether this person has it at the top.
    pub pinned: bool,
    /// Whether this person does not want to see it in the panel.
    pub hidden: bool,
    /// Whether an administrator has taken it out of everyone's panel: administrators still see it there.
    pub hidden_for_all: bool,
    /// Whether some of its conditions are broken: their field is gone, or a view that they name.
    pub broken: bool,
    /// Whether the person may change it.
    pub may_change: bool,
    /// Counts changes; send it back with a change.
    pub version: i64,
}

/// All views of a person, also those that are hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    /// The views in the person's order.
    pub views: Vec<View>,
    /// The one that the application begins with, if the person or the workspace has chosen one.
    pub default: Option<ViewKey>,
}

/// What there is to say about a view that is made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// What it is called, 1 to [`limits::NAME`] characters; empty only for views that every workspace has.
    pub name: String,
    /// Who has it.
    pub scope: ViewScope,
    /// The folder; empty for none.
    #[serde(default)]
    pub folder: String,
    /// The name of an icon.
    #[serde(default)]
    pub icon: String,
    /// A colour as `#rrggbb`.
    #[serde(default)]
    pub colour: String,
    /// What it shows, in the filter language. Views that every workspace has keep theirs.
    #[serde(default)]
    pub text: String,
    /// How it is shown.
    #[serde(default)]
    pub settings: Settings,
}

/// What a person does with a view for themselves alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum OwnChange {
    /// Puts it at the top, or no longer.
    Pin(bool),
    /// Takes it out of the panel without deleting it, or puts it back.
    Hide(bool),
    /// Has it shown another way; none: as it was saved.
    Settings(Option<Settings>),
    /// Puts it before another one; none: at the end.
    Before(Option<ViewKey>),
    /// Begins with it.
    Default,
    /// No longer begins with it, but with what was chosen for all.
    NotDefault,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SortField;

    #[test]
    fn settings_stand_in_an_address() {
        assert_eq!(Settings::default().query(), "");
        let settings = Settings {
            groups: ["status", "created.week"].map(|key| key.parse().unwrap()).to_vec(),
            group_sort: GroupSort::Most,
            empty_groups: true,
            sort: Sort { by: SortField::Priority, descending: true },
            layout: Layout::Board,
            columns: layout::columns_of("number,title.320"),
            density: Density::Compact,
            measures: vec!["average-resolution".parse().unwrap()],
            calendar: "snoozed.week".parse().unwrap(),
            cards: cards::cards_of("number.1,bar.2:status"),
            limits: most::limits_of("status:3:10,status:~:999"),
        };
        let text = "group=status,created.week&order=most&empty=yes&sort=-priority&layout=board&columns=number,title.320\
                    &density=compact&measures=average-resolution&calendar=snoozed.week&cards=number.1,bar.2:status\
                    &limits=status:3:10,status:~:999";
        assert_eq!(settings.query(), text);
        assert_eq!(Settings::of_query(&settings.query()), settings);
        assert_eq!(Settings::of_query("sort=-&order=x&group=nothing&y=&z"), Settings::default());
    }

    #[test]
    fn what_was_saved_before_there_was_more_is_still_read() {
        let before = r#"{"layout":"board","groups":["status"],"empty_groups":true}"#;
        let settings: Settings = serde_json::from_str(before).unwrap();
        assert_eq!(settings.query(), "group=status&empty=yes&layout=board");
        assert_eq!(serde_json::from_str::<Settings>(&serde_json::to_string(&settings).unwrap()).unwrap(), settings);
    }

    #[test]
    fn the_columns_of_a_board_are_in_its_lanes() {
        let board = Settings::of_query("group=status,agents&layout=board");
        let names = |settings: &Settings| settings.nested().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&board), ["agents", "status"]);
        assert!(board.makes_columns(&board.groups[0]) && !board.makes_columns(&board.groups[1]));
        let table = Settings { layout: Layout::Table, ..board };
        assert_eq!(names(&table), ["status", "agents"]);
        assert!(!table.makes_columns(&table.groups[0]));
    }
}
