//! Puts the desk together: every service over one database, one store of files, one set of links.

use crate::{
    config::{FilesStore, Settings},
    db::Db,
    demo,
    files::{FileStore, S3, StoreError},
    live::Live,
    mail::{Links, MailSettings},
    service::{
        accounts::{AccountsService, DemoFiller, Passwords},
        admin::AdminService,
        apps::AppsService,
        customers::CustomersService,
        files::FilesService,
        filters::FiltersService,
        find::FindService,
        forms::FormsService,
        imports::ImportsService,
        items::ItemService,
        organizations::OrganizationsService,
        portals::PortalsService,
        views::ViewsService,
    },
};
use domain::{
    Result,
    service::{Customers, Desk, Filters, Organizations, Views},
};
use std::sync::Arc;

/// The desk and what works behind it.
pub struct Built {
    /// What the pages and the command line call.
    pub desk: Desk,
    /// Uploads, for the housekeeping.
    pub files: Arc<FilesService>,
    /// Follows the log for the streams.
    pub live: Live,
}

/// Opens the store of files that the settings name.
///
/// # Errors
/// A folder that cannot be used, settings that make no sense.
pub fn store(settings: &Settings) -> Result<FileStore, StoreError> {
    match &settings.files {
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

/// What the mail worker needs of the settings.
#[must_use]
pub fn mail_settings(settings: &Settings) -> MailSettings {
    MailSettings { smtp: settings.smtp.clone(), from: settings.mail_from.clone(), folder: settings.data.join("mail") }
}

/// Makes all services.
///
/// # Errors
/// Internal, if passwords cannot be hashed on this machine; what the database says.
pub async fn build(db: &Db, store: FileStore, settings: &Settings) -> Result<Built> {
    let links = Links::new(&settings.public_url);
    let passwords = Passwords::new()?;
    let files = Arc::new(FilesService::new(db.clone(), store.clone()));
    let filler: DemoFiller = {
        let (db, passwords) = (db.clone(), passwords.clone());
        Arc::new(move || {
            let (db, passwords) = (db.clone(), passwords.clone());
            Box::pin(async move { demo::fill(&db, &passwords, &demo::Options::default()).await.map(|_| ()) })
        })
    };
    let items = Arc::new(ItemService::new(db.clone(), links.clone()));
    let filters: Arc<dyn Filters> = Arc::new(FiltersService::new(db.clone()));
    let views: Arc<dyn Views> = Arc::new(ViewsService::new(db.clone()));
    let customers: Arc<dyn Customers> = Arc::new(CustomersService::new(db.clone(), links.clone()));
    let organizations: Arc<dyn Organizations> = Arc::new(OrganizationsService::new(db.clone()));
    let desk = Desk {
        finder: Arc::new(FindService::new(
            items.clone(),
            filters.clone(),
            views.clone(),
            customers.clone(),
            organizations.clone(),
        )),
        accounts: Arc::new(AccountsService::new(db.clone(), passwords, links.clone(), Some(filler))),
        items: items.clone(),
        bulk: items.clone(),
        actions: items,
        filters,
        views,
        customers,
        organizations,
        admin: Arc::new(AdminService::new(db.clone(), links.clone(), settings.smtp.is_some())),
        apps: Arc::new(AppsService::new(db.clone())),
        files: files.clone(),
        forms: Arc::new(FormsService::new(db.clone())),
        imports: Arc::new(ImportsService::new(db.clone(), store)),
        portals: Arc::new(PortalsService::new(db.clone(), links)),
    };
    Ok(Built { desk, files, live: Live::begin(db).await? })
}
