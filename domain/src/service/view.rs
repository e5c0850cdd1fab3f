//! Views.

use crate::{
    actor::Actor,
    error::Result,
    view::{
        NewView, View, ViewKey,
        saved::{OwnChange, Views as All},
    },
};
use async_trait::async_trait;

/// Views: those that every workspace has and those that people save. For agents. A view that one may not have answers like one that
/// does not exist; what it shows is a matter of each reader's own rights.
///
/// Personal views are their owner's alone: nobody else has them, not even the owners of the workspace. A team's views its members have,
/// and administrators, who may change them, too, so that none is lost with the last member; when the team is deleted they become
/// personal views of who made them. A shared view goes on when who made it is locked out.
#[async_trait]
pub trait Views: Send + Sync {
    /// The views that the actor has, in their order; also those that are hidden.
    async fn all(&self, actor: &Actor) -> Result<All>;
    /// One of them.
    async fn get(&self, actor: &Actor, key: ViewKey) -> Result<View>;
    /// Saves a new view, after those that are there. Light agents save personal ones only; for a team one has to be in it or to
    /// administer, for everyone one has to administer. A view that its filter names has to be shared as widely.
    async fn create(&self, actor: &Actor, view: NewView) -> Result<View>;
    /// Changes a view for all who have it, and for the actor, who sees it as it was saved from then on. `version` is the one that the
    /// actor saw: where somebody else changed it meanwhile the error is a conflict. Another scope is one in which the actor could make
    /// it; personal it becomes again by who made it only. Of a view that every workspace has everything can be changed but what it
    /// shows and who has it.
    async fn save(&self, actor: &Actor, key: ViewKey, version: i64, view: NewView) -> Result<View>;
    /// Deletes a view for all who have it. It can be brought back. Views that every workspace has cannot be deleted.
    async fn delete(&self, actor: &Actor, key: ViewKey) -> Result<()>;
    /// Brings a deleted view back: who could have deleted it, within 30 days.
    async fn restore(&self, actor: &Actor, key: ViewKey) -> Result<View>;
    /// Takes a view out of everyone's panel, or puts it back. Administrators.
    async fn hide_for_all(&self, actor: &Actor, key: ViewKey, hidden: bool) -> Result<All>;
    /// Puts a view before another one for all who have not ordered it themselves; none: at the end. Administrators.
    async fn order_for_all(&self, actor: &Actor, key: ViewKey, before: Option<ViewKey>) -> Result<All>;
    /// Chooses what the application begins with for all who have not chosen themselves; none: the usual. Administrators.
    async fn default_for_all(&self, actor: &Actor, key: Option<ViewKey>) -> Result<All>;
    /// What a person does with a view for themselves alone.
    async fn set_own(&self, actor: &Actor, key: ViewKey, change: OwnChange) -> Result<All>;
}
