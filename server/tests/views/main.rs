//! Saved views, on both databases: who has them, what they show, what each person makes of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "../common/mod.rs"]
mod common;

mod counts;
mod filters;
mod kept;
mod own;
mod rights;

use common::TestDesk;
use domain::{
    actor::Actor,
    service::{Items, Views},
    view::{ItemQuery, NewView, Settings, View, ViewKey, ViewScope, saved::Views as All},
};
use server::{args, db::Sql, service::views::ViewsService};

fn service(desk: &TestDesk) -> ViewsService {
    ViewsService::new(desk.db.clone())
}

fn new_view(name: &str, scope: ViewScope, text: &str) -> NewView {
    NewView {
        name: name.to_owned(),
        scope,
        folder: String::new(),
        icon: String::new(),
        colour: String::new(),
        text: text.to_owned(),
        settings: Settings::default(),
    }
}

/// What somebody sees of a view, to be saved with something changed.
fn as_it_is(view: &View) -> NewView {
    NewView {
        name: view.name.clone(),
        scope: view.scope,
        folder: view.folder.clone(),
        icon: view.icon.clone(),
        colour: view.colour.clone(),
        text: view.text.clone(),
        settings: view.settings.clone(),
    }
}

/// Saves a view that must be fine.
async fn make(desk: &TestDesk, by: &Actor, name: &str, scope: ViewScope, text: &str) -> ViewKey {
    service(desk).create(by, new_view(name, scope, text)).await.unwrap().key
}

/// The names of the saved views that somebody has, in their order.
async fn names(desk: &TestDesk, actor: &Actor) -> Vec<String> {
    let all = service(desk).all(actor).await.unwrap();
    all.views.into_iter().filter(|view| view.owner.is_some()).map(|view| view.name).collect()
}

/// A view among all.
fn among(all: &All, key: ViewKey) -> &View {
    all.views.iter().find(|view| view.key == key).unwrap()
}

/// The numbers of the items that somebody finds in a view.
async fn shown(desk: &TestDesk, actor: &Actor, key: ViewKey) -> Vec<i64> {
    let rows = desk.items().list(actor, ItemQuery::of(key)).await.unwrap().rows;
    let mut numbers: Vec<i64> = rows.into_iter().map(|row| row.number.0).collect();
    numbers.sort_unstable();
    numbers
}

/// What is counted in a view; `None` if it has no count.
async fn counted(desk: &TestDesk, actor: &Actor, key: ViewKey) -> Option<i64> {
    let counts = desk.items().counts(actor).await.unwrap();
    counts.into_iter().find(|count| count.view == key).map(|count| count.count)
}

/// Writes a column of a view past the program.
async fn overwrite(desk: &TestDesk, key: ViewKey, sql: &'static str, value: &str) {
    let ViewKey::Saved(id) = key else { panic!("{key} has no filter of its own") };
    desk.execute(Sql::new(sql, args![value, id])).await;
}
const FILTER: &str = "UPDATE saved_view SET filter = $1 WHERE id = $2";
