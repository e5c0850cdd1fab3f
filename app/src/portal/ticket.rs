//! A ticket as its customer sees it: the conversation first, the answer below it, the details beside or above.

use super::{
    files::FileInput,
    frame::use_portal,
    parts::{Entry, ErrorPage, FormError, MessageEntry, PortalField, StatusName},
};
use crate::{
    api::{self, ApiError, form_error, form_key, portal as forms, typed},
    i18n::{Moment, MomentStyle, use_i18n},
    state::{Asked, Fresh, load, on_news},
    t,
    ui::{PageTitle, local_storage, textarea_html},
};
use domain::{Error, id::ItemNumber, portal::PortalTicket};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use wasm_bindgen::JsCast;

/// The page of a ticket.
#[component]
pub fn Ticket() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").and_then(|number| number.parse::<ItemNumber>().ok()));
    let ticket = load(
        move || number.get(),
        |number| async move {
            match number {
                Some(number) => forms::ticket(number).await,
                None => Err(ApiError::from(Error::not_found())),
            }
        },
    );
    // Somebody has written or changed it: what is shown follows. What is being typed is not touched.
    let happened = RwSignal::new(0_u32);
    on_news(move |notice, _| {
        let about_it = notice.number.is_some() && notice.number == number.get_untracked();
        if about_it && notice.kind == "gone" {
            // It is no longer theirs to see: the page says so.
            ticket.refetch();
        } else if about_it || notice.kind == "reset" {
            happened.update(|happened| *happened += 1);
        }
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match ticket.await {
                    Ok(ticket) => view! { <Loaded ticket happened/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The ticket, which is asked for anew whenever something has `happened` to it: also while it was loading.
#[component]
fn Loaded(ticket: PortalTicket, happened: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let number = ticket.number;
    let about = RwSignal::new(without_messages(&ticket));
    let ticket = RwSignal::new(ticket);
    let said = RwSignal::new("");
    let fresh = Fresh::begin();
    Effect::new(move || {
        let now = ticket.with(without_messages);
        if about.with_untracked(|about| *about != now) {
            about.set(now);
        }
    });
    Effect::new(move || {
        if happened.get() > 0 {
            fresh.ask(move || async move {
                Asked::of(forms::ticket(number).await, move |now| {
                    let _ = ticket.try_set(now);
                })
            });
        }
    });
    // One that was merged goes on elsewhere.
    let onward = Memo::new(move |_| about.with(|ticket| ticket.merged_into));
    let title = move || about.with(|ticket| ticket.title.clone());
    let error = form_error::<forms::SetClosed>().or_else(form_error::<forms::Follow>);
    view! {
        <PageTitle text=move || format!("#{number} {}", title())/>
        <p class="portal-crumbs"><a href=portal.href("")>{t!(i18n, portal_my_requests)}</a></p>
        <h1 class="portal-title"><span class="portal-number">{format!("#{number}")}</span>" "{title}</h1>
        <FormError error/>
        <div class="portal-columns">
            <Details about/>
            <section class="portal-thread" aria-label=t!(i18n, portal_conversation)>
                <ol>
                    {move || {
                        let first = about.get();
                        view! { <Entry name=first.requester team=false at=first.created_at html=first.description files=first.files/> }
                    }}
                    <For each=move || ticket.with(|ticket| ticket.messages.clone()) key=|message| message.id let(message)>
                        <MessageEntry message/>
                    </For>
                </ol>
                <div id="latest" tabindex="-1"></div>
                <p class="sr-only" role="status">{said}</p>
                {move || match onward.get() {
                    None => view! { <Answer ticket fresh said/> }.into_any(),
                    Some(into) => {
                        let href = portal.href(&format!("/tickets/{into}"));
                        view! { <p>{t!(i18n, portal_goes_on)}" "<a href=href>{format!("#{into}")}</a></p> }.into_any()
                    }
                }}
            </section>
        </div>
    }
    .into_any()
}

/// What does not change with every message: it is not drawn anew under somebody's finger.
fn without_messages(ticket: &PortalTicket) -> PortalTicket {
    PortalTicket { messages: Vec::new(), last_at: ticket.created_at, ..ticket.clone() }
}

#[component]
fn Details(about: RwSignal<PortalTicket>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <aside class="portal-details">
            {move || {
                let ticket = about.get();
                let assignees = ticket.assignees.join(", ");
                let stars = usize::from(ticket.priority.min(5));
                view! {
                    <details open>
                        <summary>
                            <StatusName status=ticket.status.clone()/>
                            <span class="portal-details-word">{t!(i18n, portal_details)}</span>
                        </summary>
                        <dl>
                            <dt>{t!(i18n, portal_type)}</dt>
                            <dd>{i18n.ticket_type(&ticket.ticket_type)}</dd>
                            {(stars > 0).then(|| view! {
                                <dt>{t!(i18n, priority)}</dt>
                                <dd>
                                    <span role="img" aria-label=crate::plural!(i18n, stars, i64::from(ticket.priority))>
                                        {"★".repeat(stars)}
                                    </span>
                                </dd>
                            })}
                            <dt>{t!(i18n, portal_requester)}</dt>
                            <dd>{ticket.requester.clone()}</dd>
                            {(!assignees.is_empty()).then(|| view! {
                                <dt>{t!(i18n, portal_assignee)}</dt>
                                <dd>{assignees}</dd>
                            })}
                            <dt>{t!(i18n, portal_created)}</dt>
                            <dd><Moment at=ticket.created_at style=MomentStyle::Full/></dd>
                        </dl>
                    </details>
                    <Actions ticket/>
                }
            }}
        </aside>
    }
    .into_any()
}

#[component]
fn Actions(ticket: PortalTicket) -> impl IntoView {
    let i18n = use_i18n();
    let number = ticket.number.to_string();
    let close = (ticket.may_close || ticket.may_reopen).then(|| {
        let (value, label) =
            if ticket.may_close { ("true", t!(i18n, portal_mark_solved)) } else { ("false", t!(i18n, portal_reopen)) };
        view! {
            <form method="post" action=forms::SetClosed::PATH>
                <PortalField/>
                <input type="hidden" name="form[number]" value=number.clone()/>
                <button type="submit" class="portal-button portal-button-quiet" name="form[closed]" value=value>{label}</button>
            </form>
        }
    });
    let follow = (!ticket.own).then(|| {
        let (value, label) =
            if ticket.following { ("false", t!(i18n, portal_unfollow)) } else { ("true", t!(i18n, portal_follow)) };
        view! {
            <form method="post" action=forms::Follow::PATH>
                <PortalField/>
                <input type="hidden" name="form[number]" value=number.clone()/>
                <button type="submit" class="portal-button portal-button-quiet" name="form[follow]" value=value>{label}</button>
            </form>
        }
    });
    view! { <div class="portal-actions">{close}{follow}</div> }.into_any()
}

/// Where the browser keeps what was typed and not sent.
fn draft_key(slug: &str, number: ItemNumber) -> String {
    format!("taquilla-draft-{slug}-{number}")
}

/// The answer: a plain form that is sent without leaving the page where that is possible.
#[component]
fn Answer(ticket: RwSignal<PortalTicket>, fresh: Fresh, said: RwSignal<&'static str>) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let number = ticket.with_untracked(|ticket| ticket.number);
    let key = RwSignal::new(form_key());
    let error = RwSignal::new(form_error::<forms::ReplyForm>());
    let typed = typed::<forms::ReplyForm>();
    let sending = RwSignal::new(false);
    let files = RwSignal::new(Vec::new());
    let form = NodeRef::<html::Form>::new();
    let text = NodeRef::<html::Textarea>::new();
    let draft = draft_key(&portal.slug.get_untracked(), number);

    Effect::new({
        let draft = draft.clone();
        move || {
            let kept = local_storage().and_then(|storage| storage.get_item(&draft).ok().flatten());
            if let (Some(area), Some(kept)) = (text.get(), kept)
                && area.value().is_empty()
            {
                area.set_value(&kept);
            }
        }
    });
    let keep = {
        let draft = draft.clone();
        move |_| {
            if let (Some(area), Some(storage)) = (text.get(), local_storage()) {
                // A browser that keeps nothing (private mode, full) only means that there is no draft.
                let _ = storage.set_item(&draft, &area.value());
            }
        }
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        let Some(element) = form.get_untracked() else { return };
        let Ok(data) = web_sys::FormData::new_with_form(element.unchecked_ref()) else { return };
        sending.set(true);
        error.set(None);
        let draft = draft.clone();
        spawn_local(async move {
            match forms::reply_form(data.into()).await {
                Ok(answered) => {
                    ticket.set(answered);
                    fresh.overtaken();
                    element.unchecked_ref::<web_sys::HtmlFormElement>().reset();
                    if let Some(storage) = local_storage() {
                        let _ = storage.remove_item(&draft);
                    }
                    key.set(api::new_key());
                    said.set(t!(i18n, portal_reply_sent));
                    if let Some(latest) = document().get_element_by_id("latest") {
                        latest.scroll_into_view();
                    }
                }
                Err(failed) => error.set(Some(failed)),
            }
            sending.set(false);
        });
    };
    view! {
        <form
            node_ref=form
            method="post"
            action=forms::ReplyForm::PATH
            enctype="multipart/form-data"
            class="portal-answer"
            on:submit=send
            on:reset=move |_| files.set(Vec::new())
        >
            <FormError error alone=true/>
            <input type="hidden" name="portal" value=portal.slug.get_untracked()/>
            <input type="hidden" name="number" value=number.to_string()/>
            <input type="hidden" name="idempotency_key" prop:value=key value=key.get_untracked()/>
            <label for="answer">{t!(i18n, portal_your_answer)}</label>
            <textarea
                node_ref=text
                id="answer"
                name="body"
                rows="4"
                on:input=keep
                inner_html=textarea_html(&typed.text("body"))
            ></textarea>
            <div class="portal-answer-foot">
                <FileInput chosen=files again=typed.files/>
                <button type="submit" class="portal-button" aria-disabled=move || sending.get().then_some("true")>
                    {move || if sending.get() { t!(i18n, portal_sending) } else { t!(i18n, portal_send) }}
                </button>
            </div>
        </form>
    }
    .into_any()
}
