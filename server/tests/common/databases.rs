//! Fresh databases: copies of a file and of a template, so that a test does not wait for the migrations.

use domain::time::{Clock, Timestamp};
use server::db::Db;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        super::BEGINNING
    }
}

async fn migrate(url: &str) {
    let db = Db::open(url, Arc::new(Standing)).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
}

/// Makes a migrated SQLite database in `folder` and answers its URL.
pub async fn new_sqlite(folder: &Path) -> String {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(async || {
            let path = folder.join("template.db");
            migrate(&format!("sqlite://{}", path.display())).await;
            // The last connection puts what is in the log into the file; its thread may end a little later than the pool.
            let log = path.with_extension("db-wal");
            let put_away = async {
                while log.exists() {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), put_away).await.expect("SQLite puts its log away");
            std::fs::read(path).unwrap()
        })
        .await;
    let path = folder.join("taquilla.db");
    std::fs::write(&path, template).unwrap();
    format!("sqlite://{}", path.display())
}

/// Where PostgreSQL is.
pub fn postgres_url() -> String {
    std::env::var("TAQUILLA_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TAQUILLA_TEST_POSTGRES_URL is not set, so there is no PostgreSQL to test with: \
             run the tests with `scripts/with-postgres cargo test -p server`"
        )
    })
}

/// The URL of another database on the same server.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, ""), |(address, options)| (address, options));
    let server = match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()),
        None => address.to_owned(),
    };
    if options.is_empty() { format!("{server}/{name}") } else { format!("{server}/{name}?{options}") }
}

async fn administer(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| {
        panic!("TAQUILLA_TEST_POSTGRES_URL: PostgreSQL does not answer ({error}): use scripts/with-postgres")
    })
}

/// Makes a migrated PostgreSQL database and answers its name.
pub async fn new_postgres(url: &str) -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || template(url).await).await;
    let name = format!("taquilla_test_{}", hex(&server::ambient::random_bytes::<8>()));
    let mut admin = administer(url).await;
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).await.unwrap();
    admin.close().await.unwrap();
    name
}

/// Makes a PostgreSQL database without any table and answers its name.
pub async fn new_empty_postgres(url: &str) -> String {
    let name = format!("taquilla_test_{}", hex(&server::ambient::random_bytes::<8>()));
    let mut admin = administer(url).await;
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"))).await.unwrap();
    admin.close().await.unwrap();
    name
}

/// Removes a database, whoever is connected.
pub async fn drop_postgres(url: &str, name: &str) {
    let mut admin = administer(url).await;
    admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    admin.close().await.unwrap();
}

/// Makes the template of the present schema unless another program has; it gets its name when it is complete.
async fn template(url: &str) -> String {
    let checksums: Vec<u8> =
        sqlx::migrate!("migrations/postgres").iter().flat_map(|migration| migration.checksum.to_vec()).collect();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(checksums);
    let name = format!("taquilla_template_{}", hex(&digest[..8]));
    let mut admin = administer(url).await;
    admin.execute("SELECT pg_advisory_lock(7305)").await.unwrap();
    let exists: Option<(String,)> = sqlx::query_as("SELECT datname::text FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut admin)
        .await
        .unwrap();
    if exists.is_none() {
        let building = format!("{name}_building");
        admin.execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {building} WITH (FORCE)"))).await.unwrap();
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {building} TEMPLATE template0"))).await.unwrap();
        migrate(&with_database(url, &building)).await;
        admin.execute(AssertSqlSafe(format!("ALTER DATABASE {building} RENAME TO {name}"))).await.unwrap();
    }
    admin.close().await.unwrap();
    name
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
