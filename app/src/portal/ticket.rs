//! A ticket as its customer sees it: the conversation first, the answer below it, the details beside or above.

use super::{
    files::FileInput,
    frame::use_portal,
    parts::{Entry, ErrorPage, FormError, MessageEntry, PortalField, StatusName, impact_name, property_name, stars_name},
};
use crate::{
    api::{self, ApiError, form_error, form_key, portal as forms, typed},
    i18n::{Moment, MomentStyle, use_i18n},
    state::{Asked, Fresh, load, on_news},
    t,
    ui::{PageTitle, local_storage, textarea_html},
};
use domain::{
    Error,
    id::ItemNumber,
    item::{Impact, PRIORITY_MAX},
    limits,
    portal::{DetailValue, PortalDetail, PortalTicket, rules::Property},
};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;
use wasm_bindgen::JsCast;

/// The page of a ticket.
#[component]
pub fn Ticket() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.read().get("number").and_then(|number| number.parse::<ItemNumber>().ok()));
    let slug = use_portal().slug;
    let ticket = load(
        move || (slug.get(), number.get()),
        |(slug, number)| async move {
            match number {
                Some(number) => forms::ticket(slug, number).await,
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
                Asked::of(forms::ticket(portal.slug.get_untracked(), number).await, move |now| {
                    let _ = ticket.try_set(now);
                })
            });
        }
    });
    // One that was merged goes on elsewhere.
    let onward = Memo::new(move |_| about.with(|ticket| ticket.merged_into));
    let title = move || about.with(|ticket| ticket.title.clone());
    let error = form_error::<forms::SetClosed>().or_else(form_error::<forms::Follow>).or_else(form_error::<forms::Change>);
    view! {
        <PageTitle text=move || format!("#{number} {}", title())/>
        <p class="portal-crumbs"><a href=portal.href("")>{t!(i18n, portal_my_requests)}</a></p>
        <h1 class="portal-title"><span class="portal-number">{format!("#{number}")}</span>" "{title}</h1>
        <FormError error alone=true/>
        {move || {
            let ticket = about.get();
            ticket.may_rename.then(|| {
                view! { <Edit number property=Property::Title now=ticket.title.clone() label=t!(i18n, portal_change_title)/> }
            })
        }}
        <div class="portal-columns">
            <Details about/>
            <section class="portal-thread" aria-label=t!(i18n, portal_conversation)>
                <ol>
                    {move || {
                        let first = about.get();
                        first.description.map(|html| {
                            view! { <Entry name=first.requester team=false at=first.created_at html files=first.files/> }
                        })
                    }}
                    <For each=move || ticket.with(|ticket| ticket.messages.clone()) key=|message| message.id let(message)>
                        <MessageEntry message/>
                    </For>
                </ol>
                <div id="latest" tabindex="-1"></div>
                <p class="sr-only" role="status">{said}</p>
                {move || match onward.get() {
                    None if !about.with(|ticket| ticket.may_reply) => ().into_any(),
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
                let number = ticket.number;
                // The status stands over the others.
                let status = ticket.status().cloned();
                let others = ticket.details.iter().filter(|detail| detail.property != Property::Status && (detail.editable || !is_empty(&detail.value)));
                let others: Vec<PortalDetail> = others.cloned().collect();
                let list = (!others.is_empty()).then(|| view! {
                    <dl>{others.into_iter().map(|detail| view! { <Detail number detail/> }).collect_view()}</dl>
                });
                view! {
                    <details open>
                        <summary>
                            {status.map(|status| view! { <StatusName status/> })}
                            <span class="portal-details-word">{t!(i18n, portal_details)}</span>
                        </summary>
                        {list}
                    </details>
                    <Actions ticket/>
                }
            }}
        </aside>
    }
    .into_any()
}

/// Whether there is nothing to show.
fn is_empty(value: &DetailValue) -> bool {
    match value {
        DetailValue::Stars(stars) => *stars == 0,
        DetailValue::Impact(impact) => *impact == Impact::None,
        DetailValue::Text(text) => text.is_empty(),
        DetailValue::Status(_) | DetailValue::Type(_) | DetailValue::Moment(_) => false,
    }
}

/// A property: what it holds, and a form to change it.
#[component]
fn Detail(number: ItemNumber, detail: PortalDetail) -> impl IntoView {
    let i18n = use_i18n();
    let PortalDetail { property, value, editable } = detail;
    let name = property_name(i18n, property);
    let now = match &value {
        DetailValue::Type(kind) => kind.id.to_string(),
        DetailValue::Stars(stars) => stars.to_string(),
        DetailValue::Impact(impact) => impact.key().to_owned(),
        DetailValue::Text(text) => text.clone(),
        DetailValue::Status(_) | DetailValue::Moment(_) => String::new(),
    };
    let shown = match value {
        DetailValue::Status(status) => view! { <StatusName status/> }.into_any(),
        DetailValue::Type(kind) => i18n.ticket_type(&kind).into_any(),
        DetailValue::Stars(0) => t!(i18n, stars_none).into_any(),
        DetailValue::Stars(stars) => view! {
            <span role="img" aria-label=stars_name(i18n, stars)>{"★".repeat(usize::from(stars.min(5)))}</span>
        }
        .into_any(),
        DetailValue::Impact(impact) => impact_name(i18n, impact).into_any(),
        DetailValue::Text(text) if text.is_empty() => "–".into_any(),
        DetailValue::Text(text) => text.into_any(),
        DetailValue::Moment(at) => view! { <Moment at style=MomentStyle::Full/> }.into_any(),
    };
    view! {
        <dt>{name}</dt>
        <dd>
            {shown}
            {editable.then(|| view! { <Edit number property now label=t!(i18n, portal_change_of, name = name)/> })}
        </dd>
    }
    .into_any()
}

/// A form that changes one property, behind a button; it works as it is sent by the browser alone.
#[component]
fn Edit(number: ItemNumber, property: Property, now: String, #[prop(into)] label: String) -> impl IntoView {
    let i18n = use_i18n();
    let me = use_portal().me;
    let id = format!("edit-{}", property.key());
    let options = move |options: Vec<(String, String)>, now: String, id: String| {
        let option = move |(value, text): (String, String)| {
            let selected = value == now;
            view! { <option value=value selected=selected>{text}</option> }
        };
        view! { <select id=id name="form[value]">{options.into_iter().map(option).collect_view()}</select> }.into_any()
    };
    let field = match property {
        Property::Type => {
            let (now, id) = (now.clone(), id.clone());
            view! {
                <Suspense>
                    {move || {
                        let (now, id) = (now.clone(), id.clone());
                        Suspend::new(async move {
                            let types = me.await.map(|me| me.offers.types).unwrap_or_default();
                            options(types.iter().map(|kind| (kind.id.to_string(), i18n.ticket_type(kind))).collect(), now, id)
                        })
                    }}
                </Suspense>
            }
            .into_any()
        }
        Property::Priority => {
            let stars = (0..=PRIORITY_MAX).rev().map(|stars| (stars.to_string(), stars_name(i18n, stars)));
            options(stars.collect(), now, id.clone())
        }
        Property::Impact => {
            let impacts = Impact::ALL.into_iter().map(|impact| (impact.key().to_owned(), impact_name(i18n, impact).to_owned()));
            options(impacts.collect(), now, id.clone())
        }
        _ => {
            let most = if property == Property::Title { limits::TITLE } else { limits::NAME };
            view! { <input id=id.clone() name="form[value]" value=now maxlength=most.to_string() required=property == Property::Title/> }.into_any()
        }
    };
    view! {
        <details class="portal-edit">
            <summary aria-label=label.clone()>{t!(i18n, portal_change)}</summary>
            <form method="post" action=forms::Change::PATH>
                <PortalField/>
                <input type="hidden" name="form[number]" value=number.to_string()/>
                <input type="hidden" name="form[property]" value=property.key()/>
                <label class="sr-only" for=id>{property_name(i18n, property)}</label>
                {field}
                <button type="submit" class="portal-button">{t!(i18n, save)}</button>
            </form>
        </details>
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
                {ticket.with_untracked(|ticket| ticket.may_attach).then(|| view! { <FileInput chosen=files again=typed.files/> })}
                <button type="submit" class="portal-button" aria-disabled=move || sending.get().then_some("true")>
                    {move || if sending.get() { t!(i18n, portal_sending) } else { t!(i18n, portal_send) }}
                </button>
            </div>
        </form>
    }
    .into_any()
}
