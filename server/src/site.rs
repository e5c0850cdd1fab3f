//! Finds the built site: scripts, styles, icons, and the file that names their hashes. In this order: the folder of the
//! setting `site`, the site inside the binary (feature `embed`), `site` beside the binary, `target/site` of a development
//! build.

use crate::config::Settings;
use leptos::config::{LeptosOptions, get_config_from_str};
use std::path::{Path, PathBuf};

/// The settings that a built binary starts with; the build reads the same from Cargo.toml, and a test holds the two equal.
const OPTIONS: &str = include_str!("../../Leptos.toml");

/// Why there is no site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// `Leptos.toml` makes no sense.
    #[error("Leptos.toml: {0}")]
    Options(String),
    /// No folder has it.
    #[error(
        "there is no built site: looked for {0}; build it with `cargo leptos build`, or name its folder with the setting site"
    )]
    Missing(String),
    /// The names of the hashed files are unknown.
    #[error("there is no hash.txt beside the site {0}: copy it from the folder of the built binary")]
    NoHashes(PathBuf),
    /// The site inside the binary cannot be laid down.
    #[error("the site cannot be unpacked to {0}: {1}")]
    Unpack(PathBuf, std::io::Error),
}

/// Where the site is and how its files are named.
///
/// # Errors
/// There is none, or a part of it is missing.
pub fn locate(settings: &Settings) -> Result<LeptosOptions, SiteError> {
    let mut options = get_config_from_str(OPTIONS).map_err(|error| SiteError::Options(error.to_string()))?;
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf)).unwrap_or_default();
    let site = match (&settings.site, embedded::unpack(&settings.data)?) {
        (Some(named), _) => first(std::slice::from_ref(named), &options)?,
        (None, Some(unpacked)) => unpacked,
        (None, None) => first(&[beside.join("site"), PathBuf::from(options.site_root.as_ref())], &options)?,
    };
    let site = site.canonicalize().unwrap_or(site);
    if options.hash_files {
        // Leptos looks beside the binary; an absolute path holds wherever the binary is.
        let places = [
            site.join(options.hash_file.as_ref()),
            site.with_file_name(options.hash_file.as_ref()),
            beside.join(options.hash_file.as_ref()),
        ];
        let hashes = places.into_iter().find(|path| path.is_file()).ok_or_else(|| SiteError::NoHashes(site.clone()))?;
        options.hash_file = hashes.display().to_string().into();
    }
    options.site_root = site.display().to_string().into();
    options.site_addr = settings.addr;
    Ok(options)
}

/// The first folder with a package in it.
fn first(places: &[PathBuf], options: &LeptosOptions) -> Result<PathBuf, SiteError> {
    let found = places.iter().find(|place| place.join(options.site_pkg_dir.as_ref()).is_dir());
    found.cloned().ok_or_else(|| {
        let looked: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        SiteError::Missing(looked.join(", "))
    })
}

/// The site inside the binary. It is laid down under the data folder once per version, because everything that serves files
/// wants a folder.
#[cfg(feature = "embed")]
mod embedded {
    use super::SiteError;
    use sha2::{Digest, Sha256};
    use std::{
        io,
        path::{Path, PathBuf},
    };

    include!(concat!(env!("OUT_DIR"), "/site.rs"));

    pub(super) fn unpack(data: &Path) -> Result<Option<PathBuf>, SiteError> {
        let mut hasher = Sha256::new();
        for (name, bytes) in FILES {
            hasher.update(name);
            hasher.update(bytes);
        }
        let version: String = hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = data.join("site").join(version);
        if !folder.is_dir() {
            lay_down(&folder).map_err(|error| SiteError::Unpack(folder.clone(), error))?;
        }
        Ok(Some(folder))
    }

    /// Complete or not at all: a folder of another name becomes this one at the end.
    fn lay_down(folder: &Path) -> io::Result<()> {
        let part = folder.with_extension(format!("part-{}", std::process::id()));
        for (name, bytes) in FILES {
            let path = part.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
        match std::fs::rename(&part, folder) {
            // Another process was faster.
            Err(_) if folder.is_dir() => std::fs::remove_dir_all(part),
            result => result,
        }
    }
}

#[cfg(not(feature = "embed"))]
mod embedded {
    pub(super) fn unpack(_: &std::path::Path) -> Result<Option<std::path::PathBuf>, super::SiteError> {
        Ok(None)
    }
}
