//! The worker that empties the outbox. Any number of processes may run one.

use super::{
    held,
    message::{self, MailError, MailSettings},
    outbox::{self, Claimed, Outcome},
};
use crate::{ambient, db::Db};
use domain::{
    Result,
    time::{HOUR, MINUTE, Timestamp},
};
use futures::{StreamExt, stream};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::response::{Category, Severity},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::Instant};

/// A mail is given up after this many tries.
pub const MAX_ATTEMPTS: i64 = 8;
/// How long, in milliseconds, a claimed mail is left to who claimed it.
pub const LEASE: i64 = 10 * MINUTE;
/// First wait between two tries in milliseconds; it grows fourfold each time.
const FIRST_WAIT: i64 = 30_000;
/// Longest wait between two tries in milliseconds.
const LONGEST_WAIT: i64 = 6 * HOUR;
/// How many mails are claimed at once, and how many of them are under way at the same time.
const BATCH: i64 = 20;
const AT_ONCE: usize = 4;
/// How often the outbox is looked into.
const PAUSE: Duration = Duration::from_secs(1);
/// How often files of mails that were held are looked through, beginning with the start.
const SWEEP: Duration = Duration::from_secs(3600);

/// Delivers what is in the outbox.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    settings: Arc<MailSettings>,
    sender: Mailbox,
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
}

impl Worker {
    /// A worker with these settings.
    ///
    /// # Errors
    /// A setting makes no sense.
    pub fn new(db: Db, settings: MailSettings) -> Result<Self, MailError> {
        let sender = settings.sender()?;
        let transport = settings.transport()?;
        Ok(Self { db, settings: Arc::new(settings), sender, transport })
    }

    /// Works until `stop` says so; what is under way is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut next_sweep = Instant::now();
        loop {
            if Instant::now() >= next_sweep {
                next_sweep = Instant::now() + SWEEP;
                if let Err(error) = self.sweep().await {
                    tracing::warn!(%error, "the files of held mails could not be looked through");
                }
            }
            let worked = self.deliver_due().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the outbox could not be read");
                0
            });
            if *stop.borrow() {
                return;
            }
            // A full batch means that there is probably more.
            let pause = if worked > 0 { Duration::ZERO } else { PAUSE };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                changed = stop.changed() => if changed.is_err() || *stop.borrow() { return },
            }
        }
    }

    /// Removes the files of mails that were held and no longer wait; answers how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sweep(&self) -> Result<usize> {
        held::sweep(&self.db, &self.settings.folder).await
    }

    /// Tries every mail of one batch that is due once; answers how many it tried.
    ///
    /// # Errors
    /// What the database says. A mail server's refusal is no error here: it is noted at the mail.
    pub async fn deliver_due(&self) -> Result<usize> {
        let mails = outbox::claim(&self.db, BATCH).await?;
        if mails.is_empty() {
            return Ok(0);
        }
        let name = outbox::sender_name(&self.db).await?;
        let count = mails.len();
        let results: Vec<Result<()>> =
            stream::iter(mails).map(|mail| self.deliver(mail, &name)).buffer_unordered(AT_ONCE).collect().await;
        results.into_iter().collect::<Result<Vec<()>>>()?;
        Ok(count)
    }

    async fn deliver(&self, mail: Claimed, name: &str) -> Result<()> {
        let outcome = match message::build(&mail, &self.sender, name) {
            Err(error) => Outcome::Failed(error.to_string()),
            Ok(message) => match &self.transport {
                Some(transport) => self.send(transport, &mail, message).await,
                None => self.hold(&mail, &message).await,
            },
        };
        match &outcome {
            Outcome::Later(_, error) => tracing::warn!(mail = mail.id, attempt = mail.attempts, error, "mail put off"),
            Outcome::Failed(error) => tracing::warn!(mail = mail.id, attempt = mail.attempts, error, "mail given up"),
            Outcome::Sent | Outcome::Held => tracing::debug!(mail = mail.id, "mail done"),
        }
        let is_over = matches!(outcome, Outcome::Sent | Outcome::Failed(_));
        outbox::finish(&self.db, &mail, outcome).await?;
        if is_over {
            held::remove(&self.settings.folder, mail.id).await;
        }
        Ok(())
    }

    async fn send(&self, transport: &AsyncSmtpTransport<Tokio1Executor>, mail: &Claimed, message: Message) -> Outcome {
        match transport.send(message).await {
            Ok(_) => Outcome::Sent,
            // The server says that this mailbox or this mail will never do. Other refusals (sign-in, greeting) are about
            // the settings, and somebody may mend them.
            Err(error)
                if error.status().is_some_and(|code| {
                    code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
                }) =>
            {
                Outcome::Failed(explain(&error))
            }
            Err(error) => self.put_off(mail, explain(&error)),
        }
    }

    async fn hold(&self, mail: &Claimed, message: &Message) -> Outcome {
        match held::write(&self.settings.folder, mail.id, message.formatted()).await {
            Ok(()) => Outcome::Held,
            Err(error) => self.put_off(mail, error.to_string()),
        }
    }

    fn put_off(&self, mail: &Claimed, error: String) -> Outcome {
        if outbox::is_last(mail) {
            return Outcome::Failed(error);
        }
        Outcome::Later(next_try(self.db.now(), mail.attempts), error)
    }
}

/// What went wrong, with its causes, in at most 500 characters.
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

/// When to try again after `attempts` tries: fourfold waits, and up to a quarter more by chance, so that mails that failed
/// together do not come back together.
fn next_try(now: Timestamp, attempts: i64) -> Timestamp {
    let doublings = u32::try_from(2 * (attempts - 1).clamp(0, 20)).unwrap_or_default();
    let wait = FIRST_WAIT.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX)).min(LONGEST_WAIT);
    let [chance] = ambient::random_bytes::<1>();
    now.plus(wait + wait / 4 * i64::from(chance) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_within_bounds() {
        let now = Timestamp(0);
        let mut before = 0;
        for attempt in 1..=MAX_ATTEMPTS {
            let wait = next_try(now, attempt).0;
            assert!(wait >= before.min(LONGEST_WAIT), "try {attempt}: {wait}");
            assert!((FIRST_WAIT..=LONGEST_WAIT + LONGEST_WAIT / 4).contains(&wait), "try {attempt}: {wait}");
            before = wait;
        }
        assert!(next_try(now, i64::MAX / 4).0 <= 2 * LONGEST_WAIT);
    }
}
