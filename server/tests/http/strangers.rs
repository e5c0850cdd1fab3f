//! Ids of things that one may not see answer like ids of things that do not exist, at every door that takes one.

use crate::{
    samples::{Person, Sample, World},
    site::on_a_site,
};
use domain::actor::Actor;
use std::collections::BTreeSet;

/// Sends every sample that names one of the placeholders, with another id in its place; answers what was not hidden.
async fn knock(world: &World<'_>, actor: &Actor, rows: &[&str], names: &[&str], id: &str) -> Vec<String> {
    let person = Person { name: "stranger", actor: actor.clone() };
    let mut seen = Vec::new();
    let mut bodies = BTreeSet::new();
    for (row, mut sample) in Sample::naming(names) {
        if !rows.iter().any(|prefix| row.starts_with(prefix)) {
            continue;
        }
        for name in names {
            sample = sample.filled(name, id);
        }
        let answer = sample.send(world, row, &person).await;
        // A list of the tickets of a customer one may see is empty, which tells nothing.
        if answer.status.as_u16() != 404 && answer.text != "[]" {
            seen.push(format!("{row} with {id}: {} {}", answer.status, answer.text.chars().take(200).collect::<String>()));
        }
        if row.starts_with("POST") && answer.status.as_u16() == 404 {
            bodies.insert(answer.text);
        }
    }
    assert!(bodies.len() <= 1, "the refusals can be told apart: {bodies:?}");
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_of_another_team_finds_nothing_behind_the_number_of_a_ticket() {
    on_a_site(async |site| {
        let world = World::new(&site).await;
        let tomas = site.desk.agent("Tomas").in_team("Sales").seeing_their_teams_only().await;
        let marisa = site.desk.customer("Mona").of("Umbrella").await;
        let foreign = site.desk.ticket("Secret plan").by(&marisa).for_team("Support").await.to_string();
        let doors = ["POST /_fn/items/", "GET /desk/"];
        let mut seen = Vec::new();
        for id in [foreign.as_str(), "999999"] {
            seen.extend(knock(&world, &tomas, &doors, &["ticket"], id).await);
        }
        assert!(seen.is_empty(), "{}", seen.join("\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_finds_nothing_behind_the_number_of_a_strangers_ticket() {
    on_a_site(async |site| {
        let world = World::new(&site).await;
        let sven = site.desk.customer("Sven").of("Umbrella").await;
        let carla = site.desk.customer("Carlota").of("ACME").await;
        let foreign = site.desk.ticket("Secret plan").by(&carla).await.to_string();
        let unpublished = site.desk.ticket("Secret plan").by(&sven).unpublished().await.to_string();
        let doors = ["POST /_fn/portal/", "GET /p/"];
        let mut seen = Vec::new();
        for id in [foreign.as_str(), unpublished.as_str(), "999999"] {
            seen.extend(knock(&world, &sven, &doors, &["ticket", "colleagues_ticket"], id).await);
        }
        assert!(seen.is_empty(), "{}", seen.join("\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_nothing_are_not_found_at_every_door() {
    on_a_site(async |site| {
        let world = World::new(&site).await;
        let owner = site.desk.agent("Otto").with_role(domain::agent::Role::Owner).await;
        let names = [
            "organization",
            "agent",
            "owner",
            "invited",
            "team",
            "mail",
            "failed_job",
            "csv",
            "import",
            "failed_import",
            "public_file",
        ];
        let doors = ["POST /_fn/organizations/", "POST /_fn/admin/", "POST /_fn/imports/", "GET /files/", "GET /desk/"];
        // A team with a member who does not exist is refused as a wrong field, not as a missing team.
        let rows: Vec<_> = doors.to_vec();
        let mut seen = knock(&world, &owner, &rows, &names, "999999").await;
        seen.retain(|line| !line.starts_with("POST /_fn/admin/create_team"));
        seen.extend(
            knock(&world, &owner, &["POST /_fn/customers/", "GET /desk/"], &["customer", "never_invited"], "999999").await,
        );
        let views = ["own_view", "own_deleted_view", "everyones_view", "everyones_deleted_view"];
        seen.extend(knock(&world, &owner, &["POST /_fn/views/"], &views, "999999").await);
        seen.extend(knock(&world, &owner, &["POST /_fn/bulk/"], &["bulk"], "999999").await);
        assert!(seen.is_empty(), "{}", seen.join("\n"));
    })
    .await;
}
