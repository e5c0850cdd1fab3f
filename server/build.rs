//! With the feature `embed` the built site becomes part of the binary: `TAQUILLA_EMBED_SITE` names its folder, with hash.txt
//! in it or beside it. Without the feature there is nothing to do.

use std::{
    env, fs,
    io::{Error, Result},
    path::{Path, PathBuf},
};

fn main() -> Result<()> {
    println!("cargo:rerun-if-env-changed=TAQUILLA_EMBED_SITE");
    println!("cargo:rerun-if-changed=migrations");
    if env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return Ok(());
    }
    let site = env::var_os("TAQUILLA_EMBED_SITE")
        .ok_or_else(|| Error::other("the feature embed needs TAQUILLA_EMBED_SITE, the folder of the built site"))?;
    let site = PathBuf::from(site).canonicalize()?;
    println!("cargo:rerun-if-changed={}", site.display());
    let mut files = Vec::new();
    collect(&site, &site, &mut files)?;
    let beside = site.with_file_name("hash.txt");
    if !files.iter().any(|(name, _)| name == "hash.txt") && beside.is_file() {
        println!("cargo:rerun-if-changed={}", beside.display());
        files.push(("hash.txt".to_owned(), beside));
    }
    files.sort();
    let rows: String =
        files.iter().map(|(name, path)| format!("    ({name:?}, include_bytes!({:?})),\n", path.display().to_string())).collect();
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| Error::other("no OUT_DIR"))?);
    fs::write(out.join("site.rs"), format!("const FILES: &[(&str, &[u8])] = &[\n{rows}];\n"))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push((name.display().to_string(), path.clone()));
        }
    }
    Ok(())
}
