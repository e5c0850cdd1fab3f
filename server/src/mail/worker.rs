//! Delivers what is in the outbox: the work of the jobs of kind [`JOB`](super::outbox::JOB).

use super::{
    held,
    message::{self, MailError, MailSettings},
    outbox::{self, JOB, Told},
};
use crate::{
    db::{Db, Tx},
    jobs::{Job, Outcome, Verdict, Work},
    meter::{MailResult, Meter},
};
use async_trait::async_trait;
use domain::{Result, id::MailId};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::response::{Category, Severity},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// Longest time for one mail: a server that takes it and says nothing keeps nobody else's waiting.
const SENDING: Duration = Duration::from_secs(30);
/// How often files of mails that were held are looked through, beginning with the start.
const SWEEP: Duration = Duration::from_secs(3600);

/// Delivers what is in the outbox.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    settings: Arc<MailSettings>,
    sender: Mailbox,
    transport: Option<AsyncSmtpTransport<Tokio1Executor>>,
    meter: Meter,
}

impl Worker {
    /// A worker with these settings.
    ///
    /// # Errors
    /// A setting makes no sense.
    pub fn new(db: Db, settings: MailSettings) -> Result<Self, MailError> {
        let sender = settings.sender()?;
        let transport = settings.transport()?;
        Ok(Self { db, settings: Arc::new(settings), sender, transport, meter: Meter::default() })
    }

    /// The same, counting what becomes of mails.
    #[must_use]
    pub fn counting(mut self, meter: Meter) -> Self {
        self.meter = meter;
        self
    }

    /// Keeps the folder of held mails swept until `stop` says so. Each server has a folder of its own, so this is no job that one of
    /// them does for all.
    pub async fn keep_swept(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "the files of held mails could not be looked through");
            }
            tokio::select! {
                () = sleep(SWEEP) => {}
                _ = stop.changed() => return,
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

    async fn deliver(&self, mail: MailId) -> Result<Outcome> {
        // One that somebody has dealt with meanwhile is done.
        let Some(mail) = outbox::waiting(&self.db, mail).await? else { return Ok(Outcome::Done) };
        let name = outbox::sender_name(&self.db).await?;
        Ok(match message::build(&mail, &self.sender, &name) {
            Err(error) => Outcome::Failed(error.to_string()),
            Ok(message) => match &self.transport {
                Some(transport) => send(transport, message).await,
                None => match held::write(&self.settings.folder, mail.id, message.formatted()).await {
                    Ok(()) => Outcome::Done,
                    Err(error) => Outcome::Later(error.to_string()),
                },
            },
        })
    }
}

#[async_trait]
impl Work for Worker {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn is_outgoing(&self) -> bool {
        true
    }

    async fn run(&self, job: &Job) -> Outcome {
        self.deliver(MailId(job.subject)).await.unwrap_or_else(|error| Outcome::later(&error))
    }

    async fn note(&self, tx: &mut Tx, job: &Job, verdict: &Verdict) -> Result<()> {
        let told = match verdict {
            Verdict::Done if self.transport.is_some() => Told::Sent,
            Verdict::Done => Told::Held,
            Verdict::Later(_, error) => Told::Later(error),
            Verdict::Failed(error) => Told::Failed(error),
            Verdict::Again(_) | Verdict::HandedBack => return Ok(()),
        };
        self.meter.mail(match told {
            Told::Sent => MailResult::Sent,
            Told::Held => MailResult::Held,
            Told::Later(_) => MailResult::Later,
            Told::Failed(_) => MailResult::Failed,
        });
        outbox::note(tx, MailId(job.subject), job.attempts, &told).await?;
        if matches!(told, Told::Sent | Told::Failed(_)) {
            held::remove(&self.settings.folder, job.subject).await;
        }
        Ok(())
    }
}

async fn send(transport: &AsyncSmtpTransport<Tokio1Executor>, message: Message) -> Outcome {
    let Ok(sent) = timeout(SENDING, transport.send(message)).await else {
        return Outcome::Later("the mail server keeps silent".to_owned());
    };
    match sent {
        Ok(_) => Outcome::Done,
        // The server says that this mailbox or this mail will never do. Other refusals (sign-in, greeting) are about
        // the settings, and somebody may mend them.
        Err(error)
            if error.status().is_some_and(|code| {
                code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
            }) =>
        {
            Outcome::Failed(explain(&error))
        }
        Err(error) => Outcome::Later(explain(&error)),
    }
}

/// Says hello to the mail server, signs in, and says goodbye. Where there is none it does nothing.
///
/// # Errors
/// What went wrong, in a sentence.
pub async fn greet(settings: &MailSettings) -> Result<(), String> {
    let transport = settings.transport().map_err(|error| error.to_string())?;
    let Some(transport) = transport else { return Ok(()) };
    match transport.test_connection().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("it hangs up after the greeting".to_owned()),
        Err(error) => Err(explain(&error)),
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
