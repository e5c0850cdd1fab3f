//! Live updates in the browser: one stream for the surface that is open, told to every screen that wants to hear it.
//!
//! The stream begins where the server was when it made the page, so nothing falls between the page and the stream. A lost
//! connection comes back by itself and goes on where it was, one that has fallen silent is taken for lost, and a page that nobody
//! sees for a while lets go of its connection, because a browser has few for one server.

use domain::{ErrorCode, live::Notice};
use leptos::prelude::*;
use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

type Listener = Arc<dyn Fn(&Notice, &str) + Send + Sync>;

/// The stream of a surface.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether the session has ended: nothing comes any more.
    pub ended: RwSignal<bool>,
    /// A random key for as long as the page, from when it is awake: the server knows by it which stream is whose.
    pub tab: StoredValue<String>,
    listeners: StoredValue<(u32, BTreeMap<u32, Listener>)>,
}

/// Asks the server who is signed in, for the case that it does not open the stream: the code of its refusal, if it refuses.
pub type WhoAmI = fn() -> Pin<Box<dyn Future<Output = Option<ErrorCode>>>>;

/// Lets the screens below hear the stream of the surface, once [`follow`] has opened it.
pub fn provide_live() {
    provide_context(Live {
        ended: RwSignal::new(false),
        tab: StoredValue::default(),
        listeners: StoredValue::new((0, BTreeMap::new())),
    });
}

/// Opens the stream at an address (`/live/…`); it is closed with what it was opened in. For somebody who is signed in.
pub fn follow(address: &'static str, who_am_i: WhoAmI) {
    #[cfg(not(feature = "ssr"))]
    if let Some(live) = use_context::<Live>() {
        Effect::new(move |_| browser::follow(live, address, who_am_i));
    }
    let _ = (address, who_am_i);
}

/// Hears what the stream of the surface tells, until the screen goes away: the notice, and the text of the whole
/// [`domain::live::News`].
pub fn on_news(hear: impl Fn(&Notice, &str) + Send + Sync + 'static) {
    let Some(live) = use_context::<Live>() else { return };
    // A server makes pages and tells them nothing.
    if cfg!(feature = "ssr") {
        return;
    }
    let key = live.listeners.try_update_value(|(next, listeners)| {
        *next += 1;
        listeners.insert(*next, Arc::new(hear));
        *next
    });
    on_cleanup(move || {
        let _ = live.listeners.try_update_value(|(_, listeners)| key.map(|key| listeners.remove(&key)));
    });
}

#[cfg(not(feature = "ssr"))]
impl Live {
    fn tell(self, text: &str) {
        let Ok(notice) = serde_json::from_str::<Notice>(text) else { return };
        if notice.kind == "ended" {
            self.ended.set(true);
        }
        // Who hears may make others listen.
        let listeners: Vec<Listener> =
            self.listeners.try_with_value(|(_, listeners)| listeners.values().cloned().collect()).unwrap_or_default();
        listeners.iter().for_each(|hear| hear(&notice, text));
    }
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use super::{ErrorCode, Live, WhoAmI};
    use domain::limits::STREAM_HEARTBEAT_SECONDS;
    use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
    use std::time::Duration;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{EventSource, MessageEvent};

    /// How long a page that nobody sees keeps its connection.
    const UNSEEN: Duration = Duration::from_secs(60);
    /// How long after a connection that the browser gives up another is tried.
    const AGAIN: Duration = Duration::from_secs(4);

    /// How long nothing may be heard: the server says twice in this time that it is there.
    const SILENCE: Duration = Duration::from_millis(STREAM_HEARTBEAT_SECONDS * 2_300);
    /// How long a connection may take to be there. A browser may try one that leads nowhere either, and then the next.
    const PATIENCE: Duration = Duration::from_secs(6);
    /// How often it is looked whether anything was heard.
    const LISTEN: Duration = Duration::from_secs(3);

    /// What screens hear when the connection is gone, in the form of a notice: what is not in the log may be otherwise by now.
    const LOST: &str = r#"{"kind":"lost"}"#;

    struct Connection {
        source: EventSource,
        // Kept alive as long as the connection.
        _heard: Closure<dyn FnMut(MessageEvent)>,
        _failed: Closure<dyn FnMut()>,
        _opened: Closure<dyn FnMut()>,
    }

    impl Drop for Connection {
        fn drop(&mut self) {
            self.source.set_onmessage(None);
            self.source.set_onerror(None);
            self.source.set_onopen(None);
            self.source.close();
        }
    }

    #[derive(Clone, Copy)]
    struct Follower {
        live: Live,
        address: &'static str,
        who_am_i: WhoAmI,
        connection: StoredValue<Option<Connection>, LocalStorage>,
        /// How far the log was told, as the stream writes it.
        place: StoredValue<String>,
        timer: StoredValue<Option<TimeoutHandle>>,
        /// Until when something has to be heard, in milliseconds since 1970.
        patient: StoredValue<f64>,
    }

    pub fn follow(live: Live, address: &'static str, who_am_i: WhoAmI) {
        live.tab.set_value(crate::api::new_key());
        let place = document().document_element().and_then(|root| root.get_attribute("data-log")).unwrap_or_default();
        let follower = Follower {
            live,
            address,
            who_am_i,
            connection: StoredValue::new_local(None),
            place: StoredValue::new(place),
            timer: StoredValue::new(None),
            patient: StoredValue::new(0.0),
        };
        follower.open();
        let seen = window_event_listener(ev::Custom::<web_sys::Event>::new("focus"), move |_| follower.look());
        let hidden = window_event_listener(ev::visibilitychange, move |_| follower.look());
        let listening = set_interval_with_handle(move || follower.listen(), LISTEN).ok();
        on_cleanup(move || {
            seen.remove();
            hidden.remove();
            if let Some(listening) = listening {
                listening.clear();
            }
            follower.wait(None, |_| ());
            let _ = follower.connection.try_update_value(Option::take);
        });
    }

    impl Follower {
        fn open(self) {
            if self.live.ended.try_get_untracked() != Some(false) || self.connection.with_value(Option::is_some) {
                return;
            }
            let place = self.place.get_value();
            let mut address = format!("{}?tab={}", self.address, self.live.tab.get_value());
            if !place.is_empty() {
                address += "&after=";
                address += &place;
            }
            let Ok(source) = EventSource::new(&address) else { return };
            self.bear(PATIENCE);
            let opened = Closure::<dyn FnMut()>::new(move || self.bear(SILENCE));
            let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                self.bear(SILENCE);
                let place = event.last_event_id();
                if !place.is_empty() {
                    self.place.set_value(place);
                }
                let Some(text) = event.data().as_string() else { return };
                self.live.tell(&text);
                if self.live.ended.try_get_untracked() == Some(true) {
                    self.close_later();
                }
            });
            let failed = {
                let source = source.clone();
                Closure::<dyn FnMut()>::new(move || {
                    self.live.tell(LOST);
                    // The browser itself comes back from a lost connection; from a refusal it does not.
                    if source.ready_state() == EventSource::CLOSED {
                        self.close_later();
                        self.wait(Some(AGAIN), Self::ask);
                    }
                })
            };
            source.set_onopen(Some(opened.as_ref().unchecked_ref()));
            source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            source.set_onerror(Some(failed.as_ref().unchecked_ref()));
            self.connection.set_value(Some(Connection { source, _heard: heard, _failed: failed, _opened: opened }));
        }

        /// The server refused the stream: because nobody is signed in any more, or because it cannot at the moment.
        fn ask(self) {
            spawn_local(async move {
                match (self.who_am_i)().await {
                    Some(ErrorCode::Unauthenticated) => self.live.tell(r#"{"kind":"ended"}"#),
                    Some(_) => self.wait(Some(AGAIN), Self::ask),
                    None => self.open(),
                }
            });
        }

        fn bear(self, silence: Duration) {
            let _ = self.patient.try_set_value(js_sys::Date::now() + silence.as_secs_f64() * 1_000.0);
        }

        /// A line that leads nowhere any more does not say so: not after a sleep, nor behind a router that has forgotten it.
        fn listen(self) {
            if js_sys::Date::now() > self.patient.get_value() && self.connection.with_value(Option::is_some) {
                self.close_later();
                self.open();
            }
        }

        /// Lets go of the connection, not while one of its own closures runs.
        fn close_later(self) {
            let gone = self.connection.try_update_value(Option::take).flatten();
            self.live.tell(LOST);
            set_timeout(move || drop(gone), Duration::ZERO);
        }

        fn look(self) {
            if document().hidden() {
                self.wait(Some(UNSEEN), Self::close_later);
            } else {
                self.wait(None, |_| ());
                self.open();
            }
        }

        /// Does something after a while, instead of what waits already.
        fn wait(self, time: Option<Duration>, then: fn(Self)) {
            let Some(before) = self.timer.try_update_value(Option::take) else { return };
            if let Some(before) = before {
                before.clear();
            }
            if let Some(time) = time {
                self.timer.set_value(set_timeout_with_handle(move || then(self), time).ok());
            }
        }
    }
}
