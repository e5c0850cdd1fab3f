//! Makes a ticket of a message.

use super::more::Acts;
use crate::{
    agent::tickets::{open::OpenTicket, store::ListStore},
    api, t,
    ui::{Button, Checkbox, Dialog, Look, TextField},
};
use domain::{action::NewSplit, id::MessageId, limits};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The dialog, for the message that is chosen.
#[component]
pub fn SplitDialog(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// The message; 0: none.
    of: RwSignal<i64>,
) -> impl IntoView {
    let acts = Acts::new(ticket, list);
    let i18n = acts.i18n;
    let open = RwSignal::new(false);
    let title = RwSignal::new(String::new());
    let (later, busy) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        if of.get() != 0 {
            title.set(ticket.shown.with_untracked(|shown| shown.row.title.clone()));
            later.set(false);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && of.get_untracked() != 0 {
            of.set(0);
        }
    });
    let navigate = use_navigate();
    let split = move |_| {
        let order = NewSplit {
            item: ticket.number,
            message: MessageId(of.get_untracked()),
            title: title.get_untracked(),
            later: later.get_untracked(),
            idempotency_key: api::new_key(),
        };
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = api::actions::split(order).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(made) => {
                    let _ = open.try_set(false);
                    list.count_views();
                    let href = list.address.with_untracked(|address| address.ticket(made.row.number));
                    navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
                }
                Err(error) => acts.toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    };
    let split = StoredValue::new(split);
    view! {
        <Dialog open title=t!(i18n, tickets_split)>
            <TextField id="split-title" name="title" label=t!(i18n, tickets_column_title) value=title maxlength=limits::TITLE />
            <Checkbox id="split-later" name="later" label=t!(i18n, tickets_split_later) checked=later />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button
                    look=Look::Primary
                    busy
                    disabled=Signal::derive(move || title.with(|title| title.trim().is_empty()))
                    on_click=Callback::new(move |event| split.with_value(|split| split(event)))
                >
                    {t!(i18n, tickets_split_do)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
