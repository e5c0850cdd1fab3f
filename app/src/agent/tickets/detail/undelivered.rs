//! What of a message did not arrive, under it: to whom, why, and a button that has it sent again.

use crate::{
    agent::tickets::open::OpenTicket,
    api,
    i18n::use_i18n,
    t,
    ui::{Banner, Button, Tone, use_toasts},
};
use domain::conversation::Undelivered;
use leptos::{prelude::*, task::spawn_local};

/// The mails of a message that were given up.
pub fn undelivered(ticket: OpenTicket, mails: &[Undelivered]) -> Option<AnyView> {
    let rows = mails.iter().map(|mail| row(ticket, mail)).collect_view();
    (!mails.is_empty()).then(|| view! { <div class="message-undelivered">{rows}</div> }.into_any())
}

fn row(ticket: OpenTicket, mail: &Undelivered) -> AnyView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let may = ticket.shown.with_untracked(|shown| shown.may.reply);
    let id = mail.mail;
    let again = move |_| {
        busy.set(true);
        spawn_local(async move {
            match api::items::deliver_again(ticket.number, id).await {
                Ok(detail) => {
                    toasts.success(t!(i18n, admin_mail_retried));
                    ticket.take(&detail);
                }
                Err(error) => {
                    toasts.error(i18n.error(&error.0));
                    // Somebody else may have had it sent again.
                    ticket.refresh();
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let text = t!(i18n, tickets_not_delivered, address = mail.to.join(", "), reason = mail.reason);
    view! {
        <Banner tone=Tone::Danger>
            <span>{text}</span>
            {may.then(|| view! { <Button busy icon="refresh" on_click=Callback::new(again)>{t!(i18n, retry)}</Button> })}
        </Banner>
    }
    .into_any()
}
