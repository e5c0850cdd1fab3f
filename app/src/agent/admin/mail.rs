//! Outgoing mail: what was sent, what is held because no mail server is configured, what failed and why.

use crate::{
    agent::shared::{MoreRows, Paged},
    api,
    i18n::{Moment, MomentStyle, use_i18n},
    state::{load, use_session},
    t,
    ui::{Banner, Button, Dialog, EmptyState, ErrorState, PageTitle, Skeleton, Tone, use_toasts},
};
use domain::{
    id::MailId,
    mail::{Mail, MailState},
    page::{Page, PageQuery},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

/// The screen.
#[component]
pub fn Outgoing() -> impl IntoView {
    let params = use_query_map();
    let state = Memo::new(move |_| params.read().get("state").and_then(|key| MailState::from_key(&key)));
    let first = load(move || state.get(), |state| api::admin::mails(state, PageQuery::default()));
    let i18n = use_i18n();
    let states = [None, Some(MailState::Pending), Some(MailState::Held), Some(MailState::Sent), Some(MailState::Failed)];
    view! {
        <PageTitle text=t!(i18n, admin_mail) />
        <div class="page">
            <div class="page-head"><h1 class="page-title">{t!(i18n, admin_mail)}</h1></div>
            <nav class="admin-tabs" aria-label=t!(i18n, admin_state)>
                {states
                    .into_iter()
                    .map(|one| {
                        let href = one.map_or_else(|| "/desk/admin/mail".to_owned(), |one| format!("/desk/admin/mail?state={}", one.key()));
                        let label = one.map_or_else(|| t!(i18n, all).to_owned(), |one| i18n.name("mail", one.key()));
                        view! { <a href=href aria-current=move || (state.get() == one).then_some("page")>{label}</a> }
                    })
                    .collect_view()}
            </nav>
            <Transition fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(page) => view! { <List page state=state.get_untracked() /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| first.refetch()) /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn List(page: Page<Mail>, state: Option<MailState>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let empty = page.rows.is_empty();
    let paged = Paged::new(page);
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None::<Mail>);
    let toasts = use_toasts();
    let read = Callback::new(move |id: MailId| {
        spawn_local(async move {
            match api::admin::mail(id).await {
                Ok(mail) => {
                    shown.set(Some(mail));
                    open.set(true);
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    });
    let changed = Callback::new(move |mail: Mail| {
        paged.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == mail.id) {
                row.clone_from(&mail);
            }
        });
        shown.set(Some(mail));
    });
    let load = move |after| api::admin::mails(state, PageQuery { after: Some(after), ..PageQuery::default() });
    let title = Signal::derive(move || shown.with(|mail| mail.as_ref().map(|mail| mail.subject.clone()).unwrap_or_default()));
    view! {
        {move || session.workspace.with(|workspace| workspace.outgoing_held).then(|| view! {
            <Banner tone=Tone::Warning><a class="link" href="/desk/admin/health">{t!(i18n, admin_health_held)}</a></Banner>
        })}
        {move || (!session.workspace.with(|workspace| workspace.sends_mail)).then(|| view! { <Banner tone=Tone::Info>{t!(i18n, admin_mail_held)}</Banner> })}
        {empty.then(|| view! { <EmptyState icon="mail" title=t!(i18n, admin_no_mail) text=t!(i18n, admin_no_mail_text) /> })}
        <Show when=move || !empty>
            <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, admin_mail)>
                <table class="table table-mail">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, admin_mail_subject)}</th>
                            <th scope="col">{t!(i18n, admin_mail_to)}</th>
                            <th scope="col">{t!(i18n, admin_state)}</th>
                            <th scope="col">{t!(i18n, admin_mail_at)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || paged.rows.get() key=|mail| (mail.id, mail.state, mail.attempts) let(mail)>
                            <tr>
                                <td><button type="button" class="link" on:click=move |_| read.run(mail.id)>{mail.subject.clone()}</button></td>
                                <td>{mail.to.join(", ")}</td>
                                <td>{i18n.name("mail", mail.state.key())}</td>
                                <td><Moment at=mail.created_at /></td>
                            </tr>
                        </For>
                    </tbody>
                </table>
            </div>
        </Show>
        <MoreRows paged load />
        <Dialog open title wide=true>{move || shown.get().map(|mail| view! { <Letter mail changed /> })}</Dialog>
    }
}

#[component]
fn Letter(mail: Mail, changed: Callback<Mail>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let id = mail.id;
    let retry = move |_| {
        busy.set(true);
        spawn_local(async move {
            match api::admin::retry_mail(id).await {
                Ok(mail) => {
                    toasts.success(t!(i18n, admin_mail_retried));
                    changed.run(mail);
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            busy.set(false);
        });
    };
    let may_retry = matches!(mail.state, MailState::Failed | MailState::Held);
    view! {
        <dl class="facts">
            <dt>{t!(i18n, admin_mail_to)}</dt>
            <dd>{mail.to.join(", ")}</dd>
            <dt>{t!(i18n, admin_state)}</dt>
            <dd>{i18n.name("mail", mail.state.key())}</dd>
            <dt>{t!(i18n, admin_mail_at)}</dt>
            <dd><Moment at=mail.created_at style=MomentStyle::Full /></dd>
            {mail.sent_at.map(|at| view! { <dt>{t!(i18n, admin_mail_sent_at)}</dt><dd><Moment at style=MomentStyle::Full /></dd> })}
            {(!mail.last_error.is_empty()).then(|| view! { <dt>{t!(i18n, admin_mail_error)}</dt><dd>{mail.last_error.clone()}</dd> })}
        </dl>
        <pre class="letter" tabindex="0">{mail.text.clone()}</pre>
        {may_retry.then(|| view! {
            <div class="dialog-actions"><Button busy icon="refresh" on_click=Callback::new(retry)>{t!(i18n, admin_mail_retry)}</Button></div>
        })}
    }
}
