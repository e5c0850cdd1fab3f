//! What a screen loads from the desk.

use crate::api::{ApiError, ApiResult};
use codee::string::FromToStringCodec;
use domain::Error;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    any::TypeId,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
};

/// An answer on its way, as JSON.
type Json = Pin<Box<dyn Future<Output = String> + Send>>;

/// Something that a screen loads; it is waited for inside a `Suspense`.
///
/// It is kept as JSON, in which it travels with the page: one type for everything that is loaded, so that the browser gets the
/// machinery of resources once and not for each type.
pub struct Load<T> {
    json: Resource<String, FromToStringCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: 'static> Load<T> {
    /// Loads it again. What is shown stays or goes as the `Suspense` (or `Transition`) around it says.
    pub fn refetch(self) {
        self.json.refetch();
    }
}

impl<T: Serialize + 'static> Load<T> {
    /// Puts what has come in another way in its place.
    pub fn put(self, now: T) {
        let _ = self.json.try_set(Some(write(&Ok(now))));
    }
}

impl<T: DeserializeOwned + Send + 'static> IntoFuture for Load<T> {
    type Output = ApiResult<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = ApiResult<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let json = self.json.into_future();
        Box::pin(async move { read(&json.await) })
    }
}

fn write<T: Serialize>(answer: &ApiResult<T>) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

fn read<T: DeserializeOwned>(json: &str) -> ApiResult<T> {
    serde_json::from_str(json).unwrap_or_else(|_| Err(ApiError::from(Error::internal())))
}

/// Loads what a screen shows: on the server for the page, in the browser whenever `source` changes.
///
/// The server makes the views of a page several times: to find out what they load, and to write them. Here they load the same
/// thing once for the page, so the desk is asked once, and the numbers under which the browser finds its data stay those that
/// it counts itself, as long as no view inside a `Suspense` loads more than one level below it.
pub fn load<S, T, F, Fut>(source: impl Fn() -> S + Send + Sync + 'static, fetch: F) -> Load<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + 'static,
    F: Fn(S) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ApiResult<T>> + Send + 'static,
{
    let asked = TypeId::of::<F>();
    let fetch = move |of: S| -> Json {
        let answer = fetch(of);
        Box::pin(async move { write(&answer.await) })
    };
    #[cfg(feature = "ssr")]
    if let Some(page) = use_context::<server::Page>() {
        return Load { json: page.load(asked, untrack(source), fetch).into(), of: PhantomData };
    }
    let _ = asked;
    let source = ArcMemo::new(move |_| source());
    let changes = {
        let source = source.clone();
        ArcMemo::new(move |before: Option<&u64>| {
            // Read, not only tracked: one that is read later for the first time would count as a change.
            source.with(|_| ());
            before.map_or(0, |before| before + 1)
        })
    };
    Load { json: in_browser(changes, Arc::new(move || fetch(source.get_untracked()))), of: PhantomData }
}

/// Without the types of what is asked and of who asks: made once, not for each screen.
fn in_browser(changes: ArcMemo<u64>, fetch: Arc<dyn Fn() -> Json + Send + Sync>) -> Resource<String, FromToStringCodec> {
    Resource::new_str(move || changes.get(), move |_| fetch())
}

#[cfg(feature = "ssr")]
pub use server::begin_page;

#[cfg(feature = "ssr")]
mod server {
    use super::Json;
    use codee::string::FromToStringCodec;
    use leptos::{
        prelude::{ArcResource, provide_context},
        reactive::owner::{Owner, WeakOwner},
    };
    use std::{
        any::{Any, TypeId},
        sync::{Arc, Mutex, PoisonError},
    };

    type JsonResource = ArcResource<String, FromToStringCodec>;

    /// What a page has loaded.
    #[derive(Clone)]
    pub struct Page {
        /// Lives as long as the page; the owners of single views do not.
        owner: WeakOwner,
        loaded: Arc<Mutex<Vec<Loaded>>>,
    }

    /// Something loaded, by what was asked: which function, and of what.
    struct Loaded {
        asked: TypeId,
        of: Box<dyn Any + Send>,
        json: JsonResource,
    }

    /// Begins a page, whose views load everything once.
    pub fn begin_page() {
        if let Some(owner) = Owner::current() {
            provide_context(Page { owner: owner.downgrade(), loaded: Arc::default() });
        }
    }

    impl Page {
        /// What was loaded before, or begins to load it.
        pub fn load<S>(&self, asked: TypeId, of: S, fetch: impl Fn(S) -> Json + Send + Sync + 'static) -> JsonResource
        where
            S: PartialEq + Clone + Send + Sync + 'static,
        {
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            let same = |one: &&Loaded| one.asked == asked && one.of.downcast_ref::<S>() == Some(&of);
            if let Some(known) = loaded.iter().find(same) {
                return known.json.clone();
            }
            let own = of.clone();
            let make = move || JsonResource::new_str_blocking(|| (), move |()| fetch(own.clone()));
            let json = match self.owner.upgrade() {
                Some(owner) => owner.with(make),
                None => make(),
            };
            loaded.push(Loaded { asked, of: Box::new(of), json: json.clone() });
            json
        }
    }
}
