//! The table of doors × people, held against the real routes, pages and server functions by knocking at each.

use crate::{
    ask::Answer,
    samples::{Sample, World},
    site::on_a_site,
};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = include_str!("doors.csv");

/// The rows: door → what each person meets.
pub fn table() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1);
    lines
        .map(|line| {
            let mut cells = line.split(',').map(str::trim);
            let door = cells.next().unwrap();
            let cells: Vec<_> = cells.collect();
            assert_eq!(cells.len(), 6, "{door}");
            (door, cells)
        })
        .collect()
}

/// All doors, as the code has them.
fn doors() -> BTreeSet<String> {
    let routes = server::http::route_paths().into_iter().map(|(method, path)| format!("{method} {path}"));
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}"));
    let pages = server::http::page_paths().into_iter().map(|path| format!("GET {path}"));
    let files = std::iter::once("GET (file of the site)".to_owned());
    routes.chain(functions).chain(pages).chain(files).collect()
}

/// The door of a row: without the remark in brackets after it.
fn door_of(row: &str) -> &str {
    if row.starts_with("GET (") { row } else { row.split_once(" (").map_or(row, |(door, _)| door) }
}

#[test]
fn every_door_has_a_row_and_every_row_a_door() {
    let doors = doors();
    assert!(doors.len() > 100, "where are they all?");
    let rows: BTreeSet<String> = table().into_keys().map(|row| door_of(row).to_owned()).collect();
    let without_row: Vec<_> = doors.difference(&rows).collect();
    assert!(without_row.is_empty(), "write down in doors.csv who may go through: {without_row:#?}");
    let without_door: Vec<_> = rows.difference(&doors).collect();
    assert!(without_door.is_empty(), "rows of doors.csv without a door: {without_door:#?}");
}

#[test]
fn server_functions_answer_to_post_only() {
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert_eq!(method, axum::http::Method::POST, "{path}");
    }
}

/// What a person met, in the words of the table.
fn met(answer: &Answer) -> String {
    let to = answer.leads_to();
    match answer.status.as_u16() {
        401 | 403 => "no".to_owned(),
        404 => "hidden".to_owned(),
        200..=299 => "yes".to_owned(),
        300..=399 if to.contains("/sign-in?next=") => "sign-in".to_owned(),
        300..=399 => "away".to_owned(),
        other => format!("{other} {}", answer.text.chars().take(200).collect::<String>()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_go_through_their_doors_and_no_others() {
    on_a_site(async |site| {
        let world = World::new(&site).await;
        let mut wrong = Vec::new();
        for (row, expected) in table() {
            let sample = Sample::of(row);
            let open = expected.contains(&"open");
            let mut statuses = BTreeSet::new();
            for (person, expected) in world.people().iter().zip(expected) {
                let answer = sample.send(&world, row, person).await;
                statuses.insert(answer.status.as_u16());
                let met = met(&answer);
                let right = if expected == "open" { answer.status.as_u16() < 500 } else { met == expected };
                if !right {
                    wrong.push(format!("{row}: {} should meet {expected}, met {met}", person.name));
                }
            }
            if open && statuses.len() > 1 {
                wrong.push(format!("{row}: should be the same for everybody, answers {statuses:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    })
    .await;
}
