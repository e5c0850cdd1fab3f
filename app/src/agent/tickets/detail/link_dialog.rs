//! Links the ticket to another.

use super::{
    more::Acts,
    pick::{PickTicket, picked},
};
use crate::{
    api, t,
    ui::{Button, ComboOption, Dialog, Look, Select},
};
use domain::action::LinkKind;
use leptos::{prelude::*, task::spawn_local};

/// The dialog.
#[component]
pub fn LinkDialog(
    /// The ticket.
    acts: Acts,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = acts.i18n;
    let kind = RwSignal::new(LinkKind::Relates.key().to_owned());
    let chosen = RwSignal::new(Vec::<ComboOption>::new());
    let busy = RwSignal::new(false);
    let kinds = Signal::derive(move || {
        let all = LinkKind::ALL.into_iter().filter(|kind| kind.is_chosen());
        all.map(|kind| (kind.key().to_owned(), i18n.name("link", kind.key()))).collect::<Vec<_>>()
    });
    let link = move |_| {
        let (Some(kind), Some(other)) = (kind.with_untracked(|key| LinkKind::from_key(key)), untrack(|| picked(chosen))) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::actions::link(acts.ticket.number, other, kind).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(detail) => {
                    acts.list.take(&detail);
                    let _ = open.try_set(false);
                    let _ = chosen.try_set(Vec::new());
                }
                Err(error) => acts.toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    };
    view! {
        <Dialog open title=t!(i18n, tickets_link_title)>
            <Select id="link-kind" name="kind" label=t!(i18n, tickets_link_kind) value=kind options=kinds />
            <PickTicket id="link-other" but=acts.ticket.number chosen />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button look=Look::Primary busy disabled=Signal::derive(move || picked(chosen).is_none()) on_click=Callback::new(link)>
                    {t!(i18n, tickets_link_do)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
