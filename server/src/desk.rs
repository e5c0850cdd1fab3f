//! Puts the desk together: every service over one database, one store for files and one set of settings.

use crate::{
    config::{FilesStore, Settings},
    db::Db,
    files::{FileStore, S3, StoreError},
    import::run::Worker as ImportWorker,
    mail::Links,
    service::{
        accounts::{AccountsService, DemoFiller, Passwords},
        admin::AdminService,
        customers::CustomersService,
        files::FilesService,
        imports::ImportsService,
        items::ItemService,
        organizations::OrganizationsService,
        portals::PortalsService,
    },
};
use domain::service::Desk;
use std::sync::Arc;

/// The desk and what works in its background.
pub struct Assembly {
    /// All services.
    pub desk: Desk,
    /// Files, for what discards unused ones.
    pub files: Arc<FilesService>,
    /// Import, for the command line too.
    pub imports: Arc<ImportsService>,
    /// What drives runs of the import.
    pub import_worker: ImportWorker,
}

/// The store that the settings name.
///
/// # Errors
/// The folder cannot be made, or a setting of S3 makes no sense.
pub fn file_store(settings: &FilesStore) -> Result<FileStore, StoreError> {
    match settings {
        FilesStore::Folder(folder) => FileStore::local(folder),
        FilesStore::S3 { endpoint, bucket, region, key, secret } => FileStore::s3(&S3 {
            bucket: bucket.clone(),
            region: region.clone(),
            endpoint: (!endpoint.is_empty()).then(|| endpoint.clone()),
            access_key: key.clone(),
            secret_key: secret.clone(),
        }),
    }
}

/// Builds all services; `demo` is what set-up offers to fill an empty workspace with.
///
/// # Errors
/// The store for files cannot be used.
pub fn assemble(
    db: &Db,
    settings: &Settings,
    demo: Option<DemoFiller>,
) -> Result<Assembly, Box<dyn std::error::Error + Send + Sync>> {
    let links = Links::new(&settings.public_url);
    let store = file_store(&settings.files)?;
    let import_worker = ImportWorker::new(db.clone(), store.clone());
    let imports = Arc::new(ImportsService::new(db.clone(), store.clone(), import_worker.clone()));
    let files = Arc::new(FilesService::new(db.clone(), store));
    let desk = Desk {
        accounts: Arc::new(AccountsService::new(db.clone(), Passwords::new()?, links.clone(), demo)),
        items: Arc::new(ItemService::new(db.clone(), links.clone())),
        customers: Arc::new(CustomersService::new(db.clone(), links.clone())),
        organizations: Arc::new(OrganizationsService::new(db.clone())),
        admin: Arc::new(AdminService::new(db.clone(), links.clone(), settings.smtp.is_some())),
        files: files.clone(),
        imports: imports.clone(),
        portals: Arc::new(PortalsService::new(db.clone(), links)),
    };
    Ok(Assembly { desk, files, imports, import_worker })
}
