//! The agents: who is in the team, what they may do; inviting, changing, disabling.

use super::agent_form::AgentForm;
use crate::{
    api,
    i18n::{Moment, use_i18n},
    state::{load, use_session},
    t,
    ui::{Button, ConfirmDialog, Dialog, ErrorState, Icon, Look, Menu, MenuItem, PageTitle, Person, Skeleton, use_toasts},
};
use domain::{
    agent::{Agent, AgentPatch, AgentState, Role, TicketAccess},
    patch::Patch,
};
use leptos::{prelude::*, task::spawn_local};

/// The screen.
#[component]
pub fn Agents() -> impl IntoView {
    let agents = load(|| (), |()| api::admin::agents());
    let i18n = use_i18n();
    let session = use_session();
    // The agent in the form: none when it is closed, `Some(None)` for a new one.
    let edited = RwSignal::new(None::<Option<Agent>>);
    let open = RwSignal::new(leptos_router::hooks::use_query_map().read_untracked().get("new").is_some());
    if open.get_untracked() {
        edited.set(Some(None));
    }
    let done = Callback::new(move |()| {
        open.set(false);
        agents.refetch();
        session.refresh();
    });
    let edit = Callback::new(move |agent: Option<Agent>| {
        edited.set(Some(agent));
        open.set(true);
    });
    let title = Signal::derive(move || match edited.get() {
        Some(Some(agent)) => agent.name,
        _ => t!(i18n, admin_invite_agent).to_owned(),
    });
    view! {
        <PageTitle text=t!(i18n, admin_agents) />
        <div class="page">
            <div class="page-head">
                <h1 class="page-title">{t!(i18n, admin_agents)}</h1>
                <Button look=Look::Primary icon="plus" on_click=Callback::new(move |_| edit.run(None))>{t!(i18n, admin_invite_agent)}</Button>
            </div>
            <Transition fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match agents.await {
                        Ok(list) => view! { <Table list edit done /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| agents.refetch()) /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
        <Dialog open title>
            {move || edited.get().map(|agent| view! { <AgentForm agent done /> })}
        </Dialog>
    }
}

#[component]
fn Table(list: Vec<Agent>, edit: Callback<Option<Agent>>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let owners = list.iter().filter(|agent| agent.role == Role::Owner && agent.state == AgentState::Active).count();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, admin_agents)>
            <table class="table table-agents">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, people_name)}</th>
                        <th scope="col">{t!(i18n, people_email)}</th>
                        <th scope="col">{t!(i18n, admin_role)}</th>
                        <th scope="col">{t!(i18n, admin_access)}</th>
                        <th scope="col">{t!(i18n, admin_teams)}</th>
                        <th scope="col">{t!(i18n, admin_state)}</th>
                        <th scope="col">{t!(i18n, admin_last_seen)}</th>
                        <th scope="col"><span class="sr-only">{t!(i18n, more)}</span></th>
                    </tr>
                </thead>
                <tbody>{list.into_iter().map(|agent| view! { <Row agent owners edit done /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn state_text(state: AgentState) -> &'static str {
    let i18n = use_i18n();
    match state {
        AgentState::Invited => t!(i18n, admin_state_invited),
        AgentState::Active => t!(i18n, admin_state_active),
        AgentState::Disabled => t!(i18n, admin_state_disabled),
    }
}

#[component]
fn Row(agent: Agent, owners: usize, edit: Callback<Option<Agent>>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let access = match (agent.role.administers(), agent.access) {
        (true, _) | (false, TicketAccess::All) => t!(i18n, admin_access_all),
        (false, TicketAccess::Teams) => t!(i18n, admin_access_teams),
    };
    // Only an owner changes owners.
    let may = agent.role != Role::Owner || session.me.with_untracked(|me| me.role == Role::Owner);
    let is_last_owner = owners == 1 && agent.role == Role::Owner && agent.state == AgentState::Active;
    let teams: Vec<String> = agent.teams.iter().filter_map(|id| session.team(*id)).map(|team| team.name).collect();
    view! {
        <tr>
            <td>
                <Person name=agent.name.clone() />
                {(agent.state != AgentState::Active).then(|| view! { <span class="table-note">{state_text(agent.state)}</span> })}
            </td>
            <td>{agent.email.clone()}</td>
            <td>{i18n.name("role", agent.role.key())}</td>
            <td>{access}</td>
            <td>{teams.join(", ")}</td>
            <td>{state_text(agent.state)}</td>
            <td>{agent.last_seen_at.map(|at| view! { <Moment at /> })}</td>
            <td>{may.then(|| view! { <RowMenu agent is_last_owner edit done /> })}</td>
        </tr>
    }
}

#[component]
fn RowMenu(agent: Agent, is_last_owner: bool, edit: Callback<Option<Agent>>, done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let asking = RwSignal::new(false);
    let id = agent.id;
    let state = agent.state;
    let name = agent.name.clone();
    let again = Callback::new(move |()| {
        spawn_local(async move {
            match api::admin::invite_agent_again(id).await {
                Ok(()) => toasts.success(session.invited(i18n)),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    });
    let set_disabled = move |disabled: bool| {
        spawn_local(async move {
            let patch = AgentPatch { disabled: Patch::Set(disabled), ..AgentPatch::default() };
            match api::admin::change_agent(id, patch).await {
                Ok(_) => {
                    toasts.success(if disabled { t!(i18n, admin_disabled) } else { t!(i18n, admin_enabled) });
                    done.run(());
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    let shown = StoredValue::new(agent);
    view! {
        <Menu id=format!("agent-menu-{id}") label=t!(i18n, admin_actions_of, name = name) trigger=|| view! { <Icon name="more" /> } class="btn btn-ghost btn-icon" at_end=true>
            <MenuItem on_select=Callback::new(move |()| edit.run(Some(shown.get_value())))>{t!(i18n, edit)}</MenuItem>
            {(state == AgentState::Invited).then(|| view! { <MenuItem on_select=again>{t!(i18n, people_invite_again)}</MenuItem> })}
            {match state {
                AgentState::Disabled => view! {
                    <MenuItem on_select=Callback::new(move |()| set_disabled(false))>{t!(i18n, admin_enable)}</MenuItem>
                }
                .into_any(),
                // The server refuses it: a workspace needs an owner who can sign in.
                _ if is_last_owner => ().into_any(),
                _ => view! { <MenuItem on_select=Callback::new(move |()| asking.set(true))>{t!(i18n, admin_disable)}</MenuItem> }.into_any(),
            }}
        </Menu>
        <ConfirmDialog
            open=asking
            title=t!(i18n, admin_disable_title, name = name).to_owned()
            text=t!(i18n, admin_disable_text).to_owned()
            action=t!(i18n, admin_disable)
            on_confirm=Callback::new(move |()| set_disabled(true))
        />
    }
}
