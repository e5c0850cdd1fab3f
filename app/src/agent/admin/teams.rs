//! The teams: making, renaming, members, deleting.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{
        Banner, Button, ComboOption, Combobox, ConfirmDialog, Dialog, EmptyState, IconButton, Look, PageTitle, Person, TextField,
        Tone, field_error, use_toasts,
    },
};
use domain::{agent::AgentState, id::AgentId, limits, team::Team};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// The screen. Teams and agents come with the session.
#[component]
pub fn Teams() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let open = RwSignal::new(leptos_router::hooks::use_query_map().read_untracked().get("new").is_some());
    let edited = RwSignal::new(None::<Team>);
    let edit = Callback::new(move |team: Option<Team>| {
        edited.set(team);
        open.set(true);
    });
    let done = Callback::new(move |()| {
        open.set(false);
        session.refresh();
    });
    let title = Signal::derive(move || match edited.get() {
        Some(team) => team.name,
        None => t!(i18n, admin_new_team).to_owned(),
    });
    view! {
        <PageTitle text=t!(i18n, admin_teams) />
        <div class="page">
            <div class="page-head">
                <h1 class="page-title">{t!(i18n, admin_teams)}</h1>
                <Button look=Look::Primary icon="plus" on_click=Callback::new(move |_| edit.run(None))>{t!(i18n, admin_new_team)}</Button>
            </div>
            {move || {
                let teams = session.catalog.with(|catalog| catalog.teams.clone());
                if teams.is_empty() {
                    view! { <EmptyState icon="people" title=t!(i18n, admin_no_teams) text=t!(i18n, admin_no_teams_text) /> }.into_any()
                } else {
                    view! {
                        <ul class="admin-list">
                            {teams.into_iter().map(|team| view! { <Row team edit done /> }).collect_view()}
                        </ul>
                    }
                    .into_any()
                }
            }}
        </div>
        <Dialog open title>{move || view! { <TeamForm team=edited.get() done /> }}</Dialog>
    }
}

#[component]
fn Row(team: Team, edit: Callback<Option<Team>>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let asking = RwSignal::new(false);
    let id = team.id;
    let name = team.name.clone();
    let members: Vec<_> = team.members.iter().filter_map(|agent| session.agent(*agent)).collect();
    let delete = Callback::new(move |()| {
        spawn_local(async move {
            match api::admin::delete_team(id).await {
                Ok(()) => {
                    toasts.success(t!(i18n, admin_team_deleted));
                    done.run(());
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    });
    let shown = StoredValue::new(team);
    view! {
        <li>
            <div class="admin-list-head">
                <h2>{name.clone()}</h2>
                <IconButton icon="edit" label=t!(i18n, admin_edit_named, name = name) on_click=Callback::new(move |_| edit.run(Some(shown.get_value()))) />
                <IconButton icon="trash" label=t!(i18n, admin_delete_named, name = name) on_click=Callback::new(move |_| asking.set(true)) />
            </div>
            <div class="admin-people">
                {if members.is_empty() {
                    view! { <span class="muted">{t!(i18n, admin_no_members)}</span> }.into_any()
                } else {
                    members.into_iter().map(|agent| view! { <Person name=agent.name /> }).collect_view().into_any()
                }}
            </div>
            <ConfirmDialog
                open=asking
                title=t!(i18n, admin_delete_named, name = name)
                text=t!(i18n, admin_delete_team_text).to_owned()
                action=t!(i18n, delete)
                on_confirm=delete
            />
        </li>
    }
}

#[component]
fn TeamForm(team: Option<Team>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let id = team.as_ref().map(|team| team.id);
    let name = RwSignal::new(team.as_ref().map(|team| team.name.clone()).unwrap_or_default());
    let option = |id: AgentId, name: String, email: String| ComboOption::person(id.to_string(), name, email);
    let everybody = move || -> Vec<ComboOption> {
        session.catalog.with(|catalog| {
            let agents = catalog.agents.iter().filter(|agent| agent.state != AgentState::Disabled);
            agents.map(|agent| option(agent.id, agent.name.clone(), agent.email.clone())).collect()
        })
    };
    let mine: Vec<String> = team.iter().flat_map(|team| &team.members).map(ToString::to_string).collect();
    let members = RwSignal::new(untrack(everybody).into_iter().filter(|o| mine.contains(&o.value)).collect::<Vec<_>>());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let chosen: Vec<AgentId> = members.with_untracked(|list| list.iter().filter_map(|o| o.value.parse().ok()).collect());
        let name = name.get_untracked();
        spawn_local(async move {
            let result = match id {
                Some(id) => api::admin::change_team(id, name, chosen).await,
                None => api::admin::create_team(name, chosen).await,
            };
            busy.set(false);
            match result {
                Ok(_) => {
                    toasts.success(t!(i18n, saved));
                    done.run(());
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <TextField id="team-name" name="name" label=t!(i18n, people_name) value=name required=true maxlength=limits::NAME error=field_error(plain, "name") />
            <Combobox
                id="team-members"
                label=t!(i18n, people_members)
                selected=members
                on_change=Callback::new(move |chosen| members.set(chosen))
                options=Signal::derive(everybody)
                multiple=true
            />
            <div class="dialog-actions"><Button look=Look::Primary submit=true busy>{t!(i18n, save)}</Button></div>
        </form>
    }
}
