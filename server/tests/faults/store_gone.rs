//! The store of files goes and comes back. While it is away who needs a file is told so, and everybody else goes on; afterwards
//! everything does, and no file that the database knows is without its bytes.

use crate::{
    common::{
        invariants, on_sqlite,
        program::{Program, Setup},
        s3,
        wire::{Answer, Request},
    },
    load::{Team, reply},
    proxy::Proxy,
};
use server::{ambient::token, args, db::Sql};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Longest wait for a store that is not there, and for one that keeps silent.
const TOLD: Duration = Duration::from_secs(15);
const SILENT: Duration = Duration::from_secs(30);
/// Longest time until all is well again.
const BACK: Duration = Duration::from_secs(5);
/// Bytes of a file.
const BYTES: &[u8] = b"These are the words of a file.";

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_taken_away_and_brought_back() {
    on_sqlite(async |desk| {
        let team = Team::of(&desk, 1).await;
        let program = Setup::of(&desk).quiet().start();
        let place = Place { team, program };
        let kept = place.upload().await.unwrap();
        let folder = desk.folder().join("files");
        let away = desk.folder().join("files.away");

        std::fs::rename(&folder, &away).unwrap();
        place.says_so(kept, TOLD).await;
        assert!(!folder.exists(), "nothing is kept where the folder was");
        // What remains of a disk that is no longer mounted is an empty folder.
        std::fs::create_dir(&folder).unwrap();
        place.says_so(kept, TOLD).await;
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing is kept where the disk was");

        std::fs::remove_dir(&folder).unwrap();
        std::fs::rename(&away, &folder).unwrap();
        place.is_back(kept).await;
        drop(place);
        invariants::hold_with_folder(&desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_s3_store_that_goes_and_comes_back() {
    on_sqlite(async |desk| {
        let (address, objects) = s3::start().await;
        let url = format!("http://{address}");
        let proxy = Proxy::to(&url).await;
        let team = Team::of(&desk, 1).await;
        let program = Setup::of(&desk)
            .quiet()
            .with("--files", "s3")
            .with("--s3-endpoint", proxy.url(&url))
            .with("--s3-bucket", "desk")
            .with("--s3-region", "eu-test-1")
            .with("--s3-key", "access")
            .with("--s3-secret", "secret")
            .start();
        let place = Place { team, program };
        let kept = place.upload().await.unwrap();
        proxy.refuses();
        place.says_so(kept, TOLD).await;
        proxy.opens();
        place.is_back(kept).await;
        proxy.halts();
        place.says_so(kept, SILENT).await;
        proxy.opens();
        place.is_back(kept).await;

        let paths: Vec<(String,)> = desk.rows(Sql::new("SELECT storage_path FROM file", args![])).await;
        let kept: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
        assert_eq!(paths.len(), 3);
        for (path,) in paths {
            assert!(kept.contains(&format!("desk/{path}")), "a file without its bytes");
        }
    })
    .await;
}

/// The program, and somebody who works with it.
struct Place {
    team: Team,
    program: Program,
}

impl Place {
    async fn asks(&self, request: Request) -> (Answer, Duration) {
        let begun = Instant::now();
        let answer = request.send(self.program.address).await.expect("an answer");
        (answer, begun.elapsed())
    }
    /// Uploads a file; answers its id, or what was said instead.
    async fn upload(&self) -> Result<i64, String> {
        let (answer, _) = self.asks(Request::upload(self.team.cookie(), "a.txt", BYTES)).await;
        if answer.status == 200 { Ok(answer.json()["id"].as_i64().unwrap()) } else { Err(answer.refusal()) }
    }
    async fn download(&self, file: i64) -> (Answer, Duration) {
        self.asks(Request::get(&format!("/files/{file}/a.txt"), self.team.cookie())).await
    }
    /// Who needs a file is told so in time; who needs none is served as always.
    async fn says_so(&self, kept: i64, patience: Duration) {
        let up = timeout(patience, self.upload());
        let down = timeout(patience, self.download(kept));
        let others = async {
            let (answer, waited) = self.asks(reply(self.team.cookie(), self.team.number(), &token())).await;
            assert_eq!(answer.status, 200);
            assert!(waited < Duration::from_secs(2), "{waited:?}");
        };
        let (up, down, ()) = tokio::join!(up, down, others);
        assert_eq!(up.expect("who uploads is told in time"), Err("error_file_store".to_owned()));
        let (down, _) = down.expect("who downloads is told in time");
        assert_eq!((down.status, down.refusal().as_str()), (503, "error_file_store"));
    }
    /// Soon files come and go again.
    async fn is_back(&self, kept: i64) {
        let begun = Instant::now();
        while self.upload().await.is_err() {
            assert!(begun.elapsed() < BACK, "no file is taken");
            sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(self.download(kept).await.0.body, BYTES);
    }
}
