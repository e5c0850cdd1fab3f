//! What this process counts while it works, for `/metrics`: requests by route, and what became of mails. No label holds anything
//! about a person: routes stand as they are declared, and what nobody declared counts together.

use http::Method;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Upper ends of the steps in which durations are counted, in milliseconds.
pub const STEPS: [u64; 12] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/// The durations of some requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Durations {
    /// How many took at most so long as the step of the same place, and longer than the one before.
    pub steps: [u64; STEPS.len()],
    /// How many there were.
    pub count: u64,
    /// What they took together, in microseconds.
    pub micros: u64,
}

/// Route, method, and the first digit of the status.
pub type Kind = (String, &'static str, u16);

/// The counters. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    requests: Arc<Mutex<BTreeMap<Kind, Durations>>>,
    mails: Arc<[AtomicU64; 4]>,
}

/// What became of a try to send a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailResult {
    /// The mail server took it.
    Sent,
    /// It lies as a file.
    Held,
    /// It will be tried again.
    Later,
    /// It was given up.
    Failed,
}

impl MailResult {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Sent, "sent"), (Self::Held, "held"), (Self::Later, "later"), (Self::Failed, "failed")];
}

impl Meter {
    /// Counts a request.
    pub fn request(&self, route: &str, method: &Method, status: u16, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::HEAD => "HEAD",
            Method::OPTIONS => "OPTIONS",
            // Anybody can send any word.
            _ => "other",
        };
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let durations = requests.entry((route.to_owned(), method, status / 100)).or_default();
        if let Some((_, count)) = STEPS.iter().zip(&mut durations.steps).find(|(step, _)| millis <= **step) {
            *count += 1;
        }
        durations.count += 1;
        durations.micros = durations.micros.saturating_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Counts a try to send a mail.
    pub fn mail(&self, result: MailResult) {
        if let Some(counter) = self.mails.get(result as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All requests so far.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<Kind, Durations> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tries of mails so far, by name.
    #[must_use]
    pub fn mails(&self) -> [(&'static str, u64); 4] {
        MailResult::ALL.map(|(result, name)| (name, self.mails.get(result as usize).map_or(0, |it| it.load(Ordering::Relaxed))))
    }
}
