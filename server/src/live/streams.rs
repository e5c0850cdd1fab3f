//! Which streams are open in this process: how many each session has, and which browser tabs of agents they belong to.

use domain::{
    Error, ErrorCode, Result,
    id::{AgentId, SessionId},
    limits,
};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A browser tab of an agent: the key that its page has made.
pub(super) type Tab = (AgentId, String);

/// The streams that are open.
#[derive(Default)]
pub(super) struct Streams(Mutex<Open>);

#[derive(Default)]
struct Open {
    sessions: HashMap<SessionId, usize>,
    tabs: HashMap<Tab, usize>,
}

impl Streams {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.open().sessions.values().sum()
    }

    /// Whether a tab has one.
    pub(super) fn has(&self, agent: AgentId, tab: &str) -> bool {
        self.open().tabs.contains_key(&(agent, tab.to_owned()))
    }

    /// A place for another one, if the session has one left.
    pub(super) fn take(streams: &Arc<Self>, session: SessionId, tab: Option<Tab>) -> Result<Place> {
        let mut open = streams.open();
        if open.sessions.get(&session).is_some_and(|count| *count >= limits::STREAMS) {
            return Err(Error::new(ErrorCode::TooMany, "error_too_many_streams")
                .with("max", limits::STREAMS)
                .with("seconds", 60));
        }
        *open.sessions.entry(session).or_default() += 1;
        if let Some(tab) = &tab {
            *open.tabs.entry(tab.clone()).or_default() += 1;
        }
        drop(open);
        Ok(Place { streams: streams.clone(), session, tab })
    }
}

/// The place of one stream; given back when the stream is over.
pub(super) struct Place {
    streams: Arc<Streams>,
    session: SessionId,
    tab: Option<Tab>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        fewer(&mut open.sessions, &self.session);
        if let Some(tab) = &self.tab {
            fewer(&mut open.tabs, tab);
        }
    }
}

fn fewer<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}
