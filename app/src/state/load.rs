//! What a screen loads from the desk.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// Loads what a screen shows: on the server for the page, in the browser whenever `source` changes. A screen waits for it with
/// `Suspense`.
///
/// The server makes the views of a page several times: to find out what they load, and to write them. Here they load the same
/// thing once for the page, so the desk is asked once, and the numbers under which the browser finds its data stay those that
/// it counts itself, as long as no view inside a `Suspense` loads more than one level below it.
pub fn load<S, T, F, Fut>(source: impl Fn() -> S + Send + Sync + 'static, fetch: F) -> Resource<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(S) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    #[cfg(feature = "ssr")]
    if let Some(page) = use_context::<server::Page>() {
        return page.load(untrack(source), fetch).into();
    }
    Resource::new(source, fetch)
}

#[cfg(feature = "ssr")]
pub use server::begin_page;

#[cfg(feature = "ssr")]
mod server {
    use leptos::{
        prelude::{ArcResource, provide_context},
        reactive::owner::{Owner, WeakOwner},
    };
    use serde::{Serialize, de::DeserializeOwned};
    use std::{
        any::{Any, TypeId},
        future::Future,
        sync::{Arc, Mutex, PoisonError},
    };

    /// What a page has loaded.
    #[derive(Clone)]
    pub struct Page {
        /// Lives as long as the page; the owners of single views do not.
        owner: WeakOwner,
        /// By what was asked: which function, and of what.
        loaded: Arc<Mutex<Vec<Loaded>>>,
    }

    struct Loaded {
        asked: TypeId,
        of: Box<dyn Any + Send>,
        resource: Box<dyn Any + Send>,
    }

    /// Begins a page, whose views load everything once.
    pub fn begin_page() {
        if let Some(owner) = Owner::current() {
            provide_context(Page { owner: owner.downgrade(), loaded: Arc::default() });
        }
    }

    impl Page {
        /// What was loaded before, or begins to load it.
        pub fn load<S, T, F, Fut>(&self, of: S, fetch: F) -> ArcResource<T>
        where
            S: PartialEq + Clone + Send + Sync + 'static,
            T: Serialize + DeserializeOwned + Send + Sync + 'static,
            F: Fn(S) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = T> + Send + 'static,
        {
            let asked = TypeId::of::<F>();
            let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            let same = |one: &&Loaded| one.asked == asked && one.of.downcast_ref::<S>() == Some(&of);
            if let Some(known) = loaded.iter().find(same).and_then(|one| one.resource.downcast_ref::<ArcResource<T>>()) {
                return known.clone();
            }
            let own = of.clone();
            let make = move || ArcResource::new_blocking(move || own.clone(), fetch);
            let resource = match self.owner.upgrade() {
                Some(owner) => owner.with(make),
                None => make(),
            };
            loaded.push(Loaded { asked, of: Box::new(of), resource: Box::new(resource.clone()) });
            resource
        }
    }
}
