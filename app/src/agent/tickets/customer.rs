//! A customer made on the way, while a ticket is written down for somebody who is not known yet.

use crate::{
    api,
    i18n::use_i18n,
    t,
    ui::{Button, ComboOption, Look, TextField, field_error, focus},
};
use domain::{Error, customer::NewCustomer, text::display_name};
use leptos::{prelude::*, task::spawn_local};

/// Name and address of a new customer.
#[component]
pub fn NewCustomerFields(
    /// What was typed in search of them: an address or a name.
    typed: String,
    /// Called with the new customer, or with nothing if it was given up.
    on_done: Callback<Option<ComboOption>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_address = typed.contains('@');
    let (first, last) = match typed.trim().split_once(' ') {
        _ if is_address => (String::new(), String::new()),
        Some((first, last)) => (first.to_owned(), last.trim().to_owned()),
        None => (typed.clone(), String::new()),
    };
    let first = RwSignal::new(first);
    let last = RwSignal::new(last);
    let email = RwSignal::new(if is_address { typed.trim().to_owned() } else { String::new() });
    let failed = RwSignal::new(None::<Error>);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        request_animation_frame(move || focus(if is_address { "new-customer-first" } else { "new-customer-email" }))
    });
    let create = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let emails = Some(email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty());
        let customer = NewCustomer {
            first_name: first.get_untracked().trim().to_owned(),
            last_name: last.get_untracked().trim().to_owned(),
            emails: emails.into_iter().collect(),
            language: i18n.language(),
            ..NewCustomer::default()
        };
        spawn_local(async move {
            let answer = api::customers::create(customer).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(made) => {
                    let address = made.emails.first().cloned();
                    let name = display_name(&made.first_name, &made.last_name, address.as_deref());
                    let _ = on_done.try_run(Some(ComboOption::person(made.id.to_string(), name, address.unwrap_or_default())));
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error.0));
                }
            }
        });
    };
    let error = Signal::derive(move || failed.get());
    let email_error = Signal::derive(move || {
        let of_field = failed.with(|error| error.as_ref().and_then(|error| i18n.field_error(error, "emails")));
        // What is not about a field of this small form stands at its last one.
        of_field.or_else(|| {
            failed.with(|error| error.as_ref().filter(|error| error.fields.is_empty()).map(|error| i18n.error(error)))
        })
    });
    view! {
        <fieldset class="new-customer">
            <legend class="section-part">{t!(i18n, tickets_new_customer)}</legend>
            <div class="form-row">
                <TextField id="new-customer-first" name="first_name" label=t!(i18n, tickets_first_name) value=first error=field_error(error, "first_name") />
                <TextField id="new-customer-last" name="last_name" label=t!(i18n, tickets_last_name) value=last error=field_error(error, "last_name") />
            </div>
            <TextField id="new-customer-email" name="email" label=t!(i18n, tickets_email) kind="email" value=email error=email_error />
            <div class="form-actions">
                <Button look=Look::Primary busy=Signal::derive(move || busy.get()) on_click=Callback::new(create)>{t!(i18n, tickets_create_customer)}</Button>
                <Button on_click=Callback::new(move |_| on_done.run(None))>{t!(i18n, cancel)}</Button>
            </div>
        </fieldset>
    }
    .into_any()
}
