//! Presence: which item each browser tab of an agent shows. A row a tab, in no event of the log, because nothing of it stays.
//! `live::presence` tells the others.

use super::{ItemService, record::find};
use crate::{
    args,
    db::{Db, Read, Sql},
    service::rates,
};
use domain::{
    Error, ErrorCode, Result,
    actor::{Actor, AgentActor, Party},
    conversation::MessageKind,
    error::Check,
    id::{AgentId, ItemNumber},
    limits,
    presence::COUNTS,
};

/// How many characters the random key of a tab has.
const KEY: std::ops::RangeInclusive<usize> = 16..=64;

/// Whether this may be the random key of a tab.
pub(crate) fn is_key(tab: &str) -> bool {
    KEY.contains(&tab.len()) && tab.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A tab of an agent shows no item any more.
pub(crate) async fn leave(db: &Db, agent: AgentId, tab: String) -> Result<()> {
    let sql = Sql::new("DELETE FROM presence WHERE agent_id = $1 AND tab = $2", args![agent, tab]);
    if db.write(move |tx| Box::pin(async move { Ok(tx.execute(sql).await?) })).await? > 0 {
        db.mark_presence();
    }
    Ok(())
}

impl ItemService {
    pub(super) async fn be_present(
        &self,
        actor: &Actor,
        number: Option<ItemNumber>,
        tab: String,
        writing: Option<MessageKind>,
    ) -> Result<()> {
        let agent = actor.agent()?;
        Check::new().that(is_key(&tab), "tab", "error_bad_request").done()?;
        if writing == Some(MessageKind::Reply) && !agent.role.works() {
            return Err(Error::forbidden());
        }
        let Some(number) = number else { return leave(&self.db, agent.id, tab).await };
        let mut db = self.db.clone();
        let now = db.now();
        match find(&mut db, actor, number, now).await {
            Ok(item) => self.come(agent.clone(), item.id, tab, writing).await,
            Err(error) => {
                // What one may no longer see one no longer looks at.
                leave(&self.db, agent.id, tab).await?;
                Err(error)
            }
        }
    }

    async fn come(&self, agent: AgentActor, item: i64, tab: String, writing: Option<MessageKind>) -> Result<()> {
        let changed = self.db.write(move |tx| {
            Box::pin(async move {
                // Until the end of the transaction the tabs of an agent come one after the other.
                rates::count(tx, rates::PRESENCE_AGENT, &rates::person(Party::Agent(agent.id))).await?;
                let (now, writing) = (tx.now, writing.map_or("", MessageKind::key));
                let sql = "DELETE FROM presence WHERE agent_id = $1 AND seen_at <= $2";
                tx.execute(Sql::new(sql, args![agent.id, now.plus(-COUNTS)])).await?;
                let sql = "SELECT item_id, writing FROM presence WHERE agent_id = $1 AND tab = $2";
                let before: Option<(i64, String)> = tx.optional(Sql::new(sql, args![agent.id, &tab])).await?;
                if before.is_none() {
                    let sql = "SELECT COUNT(*) FROM presence WHERE agent_id = $1";
                    let (tabs,): (i64,) = tx.one(Sql::new(sql, args![agent.id])).await?;
                    if tabs >= limits::TABS_AGENT {
                        return Err(Error::new(ErrorCode::TooMany, "error_too_many_streams")
                            .with("max", limits::TABS_AGENT)
                            .with("seconds", COUNTS / 1000));
                    }
                }
                tx.execute(Sql::new(
                    "INSERT INTO presence (agent_id, tab, session_id, item_id, writing, seen_at) VALUES ($1, $2, $3, $4, $5, $6) \
                     ON CONFLICT (agent_id, tab) DO UPDATE SET session_id = $3, item_id = $4, writing = $5, seen_at = $6",
                    args![agent.id, tab, agent.session, item, writing, now],
                ))
                .await?;
                Ok(before.is_none_or(|before| before != (item, writing.to_owned())))
            })
        });
        if changed.await? {
            self.db.mark_presence();
        }
        Ok(())
    }
}
