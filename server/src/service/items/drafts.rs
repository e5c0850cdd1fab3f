//! Drafts: what an agent has typed but not sent.

use super::{
    ItemService,
    record::{find, lock},
};
use crate::{
    args,
    db::{Read, Sql},
    rich_text,
    service::files,
};
use domain::{
    Error, Result,
    actor::Actor,
    conversation::MessageKind,
    draft::Draft,
    error::Check,
    id::{FileId, ItemNumber},
    limits,
    time::Timestamp,
};

impl ItemService {
    pub(super) async fn drafts_of(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Draft>> {
        let agent = actor.agent()?;
        let mut db = self.db.clone();
        let now = db.now();
        let item = find(&mut db, actor, number, now).await?;
        let found: Vec<(String, String, i64)> = db
            .all(Sql::new(
                "SELECT kind, html, saved_at FROM draft WHERE agent_id = $1 AND item_id = $2 ORDER BY kind",
                args![agent.id, item.id],
            ))
            .await?;
        let mut drafts = Vec::new();
        for (key, html, saved_at) in found {
            let Some(kind) = MessageKind::from_key(&key) else { continue };
            let files = files::of_draft(&mut db, agent.id, item.item_id(), kind).await?;
            let html = rich_text::clean(&html);
            drafts.push(Draft { item: number, kind, html, files, saved_at: Some(Timestamp(saved_at)) });
        }
        Ok(drafts)
    }

    pub(super) async fn keep_draft(&self, actor: &Actor, draft: Draft) -> Result<()> {
        let agent = actor.agent()?.clone();
        if draft.kind == MessageKind::Reply && !agent.role.works() {
            return Err(Error::forbidden());
        }
        Check::new()
            .that(draft.html.len() <= limits::RICH_TEXT, "html", "error_text_too_long")
            .that(draft.files.len() <= limits::FILES, "files", "error_too_many_files")
            .done()?;
        let html = rich_text::clean(&draft.html);
        let by = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let item = lock(tx, &by, draft.item).await?;
                    let kind = draft.kind.key();
                    if rich_text::is_empty(&html) && draft.files.is_empty() {
                        let sql = "DELETE FROM draft WHERE agent_id = $1 AND item_id = $2 AND kind = $3";
                        tx.execute(Sql::new(sql, args![agent.id, item.id, kind])).await?;
                    } else {
                        let now = tx.now;
                        let sql = "INSERT INTO draft (agent_id, item_id, kind, html, saved_at) VALUES ($1, $2, $3, $4, $5) \
                                   ON CONFLICT (agent_id, item_id, kind) DO UPDATE SET html = $4, saved_at = $5";
                        tx.execute(Sql::new(sql, args![agent.id, item.id, kind, html, now])).await?;
                        let ids: Vec<FileId> = draft.files.iter().map(|file| file.id).collect();
                        files::keep_for_draft(tx, agent.id, item.item_id(), draft.kind, &ids).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}
