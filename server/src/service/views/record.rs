//! A view as the database keeps it. It is read with patience: what this version does not understand lets no view fail, and none
//! show more.

use crate::db::{Read, Sql};
use domain::{
    Error, Result,
    actor::AgentActor,
    filter::{self, Expr, Thing, policy::system_view, wording::things},
    id::{AgentId, TeamId, ViewId},
    view::{Settings, SystemView, ViewKey, ViewScope},
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A row, with what one person makes of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Record {
    pub id: i64,
    system_key: Option<String>,
    pub name: String,
    scope: String,
    team_id: Option<i64>,
    owner_id: Option<i64>,
    pub folder: String,
    pub icon: String,
    pub colour: String,
    filter: String,
    settings: String,
    position: i64,
    pub hidden_for_all: bool,
    pub begins_for_all: bool,
    pub version: i64,
    pinned: Option<bool>,
    hidden: Option<bool>,
    own_settings: Option<String>,
    own_position: Option<i64>,
    begins: Option<bool>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// All that were not deleted.
    All,
    /// One, if it was not deleted.
    One(ViewKey),
    /// One that was deleted.
    Deleted(ViewKey),
}

/// The views that an agent has, in their order.
pub(super) async fn had(db: &mut impl Read, agent: &AgentActor, which: Which) -> Result<Vec<Record>> {
    let mut sql = Sql::build(
        "SELECT saved_view.id, saved_view.system_key, saved_view.name, saved_view.scope, saved_view.team_id, saved_view.owner_id, \
         saved_view.folder, saved_view.icon, saved_view.colour, saved_view.filter, saved_view.settings, saved_view.position, \
         saved_view.hidden_for_all, saved_view.begins_for_all, saved_view.version, own_view.pinned, own_view.hidden, \
         own_view.settings AS own_settings, own_view.position AS own_position, own_view.begins FROM saved_view \
         LEFT JOIN own_view ON own_view.view_id = saved_view.id AND own_view.agent_id = ",
    );
    sql.bind(agent.id).push(" WHERE (saved_view.scope <> 'personal' OR saved_view.owner_id = ").bind(agent.id).push(")");
    sql.push(if matches!(which, Which::Deleted(_)) { " AND deleted_at IS NOT NULL" } else { " AND deleted_at IS NULL" });
    match which {
        Which::One(key) | Which::Deleted(key) => push_key(sql.push(" AND "), key),
        Which::All => {}
    }
    let mut rows: Vec<Record> = db.all(sql).await?;
    rows.retain(|row| row.key().is_some() && row.scope().is_had_by(agent, row.owner()));
    rows.sort_by_key(|row| (row.place(), row.id));
    Ok(rows)
}

/// The one view of a key, if the agent has it.
pub(super) async fn one(db: &mut impl Read, agent: &AgentActor, which: Which) -> Result<Record> {
    had(db, agent, which).await?.pop().ok_or_else(Error::not_found)
}

/// Appends that a row is the one of a key.
pub(super) fn push_key(sql: &mut Sql, key: ViewKey) {
    match key {
        ViewKey::System(view) => sql.push("saved_view.system_key = ").bind(view.key()),
        ViewKey::Saved(id) => sql.push("saved_view.system_key IS NULL AND saved_view.id = ").bind(id),
    };
}

impl Record {
    /// Its name in requests; `None` for one that every workspace has in another version of the program.
    pub fn key(&self) -> Option<ViewKey> {
        match &self.system_key {
            Some(key) => SystemView::from_key(key).map(ViewKey::System),
            None => Some(ViewKey::Saved(ViewId(self.id))),
        }
    }
    /// Whether every workspace has it.
    pub fn is_system(&self) -> bool {
        self.system_key.is_some()
    }
    /// Who has it. What this version does not know is the owner's alone.
    pub fn scope(&self) -> ViewScope {
        match (self.scope.as_str(), self.team_id) {
            ("everyone", _) => ViewScope::Everyone,
            ("team", Some(team)) => ViewScope::Team(TeamId(team)),
            _ => ViewScope::Personal,
        }
    }
    /// Who made it.
    pub fn owner(&self) -> Option<AgentId> {
        self.owner_id.map(AgentId)
    }
    /// What it shows.
    pub fn filter(&self) -> Expr {
        match self.key() {
            Some(ViewKey::System(view)) => system_view(view),
            _ => read_filter(&self.filter),
        }
    }
    /// How it is shown.
    pub fn settings(&self) -> Settings {
        read_settings(&self.settings)
    }
    /// How the person has it shown.
    pub fn own_settings(&self) -> Option<Settings> {
        self.own_settings.as_deref().map(read_settings)
    }
    /// Where it stands for the person.
    pub fn place(&self) -> i64 {
        self.own_position.unwrap_or(self.position)
    }
    /// Where it stands for all.
    pub fn place_for_all(&self) -> i64 {
        self.position
    }
    pub fn is_pinned(&self) -> bool {
        self.pinned.unwrap_or(false)
    }
    pub fn is_hidden(&self) -> bool {
        self.hidden.unwrap_or(false)
    }
    pub fn is_default(&self) -> bool {
        self.begins.unwrap_or(false)
    }
}

/// The filters of saved views, by id.
pub(super) fn filters(records: &[Record]) -> HashMap<ViewId, Expr> {
    records.iter().filter(|record| !record.is_system()).map(|record| (ViewId(record.id), record.filter())).collect()
}

/// Whether a filter names views.
pub(super) fn names_views(filter: &Expr) -> bool {
    things(filter).iter().any(|(thing, _)| *thing == Thing::View)
}

/// A filter as it was kept. What cannot be read, or is past the limits, is one broken condition: it matches nothing.
fn read_filter(json: &str) -> Expr {
    let filter = serde_json::from_str(json).ok().filter(|filter| filter::broken(filter).is_ok());
    filter.unwrap_or_else(|| Expr::Text(String::new()))
}

/// Settings as they were kept: each that cannot be read is as usual.
fn read_settings(json: &str) -> Settings {
    let Ok(Value::Object(kept)) = serde_json::from_str(json) else { return Settings::default() };
    let mut read = json!(Settings::default());
    for (name, value) in kept {
        let mut with = read.clone();
        with[name] = value;
        if serde_json::from_value::<Settings>(with.clone()).is_ok_and(|settings| settings.check().is_ok()) {
            read = with;
        }
    }
    serde_json::from_value(read).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        filter::{Field, Op},
        view::{Density, GroupBy, Layout},
    };

    #[test]
    fn settings_of_another_version_are_read_as_far_as_they_are_known() {
        let kept = r#"{"layout":"hologram","density":"compact","groups":["organization"],"sort":7,"glow":true}"#;
        let expected =
            Settings { density: Density::Compact, groups: vec![GroupBy::Field(Field::Organization)], ..Settings::default() };
        assert_eq!(read_settings(kept), expected);
        for nothing in ["", "{}", "[]", "null", "{\"layout\":", &"[".repeat(1000)] {
            assert_eq!(read_settings(nothing), Settings::default(), "{nothing}");
        }
        let settings = Settings { layout: Layout::Board, empty_groups: true, ..expected };
        assert_eq!(read_settings(&json!(settings).to_string()), settings);
        let many = json!({"layout": "list", "groups": vec!["organization"; 99]}).to_string();
        assert_eq!(read_settings(&many), Settings { layout: Layout::List, ..Settings::default() });
    }

    #[test]
    fn a_filter_of_another_version_shows_nothing() {
        let gone = Expr::compare(Field::Unknown("mood".to_owned()), Op::Is, domain::filter::Value::Int(1));
        assert_eq!(read_filter(&json!(gone).to_string()), gone, "a field stays as it was written");
        let deep = format!("{}{{\"all\":[]}}{}", "{\"not\":".repeat(60), "}".repeat(60));
        for nothing in ["", "{}", "null", r#"{"nearby":{"km":3}}"#, r#"{"all":[{"nearby":{"km":3}}]}"#, &deep] {
            let filter = read_filter(nothing);
            assert!(!filter::broken(&filter).unwrap().is_empty(), "{nothing}");
        }
    }
}
