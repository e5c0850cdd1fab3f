//! The small world of generated items ([`domain::filter::testing`]) in a database, and what the database finds in it.

use super::TestDesk;
use domain::{
    filter::{Expr, Facts, Thread, Viewer, testing},
    id::MessageId,
};
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use server::{
    args,
    db::{Read, Sql, Tx, push_filter},
};

/// Puts the people and the types of the small world into the database.
async fn insert_world(tx: &mut Tx) {
    let mut put = async |text: &'static str, id: i64, more: Option<i64>| {
        let mut values = args![id];
        values.extend(more.map(Into::into));
        tx.execute(Sql::new(text, values)).await.unwrap();
    };
    for id in testing::AGENTS {
        let sql = "INSERT INTO agent (id, name, name_key, role, access, state, language, created_at) \
                   VALUES ($1, 'a', 'a', 'agent', 'all', 'active', 'en', 0)";
        put(sql, id, None).await;
    }
    for id in testing::TEAMS {
        put("INSERT INTO team (id, name, name_key, created_at) VALUES ($1, 't', CAST($2 AS TEXT), 0)", id, Some(id)).await;
    }
    for id in testing::CUSTOMERS {
        let sql = "INSERT INTO customer (id, first_name, last_name, name_key, search_key, language, created_at) \
                   VALUES ($1, 'c', '', 'c', 'c', 'en', 0)";
        put(sql, id, None).await;
    }
    for id in testing::ORGANIZATIONS {
        put("INSERT INTO organization (id, name, name_key, created_at) VALUES ($1, 'o', CAST($2 AS TEXT), 0)", id, Some(id))
            .await;
    }
    for (id, statuses) in testing::TYPES.into_iter().zip(testing::STATUSES) {
        put("INSERT INTO ticket_type (id, name, icon, colour, position) VALUES ($1, 't', '', '', 9)", id, None).await;
        for status in statuses {
            let sql = "INSERT INTO status (id, type_id, name, category, colour, position) VALUES ($1, $2, 's', 'todo', '', 1)";
            put(sql, status, Some(id)).await;
        }
    }
}

/// Inserts an item under the id `id`, which is also its number in the database of the test.
async fn insert_item(tx: &mut Tx, id: i64, facts: &Facts) {
    let sql = "INSERT INTO item (id, number, title, title_key, search_key, type_id, status_id, category, status_rank, priority, \
               requester_id, organization_id, channel, impact, product, published, created_by_kind, created_at, updated_at, \
               first_response_at, resolved_at, last_message_at, last_message_by, spam, deleted_at, snoozed_until, merged_into) \
               VALUES ($1, $2, $3, '', '', $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, 'system', $14, $15, $16, $17, $18, $19, \
               $20, $21, $22, $23)";
    let values = args![
        id,
        facts.number,
        &facts.title,
        facts.type_id,
        facts.status_id,
        facts.category.key(),
        facts.priority,
        facts.requester,
        facts.organization,
        facts.channel.key(),
        facts.impact.key(),
        &facts.product,
        facts.published,
        facts.created_at,
        facts.updated_at,
        facts.first_response_at,
        facts.resolved_at,
        facts.last_message_at,
        facts.last_message_by.map(|by| by.kind().to_owned()),
        facts.away.spam,
        facts.away.deleted_at,
        facts.away.snoozed_until,
        facts.away.merged_into.map_or(0, |number| number.0),
    ];
    tx.execute(Sql::new(sql, values)).await.unwrap();
    if !facts.away.is_not() {
        tx.execute(Sql::new("INSERT INTO item_away (item_id) VALUES ($1)", args![id])).await.unwrap();
    }
    for agent in &facts.agents {
        let sql = "INSERT INTO item_agent (item_id, agent_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *agent])).await.unwrap();
    }
    for team in &facts.teams {
        tx.execute(Sql::new("INSERT INTO item_team (item_id, team_id) VALUES ($1, $2)", args![id, *team])).await.unwrap();
    }
    for agent in &facts.following_agents {
        let sql = "INSERT INTO item_following_agent (item_id, agent_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *agent])).await.unwrap();
    }
    for customer in &facts.following_customers {
        let sql = "INSERT INTO item_following_customer (item_id, customer_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *customer])).await.unwrap();
    }
    for tag in &facts.tags {
        tx.execute(Sql::new("INSERT INTO item_tag (item_id, tag) VALUES ($1, $2)", args![id, tag])).await.unwrap();
    }
    insert_thread(tx, id, facts.thread.as_ref().unwrap()).await;
}

async fn insert_thread(tx: &mut Tx, id: i64, thread: &Thread) {
    let sql = "UPDATE item SET description = $1, search_key = $2 WHERE id = $3";
    let key = format!("\n{}", thread.requester);
    tx.execute(Sql::new(sql, args![&thread.description, key, id])).await.unwrap();
    for message in &thread.messages {
        let sql = "INSERT INTO message (id, item_id, kind, author_kind, author_id, author_name, html, channel, created_at) \
                   VALUES ($1, $2, $3, $4, $5, '', $6, 'agent', $7)";
        let (kind, by) = (message.kind.key(), message.by);
        let values = args![message.id, id, kind, by.kind(), by.id(), &message.html, message.written];
        tx.execute(Sql::new(sql, values)).await.unwrap();
    }
    for file in &thread.files {
        let sql = "INSERT INTO file (name, content_type, size, storage_path, uploader_kind, purpose, item_id, message_id, created_at) \
                   VALUES ($1, $2, $3, '', 'system', $4, $5, $6, $7)";
        let purpose = if file.message.is_some() { "message" } else { "description" };
        let values = args![&file.name, &file.content_type, file.size, purpose, id, file.message, file.added];
        tx.execute(Sql::new(sql, values)).await.unwrap();
    }
}

/// The ids and facts of 60 generated items that are now in the database.
pub async fn world(desk: &TestDesk) -> Vec<(i64, Facts)> {
    let mut items: Vec<(i64, Facts)> = {
        let mut runner = TestRunner::default();
        let generated = vec(testing::facts(), 60).new_tree(&mut runner).unwrap().current();
        (1..).zip(generated).collect()
    };
    for (id, facts) in &mut items {
        // Numbers and messages are unique in a workspace.
        facts.number = (*id).into();
        let thread = facts.thread.as_mut().unwrap();
        let unique = |message: &mut MessageId| message.0 += *id * 100;
        thread.messages.iter_mut().for_each(|message| unique(&mut message.id));
        thread.files.iter_mut().filter_map(|file| file.message.as_mut()).for_each(unique);
    }
    let insert = items.clone();
    desk.write(move |tx| {
        Box::pin(async move {
            insert_world(tx).await;
            for (id, facts) in &insert {
                insert_item(tx, *id, facts).await;
            }
            let sql = "UPDATE counter SET value = (SELECT MAX(id) FROM item) WHERE name = 'words'";
            tx.execute(Sql::new(sql, args![])).await.unwrap();
            Ok(())
        })
    })
    .await;
    // Their words are found as those of a desk that is brought up to date.
    desk.db.migrate().await.unwrap();
    items
}

/// What the database finds for each filter and viewer, in one statement.
pub async fn found_each(desk: &TestDesk, cases: &[(Expr, Viewer)]) -> Vec<Vec<i64>> {
    let mut sql = Sql::build("SELECT place, id FROM (");
    for (place, (expr, viewer)) in (0_i64..).zip(cases) {
        sql.push(if place == 0 { "SELECT " } else { " UNION ALL SELECT " }).bind(place);
        sql.push(" AS place, item.id AS id FROM item WHERE ");
        push_filter(&mut sql, desk.engine(), expr, viewer);
    }
    sql.push(") AS found ORDER BY place, id");
    let text = sql.text().to_owned();
    let rows = desk.db.clone().all::<(i64, i64)>(sql).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}: {text}"));
    (0_i64..).zip(cases).map(|(place, _)| rows.iter().filter(|row| row.0 == place).map(|row| row.1).collect()).collect()
}
