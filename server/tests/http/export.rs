//! Lists to keep, over HTTP.

use crate::site::on_a_site;
use domain::{limits, service::Items};
use server::{args, db::Sql};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_exported_as_its_reader_sees_it() {
    on_a_site(async |site| {
        let tom = site.desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let marisa = site.desk.customer("Marisa Paz").of("ACME").await;
        let ours = site.desk.ticket("=HYPERLINK(\"x\"), really").by(&marisa).for_team("Support").tagged("hot").await;
        let other = site.desk.ticket("Jam").by(&marisa).for_agent(&tom).await;
        let secret = site.desk.ticket("Secret").by(&marisa).for_team("Board").await;
        let sql = "UPDATE agent SET time_zone = 'Europe/Madrid', language = 'de' WHERE name = 'Tom'";
        site.desk.execute(Sql::new(sql, args![])).await;
        let cookie = site.sign_in(&tom).await;

        let answer = site.get("/desk/export.csv?view=open&sort=number").by(&cookie).await.is(200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert!(answer.header("content-disposition").starts_with("attachment;"));
        assert!(answer.text.starts_with('\u{feff}'));
        let mut reader = csv::Reader::from_reader(answer.text.trim_start_matches('\u{feff}').as_bytes());
        let heads: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!((heads[0].as_str(), heads[1].as_str(), heads[11].as_str()), ("Nummer", "Titel", "Erstellt (Europe/Madrid)"));
        let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        assert_eq!(rows.len(), 2, "what they may not see is not in it");
        let created = "2026-09-21 16:13";
        assert_eq!(
            rows[0],
            [
                &ours.to_string(),
                "'=HYPERLINK(\"x\"), really",
                "Frage",
                "Neu",
                "0",
                "Marisa Paz",
                "marisa.paz@acme.test",
                "ACME",
                "",
                "Support",
                "hot",
                created,
                created,
                created,
                "",
                "",
                "Portal",
                "",
                "",
                ""
            ]
        );
        assert_eq!((rows[1][0].as_str(), rows[1][8].as_str()), (other.to_string().as_str(), "Tom"));

        let count = async |address: &str| site.get(address).by(&cookie).await.is(200).text.lines().count() - 1;
        assert_eq!(count("/desk/export.csv?view=open&q=jam").await, 1);
        assert_eq!(count("/desk/export.csv?view=open&filter=tag%3Ahot").await, 1);
        assert_eq!(count("/desk/export.csv?view=recently_done").await, 0);
        let chosen = format!("/desk/export.csv?view=all&numbers={other},{secret}");
        assert_eq!(count(&chosen).await, 1, "what they may not see is not in it");
        assert_eq!(count(&format!("{chosen}&q=really")).await, 0);
        // A group, and a group in it.
        let within = async |groups: &str| count(&format!("/desk/export.csv?view=all&within={groups}")).await;
        let tagged = "%5B%22tags%22,%7B%22text%22:%22hot%22%7D%5D";
        assert_eq!(within(&format!("%5B{tagged}%5D")).await, 1);
        assert_eq!(within(&format!("%5B{tagged},%5B%22channel%22,%7B%22text%22:%22portal%22%7D%5D%5D")).await, 1);
        assert_eq!(within(&format!("%5B{tagged},%5B%22channel%22,%7B%22text%22:%22mail%22%7D%5D%5D")).await, 0);
        // Some columns, in their own order.
        let chosen =
            site.get("/desk/export.csv?view=open&sort=number&columns=channel,title,snoozed").by(&cookie).await.is(200).text;
        let lines: Vec<&str> = chosen.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "Kanal,Titel,Zurückgestellt bis (Europe/Madrid)");
        assert_eq!(lines[2], "Portal,Jam,");
        let too_many = vec!["1"; limits::FILTER_SET + 1].join(",");
        let too_many = format!("numbers={too_many}");
        for (address, status) in [
            ("view=4711", 404),
            ("view=x", 404),
            ("sort=x", 422),
            ("what=x", 400),
            ("numbers=", 422),
            ("numbers=1;2", 422),
            ("columns=", 422),
            ("columns=number,password_hash", 422),
            ("within=x", 422),
            ("within=%5B%5B%22title%22,%22null%22%5D%5D", 422),
            ("within=%5B%5B%22tags%22,%7B%22id%22:1%7D%5D%5D", 422),
            (&too_many, 422),
        ] {
            site.get(&format!("/desk/export.csv?{address}")).by(&cookie).await.is(status);
            site.get(&format!("/desk/export.xlsx?{address}")).by(&cookie).await.is(status);
        }
        let file = site.get("/desk/export.xlsx?view=open").by(&cookie).await.is(200);
        assert!(file.header("content-type").contains("spreadsheetml"));
        assert!(file.text.starts_with("PK"), "a zip archive");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_a_long_list_is_exported_once_and_a_spreadsheet_has_a_limit() {
    on_a_site(async |site| {
        let ana = site.desk.agent("Ana").await;
        let cookie = site.sign_in(&ana).await;
        let fill = async |from: i64, to: i64| {
            let sql = "WITH RECURSIVE n (x) AS (SELECT $1 UNION ALL SELECT x + 1 FROM n WHERE x < $2) \
                       INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                       created_by_kind, created_at, updated_at) \
                       SELECT x, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, 'agent', 'system', 1, 1 FROM n";
            site.desk.execute(Sql::new(sql, args![from, to])).await;
        };
        fill(1, 1_001).await;
        let text = site.get("/desk/export.csv?view=all").by(&cookie).await.is(200).text;
        let mut numbers: Vec<i64> = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(1..=1_001));
        assert!(site.get("/desk/export.xlsx?view=all").by(&cookie).await.is(200).text.len() > 1_000);

        fill(1_002, limits::EXPORT_XLSX + 1).await;
        assert_eq!(site.desk.items().total(&ana, domain::view::ItemQuery::of(domain::view::SystemView::All)).await.unwrap(), limits::EXPORT_XLSX + 1);
        let answer = site.get("/desk/export.xlsx?view=all").by(&cookie).with("accept", "application/json").await.is(413);
        assert_eq!(answer.error(), "error_export_too_large");
    })
    .await;
}
