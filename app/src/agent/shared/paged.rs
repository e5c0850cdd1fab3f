//! A list that grows page by page: the first page comes with the screen, the others on demand.

use crate::{
    api::ApiResult,
    i18n::use_i18n,
    t,
    ui::{Button, use_toasts},
};
use domain::page::{Cursor, Page};
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// The rows so far, and where the next ones begin.
pub struct Paged<T: Send + Sync + 'static> {
    /// The rows so far.
    pub rows: RwSignal<Vec<T>>,
    next: RwSignal<Option<Cursor>>,
    busy: RwSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Paged<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Paged<T> {}

impl<T: Clone + Send + Sync + 'static> Paged<T> {
    /// A list that begins with its first page.
    #[must_use]
    pub fn new(first: Page<T>) -> Self {
        Self { rows: RwSignal::new(first.rows), next: RwSignal::new(first.next), busy: RwSignal::new(false) }
    }
}

/// The button below the rows; there is none after the last page.
#[component]
pub fn MoreRows<T, F, Fut>(
    /// The list.
    paged: Paged<T>,
    /// Loads the page that begins at a cursor.
    load: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(Cursor) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = ApiResult<Page<T>>> + 'static,
{
    let i18n = use_i18n();
    let toasts = use_toasts();
    let more = move |_| {
        let Some(after) = paged.next.get_untracked() else { return };
        paged.busy.set(true);
        let page = load(after);
        spawn_local(async move {
            match page.await {
                Ok(page) => {
                    paged.rows.update(|rows| rows.extend(page.rows));
                    paged.next.set(page.next);
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            paged.busy.set(false);
        });
    };
    let more = StoredValue::new(more);
    view! {
        <Show when=move || paged.next.with(Option::is_some)>
            <p class="list-more">
                <Button busy=paged.busy on_click=Callback::new(move |event| more.with_value(|more| more(event)))>{t!(i18n, show_more)}</Button>
            </p>
        </Show>
    }
}
