//! Where settings come from: flags, variables, one file. Here each value gets its origin, so that an error can name it.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// A setting that is wrong, missing or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    /// The setting's name, or the file's path if the file as a whole is wrong.
    pub name: String,
    /// What is wrong, in a sentence for operators.
    pub why: String,
    /// Where the value came from: a flag, a variable, a file.
    pub origin: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "setting {}: {}", self.name, self.why)?;
        if self.origin.is_empty() { Ok(()) } else { write!(f, " ({})", self.origin) }
    }
}

impl std::error::Error for SettingError {}

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $value:literal,)*) => {
        /// The flags that were given.
        #[derive(Debug, Clone, Default, clap::Args)]
        pub struct Given {
            /// Read settings from this file instead of taquilla.toml in the working folder or the data folder
            #[arg(long, global = true, value_name = "FILE")]
            pub config: Option<PathBuf>,
            $($(#[$doc])* #[arg(long, global = true, value_name = $value)] pub $name: Option<String>,)*
        }

        /// The names of all settings, as `taquilla.toml` has them.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        impl Given {
            fn into_values(self) -> Vec<(&'static str, String)> {
                [$((stringify!($name), self.$name)),*].into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
            }
        }
    };
}

settings! {
    /// Where to listen [default: 127.0.0.1:3000]
    addr: "IP:PORT",
    /// Folder for the database, files and held mail [default: data]
    data: "DIR",
    /// Database: sqlite://path or postgres://… [default: sqlite://DATA/taquilla.db]
    database_url: "URL",
    /// What people type to get here; links in mails begin with it [default: http://ADDR]
    public_url: "URL",
    /// Folder of the built site [default: beside the binary]
    site: "DIR",
    /// Mail server; without one, mail is held under Administration
    smtp_host: "HOST",
    /// Port of the mail server [default: by --smtp-tls: 587, 465 or 25]
    smtp_port: "PORT",
    /// User name for the mail server
    smtp_user: "NAME",
    /// Password for the mail server (better as a variable than as a flag)
    smtp_password: "PASSWORD",
    /// Protection of the connection to the mail server: starttls, tls or none [default: starttls]
    smtp_tls: "MODE",
    /// Sender of our mail: an address, or "Name <address>"
    smtp_from: "MAILBOX",
    /// Where uploaded files are kept: local or s3 [default: local]
    files: "STORE",
    /// Folder of uploaded files [default: DATA/files]
    files_dir: "DIR",
    /// Address of the S3 store, if it is not Amazon's own
    s3_endpoint: "URL",
    /// Bucket
    s3_bucket: "NAME",
    /// Region [default: us-east-1]
    s3_region: "NAME",
    /// Access key
    s3_key: "KEY",
    /// Secret key (better as a variable than as a flag)
    s3_secret: "SECRET",
    /// What is logged: error, warn, info, debug, trace, or directives such as info,server=debug [default: info]
    log: "LEVEL",
    /// How the log is written: text, or json for programs [default: text]
    log_format: "FORMAT",
    /// Who may read /metrics: off, loopback, or a token of 16 characters or more (better as a variable than as a flag)
    metrics: "WHO",
    /// Addresses or networks of the proxies in front, with commas between; their X-Forwarded-For is believed
    trusted_proxies: "NETWORKS",
}

/// Values that an error never repeats.
const SECRET: [&str; 4] = ["smtp_password", "s3_secret", "database_url", "metrics"];

const PREFIX: &str = "TAQUILLA_";

struct Value {
    text: String,
    origin: String,
    /// Paths of a file are meant from that file's folder.
    folder: Option<PathBuf>,
}

/// Every setting that was given, with its origin.
pub(super) struct Sources(BTreeMap<&'static str, Value>);

impl Sources {
    pub(super) fn read(given: Given, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingError> {
        let mut values = BTreeMap::new();
        let mut config = given.config.clone();
        for (name, text) in given.into_values() {
            let origin = format!("flag --{}", name.replace('_', "-"));
            values.insert(name, Value { text, origin, folder: None });
        }
        for (variable, text) in variables {
            let Some(name) = variable.strip_prefix(PREFIX) else { continue };
            if name == "CONFIG" {
                config.get_or_insert_with(|| PathBuf::from(&text));
                continue;
            }
            let origin = format!("variable {variable}");
            match known(&name.to_lowercase()) {
                Some(name) => drop(values.entry(name).or_insert(Value { text, origin, folder: None })),
                None => return Err(unknown(&variable, &origin)),
            }
        }
        let mut sources = Self(values);
        if let Some(path) = sources.file(config)? {
            sources.add_file(&path)?;
        }
        Ok(sources)
    }

    /// The one file that is read: the named one, else that of the working folder, else that of the data folder.
    fn file(&self, config: Option<PathBuf>) -> Result<Option<PathBuf>, SettingError> {
        if config.is_some() {
            return Ok(config);
        }
        let data = self.path("data")?.unwrap_or_else(|| PathBuf::from("data"));
        let places = [PathBuf::from("taquilla.toml"), data.join("taquilla.toml")];
        Ok(places.into_iter().find(|path| path.is_file()))
    }

    fn add_file(&mut self, path: &Path) -> Result<(), SettingError> {
        let origin = format!("file {}", path.display());
        let wrong = |why: String| SettingError { name: path.display().to_string(), why, origin: origin.clone() };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            // The message only, not the excerpt: a line of the file may hold a secret.
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            wrong(format!("line {line}: {}", error.message()))
        })?;
        for (key, value) in table {
            let Some(name) = known(&key) else { return Err(unknown(&key, &origin)) };
            let text = match value {
                toml::Value::String(text) => text,
                toml::Value::Integer(number) => number.to_string(),
                toml::Value::Boolean(flag) => flag.to_string(),
                toml::Value::Array(list) => {
                    let texts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
                    texts.ok_or_else(|| wrong_value(name, "must be a list of texts", &origin))?.join(",")
                }
                _ => return Err(wrong_value(name, "must be a text, a number or a list of texts", &origin)),
            };
            let folder = path.parent().map(Path::to_path_buf);
            self.0.entry(name).or_insert_with(|| Value { text, origin: origin.clone(), folder });
        }
        Ok(())
    }

    /// The value of a setting, checked; `None` if nobody gave one.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, SettingError> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        parse(value.text.trim()).map(Some).map_err(|why| {
            let shown = if SECRET.contains(&name) { String::new() } else { format!("\"{}\" ", value.text) };
            wrong_value(name, &format!("{shown}{why}"), &value.origin)
        })
    }

    /// The value of a setting that is a path.
    pub(super) fn path(&self, name: &'static str) -> Result<Option<PathBuf>, SettingError> {
        let path =
            self.parsed(name, |text| if text.is_empty() { Err("is empty".to_owned()) } else { Ok(PathBuf::from(text)) })?;
        let folder = self.0.get(name).and_then(|value| value.folder.as_ref());
        Ok(path.map(|path| folder.map_or(path.clone(), |folder| folder.join(&path))))
    }

    /// A setting that another one calls for.
    pub(super) fn missing(&self, name: &str, because: &str) -> SettingError {
        let origin = self.0.get(because).map_or(String::new(), |value| value.origin.clone());
        wrong_value(name, &format!("is missing; it is needed with {because}"), &origin)
    }

    /// Refuses settings that mean nothing without another one: probably a slip of the pen.
    pub(super) fn only_with(&self, names: &[&'static str], other: &str) -> Result<(), SettingError> {
        match names.iter().find_map(|name| Some((name, self.0.get(name)?))) {
            Some((name, value)) => Err(wrong_value(name, &format!("means nothing without {other}"), &value.origin)),
            None => Ok(()),
        }
    }
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|known| **known == name).copied()
}

fn wrong_value(name: &str, why: &str, origin: &str) -> SettingError {
    SettingError { name: name.to_owned(), why: why.to_owned(), origin: origin.to_owned() }
}

fn unknown(name: &str, origin: &str) -> SettingError {
    wrong_value(name, &format!("is unknown; settings are {}", NAMES.join(", ")), origin)
}
