//! What stands beside the main thing of a screen and is asked for by the browser alone, when the screen is there.

use crate::{
    api::{ApiError, ApiResult},
    ui::{ErrorState, Skeleton},
};
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// An answer that comes later. It takes part in no `Suspense`, so it may be made wherever a view is made.
pub struct Later<T: Send + Sync + 'static> {
    answer: RwSignal<Option<Result<T, ApiError>>>,
    ask: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Later<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Later<T> {}

impl<T: Clone + Send + Sync + 'static> Later<T> {
    /// Asks once the view is in the page.
    pub fn new<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ApiResult<T>> + 'static,
    {
        let answer = RwSignal::new(None);
        let ask = Callback::new(move |()| {
            let asked = ask();
            spawn_local(async move {
                // The screen is gone when somebody went on meanwhile.
                let _ = answer.try_set(Some(asked.await));
            });
        });
        Effect::new(move |_| ask.run(()));
        Self { answer, ask }
    }

    /// Asks again; what is shown stays until the answer has come.
    pub fn refresh(self) {
        self.ask.run(());
    }

    /// The answer as `show` draws it; before it comes, lines of about its size.
    pub fn view(self, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
        (move || match self.answer.get() {
            None => view! { <Skeleton lines=4 /> }.into_any(),
            Some(Ok(value)) => show(value),
            Some(Err(error)) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| self.refresh()) /> }.into_any(),
        })
        .into_any()
    }
}
