//! Whether anybody still waits for what is being done. A request goes on in a task of its own when its connection breaks off, so
//! that nothing is changed half way, and what somebody sent as their last word before they closed the page is done. But as long as
//! nothing has been changed it does not stand in line before the database for longer than a moment when nobody waits for it any
//! more. Otherwise people who hang up and ask again would fill the line, and who waits for an answer would stand at its end.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// How long somebody who has gone may stand in line.
const MOMENT: Duration = Duration::from_secs(1);

tokio::task_local! {
    static ASKER: Asker;
}

/// Somebody who has asked for something, as those see it who do it.
#[derive(Debug, Clone)]
pub struct Asker {
    here: watch::Receiver<()>,
    /// Whether something has been changed for them, or is about to be.
    begun: Arc<AtomicBool>,
}

/// Says that somebody waits, for as long as it exists.
#[derive(Debug)]
pub struct Waits(#[expect(dead_code, reason = "that it is dropped says it all")] watch::Sender<()>);

impl Asker {
    /// Somebody who waits.
    #[must_use]
    pub fn new() -> (Waits, Self) {
        let (waits, here) = watch::channel(());
        (Waits(waits), Self { here, begun: Arc::default() })
    }

    /// Does something that they have asked for.
    pub async fn served<T>(self, work: impl Future<Output = T>) -> T {
        ASKER.scope(self, work).await
    }

    /// Who has asked for what this task does, if somebody has.
    #[must_use]
    pub fn of_this_task() -> Option<Self> {
        ASKER.try_with(Self::clone).ok()
    }

    /// Waits for their turn; `None` if that takes longer than a moment and they have gone before anything was changed for them.
    pub async fn turn<T>(&self, turn: impl Future<Output = T>) -> Option<T> {
        let gone = async {
            sleep(MOMENT).await;
            let mut here = self.here.clone();
            while here.changed().await.is_ok() {}
        };
        tokio::select! {
            biased;
            turn = turn => Some(turn),
            () = gone, if !self.begun.load(Ordering::Acquire) => None,
        }
    }

    /// Something is changed for them from now on: the rest of it is done whether they wait or not.
    pub fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }
}
