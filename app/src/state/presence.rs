//! Who else has which ticket open, as the stream tells it, and which one this browser tab has open, as it tells the server: when
//! that changes, and again now and then as long as somebody sees the page. A page that is hidden says nothing more and runs out.

use crate::{
    api,
    state::{live::Live, on_news},
};
use domain::{
    conversation::MessageKind,
    id::ItemNumber,
    live::Notice,
    presence::{Here, Presence as Told},
};
use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::{collections::BTreeMap, time::Duration};

/// How often it is said again; the server forgets a tab after [`domain::presence::COUNTS`].
const AGAIN: Duration = Duration::from_secs(20);
/// How long after the last key somebody no longer writes.
const PAUSE: Duration = Duration::from_secs(6);
/// How long a tab that shows no ticket waits before it says so: most go on to the next one.
const LEAVING: Duration = Duration::from_millis(400);
/// How long after the stream was lost the tab says again where it is: by then a browser has opened another.
const BACK: Duration = Duration::from_secs(3);

/// What the tab shows: a ticket, and what is being written there.
type At = (Option<ItemNumber>, Option<MessageKind>);

/// Presence, for as long as the agent application is open.
#[derive(Clone, Copy)]
pub struct Presence {
    others: RwSignal<BTreeMap<ItemNumber, Vec<Here>>>,
    /// The key of the page, which its stream has, too.
    tab: StoredValue<String>,
    at: StoredValue<At>,
    /// What the server knows.
    said: StoredValue<At>,
    saying: StoredValue<bool>,
    next: StoredValue<Option<TimeoutHandle>>,
    pause: StoredValue<Option<TimeoutHandle>>,
}

/// Begins to hear of the others, once the stream of the surface is provided.
pub fn provide_presence() {
    let Some(Live { tab, .. }) = use_context() else { return };
    let presence = Presence {
        others: RwSignal::new(BTreeMap::new()),
        tab,
        at: StoredValue::new((None, None)),
        said: StoredValue::new((None, None)),
        saying: StoredValue::new(false),
        next: StoredValue::new(None),
        pause: StoredValue::new(None),
    };
    provide_context(presence);
    on_news(move |notice, text| presence.hear(notice, text));
    Effect::new(move |_| presence.listen());
}

/// Presence; only inside the agent application.
#[must_use]
pub fn use_presence() -> Option<Presence> {
    use_context()
}

impl Presence {
    /// Which other agents have a ticket open. Tracked.
    #[must_use]
    pub fn others(self, number: ItemNumber) -> Memo<Vec<Here>> {
        Memo::new(move |_| self.others.with(|others| others.get(&number).cloned().unwrap_or_default()))
    }

    fn hear(self, notice: &Notice, text: &str) {
        match notice.kind.as_str() {
            "presence" => {
                let Ok(told) = serde_json::from_str::<Told>(text) else { return };
                self.others.update(|others| {
                    for at in told.items {
                        if at.here.is_empty() {
                            others.remove(&at.number);
                        } else {
                            others.insert(at.number, at.here);
                        }
                    }
                });
            }
            // It will be told anew. With the stream the server has let the tab go, unless it is back by now.
            "lost" => {
                self.others.update(BTreeMap::clear);
                if self.at.try_get_value().is_some_and(|(at, _)| at.is_some()) {
                    self.wait(BACK);
                }
            }
            "reset" | "ended" => self.others.update(BTreeMap::clear),
            _ => {}
        }
    }

    /// The tab shows a ticket.
    pub fn come(self, number: ItemNumber) {
        self.put((Some(number), None), Duration::ZERO);
    }

    /// The tab no longer shows it.
    pub fn leave(self, number: ItemNumber) {
        if self.at.try_get_value().is_some_and(|(at, _)| at == Some(number)) {
            self.put((None, None), LEAVING);
        }
    }

    /// Something was typed, or nothing of it is left: the message is sent, or empty again.
    pub fn write(self, number: ItemNumber, writing: Option<MessageKind>) {
        clear(self.pause);
        if self.at.try_get_value().is_none_or(|(at, _)| at != Some(number)) {
            return;
        }
        self.put((Some(number), writing), Duration::ZERO);
        if writing.is_some() {
            self.pause.set_value(set_timeout_with_handle(move || self.write(number, None), PAUSE).ok());
        }
    }

    fn put(self, at: At, wait: Duration) {
        if self.at.get_value() != at {
            self.at.set_value(at);
            self.wait(wait);
        }
    }

    fn wait(self, time: Duration) {
        clear(self.next);
        self.next.set_value(set_timeout_with_handle(move || self.say(), time).ok());
    }

    /// Says how it is, unless that is being said: then afterwards.
    fn say(self) {
        let Some(at) = self.at.try_get_value() else { return };
        let nothing_new = at.0.is_none() && self.said.get_value().0.is_none();
        if self.saying.get_value() || nothing_new || document().hidden() {
            return;
        }
        self.saying.set_value(true);
        let tab = self.tab.get_value();
        spawn_local(async move {
            let answer = api::items::present(at.0, tab, at.1).await;
            if self.saying.try_update_value(|saying| *saying = false).is_none() {
                return;
            }
            if answer.is_ok() {
                self.said.set_value(at);
            }
            if self.at.get_value() != at {
                self.wait(Duration::ZERO);
            // What is refused is refused the next time, too; what did not arrive is tried again.
            } else if at.0.is_some() && answer.err().is_none_or(|error| error.is_offline()) {
                self.wait(AGAIN);
            }
        });
    }

    /// Follows whether the page is seen, until it goes away.
    fn listen(self) {
        let seen = window_event_listener(ev::visibilitychange, move |_| {
            if self.at.try_get_value().is_some_and(|(at, _)| at.is_some()) {
                self.wait(Duration::ZERO);
            }
        });
        // The last word of a page that goes away cannot wait for an answer.
        let gone = window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| {
            if self.said.try_get_value().is_some_and(|(at, _)| at.is_some()) {
                self.said.set_value((None, None));
                let text = format!(r#"{{"number":null,"tab":"{}","writing":null}}"#, self.tab.get_value());
                let _ = window().navigator().send_beacon_with_opt_str("/_fn/items/present", Some(&text));
            }
        });
        on_cleanup(move || {
            seen.remove();
            gone.remove();
        });
    }
}

/// Nothing happens any more at the end of this time.
fn clear(timer: StoredValue<Option<TimeoutHandle>>) {
    if let Some(timer) = timer.try_update_value(Option::take).flatten() {
        timer.clear();
    }
}
