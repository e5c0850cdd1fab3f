//! Full-text search: the words of everything that is written, as soon as it is written, and for whom.

use super::{
    common::{TestDesk, both_databases},
    message, new_item, note, reply,
};
use domain::{
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    filter::{Expr, Quantifier, Relation, Viewer},
    id::{FileId, ItemNumber},
    item::{Change, NewItem},
    service::Items,
    view::{ItemQuery, SystemView},
};
use server::{args, db::Sql};

fn words(words: &str) -> Expr {
    Expr::Text(words.to_owned())
}

/// The numbers of the tickets that an agent finds.
async fn found(desk: &TestDesk, actor: &Actor, filter: Expr) -> Vec<i64> {
    let query = ItemQuery { filter: Some(filter), ..ItemQuery::of(SystemView::All) };
    let mut numbers: Vec<i64> = desk.items().list(actor, query).await.unwrap().rows.iter().map(|row| row.number.0).collect();
    numbers.sort_unstable();
    numbers
}

async fn ticket(desk: &TestDesk, ana: &Actor, title: &str, description: &str) -> ItemNumber {
    let item = NewItem { description: description.to_owned(), ..new_item(title) };
    desk.items().create(ana, item).await.unwrap().row.number
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_written_is_found_at_once() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let first = ticket(&desk, &ana, "Printer jam", "<p>Señora Núñez says: <b>pap</b>er!</p>").await;
        let second = ticket(&desk, &ana, "Invoice", "<p>Die Straße &amp; das Haus</p>").await;
        let file = desk.upload(&ana, "Übersicht-2026.pdf").await;
        let with_file = NewMessage { files: vec![file], ..reply(second, "<p>Voilà, l'été</p>") };
        desk.items().write(&ana, with_file).await.unwrap();
        desk.items().write(&ana, note(first, "<p>Ask Olga about the warranty</p>")).await.unwrap();
        #[rustfmt::skip]
        let rows = [
            ("printer", vec![first]), ("PRINTER JAM", vec![first]), ("jam printer", vec![]), ("pri*", vec![first]), ("prin", vec![]),
            ("nunez", vec![first]), ("paper", vec![first]), ("jam señora", vec![]), ("strasse", vec![second]), ("das haus", vec![second]),
            ("voila l ete", vec![second]), ("ubersicht", vec![second]), ("2026 pdf", vec![second]), ("pdf voila", vec![]),
            ("warranty", vec![first]), ("amp", vec![]), ("b", vec![]),
        ];
        for (typed, expected) in rows {
            let expected: Vec<i64> = expected.into_iter().map(|number| number.0).collect();
            assert_eq!(found(&desk, &ana, words(typed)).await, expected, "{typed}");
            let without = found(&desk, &ana, words(typed).not()).await;
            assert_eq!(without.len() + expected.len(), 2, "not {typed}");
        }
        let in_reply = |typed| Expr::related(Relation::Messages, Quantifier::Some, words(typed));
        assert_eq!(found(&desk, &ana, in_reply("voila")).await, [second.0]);
        assert_eq!(found(&desk, &ana, in_reply("strasse")).await, [0; 0], "the description is no message");
        assert_eq!(found(&desk, &ana, Expr::All(vec![words("printer"), words("olga")])).await, [first.0], "in any of its texts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_is_found_by_its_new_words_only() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = ticket(&desk, &ana, "Printer", "<p>jam</p>").await;
        desk.items().write(&ana, reply(number, "<p>answered</p>")).await.unwrap();
        let changes = vec![Change::Title("Scanner".to_owned()), Change::Description("<p>dust</p>".to_owned())];
        let version = desk.items().get(&ana, number).await.unwrap().row.version;
        desk.items().change(&ana, number, version, changes).await.unwrap();
        for (typed, expected) in [("printer", 0), ("jam", 0), ("scanner", 1), ("dust", 1), ("answered", 1)] {
            assert_eq!(found(&desk, &ana, words(typed)).await.len(), expected, "{typed}");
        }
        // What is refused leaves nothing.
        let refused = NewMessage { files: vec![FileId(999)], ..message(MessageKind::Reply, number, "<p>unsaid</p>") };
        assert!(desk.items().write(&ana, refused).await.is_err());
        assert_eq!(found(&desk, &ana, words("unsaid")).await.len(), 0);
        // What is gone is not found.
        desk.execute(Sql::new("DELETE FROM message", args![])).await;
        assert_eq!((desk.with_words("answered").await.len(), desk.with_words("dust").await.len()), (0, 1));
        let held = ["event", "mail", "item"];
        for table in held {
            let mut sql = Sql::build("DELETE FROM ");
            sql.push(table);
            desk.execute(sql).await;
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_words", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_searched_for_agents_and_never_for_customers() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer").by(&marisa).await;
        let file = desk.upload(&ana, "contract.txt").await;
        let secret = NewMessage { files: vec![file], ..note(number, "<p>She is a secret shopper</p>") };
        desk.items().write(&ana, secret).await.unwrap();
        desk.items().write(&ana, reply(number, "<p>Dear madam</p>")).await.unwrap();
        let now = desk.db.now();
        let sees = async |actor: &Actor, expr: &Expr| !desk.matching(expr, &Viewer::of(actor, now)).await.is_empty();
        let in_messages = |typed: &str| Expr::related(Relation::Messages, Quantifier::Some, words(typed));
        for typed in ["secret", "sec*", "contract txt", "secret shopper"] {
            for expr in [words(typed), in_messages(typed)] {
                assert!(sees(&ana, &expr).await && !sees(&marisa, &expr).await, "{expr:?}");
                // Nor do they learn of it by asking for the opposite.
                assert!(!sees(&ana, &expr.clone().not()).await && sees(&marisa, &expr.not()).await);
            }
        }
        for typed in ["dear madam", "printer"] {
            assert!(sees(&ana, &words(typed)).await && sees(&marisa, &words(typed)).await, "{typed}");
        }
        for actor in [Actor::Anonymous] {
            assert!(!sees(&actor, &words("secret")).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_ticket_does_not_find_it() {
    both_databases(async |desk| {
        let all = desk.agent("Ana").await;
        let some = desk.agent("Bea").in_team("Support").seeing_their_teams_only().await;
        desk.ticket("Printer jam").for_team("Support").await;
        desk.ticket("Printer fire").for_team("Sales").await;
        assert_eq!(found(&desk, &all, words("printer")).await, [1, 2]);
        assert_eq!(found(&desk, &some, words("printer")).await, [1]);
        let any = Expr::Any(vec![words("jam"), words("fire")]);
        assert_eq!(found(&desk, &some, any).await, [1]);
        assert_eq!(found(&desk, &some, words("jam").not()).await, [0; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_are_searched_to_their_end() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        // The same word again and again, a word of its own now and then, and many of them.
        let text: Vec<String> =
            (0..3_000).map(|word| if word % 7 == 0 { format!("word{word}") } else { "the".to_owned() }).collect();
        let number = ticket(&desk, &ana, "Log", &format!("<p>{}</p>", text.join(" "))).await;
        let tail = text[2_900..].join(" ");
        let fits =
            tail.char_indices().take_while(|(at, _)| *at < 190).filter(|(_, c)| *c == ' ').map(|(at, _)| at).last().unwrap();
        for typed in ["word0 the the", "word1995 the the the the the the word2002", "word2996 the", &tail[..fits]] {
            assert_eq!(found(&desk, &ana, words(typed)).await, [number.0], "{typed}");
        }
        for typed in ["word1995 the word2002", "word7 word14", "word2996 word2996"] {
            assert_eq!(found(&desk, &ana, words(typed)).await, [0; 0], "{typed}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_what_was_there_are_found_in_pieces_that_can_be_cut_off() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        for title in ["first", "second", "third"] {
            ticket(&desk, &ana, title, "").await;
        }
        let copies = "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                      created_by_kind, created_at, updated_at) \
                      SELECT number + $1, 'copy ' || (number + $1), '', '', type_id, status_id, category, status_rank, channel, \
                      created_by_kind, created_at, updated_at FROM item";
        for step in [3_i64, 6, 12, 24, 48, 96, 192, 384] {
            desk.execute(Sql::new(copies, args![step])).await;
        }
        assert_eq!(desk.with_words("copy").await.len(), 0);
        // As after a restore that was cut off: the upper half is done.
        desk.execute(Sql::new("UPDATE counter SET value = 400 WHERE name = 'words'", args![])).await;
        desk.db.migrate().await.unwrap();
        assert_eq!(desk.with_words("copy").await.len(), 397);
        assert_eq!(desk.with_words("second").await, [2], "once, though it was found before");
        desk.execute(Sql::new("UPDATE counter SET value = 768 WHERE name = 'words'", args![])).await;
        desk.db.migrate().await.unwrap();
        assert_eq!(desk.with_words("copy").await.len(), 765);
        assert_eq!(desk.with_words("copy 768").await, [768]);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_words", args![])).await, 768);
    })
    .await;
}
