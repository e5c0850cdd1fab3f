//! Merges the ticket into another, and goes there.

use super::{
    more::Acts,
    pick::{PickTicket, picked},
};
use crate::{
    api, t,
    ui::{Button, Checkbox, ComboOption, Dialog, Look},
};
use domain::{action::NewMerge, id::ItemNumber};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The dialog.
#[component]
pub fn MergeDialog(
    /// The ticket.
    acts: Acts,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = acts.i18n;
    let chosen = RwSignal::new(Vec::<ComboOption>::new());
    let (share, busy) = (RwSignal::new(false), RwSignal::new(false));
    let navigate = use_navigate();
    let merge = move |_| {
        let Some(into) = untrack(|| picked(chosen)) else { return };
        busy.set(true);
        let item = acts.ticket.number;
        let order = NewMerge { into, items: vec![item], share: share.get_untracked(), idempotency_key: api::new_key() };
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = api::actions::merge(order).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(whole) => {
                    let _ = open.try_set(false);
                    acts.took(&whole);
                    let href = acts.list.address.with_untracked(|address| address.ticket(into));
                    navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
                    acts.toasts.undoable(t!(i18n, ticket_merged, number = item, into = into), move || take_back(acts, item));
                }
                Err(error) => acts.toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    };
    let merge = StoredValue::new(merge);
    view! {
        <Dialog open title=t!(i18n, tickets_merge_title)>
            <p>{t!(i18n, tickets_merge_text, number = acts.ticket.number)}</p>
            <PickTicket id="merge-into" but=acts.ticket.number chosen />
            <Checkbox id="merge-share" name="share" label=t!(i18n, tickets_merge_share) help=t!(i18n, tickets_merge_share_help).to_owned() checked=share />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button
                    look=Look::Primary
                    busy
                    disabled=Signal::derive(move || picked(chosen).is_none())
                    on_click=Callback::new(move |event| merge.with_value(|merge| merge(event)))
                >
                    {t!(i18n, tickets_merge_do)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Takes back that a ticket was merged.
pub fn take_back(acts: Acts, item: ItemNumber) {
    spawn_local(async move {
        match api::actions::unmerge(vec![item]).await {
            Ok(rest) => {
                acts.took(&rest);
                acts.toasts.success(t!(acts.i18n, ticket_unmerged, number = item));
            }
            Err(error) => acts.toasts.error(acts.i18n.error_at_once(&error.0)),
        }
    });
}
