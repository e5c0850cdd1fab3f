//! The settings of the binary. Each one is a command-line flag (`--smtp-host`), a variable (`TAQUILLA_SMTP_HOST`) and a key
//! of `taquilla.toml` (`smtp_host`), in this order of precedence; then comes the default. A wrong or unknown setting is an
//! error that names it and says where it came from; secrets are never repeated in an error.

mod parse;
mod sources;

pub use parse::Network;
pub use sources::{Given, NAMES, SettingError};

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// Variables with our prefix that are not settings of the running binary: the build and the tests read them.
const OTHER_VARIABLES: [&str; 5] =
    ["TAQUILLA_BIN", "TAQUILLA_EMBED_SITE", "TAQUILLA_IMPORT_CSV", "TAQUILLA_POSTGRES_DURABLE", "TAQUILLA_TEST_POSTGRES_URL"];

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Begins in the clear and must change to TLS (port 587).
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// Not at all (port 25): a mail server on the same machine.
    None,
}

/// The mail server that takes our mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// User name; empty to send without signing in.
    pub user: String,
    /// Password.
    pub password: String,
    /// Protection of the connection.
    pub tls: SmtpTls,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// Where uploaded files are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum FilesStore {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a store that speaks S3.
    S3 {
        /// Address of the store; empty for Amazon's own.
        endpoint: String,
        /// Bucket.
        bucket: String,
        /// Region.
        region: String,
        /// Access key.
        key: String,
        /// Secret key.
        secret: String,
    },
}

impl std::fmt::Debug for FilesStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "Folder({})", folder.display()),
            Self::S3 { endpoint, bucket, .. } => write!(f, "S3({endpoint}, {bucket})"),
        }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line, for programs that collect them.
    Json,
}

/// Who may read `/metrics`.
#[derive(Clone, PartialEq, Eq)]
pub enum Metrics {
    /// Nobody.
    Off,
    /// Who asks from this machine, and not through a proxy.
    Loopback,
    /// Who has this token.
    Token(String),
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Off => "Off",
            Self::Loopback => "Loopback",
            Self::Token(_) => "Token",
        })
    }
}

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the server listens.
    pub addr: SocketAddr,
    /// Folder for everything that this server keeps: the database, files, held mail.
    pub data: PathBuf,
    /// `sqlite://path` or `postgres://…`.
    pub database_url: String,
    /// What people type to get here, without a slash at the end: links in mails begin with it, and https makes cookies secure.
    pub public_url: String,
    /// Folder of the built site (scripts, styles); none lets the binary look beside itself.
    pub site: Option<PathBuf>,
    /// The mail server; without one, mail is held.
    pub smtp: Option<Smtp>,
    /// The sender of our mail: an address, or `Name <address>`.
    pub mail_from: String,
    /// Where uploaded files are kept.
    pub files: FilesStore,
    /// What is logged: a level, or directives such as `info,server=debug`.
    pub log: String,
    /// How it is written.
    pub log_format: LogFormat,
    /// Who may read the metrics.
    pub metrics: Metrics,
    /// Networks of the proxies in front: their `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

impl Settings {
    /// Reads and checks the settings from all their sources.
    ///
    /// # Errors
    /// A wrong or unknown setting, by name and origin.
    pub fn load(given: Given) -> Result<Self, SettingError> {
        let variables = std::env::vars().filter(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str()));
        Self::from_sources(&sources::Sources::read(given, variables)?)
    }

    /// The same, with the variables handed in (tests).
    ///
    /// # Errors
    /// A wrong or unknown setting, by name and origin.
    pub fn load_with(given: Given, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingError> {
        Self::from_sources(&sources::Sources::read(given, variables)?)
    }

    fn from_sources(from: &sources::Sources) -> Result<Self, SettingError> {
        let data = from.path("data")?.unwrap_or_else(|| PathBuf::from("data"));
        let addr = from.parsed("addr", parse::address)?.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
        let public_url = from.parsed("public_url", parse::public_url)?.unwrap_or_else(|| default_public_url(addr));
        let database_url = from
            .parsed("database_url", parse::database_url)?
            .unwrap_or_else(|| format!("sqlite://{}", data.join("taquilla.db").display()));
        let smtp = smtp(from)?;
        let mail_from = match from.parsed("smtp_from", parse::mailbox)? {
            Some(mailbox) => mailbox,
            None if smtp.is_some() => return Err(from.missing("smtp_from", "smtp_host")),
            None => "no-reply@localhost.localdomain".to_owned(),
        };
        Ok(Self {
            site: from.path("site")?,
            smtp,
            mail_from,
            files: files(from, &data)?,
            log: from.parsed("log", parse::log)?.unwrap_or_else(|| "info".to_owned()),
            log_format: from.parsed("log_format", parse::log_format)?.unwrap_or(LogFormat::Text),
            metrics: from.parsed("metrics", parse::metrics)?.unwrap_or(Metrics::Off),
            trusted_proxies: from.parsed("trusted_proxies", parse::networks)?.unwrap_or_default(),
            addr,
            data,
            database_url,
            public_url,
        })
    }

    /// Whether people come by https; then cookies are secure.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether a request that comes from `peer` was handed on by a proxy that we trust.
    #[must_use]
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(peer))
    }
}

/// Listening on every address is no address that one can type.
fn default_public_url(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() { format!("http://localhost:{}", addr.port()) } else { format!("http://{addr}") }
}

fn smtp(from: &sources::Sources) -> Result<Option<Smtp>, SettingError> {
    let Some(host) = from.parsed("smtp_host", parse::text)? else {
        from.only_with(&["smtp_port", "smtp_user", "smtp_password", "smtp_tls"], "smtp_host")?;
        return Ok(None);
    };
    let tls = from.parsed("smtp_tls", parse::smtp_tls)?.unwrap_or(SmtpTls::StartTls);
    let port = from.parsed("smtp_port", parse::port)?.unwrap_or(match tls {
        SmtpTls::StartTls => 587,
        SmtpTls::Tls => 465,
        SmtpTls::None => 25,
    });
    let user = from.parsed("smtp_user", parse::text)?.unwrap_or_default();
    let password = from.parsed("smtp_password", parse::text)?.unwrap_or_default();
    if user.is_empty() && !password.is_empty() {
        return Err(from.missing("smtp_user", "smtp_password"));
    }
    Ok(Some(Smtp { host, port, user, password, tls }))
}

fn files(from: &sources::Sources, data: &std::path::Path) -> Result<FilesStore, SettingError> {
    const S3: [&str; 5] = ["s3_endpoint", "s3_bucket", "s3_region", "s3_key", "s3_secret"];
    if !from.parsed("files", parse::is_s3)?.unwrap_or(false) {
        from.only_with(&S3, "files = \"s3\"")?;
        return Ok(FilesStore::Folder(from.path("files_dir")?.unwrap_or_else(|| data.join("files"))));
    }
    from.only_with(&["files_dir"], "files = \"local\"")?;
    let needed = |name: &'static str| from.parsed(name, parse::text)?.ok_or_else(|| from.missing(name, "files = \"s3\""));
    Ok(FilesStore::S3 {
        endpoint: from.parsed("s3_endpoint", parse::http_url)?.unwrap_or_default(),
        bucket: needed("s3_bucket")?,
        region: from.parsed("s3_region", parse::text)?.unwrap_or_else(|| "us-east-1".to_owned()),
        key: needed("s3_key")?,
        secret: needed("s3_secret")?,
    })
}
