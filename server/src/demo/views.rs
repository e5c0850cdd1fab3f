//! A few views, so that a new desk shows what they are: one for everyone, one of a team, and one of the owner.

use super::cast::{Member, Team};
use crate::{
    db::Tx,
    service::{events::Author, views},
};
use domain::{
    Result,
    filter::{Expr, Field, Op, Relation, Value, policy::system_view},
    id::AgentId,
    view::{GroupBy, GroupSort, NewView, Settings, Sort, SortField, SystemView, ViewScope},
};

/// Makes them.
pub async fn views(tx: &mut Tx, owner: AgentId, agents: &[Member], teams: &[Team]) -> Result<()> {
    let by = Author::system();
    let urgent = Expr::compare(Field::Priority, Op::Ge, Value::Int(4));
    let new = NewView {
        name: "Urgent and unanswered".to_owned(),
        scope: ViewScope::Everyone,
        folder: String::new(),
        icon: String::new(),
        colour: "#b42318".to_owned(),
        text: String::new(),
        settings: Settings { sort: Sort { by: SortField::Created, descending: false }, ..Settings::default() },
    };
    views::insert(tx, &by, owner, &new, &system_view(SystemView::Unanswered).and(urgent)).await?;

    if let Some(team) = teams.iter().find(|team| team.key == "orders") {
        let member = agents.iter().find(|agent| agent.works && agent.teams.contains(&team.key)).map_or(owner, |agent| agent.id);
        let settings = Settings { groups: vec![GroupBy::Field(Field::Status)], ..Settings::default() };
        let new = NewView {
            name: "Billing".to_owned(),
            scope: ViewScope::Team(team.id),
            colour: "#0e7c86".to_owned(),
            settings,
            ..new.clone()
        };
        let filter = system_view(SystemView::Open).and(Expr::some(Relation::Teams, Value::Id(team.id.0)));
        views::insert(tx, &by, member, &new, &filter).await?;
    }

    let settings =
        Settings { groups: vec![GroupBy::Field(Field::Organization)], group_sort: GroupSort::Most, ..Settings::default() };
    let companies = NewView {
        name: "By organization".to_owned(),
        scope: ViewScope::Personal,
        folder: "Overview".to_owned(),
        colour: String::new(),
        settings,
        ..new
    };
    views::insert(tx, &by, owner, &companies, &system_view(SystemView::Open)).await?;
    Ok(())
}
