//! `/desk/tickets/new`: a new ticket by an agent, beside the list.

use super::{
    compose::{RichEditor, UploadList, Uploads, html_of},
    customer::NewCustomerFields,
    detail::customer_loader,
    list::tag_loader,
    store::ListStore,
};
use crate::{
    api::{self, form_key},
    i18n::use_i18n,
    t,
    ui::{
        Banner, Button, ComboOption, Combobox, Field, Forbidden, Icon, Look, PageTitle, Select, StarsInput, TagInput, TextField,
        Tone, field_error, focus, use_toasts,
    },
};
use domain::{
    Error,
    agent::AgentState,
    id::{AgentId, CustomerId, TeamId},
    item::{Channel, NewItem},
    text::display_name,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use leptos_tiptap::TiptapEditorHandle;

/// `/desk/tickets/new`: the form of a new ticket.
#[component]
pub fn NewTicketScreen() -> impl IntoView {
    let i18n = use_i18n();
    let Some(list) = use_context::<ListStore>() else { return ().into_any() };
    let works = move || list.me.with(|me| me.role.works());
    let close = move || list.address.with(|address| address.list());
    view! {
        <PageTitle text=t!(i18n, tickets_new_ticket) />
        <section class="ticket-panel" aria-label=t!(i18n, tickets_new_ticket)>
            <div class="ticket-top">
                <h2 class="ticket-title">{t!(i18n, tickets_new_ticket)}</h2>
                <span class="ticket-top-space"></span>
                <a class="btn btn-ghost btn-icon" href=close aria-label=t!(i18n, close) title=t!(i18n, close)><Icon name="close" /></a>
            </div>
            <div class="ticket-body">
                <Show when=works fallback=|| view! { <Forbidden /> }>
                    <NewTicket list />
                </Show>
            </div>
        </section>
    }
    .into_any()
}

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    title: RwSignal<String>,
    kind: RwSignal<String>,
    priority: RwSignal<u8>,
    requester: RwSignal<Vec<ComboOption>>,
    people: RwSignal<Vec<ComboOption>>,
    tags: RwSignal<Vec<String>>,
    editor: TiptapEditorHandle,
    uploads: Uploads,
}

impl Form {
    fn item(self, key: String) -> NewItem {
        let people = self.people.get_untracked();
        let ids = |sign: char| people.iter().filter_map(move |option| option.value.strip_prefix(sign)?.parse::<i64>().ok());
        NewItem {
            title: self.title.get_untracked().trim().to_owned(),
            description: html_of(self.editor),
            type_id: self.kind.get_untracked().parse().ok(),
            status_id: None,
            priority: self.priority.get_untracked(),
            requester: self.requester.with_untracked(|chosen| chosen.first()?.value.parse::<CustomerId>().ok()),
            agents: ids('a').map(AgentId).collect(),
            teams: ids('t').map(TeamId).collect(),
            tags: self.tags.get_untracked(),
            channel: Channel::Agent,
            files: self.uploads.ids(),
            idempotency_key: key,
        }
    }
}

#[component]
fn NewTicket(list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let form = Form {
        title: RwSignal::new(String::new()),
        kind: RwSignal::new(String::new()),
        priority: RwSignal::new(0),
        requester: RwSignal::new(Vec::new()),
        people: RwSignal::new(Vec::new()),
        tags: RwSignal::new(Vec::new()),
        editor: TiptapEditorHandle::new(),
        uploads: Uploads::new(),
    };
    // Made once for this form: sent twice, it still makes one ticket.
    let key = StoredValue::new(None::<String>);
    let sending = RwSignal::new(false);
    let failed = RwSignal::new(None::<Error>);
    let send = move || {
        if sending.get_untracked() || form.uploads.is_busy() {
            return;
        }
        let known = key.get_value().unwrap_or_else(form_key);
        key.set_value(Some(known.clone()));
        let item = form.item(known);
        if let Err(error) = item.check() {
            let wrong_title = error.fields.iter().any(|wrong| wrong.field == "title");
            failed.set(Some(error));
            if wrong_title {
                focus("new-title");
            }
            return;
        }
        sending.set(true);
        failed.set(None);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = api::items::create(item).await;
            let _ = sending.try_set(false);
            match answer {
                Ok(detail) => {
                    let number = detail.row.number;
                    toasts.success(t!(i18n, ticket_created, number = number));
                    list.reload();
                    list.count_views();
                    let href = list.address.with_untracked(|address| address.ticket(number));
                    navigate(&href, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error.0));
                }
            }
        });
    };
    let submit = {
        let send = send.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            send();
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            send();
        }
    };
    let error = Signal::derive(move || failed.get());
    let other_error =
        move || failed.with(|error| error.as_ref().filter(|error| error.fields.is_empty()).map(|error| i18n.error(error)));
    view! {
        <form class="new-ticket" on:submit=submit on:keydown:capture=on_keydown>
            {move || other_error().map(|text| view! { <Banner tone=Tone::Danger>{text}</Banner> })}
            <TextField
                id="new-title"
                name="title"
                label=i18n.name("field", "title")
                value=form.title
                required=true
                error=field_error(error, "title")
                autofocus=true
            />
            <Requester form error />
            <Assignment form list />
            <Field id="new-text" label=i18n.name("field", "description") error=field_error(error, "description")>
                <RichEditor
                    id="new-text"
                    label=i18n.name("field", "description")
                    handle=form.editor
                    uploads=form.uploads
                    on_change=Callback::new(|()| ())
                    disabled=Signal::derive(move || sending.get())
                />
            </Field>
            <UploadList uploads=form.uploads />
            <div class="form-actions">
                <Button
                    look=Look::Primary
                    submit=true
                    busy=Signal::derive(move || sending.get())
                    disabled=Signal::derive(move || form.uploads.is_busy())
                >
                    {t!(i18n, tickets_create_ticket)}
                </Button>
                <a class="btn" href=move || list.address.with(|address| address.list())>{t!(i18n, cancel)}</a>
            </div>
        </form>
    }
    .into_any()
}

/// Who asks: somebody known, or somebody new.
#[component]
fn Requester(form: Form, error: Signal<Option<Error>>) -> impl IntoView {
    let i18n = use_i18n();
    let new = RwSignal::new(None::<String>);
    // The page of a customer leads here for that customer.
    let query = use_query_map();
    Effect::new(move |_| {
        let asked = query.with_untracked(|query| query.get_str("requester")?.parse::<CustomerId>().ok());
        let Some(id) = asked else { return };
        spawn_local(async move {
            if let Ok(known) = api::customers::get(id).await {
                let address = known.emails.first().cloned();
                let name = display_name(&known.first_name, &known.last_name, address.as_deref());
                let option = ComboOption::person(id.to_string(), name, address.unwrap_or_default());
                let _ = form.requester.try_set(vec![option]);
            }
        });
    });
    let chosen = move |options: Vec<ComboOption>| match options.first() {
        // What was typed and is nobody's name begins a new customer.
        Some(option) if !option.person => new.set(Some(option.label.clone())),
        _ => form.requester.set(options),
    };
    let made = move |option: Option<ComboOption>| {
        new.set(None);
        if let Some(option) = option {
            form.requester.set(vec![option]);
        }
    };
    view! {
        <Combobox
            id="new-requester"
            label=i18n.name("field", "requester")
            selected=form.requester
            load=customer_loader()
            create=true
            clearable=true
            placeholder=t!(i18n, tickets_requester_placeholder)
            error=field_error(error, "requester")
            on_change=Callback::new(chosen)
        />
        {move || new.get().map(|typed| view! { <NewCustomerFields typed on_done=Callback::new(made) /> })}
    }
    .into_any()
}

/// Type, priority, assignees and tags.
#[component]
fn Assignment(form: Form, list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let kinds = Signal::derive(move || {
        list.catalog.with(|catalog| {
            let can = catalog.types.iter().filter(|kind| kind.enabled);
            can.map(|kind| (kind.id.to_string(), i18n.ticket_type(kind))).collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        if form.kind.with_untracked(String::is_empty)
            && let Some((id, _)) = kinds.get().first()
        {
            form.kind.set(id.clone());
        }
    });
    let people = Signal::derive(move || {
        list.catalog.with(|catalog| {
            let can = catalog.agents.iter().filter(|agent| agent.state == AgentState::Active && agent.role.works());
            let agents = can.map(|agent| ComboOption::person(format!("a{}", agent.id), &agent.name, &agent.email));
            let teams = catalog.teams.iter().map(|team| ComboOption {
                hint: t!(i18n, tickets_team).to_owned(),
                ..ComboOption::new(format!("t{}", team.id), &team.name)
            });
            agents.chain(teams).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="form-row">
            <Select id="new-type" name="type" label=i18n.name("field", "type") value=form.kind options=kinds />
            <div class="field">
                <span class="field-label" aria-hidden="true">{t!(i18n, priority)}</span>
                <StarsInput
                    id="new-priority"
                    label=t!(i18n, priority)
                    value=form.priority
                    on_change=Callback::new(move |stars| form.priority.set(stars))
                />
            </div>
        </div>
        <Combobox
            id="new-people"
            label=t!(i18n, tickets_column_assigned)
            selected=form.people
            options=people
            multiple=true
            placeholder=t!(i18n, tickets_assign_placeholder)
            on_change=Callback::new(move |chosen| form.people.set(chosen))
        />
        <TagInput
            id="new-tags"
            label=i18n.name("field", "tags")
            tags=form.tags
            load=tag_loader()
            on_change=Callback::new(move |tags| form.tags.set(tags))
        />
    }
    .into_any()
}
