//! What makes no sense is refused with the field that is wrong, and changes nothing.

use super::{common::both_databases, new_item, note, reply};
use domain::{
    Error, ErrorCode,
    filter::{Expr, Field, Op, Value},
    id::{AgentId, CustomerId, FileId, OrganizationId, StatusId, TeamId, TypeId},
    item::{Change, NewItem},
    limits,
    service::Items,
    view::{ItemQuery, SystemView},
};
use server::{args, db::Sql};

const HOSTILE: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>'; DROP TABLE item; --";

fn field(error: &Error) -> &str {
    assert_eq!(error.code, ErrorCode::Invalid, "{error}");
    &error.fields[0].field
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_makes_no_sense_is_not_made() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let leo = desk.light_agent().await.agent().unwrap().id;
        let dora = desk.agent("Dora").disabled().await;
        let theirs = desk.upload(&dora, "theirs.txt").await;
        let base = || new_item("Printer jam");
        let wrong: Vec<(&str, NewItem)> = vec![
            ("title", new_item("  \n ")),
            ("title", new_item(&"x".repeat(limits::TITLE + 1))),
            ("description", NewItem { description: "x".repeat(limits::RICH_TEXT + 1), ..base() }),
            ("priority", NewItem { priority: 6, ..base() }),
            ("type", NewItem { type_id: Some(TypeId(99)), ..base() }),
            ("status", NewItem { status_id: Some(StatusId(99)), ..base() }),
            ("requester", NewItem { requester: Some(CustomerId(99)), ..base() }),
            ("agents", NewItem { agents: vec![AgentId(99)], ..base() }),
            ("agents", NewItem { agents: vec![leo], ..base() }),
            ("agents", NewItem { agents: vec![dora.agent().unwrap().id], ..base() }),
            ("agents", NewItem { agents: vec![AgentId(1); limits::ASSIGNEES + 1], ..base() }),
            ("teams", NewItem { teams: vec![TeamId(99)], ..base() }),
            ("tags", NewItem { tags: vec!["x".repeat(limits::TAG + 1)], ..base() }),
            ("tags", NewItem { tags: vec!["x".to_owned(); limits::TAGS + 1], ..base() }),
            ("files", NewItem { files: vec![FileId(99)], ..base() }),
            ("files", NewItem { files: vec![theirs], ..base() }),
            ("idempotency_key", NewItem { idempotency_key: "x".repeat(65), ..base() }),
        ];
        for (expected, item) in wrong {
            assert_eq!(field(&desk.items().create(&ana, item).await.unwrap_err()), expected);
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item", args![])).await, 0);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event", args![])).await, 0);
        assert_eq!(desk.items().create(&ana, base()).await.unwrap().row.number.0, 1, "no number was lost");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_makes_no_sense_changes_nothing() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let leo = desk.light_agent().await.agent().unwrap().id;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let before = items.get(&ana, number).await.unwrap();
        for (expected, change) in [
            ("title", Change::Title(" \u{7} ".to_owned())),
            ("title", Change::Title("x".repeat(limits::TITLE + 1))),
            ("description", Change::Description("x".repeat(limits::RICH_TEXT + 1))),
            ("type", Change::Type(TypeId(99))),
            ("status", Change::Status(StatusId(99))),
            ("priority", Change::Priority(6)),
            ("requester", Change::Requester(Some(CustomerId(99)))),
            ("organization", Change::Organization(Some(OrganizationId(99)))),
            ("agents", Change::Agents(vec![leo])),
            ("teams", Change::Teams(vec![TeamId(99)])),
            ("tags", Change::Tags(vec!["x".repeat(limits::TAG + 1)])),
            ("product", Change::Product("x".repeat(limits::LINE + 1))),
        ] {
            // A good change beside it is not done either.
            let changes = vec![Change::Published(false), change];
            assert_eq!(field(&items.change(&ana, number, 1, changes).await.unwrap_err()), expected);
        }
        let twice = vec![Change::Priority(1), Change::Priority(2)];
        assert_eq!(field(&items.change(&ana, number, 1, twice).await.unwrap_err()), "priority");
        let many = vec![Change::Priority(1); limits::CHANGES + 1];
        assert_eq!(field(&items.change(&ana, number, 1, many).await.unwrap_err()), "changes");
        assert_eq!(items.get(&ana, number).await.unwrap(), before);
        assert_eq!(items.activity(&ana, number).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_makes_no_sense_is_not_written() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let used = desk.upload(&ana, "used.txt").await;
        let mut first = note(number, "");
        first.files = vec![used];
        items.write(&ana, first).await.unwrap();
        let theirs = desk.upload(&bea, "theirs.txt").await;
        let refused = async |change: &dyn Fn(&mut domain::conversation::NewMessage)| {
            let mut message = reply(number, "<p>x</p>");
            change(&mut message);
            items.write(&ana, message).await.unwrap_err()
        };
        assert_eq!(field(&refused(&|message| message.html = " <p> <br></p><script>x</script>".to_owned()).await), "html");
        assert_eq!(field(&refused(&|message| message.html = "x".repeat(limits::RICH_TEXT + 1)).await), "html");
        assert_eq!(field(&refused(&|message| message.files = vec![theirs]).await), "files");
        assert_eq!(field(&refused(&|message| message.files = vec![used]).await), "files");
        assert_eq!(field(&refused(&|message| message.files = vec![FileId(0); limits::FILES + 1]).await), "files");
        assert_eq!(field(&refused(&|message| message.cc = vec!["not an address".to_owned()]).await), "cc");
        assert_eq!(field(&refused(&|message| message.cc = vec!["a@b.test\r\nBcc: x@y.test".to_owned()]).await), "cc");
        assert_eq!(field(&refused(&|message| message.status_id = Some(StatusId(99))).await), "status");
        assert_eq!(items.get(&ana, number).await.unwrap().messages.len(), 1);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM file WHERE purpose = 'none'", args![])).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_nul_characters_stay_text_or_go() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let items = desk.items();
        let mut item = new_item(&format!("{HOSTILE}\0"));
        item.description = HOSTILE.to_owned();
        item.tags = vec![HOSTILE.chars().take(limits::TAG).collect()];
        let made = items.create(&ana, item).await.unwrap();
        assert_eq!(made.row.title, HOSTILE, "a title is text: pages escape it");
        assert!(!made.description.contains("script") && !made.description.contains("onerror"), "{}", made.description);
        let number = made.row.number;
        items.change(&ana, number, 1, vec![Change::Product("a\0b\n<b>".to_owned())]).await.unwrap();
        let written = items.write(&ana, reply(number, &format!("<p>x\0y</p>{HOSTILE}"))).await.unwrap();
        assert_eq!(written.row.product, "a b <b>");
        assert!(!written.messages[0].html.contains("script"), "{}", written.messages[0].html);
        // Also what came into the database in another way goes out clean.
        let sql = "UPDATE message SET html = '<p onclick=\"x()\">hi</p><script>x()</script>'";
        desk.execute(Sql::new(sql, args![])).await;
        assert_eq!(items.get(&ana, number).await.unwrap().messages[0].html, "<p>hi</p>");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_makes_no_sense_is_refused() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let items = desk.items();
        let query = || ItemQuery::of(SystemView::All);
        desk.ticket("x").await;
        // A text that is not understood is no error of the list: it shows nothing, and the search box says what is wrong.
        for wrong in
            ["x".repeat(limits::SEARCH + 1), "x ".repeat(limits::FILTER_TEXT), "priority:many".to_owned(), "x (".to_owned()]
        {
            let wrong = ItemQuery { text: wrong, ..query() };
            assert!(items.list(&ana, wrong.clone()).await.unwrap().rows.is_empty());
            assert_eq!(items.total(&ana, wrong).await.unwrap(), 0);
        }
        let large = ItemQuery { limit: limits::PAGE + 1, ..query() };
        assert_eq!(field(&items.list(&ana, large).await.unwrap_err()), "limit");
        let filter = Some(Expr::compare(Field::Priority, Op::Contains, Value::Text("x".to_owned())));
        let wrong = ItemQuery { filter: filter.clone(), ..query() };
        assert_eq!(items.list(&ana, wrong.clone()).await.unwrap_err().key, "error_filter_operator");
        assert_eq!(items.total(&ana, wrong).await.unwrap_err().key, "error_filter_operator");
        let mut deep = Expr::All(Vec::new());
        for _ in 0..20 {
            deep = Expr::Not(Box::new(deep));
        }
        let wrong = ItemQuery { filter: Some(deep), ..query() };
        assert_eq!(items.list(&ana, wrong).await.unwrap_err().key, "error_filter_too_deep");
        let zero = ItemQuery { text: "a\0b".to_owned(), ..query() };
        assert!(items.list(&ana, zero).await.unwrap().rows.is_empty());
    })
    .await;
}
