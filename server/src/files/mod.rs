//! Where the bytes of files lie: a folder on this machine, or any S3-compatible store. The database knows the rest of a file;
//! here a file is a path that nobody can guess and its bytes.

mod kind;

pub use kind::content_type;

use crate::ambient;
use futures::TryStreamExt;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path as StorePath,
};
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// The file by which a folder of ours is known.
const MARK: &str = ".taquilla-files";
/// Longest wait for a connection to an S3 store, for one answer of it, and for tries again after one that failed.
const CONNECT: Duration = Duration::from_secs(5);
const REQUEST: Duration = Duration::from_secs(20);
const RETRIES: Duration = Duration::from_secs(10);

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or used.
    #[error("the folder {0} for files cannot be used: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The folder is there no more, or is another one.
    #[error("the folder {0} for files is not there: it was made with a file \"{MARK}\" in it")]
    Gone(PathBuf),
    /// A file was written, but it is not certain that it would survive a power cut.
    #[error("a file could not be written to disk: {0}")]
    Sync(std::io::Error),
    /// The store refuses or does not answer.
    #[error(transparent)]
    Store(#[from] object_store::Error),
}

impl From<StoreError> for domain::Error {
    /// People learn that something is missing, full or broken; the log learns what.
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "file store");
        match error {
            StoreError::Store(object_store::Error::NotFound { .. }) => Self::not_found(),
            full if is_full(&full) => Self::new(domain::ErrorCode::Unavailable, "error_no_space"),
            _ => Self::new(domain::ErrorCode::Unavailable, "error_file_store"),
        }
    }
}

/// Whether the system says, somewhere among the causes, that there is no space.
fn is_full(error: &StoreError) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if kind.is_some_and(|kind| matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// How to reach an S3-compatible store.
#[derive(Debug, Clone)]
pub struct S3 {
    /// Name of the bucket.
    pub bucket: String,
    /// Region; many stores other than Amazon's ignore it.
    pub region: String,
    /// Address of the store; `None` for Amazon's. Plain http is for stores on one's own machine or network.
    pub endpoint: Option<String>,
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
}

/// The store. Clones share it.
#[derive(Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one of this machine.
    folder: Option<PathBuf>,
}

impl FileStore {
    /// A folder on this machine; it is made if it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or used.
    pub fn local(folder: &Path) -> Result<Self, StoreError> {
        let unusable = |error| StoreError::Folder(folder.to_owned(), error);
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let folder = folder.canonicalize().map_err(unusable)?;
        std::fs::OpenOptions::new().create(true).append(true).open(folder.join(MARK)).map_err(unusable)?;
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(&folder)?), folder: Some(folder) })
    }

    /// An S3-compatible store. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn s3(settings: &S3) -> Result<Self, StoreError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(&settings.secret_key);
        // Somebody waits for the answer.
        let retry = RetryConfig { max_retries: 3, retry_timeout: RETRIES, ..RetryConfig::default() };
        let mut client = ClientOptions::new().with_timeout(REQUEST).with_connect_timeout(CONNECT);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
            client = client.with_allow_http(endpoint.starts_with("http://"));
        }
        builder = builder.with_retry(retry).with_client_options(client);
        Ok(Self { store: Arc::new(builder.build()?), folder: None })
    }

    /// Keeps bytes under a new path that nobody can guess; answers the path.
    ///
    /// # Errors
    /// The store refuses or does not answer.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String, StoreError> {
        self.look().await?;
        let token = ambient::token();
        // Two levels, so that no folder holds everything.
        let path = format!("{}/{token}", token.get(..2).unwrap_or_default());
        self.put_at(&path, bytes).await?;
        Ok(path)
    }

    /// Keeps bytes under a path that it had in another store.
    ///
    /// # Errors
    /// The store refuses or does not answer.
    pub async fn put_at(&self, path: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let path = StorePath::from(path);
        self.store.put(&path, PutPayload::from(bytes)).await?;
        if let Some(folder) = &self.folder
            && let Err(error) = sync(&folder.join(path.as_ref())).await
        {
            self.delete(path.as_ref()).await?;
            return Err(StoreError::Sync(error));
        }
        Ok(())
    }

    /// The path of some file that the store has; `None` if it has none.
    ///
    /// # Errors
    /// The store refuses or does not answer.
    pub async fn any(&self) -> Result<Option<String>, StoreError> {
        let mut found = self.store.list(None).map_ok(|found| found.location.to_string());
        while let Some(path) = found.try_next().await? {
            if path != MARK {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// The bytes of a path; `None` if nothing is there.
    ///
    /// # Errors
    /// The store refuses or does not answer.
    pub async fn find(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.get(path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::Store(object_store::Error::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Looks whether the folder is the one that it was: where a disk was mounted, another file would go to another disk.
    async fn look(&self) -> Result<(), StoreError> {
        match &self.folder {
            Some(folder) if !tokio::fs::try_exists(folder.join(MARK)).await.unwrap_or(false) => {
                Err(StoreError::Gone(folder.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The bytes of a path.
    ///
    /// # Errors
    /// Nothing is there, or the store refuses or does not answer.
    pub async fn get(&self, path: &str) -> Result<Vec<u8>, StoreError> {
        self.look().await?;
        Ok(self.store.get(&StorePath::from(path)).await?.bytes().await?.into())
    }

    /// Forgets a path. What is not there counts as forgotten.
    ///
    /// # Errors
    /// The store refuses or does not answer.
    pub async fn delete(&self, path: &str) -> Result<(), StoreError> {
        match self.store.delete(&StorePath::from(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Has the disk keep a file and its name: the database is about to promise that it is there.
async fn sync(path: &Path) -> std::io::Result<()> {
    tokio::fs::File::open(path).await?.sync_all().await?;
    #[cfg(unix)]
    for folder in path.ancestors().skip(1).take(2) {
        tokio::fs::File::open(folder).await?.sync_all().await?;
    }
    Ok(())
}
