//! Import on both databases: the real file (or one of its shape), restarts, refusals, encodings.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    actor::{Actor, Party},
    import::{ImportMap, ImportRun, ImportState, Target},
    service::Imports,
};
use server::{
    args,
    db::{Read, Sql},
    files::FileStore,
    import::run::Worker,
    jobs::{LEASE, Runner},
    service::imports::ImportsService,
};
use std::fmt::Write;

fn service(desk: &TestDesk) -> (ImportsService, Worker) {
    let store = FileStore::local(&desk.folder().join("files")).unwrap();
    let worker = Worker::new(desk.db.clone(), store.clone());
    (ImportsService::new(desk.db.clone(), store), worker)
}

async fn count(desk: &TestDesk, sql: &'static str) -> i64 {
    desk.number(Sql::new(sql, args![])).await
}

/// Brings a file in from beginning to end as an administrator does.
async fn bring_in(desk: &TestDesk, by: &Actor, bytes: Vec<u8>, change: impl FnOnce(&mut ImportMap)) -> ImportRun {
    let (imports, worker) = service(desk);
    let mut file = imports.inspect(by, "tickets.csv", bytes).await.unwrap();
    change(&mut file.map);
    let preview = imports.preview(by, file.file, file.map.clone()).await.unwrap();
    let run = imports.start(by, file.file, file.map).await.unwrap();
    assert_eq!(run.state, ImportState::Running);
    worker.finish(run.id, |_| {}).await.unwrap();
    let run = imports.run(by, run.id).await.unwrap();
    assert_eq!(run.state, ImportState::Done);
    assert_eq!(run.imported as usize, preview.will_import, "a preview tells what will be");
    assert_eq!((run.refused as usize, run.existing as usize), (preview.refused, preview.existing));
    run
}

/// The real file, or one of its shape: multi-line texts, the same columns and values.
fn real_or_alike() -> (Vec<u8>, bool) {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/support-tickets.csv");
    let path = std::env::var("TAQUILLA_IMPORT_CSV").unwrap_or_else(|_| beside.to_owned());
    match std::fs::read(path) {
        Ok(bytes) => (bytes, true),
        Err(_) => (alike(900), false),
    }
}

fn alike(rows: usize) -> Vec<u8> {
    let mut text = "Ticket ID,Customer Name,Customer Email,Customer Age,Customer Gender,Product Purchased,Date of Purchase,Ticket Type,\
                    Ticket Subject,Ticket Description,Ticket Status,Resolution,Ticket Priority,Ticket Channel,First Response Time,\
                    Time to Resolution,Customer Satisfaction Rating\n"
        .to_owned();
    let types = ["Technical issue", "Billing inquiry", "Product inquiry", "Refund request", "Cancellation request"];
    for row in 1..=rows {
        let (status, resolution, first, last, rating) = match row % 3 {
            0 => ("Closed", "Case maybe show recently my computer follow.", "2023-06-01 11:14:38", "2023-06-01 18:05:38", "3.0"),
            1 => ("Open", "", "", "", ""),
            _ => ("Pending Customer Response", "", "2023-06-01 12:15:36", "", ""),
        };
        let priority = ["Low", "Medium", "High", "Critical"][row % 4];
        let channel = ["Email", "Phone", "Chat", "Social media"][row % 4];
        // Every tenth customer writes twice.
        let customer = if row % 10 == 0 { row - 1 } else { row };
        writeln!(
            text,
            "{row},Ana Customer{customer},ana{customer}@example.com,{},Female,GoPro Hero,2021-03-22,{},Product setup,\"I'm having an \
             issue, with \"\"it\"\".\n\nYour billing zip code is: 71701.\n\nPlease help.\",{status},{resolution},{priority},{channel},\
             {first},{last},{rating}",
            18 + row % 53,
            types[row % 5],
        )
        .unwrap();
    }
    text.into_bytes()
}

/// What the file itself says, by the plainest reading of it.
struct Expected {
    rows: i64,
    customers: i64,
    answers: i64,
}

fn expected(bytes: &[u8]) -> Expected {
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (email, resolution) = (column("Customer Email"), column("Resolution"));
    let mut emails = std::collections::HashSet::new();
    let (mut rows, mut answers) = (0, 0);
    for record in reader.records() {
        let record = record.unwrap();
        rows += 1;
        emails.insert(record[email].to_lowercase());
        answers += i64::from(!record[resolution].is_empty());
    }
    Expected { rows, customers: i64::try_from(emails.len()).unwrap(), answers }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_file_comes_in_whole() {
    let (bytes, real) = real_or_alike();
    let expected = expected(&bytes);
    if real {
        assert_eq!((expected.rows, expected.customers), (8_469, 8_320));
    }
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let run = bring_in(&desk, &adam, bytes.clone(), |_| {}).await;
        assert_eq!((run.rows, run.done, run.imported, run.refused), (expected.rows, expected.rows, expected.rows, 0));
        assert_eq!(run.first_number.map(|number| number.0), Some(1));
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM item").await, expected.rows);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM customer").await, expected.customers);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM organization").await, 0, "example.com is nobody's company");
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM message WHERE kind = 'reply'").await, expected.answers);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM message WHERE kind <> 'reply'").await, 0);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM mail").await, 0, "history is not mailed");
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM item WHERE requester_id IS NULL").await, 0);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM event WHERE name = 'imported'").await, expected.rows);
        assert_eq!(
            count(&desk, "SELECT COUNT(*) FROM item JOIN status ON status.id = item.status_id WHERE status.key = 'open'").await
                + count(&desk, "SELECT COUNT(*) FROM item JOIN status ON status.id = item.status_id WHERE status.key = 'closed'")
                    .await
                + count(&desk, "SELECT COUNT(*) FROM item WHERE category = 'waiting'").await,
            expected.rows
        );
        // The third row of the file, in full.
        let sql = "SELECT item.description, message.html, message.created_at, item.created_at, item.first_response_at, \
                   item.resolved_at FROM item JOIN message ON message.item_id = item.id WHERE item.external_id = '3'";
        let rows: Vec<(String, String, i64, i64, i64, i64)> = desk.rows(Sql::new(sql, args![])).await;
        let (description, answer, answered, created, first, resolved) = rows[0].clone();
        assert!(description.matches("<p>").count() >= 2, "{description}");
        assert_eq!(answer, "<p>Case maybe show recently my computer follow.</p>");
        assert_eq!((created, first), (1_685_618_078_000, 1_685_618_078_000));
        assert_eq!((answered, resolved), (1_685_642_738_000, 1_685_642_738_000));

        // The same file again: nothing new, nothing twice.
        let again = bring_in(&desk, &adam, bytes.clone(), |_| {}).await;
        assert_eq!((again.imported, again.existing), (0, expected.rows));
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM item").await, expected.rows);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_and_values_are_guessed() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let (imports, _) = service(&desk);
        let file = imports.inspect(&adam, "alike.csv", alike(60)).await.unwrap();
        assert_eq!((file.rows, file.encoding.as_str(), file.delimiter.as_str()), (60, "utf-8", ","));
        let guesses: Vec<Target> = file.columns.iter().map(|column| column.guess).collect();
        assert_eq!(
            guesses,
            [
                Target::ExternalId,
                Target::RequesterName,
                Target::RequesterEmail,
                Target::AppendToDescription,
                Target::AsTag,
                Target::Product,
                Target::AsTag,
                Target::Type,
                Target::Title,
                Target::Description,
                Target::Status,
                Target::Resolution,
                Target::Priority,
                Target::Channel,
                Target::FirstResponseAt,
                Target::ResolvedAt,
                Target::AsTag,
            ]
        );
        let value = |target: &str, from: &str| file.map.values[target][from].clone();
        for (target, from, to) in [
            ("status", "Pending Customer Response", "waiting_customer"),
            ("status", "Open", "open"),
            ("status", "Closed", "closed"),
            ("priority", "Critical", "5"),
            ("priority", "Low", "2"),
            ("channel", "Social media", "social"),
            ("channel", "Email", "mail"),
            ("type", "Technical issue", "incident"),
            ("type", "Billing inquiry", "question"),
            ("type", "Product inquiry", "question"),
            ("type", "Refund request", "request"),
            ("type", "Cancellation request", "request"),
        ] {
            assert_eq!(value(target, from), to, "{from}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_goes_on_where_it_stopped() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let (imports, worker) = service(&desk);
        let file = imports.inspect(&adam, "alike.csv", alike(700)).await.unwrap();
        let run = imports.start(&adam, file.file, file.map).await.unwrap();
        // The server dies in the middle.
        let (killed, id) = (worker.clone(), run.id);
        let dies = move |done: usize| assert!(done < 400, "killed");
        let killed = tokio::spawn(async move { killed.finish(id, dies).await }).await;
        assert!(killed.is_err());
        let half = imports.run(&adam, run.id).await.unwrap();
        assert_eq!(half.state, ImportState::Running);
        assert_eq!((half.done, count(&desk, "SELECT COUNT(*) FROM item").await), (400, 400));
        // Another server leaves it alone for a while, then takes it over.
        assert_eq!(desk.run_due(worker.clone()).await, 0);
        desk.clock.advance(LEASE);
        assert_eq!(desk.run_due(worker).await, 1);
        let whole = imports.run(&adam, run.id).await.unwrap();
        assert_eq!((whole.state, whole.imported, whole.done), (ImportState::Done, 700, 700));
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM item").await, 700);
        assert_eq!(count(&desk, "SELECT COUNT(DISTINCT external_id) FROM item").await, 700);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_without_an_id_are_known_by_what_stands_in_them() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let text = "Subject,Description\nPrinter jam,It is stuck\nPrinter jam,It is stuck\nOther,Text\n";
        let run = bring_in(&desk, &adam, text.into(), |_| {}).await;
        assert_eq!(run.imported, 3, "two rows that are alike are two tickets");
        let more = format!("{text}New,Text\n");
        let run = bring_in(&desk, &adam, more.into(), |_| {}).await;
        assert_eq!((run.imported, run.existing), (1, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_are_reported_and_can_be_brought_in_again() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let text = "Id,Subject,Email,Created,Status\n\
                    1,Good,ana@example.com,2023-06-01,New\n\
                    2,Bad address,nobody,2023-06-01,New\n\
                    3,,bea@example.com,2023-06-01,New\n\
                    1,Again,ana@example.com,2023-06-01,New\n\
                    5,Too few\n\
                    6,\"=HYPERLINK(\"\"x\"\")\",,,,more\n\
                    7,Odd time,ana@example.com,soon,Unheard of\n";
        let run = bring_in(&desk, &adam, text.into(), |map| {
            map.columns.insert("Created".to_owned(), Target::CreatedAt);
            map.columns.insert("Id".to_owned(), Target::ExternalId);
            map.columns.insert("Email".to_owned(), Target::RequesterEmail);
        })
        .await;
        assert_eq!((run.imported, run.refused), (2, 5));
        assert_eq!(run.problems.len(), 5);
        let (imports, _) = service(&desk);
        let report = imports.report(&adam, run.id).await.unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(report.as_bytes());
        assert_eq!(
            reader.headers().unwrap(),
            vec!["import_row", "import_problem", "Id", "Subject", "Email", "Created", "Status"]
        );
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(&rows[0][1], "Email: This is not an e-mail address.");
        assert_eq!((&rows[0][0], &rows[0][4]), ("2", "nobody"));
        assert_eq!(&rows[4][3], "'=HYPERLINK(\"x\")", "nothing is executed");
        // Put right, the row comes in; the others are there already.
        let fixed = report.replace("nobody", "nora@example.com");
        let run = bring_in(&desk, &adam, fixed.lines().take(2).collect::<Vec<_>>().join("\n").into(), |map| {
            map.columns = [("Id", Target::ExternalId), ("Subject", Target::Title), ("Email", Target::RequesterEmail)]
                .map(|(name, target)| (name.to_owned(), target))
                .into();
        })
        .await;
        assert_eq!(run.imported, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_and_delimiters_are_found_or_reported() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let latin = b"Betreff;Beschreibung;E-Mail\nGr\xfc\xdfe;\"Zeile eins\nZeile zwei\";j\xf6rg@example.com\n".to_vec();
        let run = bring_in(&desk, &adam, latin, |_| {}).await;
        assert_eq!(run.imported, 1);
        let rows: Vec<(String, String)> = desk.rows(Sql::new("SELECT title, description FROM item", args![])).await;
        assert_eq!(rows[0], ("Grüße".to_owned(), "<p>Zeile eins<br>Zeile zwei</p>".to_owned()));

        // The wrong encoding is seen before anything is changed.
        let (imports, _) = service(&desk);
        let file = imports.inspect(&adam, "x.csv", b"Subject,Description\nGr\xfc\xdfe,Text\n".to_vec()).await.unwrap();
        let map = ImportMap { encoding: "utf-8".to_owned(), ..file.map.clone() };
        let preview = imports.preview(&adam, file.file, map).await.unwrap();
        assert_eq!((preview.refused, preview.problems[0].key.as_str()), (1, "error_import_row_encoding"));
        let map = ImportMap { encoding: "klingon".to_owned(), delimiter: ",,".to_owned(), ..file.map.clone() };
        assert_eq!(imports.preview(&adam, file.file, map).await.unwrap_err().fields[0].field, "encoding");
        let map = ImportMap { delimiter: ";".to_owned(), ..file.map.clone() };
        let error = imports.preview(&adam, file.file, map).await.unwrap_err();
        assert!(error.fields.iter().any(|field| field.field == "columns.Subject"), "{error}");
        for nonsense in [&b""[..], b"Only a header\n", b"PK\x03\x04\x00\x00\x00\x00"] {
            assert_eq!(imports.inspect(&adam, "x.csv", nonsense.to_vec()).await.unwrap_err().code.http_status(), 422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_map_that_does_not_fit_says_where() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let (imports, _) = service(&desk);
        let file = imports.inspect(&adam, "x.csv", b"Subject,Status,More\nA,Open,x\n".to_vec()).await.unwrap();
        let mut map = file.map.clone();
        map.columns.insert("More".to_owned(), Target::Title);
        map.columns.insert("Absent".to_owned(), Target::Tags);
        map.values.insert("status".to_owned(), [("Open".to_owned(), "ajar".to_owned())].into());
        map.time_zone = "Mars/Olympus".to_owned();
        map.default_type = "Riddle".to_owned();
        let error = imports.start(&adam, file.file, map).await.unwrap_err();
        let mut fields: Vec<&str> = error.fields.iter().map(|field| field.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["columns.Absent", "columns.More", "default_type", "time_zone", "values.status.Open"]);
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM import_run").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_organizations_are_found_or_made() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let there = desk.customer("Marisa").of("ACME").await;
        let there = there.customer().unwrap().id;
        let text = "Subject,Name,Email,Company,Assignee\n\
                    A,Marisa,MARISA@acme.test,,adam@desk.test\n\
                    B,Lopez Ana,ana@newcorp.test,,nobody@desk.test\n\
                    C,Bob,bob@gmail.com,Bobs Bikes,\n\
                    D,Only Name,,,\n\
                    E,Only Name,,,\n\
                    F,Adam,adam@desk.test,,\n";
        let run = bring_in(&desk, &adam, text.into(), |_| {}).await;
        assert_eq!((run.imported, run.refused), (6, 0));
        let sql = "SELECT title, requester_id, organization.name FROM item \
                   LEFT JOIN organization ON organization.id = item.organization_id ORDER BY title";
        let rows: Vec<(String, Option<i64>, Option<String>)> = desk.rows(Sql::new(sql, args![])).await;
        assert_eq!(rows[0].1, Some(there.0));
        assert_eq!(rows[0].2.as_deref(), Some("ACME"));
        assert!(rows[1].2.is_some(), "a company's domain makes an organization");
        assert_eq!(rows[2].2.as_deref(), Some("Bobs Bikes"));
        assert!(rows[3].1.is_some());
        assert_eq!(rows[3].1, rows[4].1);
        assert_eq!(rows[5].1, None, "an agent is no customer");
        let sql = "SELECT COUNT(*) FROM item_agent JOIN address ON address.agent_id = item_agent.agent_id WHERE email = 'adam@desk.test'";
        assert_eq!(count(&desk, sql).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_import() {
    both_databases(async |desk| {
        let (agent, customer) = (desk.agent("Ana").await, desk.customer("Marisa").await);
        let (imports, _) = service(&desk);
        for actor in [&agent, &customer, &Actor::Anonymous] {
            assert!(imports.inspect(actor, "x.csv", b"Subject\nA\n".to_vec()).await.is_err());
            assert!(imports.runs(actor).await.is_err());
        }
        let kept = imports.keep(Party::System, "x.csv", b"Subject\nA\n".to_vec()).await.unwrap();
        assert!(imports.start(&agent, kept.file, kept.map).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_runs_what_was_started_and_stops_when_told() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let (imports, worker) = service(&desk);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let task = tokio::spawn(Runner::new(desk.db.clone(), vec![std::sync::Arc::new(worker)]).run(stopped));
        let file = imports.inspect(&adam, "alike.csv", alike(30)).await.unwrap();
        let run = imports.start(&adam, file.file, file.map).await.unwrap();
        let mut db = desk.db.clone();
        loop {
            let sql = Sql::new("SELECT state FROM import_run WHERE id = $1", args![run.id]);
            let (state,): (String,) = db.one(sql).await.unwrap();
            if state == "done" {
                break;
            }
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        task.await.unwrap();
        assert_eq!(count(&desk, "SELECT COUNT(*) FROM item").await, 30);
    })
    .await;
}
