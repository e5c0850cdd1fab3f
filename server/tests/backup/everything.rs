//! Every row of every table and every file, on the same and on the other engine.

use crate::{
    commands::taquilla,
    common::{TestDesk, both_databases, elsewhere, on_sqlite},
    rows,
};
use domain::{
    conversation::{MessageKind, NewMessage},
    id::FileId,
    service::{Files, Items},
};
use server::{
    args,
    backup::{self, Taken, taken},
    db::{Engine, Sql},
    demo,
    files::FileStore,
    service::{accounts::Passwords, files::FilesService},
};

/// A desk with something in every table, and the store of its files.
async fn filled(desk: &TestDesk) -> FileStore {
    demo::fill(&desk.db, &Passwords::new().unwrap(), &demo::Options { items: 40, seed: 7 }).await.unwrap();
    let ana = desk.agent("Ana").in_team("Support").await;
    let marisa = desk.customer("Marisa").of("ACME").await;
    let number = desk.ticket("Ärger „mit“ 🖨\n\t\"jam\" \\ '; DROP").by(&marisa).for_agent(&ana).tagged("änderung").await;
    let store = FileStore::local(&desk.folder().join("files")).unwrap();
    let files = FilesService::new(desk.db.clone(), store.clone());
    let mut uploaded: Vec<FileId> = Vec::new();
    for bytes in [b"a".to_vec(), vec![0; 5_000_000], (0..=255).cycle().take(70_000).collect()] {
        uploaded.push(files.upload(&ana, "a \u{1F4CE}.bin", bytes).await.unwrap().id);
    }
    let waiting = uploaded.pop().unwrap();
    let message = NewMessage {
        item: number,
        kind: MessageKind::Reply,
        html: "<p>Hello</p>".to_owned(),
        files: uploaded,
        cc: vec![],
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: vec![],
        hold: false,
        idempotency_key: "once".to_owned(),
    };
    desk.items().write(&ana, message).await.unwrap();
    let draft = args![ana.agent().unwrap().id, number];
    let sql = "INSERT INTO draft (agent_id, item_id, kind, html, saved_at) SELECT $1, id, 'note', '<p>…</p>', 1 FROM item WHERE number = $2";
    desk.execute(Sql::new(sql, draft)).await;
    let sql = "INSERT INTO draft_file (agent_id, item_id, kind, file_id) SELECT agent_id, item_id, kind, $1 FROM draft";
    desk.execute(Sql::new(sql, args![waiting])).await;
    for sql in [
        "INSERT INTO code (realm, purpose, email, code_hash, tries_left, expires_at, created_at) VALUES ('agent', 'reset', 'a@b.cc', 'x', 5, 1, 1)",
        "INSERT INTO set_up_token (token_hash, created_at) VALUES ('x', 1)",
        "INSERT INTO typed_form (token_hash, form, texts, files, created_at) VALUES ('x', '/x', '{}', FALSE, 1)",
        "INSERT INTO mail (token, recipients, subject, text, secret, state, created_at) VALUES ('s', '[]', 'Code', '123', TRUE, 'held', 1)",
        "INSERT INTO mail (token, recipients, subject, text, secret, state, created_at) VALUES ('t', '[]', 'Code', '', TRUE, 'sent', 1)",
        "INSERT INTO job (kind, subject_id, priority, run_at, last_error, created_at) SELECT 'mail', id, 0, 1, 'of a code', 1 FROM mail WHERE token = 's'",
        "INSERT INTO import_run (file_id, file_name, map, actor_kind, state, rows_total, started_at) SELECT MIN(id), 'a.csv', '{}', 'system', 'done', 1, 1 FROM file",
        "INSERT INTO import_problem (import_id, row_number, position, external_id, column_name, value, key, refused) SELECT id, 1, 1, '', 'a', 'b', 'c', TRUE FROM import_run",
        "INSERT INTO organization_domain (domain, organization_id) SELECT 'only.test', MIN(id) FROM organization",
        "INSERT INTO read_mark (customer_id, item_id, read_at) SELECT MIN(customer.id), MIN(item.id), -1 FROM customer, item",
        "INSERT INTO presence (agent_id, tab, session_id, item_id, writing, seen_at) SELECT agent.id, 'x', session.id, item.id, 'reply', 1 FROM agent, session, item WHERE agent.name = 'Ana' AND session.realm = 'agent' AND item.number = 1 LIMIT 1",
        "INSERT INTO held_message (item_id, agent_id, html, cc, send_at, created_at) SELECT MIN(item.id), MIN(agent.id), '<p>Wait</p>', '[]', 1, 1 FROM item, agent",
        "INSERT INTO held_message_file (held_id, file_id) SELECT held_message.id, file.id FROM held_message, file WHERE file.purpose = 'none'",
        "INSERT INTO own_view (agent_id, view_id, pinned, settings, position) SELECT agent.id, saved_view.id, TRUE, '{}', 7 FROM agent, saved_view WHERE agent.name = 'Ana'",
        "INSERT INTO bulk_run (agent_id, deed, undone_by, shown, up_to, gathered, state, created_at) SELECT MIN(id), '{}', 7, '[]', 9, FALSE, 'waiting', 1 FROM agent",
        "INSERT INTO bulk_item (run_id, number, state, before_values) SELECT id, 4711, 'changed', '{\"é\":1}' FROM bulk_run",
        "INSERT INTO item_away (item_id) SELECT MIN(id) FROM item",
        "INSERT INTO item_link (from_id, to_id, kind, created_at) SELECT MIN(id), MAX(id), 'blocks', 1 FROM item",
        "INSERT INTO item_merge (item_id, target_id, merged_at, status_id, brought) SELECT MIN(id), MAX(id), 1, MIN(status_id), '{}' FROM item",
        // An id that was given out and is gone must not come again.
        "INSERT INTO team (name, name_key, created_at) VALUES ('Gone', 'gone', 1)",
        "DELETE FROM team WHERE name = 'Gone'",
    ] {
        desk.execute(Sql::new(sql, args![])).await;
    }
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_and_every_file_comes_back_on_either_engine() {
    both_databases(async |desk| {
        let store = filled(&desk).await;
        let before = rows::all(&desk).await;
        let empty: Vec<&String> = before.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
        assert!(empty.is_empty(), "fill these tables, so that the test says something about them: {empty:?}");
        let archive = desk.folder().join(format!("{:?}.tar.zst", desk.engine()));
        let written = backup::write(&desk.db, &store, &archive).await.unwrap();
        assert!(written.missing.is_empty(), "{:?}", written.missing);
        assert_eq!(written.files, 3);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&archive).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "an archive is for its owner only");
        assert_eq!(
            std::fs::read_dir(desk.folder())
                .unwrap()
                .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().contains(".part-") })
                .count(),
            0
        );

        for engine in [Engine::Sqlite, Engine::Postgres] {
            elsewhere(engine, async |place| {
                let there = place.desk(&desk).await;
                let kept = FileStore::local(&place.folder.join("files")).unwrap();
                let checked = backup::check(&archive).unwrap();
                assert_eq!(checked, written);
                backup::restore(&there.db, &kept, &archive, &checked).await.unwrap();
                rows::same(&rows::all(&there).await, &rows::restored(&before));
                let paths: Vec<(String,)> = there.rows(Sql::new("SELECT storage_path FROM file", args![])).await;
                for (path,) in &paths {
                    assert_eq!(kept.get(path).await.unwrap(), store.get(path).await.unwrap());
                }
                // Ids go on where they were: also those of what is gone are not given out again.
                let sql = "INSERT INTO team (name, name_key, created_at) VALUES ('New', 'new', 1)";
                let last = "SELECT MAX(id) FROM team";
                there.execute(Sql::new(sql, args![])).await;
                let new = there.number(Sql::new(last, args![])).await;
                let kept_back = desk.number(Sql::new(last, args![])).await;
                assert_eq!(new, kept_back + 2);
                // And the archive of the restored desk brings the same again.
                there.execute(Sql::new("DELETE FROM team WHERE name = 'New'", args![])).await;
                let second = place.folder.join("again.tar.zst");
                backup::write(&there.db, &kept, &second).await.unwrap();
                elsewhere(desk.engine(), async |home| {
                    let back = home.desk(&desk).await;
                    let kept = FileStore::local(&home.folder.join("files")).unwrap();
                    let checked = backup::check(&second).unwrap();
                    backup::restore(&back.db, &kept, &second, &checked).await.unwrap();
                    rows::same(&rows::all(&back).await, &rows::restored(&before));
                    back.db.close().await;
                })
                .await;
                there.db.close().await;
            })
            .await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_taken_refers_to_what_stays_behind() {
    on_sqlite(async |desk| {
        let sql = "SELECT t.name, f.\"table\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
        let references: Vec<(String, String)> = desk.rows(Sql::new(sql, args![])).await;
        assert!(references.len() > 20);
        for (table, parent) in references {
            let stays = |name: &str| taken(name) == Taken::Nothing;
            assert!(
                stays(&table) || !stays(&parent),
                "rows of {table} are taken, and those of {parent}, to which they refer, are not"
            );
        }
        let tables = rows::tables(&desk).await;
        for behind in ["session", "code", "set_up_token", "rate_limit", "typed_form", "presence"] {
            assert!(tables.contains_key(behind) && taken(behind) == Taken::Nothing, "{behind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_missing_is_named_and_the_rest_is_saved() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let files = FilesService::new(desk.db.clone(), store.clone());
        let lost = files.upload(&ana, "lost.txt", b"lost".to_vec()).await.unwrap().id;
        let cut = files.upload(&ana, "cut.txt", b"whole".to_vec()).await.unwrap().id;
        files.upload(&ana, "kept.txt", b"kept".to_vec()).await.unwrap();
        let path = async |id: FileId| {
            let sql = Sql::new("SELECT storage_path FROM file WHERE id = $1", args![id]);
            desk.rows::<(String,)>(sql).await.remove(0).0
        };
        store.delete(&path(lost).await).await.unwrap();
        std::fs::write(desk.folder().join("files").join(path(cut).await), b"wh").unwrap();
        let archive = desk.folder().join(format!("{:?}.tar.zst", desk.engine()));
        let output = taquilla(&["backup", archive.to_str().unwrap()], &desk.url, desk.folder()).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("lost.txt") && said.contains("does not have it"), "{said}");
        assert!(said.contains("cut.txt") && said.contains("2 bytes instead of 5"), "{said}");
        let checked = backup::check(&archive).unwrap();
        assert_eq!((checked.files, checked.missing.len()), (2, 2));
        elsewhere(desk.engine(), async |place| {
            let output = taquilla(&["restore", archive.to_str().unwrap()], &place.url, &place.folder).await;
            assert!(output.status.success());
            assert!(String::from_utf8(output.stderr).unwrap().contains("lost.txt"));
        })
        .await;
    })
    .await;
}
