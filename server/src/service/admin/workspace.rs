//! The workspace's name, look and settings.

use crate::{
    args,
    db::{Read, Sql, Tx},
    service::{
        customers::portal_slug,
        events::Author,
        files::{self, Taker},
    },
};
use domain::{
    Error, Result,
    error::Check,
    event::Subject,
    file::PICTURES,
    id::FileId,
    language::Language,
    limits,
    patch::Patch,
    text::is_colour,
    workspace::{Workspace, WorkspacePatch},
};

pub(super) async fn get(db: &mut impl Read, sends_mail: bool) -> Result<Workspace> {
    let sql = "SELECT name, colour, logo_id, language, auto_organizations, outgoing_held FROM workspace";
    let (name, colour, logo, language, auto_organizations, outgoing_held): (String, String, Option<i64>, String, bool, bool) =
        db.one(Sql::new(sql, args![])).await?;
    Ok(Workspace {
        name,
        colour,
        logo: logo.map(FileId),
        language: Language::from_tag(&language).unwrap_or_default(),
        auto_organizations,
        portal_slug: portal_slug(db).await?,
        sends_mail,
        outgoing_held,
    })
}

/// A change with everything trimmed.
pub(super) fn check(mut patch: WorkspacePatch) -> Result<WorkspacePatch> {
    let mut check = Check::new();
    if let Patch::Set(name) = &mut patch.name {
        *name = name.trim().to_owned();
        check.not_empty(name, "name").at_most(name, limits::NAME, "name");
    }
    if let Patch::Set(colour) = &mut patch.colour {
        *colour = colour.trim().to_lowercase();
        check.that(is_colour(colour), "colour", "error_colour");
    }
    check.done()?;
    Ok(patch)
}

pub(super) async fn change(tx: &mut Tx, by: &Author, patch: WorkspacePatch, sends_mail: bool) -> Result<Workspace> {
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    let old = get(tx, sends_mail).await?;
    let mut new = old.clone();
    let note = |field: &str, before: &str, after: &str| by.changed(Subject::Workspace, field, before, after);
    if let Patch::Set(name) = patch.name
        && name != old.name
    {
        tx.event(note("name", &old.name, &name));
        new.name = name;
    }
    if let Patch::Set(colour) = patch.colour
        && colour != old.colour
    {
        tx.event(note("colour", &old.colour, &colour));
        new.colour = colour;
    }
    if let Patch::Set(language) = patch.language
        && language != old.language
    {
        tx.event(note("language", old.language.name(), language.name()));
        new.language = language;
    }
    if let Patch::Set(auto) = patch.auto_organizations
        && auto != old.auto_organizations
    {
        tx.event(note("auto_organizations", &old.auto_organizations.to_string(), &auto.to_string()));
        new.auto_organizations = auto;
    }
    if let Patch::Set(logo) = patch.logo
        && logo != old.logo
    {
        if let Some(file) = logo {
            take_logo(tx, by, file).await?;
        }
        tx.event(note("logo", "", ""));
        new.logo = logo;
    }
    tx.execute(Sql::new(
        "UPDATE workspace SET name = $1, colour = $2, logo_id = $3, language = $4, auto_organizations = $5",
        args![&new.name, &new.colour, new.logo, new.language.tag(), new.auto_organizations],
    ))
    .await?;
    // The logo before is nobody's now, and is cleaned up like an upload that was never used.
    if let Some(before) = old.logo.filter(|_| new.logo != old.logo) {
        tx.execute(Sql::new("UPDATE file SET purpose = 'none' WHERE id = $1", args![before])).await?;
    }
    Ok(new)
}

async fn take_logo(tx: &mut Tx, by: &Author, file: FileId) -> Result<()> {
    let wrong = || Error::field("logo", "error_file_unknown");
    files::take(tx, by.party, &[file], Taker::Logo).await.map_err(|_| wrong())?;
    let sql = "SELECT content_type FROM file WHERE id = $1";
    let (content_type,): (String,) = tx.one(Sql::new(sql, args![file])).await?;
    if PICTURES.contains(&content_type.as_str()) { Ok(()) } else { Err(Error::field("logo", "error_logo_type")) }
}
