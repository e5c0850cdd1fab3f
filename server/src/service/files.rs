//! Uploads and downloads.
//!
//! A file belongs to who uploaded it until a message, a description or the workspace takes it ([`take`]); from then on who
//! may see that may see the file. There is one question to the database for a download, and the permission is in it.

mod waiting;

pub use waiting::{hand_over, keep_for_draft, keep_for_held, of_draft, of_held};

use crate::{
    args,
    db::{Arg, Db, Read, Sql, Tx, push_filter},
    files::{FileStore, content_type},
    service::rates,
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Party},
    file::{Attachment, clean_name},
    filter::{Viewer, policy},
    id::{FileId, ItemId, MessageId},
    limits,
    portal::rules::Property,
    service::{Download, Files},
    time::{DAY, Timestamp},
};

/// Milliseconds after which an upload that nothing took is discarded.
const UNUSED_LIFE: i64 = DAY;

/// What takes an uploaded file.
#[derive(Debug, Clone, Copy)]
pub enum Taker {
    /// The description of an item.
    Description(ItemId),
    /// A message of an item.
    Message(ItemId, MessageId),
    /// The workspace, as its logo.
    Logo,
}

/// Gives uploaded files to what takes them. They must be this uploader's and not used yet.
///
/// # Errors
/// Invalid if one of them is not: nothing is said about why.
pub async fn take(tx: &mut Tx, uploader: Party, files: &[FileId], taker: Taker) -> Result<()> {
    let mut files = files.to_vec();
    files.sort_unstable();
    files.dedup();
    if files.is_empty() {
        return Ok(());
    }
    let (purpose, item, message) = match taker {
        Taker::Description(item) => ("description", Some(item), None),
        Taker::Message(item, message) => ("message", Some(item), Some(message)),
        Taker::Logo => ("logo", None, None),
    };
    let mut sql = Sql::build("UPDATE file SET purpose = ");
    sql.bind(purpose).push(", item_id = ").bind(item).push(", message_id = ").bind(message);
    sql.push(" WHERE purpose = 'none' AND ");
    push_uploader(&mut sql, uploader);
    sql.push(" AND id IN (").bind_all(files.iter().copied()).push(")");
    if tx.execute(sql).await? == files.len() as u64 { Ok(()) } else { Err(Error::field("files", "error_file_unknown")) }
}

fn push_uploader(sql: &mut Sql, uploader: Party) {
    sql.push("uploader_kind = ").bind(uploader.kind()).push(" AND uploader_id ");
    match uploader.id() {
        Some(id) => sql.push("= ").bind(id),
        None => sql.push("IS NULL"),
    };
}

#[derive(sqlx::FromRow)]
struct AttachmentRow {
    id: i64,
    name: String,
    content_type: String,
    size: i64,
    message_id: Option<i64>,
}

impl AttachmentRow {
    fn attachment(self) -> Attachment {
        Attachment { id: FileId(self.id), name: self.name, content_type: self.content_type, size: self.size }
    }
}

/// The files of an item: of its description (`None`) and of its messages. Who asks must know which messages the actor sees.
///
/// # Errors
/// What the database says.
pub async fn of_item(db: &mut impl Read, item: ItemId) -> Result<Vec<(Option<MessageId>, Attachment)>> {
    let rows: Vec<AttachmentRow> = db
        .all(Sql::new(
            "SELECT id, name, content_type, size, message_id FROM file \
             WHERE item_id = $1 AND purpose IN ('description', 'message') ORDER BY id",
            args![item],
        ))
        .await?;
    Ok(rows.into_iter().map(|row| (row.message_id.map(MessageId), row.attachment())).collect())
}

/// The implementation.
pub struct FilesService {
    db: Db,
    store: FileStore,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    name: String,
    content_type: String,
    size: i64,
    storage_path: String,
}

impl FilesService {
    /// Over a database and a store.
    #[must_use]
    pub fn new(db: Db, store: FileStore) -> Self {
        Self { db, store }
    }

    /// Discards uploads that nothing took within a day, and the files of what is gone; answers how many.
    ///
    /// # Errors
    /// The database or the store does not answer; what was not discarded yet is tried the next time.
    pub async fn discard_unused(&self) -> Result<usize> {
        let before = self.db.now().plus(-UNUSED_LIFE);
        let paths: Vec<(i64, String)> = self
            .db
            .clone()
            .all(Sql::new(
                "SELECT id, storage_path FROM file WHERE purpose IN ('none', 'gone') AND created_at < $1 \
                 AND NOT EXISTS (SELECT 1 FROM draft_file WHERE draft_file.file_id = file.id) \
                 AND NOT EXISTS (SELECT 1 FROM held_message_file WHERE held_message_file.file_id = file.id) \
                 ORDER BY id LIMIT 500",
                args![before],
            ))
            .await?;
        let mut discarded = 0;
        for (id, path) in paths {
            // The row first: a message may just be taking the file.
            let forgotten = self
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        Ok(tx
                            .execute(Sql::new("DELETE FROM file WHERE id = $1 AND purpose IN ('none', 'gone')", args![id]))
                            .await?)
                    })
                })
                .await?;
            if forgotten == 1 {
                self.store.delete(&path).await?;
                discarded += 1;
            }
        }
        Ok(discarded)
    }

    async fn insert(&self, uploader: Party, name: String, kind: &'static str, size: i64, path: String) -> Result<FileId> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    rates::count(tx, rates::uploads(uploader), &rates::person(uploader)).await?;
                    let mut unused = Sql::build("SELECT COUNT(*) FROM file WHERE purpose = 'none' AND ");
                    push_uploader(&mut unused, uploader);
                    let (unused,): (i64,) = tx.one(unused).await?;
                    if unused >= limits::UPLOADS_UNUSED {
                        return Err(Error::new(ErrorCode::TooMany, "error_too_many_uploads").with("seconds", UNUSED_LIFE / 1000));
                    }
                    let now: Timestamp = tx.now;
                    let (id,): (i64,) = tx
                        .one(Sql::new(
                            "INSERT INTO file (name, content_type, size, storage_path, uploader_kind, uploader_id, created_at) \
                             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
                            args![name, kind, size, path, uploader.kind(), uploader.id(), now],
                        ))
                        .await?;
                    Ok(FileId(id))
                })
            })
            .await
    }
}

#[async_trait]
impl Files for FilesService {
    async fn upload(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<Attachment> {
        match actor {
            Actor::Agent(_) | Actor::Customer(_) => {}
            Actor::Anonymous | Actor::System => return Err(Error::unauthenticated()),
        }
        if bytes.len() as u64 > limits::FILE {
            return Err(Error::new(ErrorCode::TooLarge, "error_file_too_large").with("megabytes", limits::FILE / 1024 / 1024));
        }
        if bytes.is_empty() {
            return Err(Error::field("files", "error_file_empty"));
        }
        // Looking comes first: who only floods us shall not make us store.
        let party = actor.party();
        rates::look(&mut self.db.clone(), rates::uploads(party), &rates::person(party), self.db.now()).await?;
        let name = clean_name(name);
        let kind = content_type(&bytes);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let path = self.store.put(bytes).await?;
        match self.insert(party, name.clone(), kind, size, path.clone()).await {
            Ok(id) => Ok(Attachment { id, name, content_type: kind.to_owned(), size }),
            // Nobody knows whether the row is there, and a row without its bytes is worse than bytes without a row.
            Err(error) if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal) => Err(error),
            Err(error) => {
                if let Err(left) = self.store.delete(&path).await {
                    tracing::warn!(%left, "an upload that was refused stays in the store");
                }
                Err(error)
            }
        }
    }

    async fn download(&self, actor: &Actor, file: FileId) -> Result<Download> {
        let mut db = self.db.clone();
        let mut sql = Sql::build("SELECT name, content_type, size, storage_path FROM file WHERE id = ");
        sql.bind(file).push(" AND (purpose = 'logo'");
        if matches!(actor, Actor::Agent(_) | Actor::Customer(_)) {
            sql.push(" OR purpose IN ('none', 'import') AND ");
            push_uploader(&mut sql, actor.party());
            let viewer = Viewer::of(actor, self.db.now());
            sql.push(" OR purpose IN ('description', 'message') AND item_id IN (SELECT item.id FROM item WHERE ");
            push_filter(&mut sql, db.engine(), &policy::permission(actor), &viewer);
            sql.push(")");
            // A customer gets files of what is shown to them; a message that is not there any more is not.
            if let Actor::Customer(customer) = actor {
                sql.push(" AND (purpose = 'message' AND message_id IN (SELECT id FROM message WHERE kind = ");
                sql.bind(Arg::from("reply")).push(") OR purpose = 'description' AND item_id IN (SELECT item.id FROM item WHERE ");
                push_filter(&mut sql, db.engine(), &policy::sees_property(customer, Property::Description), &viewer);
                sql.push("))");
            }
        }
        if matches!(actor, Actor::Agent(_)) {
            sql.push(" OR ");
            waiting::push_seen_waiting(&mut sql, db.engine(), actor, self.db.now());
        }
        sql.push(")");
        let found: FoundRow = db.optional(sql).await?.ok_or_else(Error::not_found)?;
        // The row says that they are there: so they cannot be reached.
        let bytes = self.store.get(&found.storage_path).await.map_err(|error| match Error::from(error) {
            missing if missing.code == ErrorCode::NotFound => Error::new(ErrorCode::Unavailable, "error_file_store"),
            other => other,
        })?;
        let file = Attachment { id: file, name: found.name, content_type: found.content_type, size: found.size };
        Ok(Download { file, bytes })
    }
}
