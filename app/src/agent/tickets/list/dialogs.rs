//! The dialogs of the list, and the filter as text. A part of its own, which comes when the first of them is wanted.

use super::{
    bulk::Bulk,
    filters::{ConditionDialog, FilterText, Filters},
    followers::FollowersDialog,
    save::{NamingDialog, ViewActions},
    tags::TagDialog,
};
use crate::agent::tickets::snooze::SnoozeDialog;
use domain::{action::Put, time::Timestamp};
use leptos::{prelude::*, task::spawn_local};

/// What draws them.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// A condition of the filter.
    pub condition: fn(Filters) -> AnyView,
    /// The filter as text.
    pub text: fn(Filters) -> AnyView,
    /// Name and rights of a view.
    pub naming: fn(ViewActions) -> AnyView,
    /// The tags of tickets.
    pub tags: fn(Bulk) -> AnyView,
    /// Until when tickets sleep.
    pub snooze: fn(Bulk) -> AnyView,
    /// Which agents follow tickets.
    pub followers: fn(Bulk) -> AnyView,
}

/// Draws them where the page is awake.
#[lazy]
pub fn dialogs() -> Dialogs {
    Dialogs {
        condition: |filters| view! { <ConditionDialog filters /> }.into_any(),
        text: |filters| view! { <FilterText filters /> }.into_any(),
        naming: |actions| view! { <NamingDialog actions /> }.into_any(),
        tags: |bulk| view! { <TagDialog bulk /> }.into_any(),
        snooze,
        followers: |bulk| view! { <FollowersDialog bulk /> }.into_any(),
    }
}

fn snooze(bulk: Bulk) -> AnyView {
    let choose = Callback::new(move |until: Timestamp| bulk.put(Put::Snoozed(Some(until))));
    view! { <SnoozeDialog id="bulk-snooze-until" open=bulk.snoozing choose /> }.into_any()
}

/// What is drawn with them, from when it is first wanted.
pub fn once_wanted(
    wanted: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn(Dialogs) -> AnyView + Send + Sync + 'static,
) -> impl Fn() -> Option<AnyView> + Send + Sync + 'static {
    let part = RwSignal::new(None::<Dialogs>);
    Effect::new(move |_| {
        if wanted() && part.with_untracked(Option::is_none) {
            spawn_local(async move {
                let loaded = dialogs().await;
                let _ = part.try_set(Some(loaded));
            });
        }
    });
    move || part.get().map(&draw)
}
