//! The form of an agent: an invitation, or a change.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{Banner, Button, ComboOption, Combobox, Look, Select, TextField, Tone, field_error, use_toasts},
};
use domain::{
    agent::{Agent, AgentPatch, NewAgent, Role, TicketAccess},
    id::TeamId,
    limits,
    patch::Patch,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// The form; an agent without an id is invited.
#[component]
pub fn AgentForm(
    /// The agent to change; none to invite one.
    agent: Option<Agent>,
    /// Called when the server has kept it.
    done: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let id = agent.as_ref().map(|agent| agent.id);
    let name = RwSignal::new(agent.as_ref().map(|a| a.name.clone()).unwrap_or_default());
    let email = RwSignal::new(agent.as_ref().map(|a| a.email.clone()).unwrap_or_default());
    let role = RwSignal::new(agent.as_ref().map_or(Role::Agent, |a| a.role).key().to_owned());
    let access = RwSignal::new(agent.as_ref().map_or(TicketAccess::All, |a| a.access).key().to_owned());
    let all_teams = move || -> Vec<ComboOption> {
        session.catalog.with(|c| c.teams.iter().map(|team| ComboOption::new(team.id.to_string(), team.name.clone())).collect())
    };
    let mine: Vec<String> = agent.iter().flat_map(|a| &a.teams).map(ToString::to_string).collect();
    let teams = RwSignal::new(untrack(all_teams).into_iter().filter(|option| mine.contains(&option.value)).collect::<Vec<_>>());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let my_role = session.me.with_untracked(|me| me.role);
    // Only an owner makes owners.
    let can = Role::ALL.iter().filter(|role| **role != Role::Owner || my_role == Role::Owner);
    let roles: Vec<_> = can.map(|role| (role.key().to_owned(), i18n.name("role", role.key()))).collect();
    let accesses = vec![
        (TicketAccess::All.key().to_owned(), t!(i18n, admin_access_all).to_owned()),
        (TicketAccess::Teams.key().to_owned(), t!(i18n, admin_access_teams).to_owned()),
    ];
    let role_help = Signal::derive(move || {
        let text = match role.with(|key| Role::from_key(key)) {
            Some(Role::Owner) => t!(i18n, admin_role_owner_help),
            Some(Role::Administrator) => t!(i18n, admin_role_administrator_help),
            Some(Role::Light) => t!(i18n, admin_role_light_help),
            _ => t!(i18n, admin_role_agent_help),
        };
        Some(text.to_owned())
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let chosen: Vec<TeamId> = teams.with_untracked(|list| list.iter().filter_map(|o| o.value.parse().ok()).collect());
        let role = role.with_untracked(|key| Role::from_key(key)).unwrap_or(Role::Agent);
        let access = access.with_untracked(|key| TicketAccess::from_key(key)).unwrap_or_default();
        let (name, email) = (name.get_untracked(), email.get_untracked());
        spawn_local(async move {
            let result = match id {
                Some(id) => {
                    let patch = AgentPatch {
                        name: Patch::Set(name),
                        role: Patch::Set(role),
                        access: Patch::Set(access),
                        teams: Patch::Set(chosen),
                        disabled: Patch::Keep,
                    };
                    api::admin::change_agent(id, patch).await
                }
                None => api::admin::invite_agent(NewAgent { name, email, role, access, teams: chosen }).await,
            };
            busy.set(false);
            match result {
                Ok(_) => {
                    toasts.success(if id.is_some() { t!(i18n, saved) } else { session.invited(i18n) });
                    done.run(());
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <TextField id="agent-name" name="name" label=t!(i18n, people_name) value=name required=true maxlength=limits::NAME error=field_error(plain, "name") />
            <TextField
                id="agent-email"
                name="email"
                label=t!(i18n, people_email)
                kind="email"
                value=email
                required=true
                maxlength=limits::EMAIL
                disabled=id.is_some()
                error=field_error(plain, "email")
            />
            <Select id="agent-role" name="role" label=t!(i18n, admin_role) value=role options=roles help=role_help error=field_error(plain, "role") />
            <Show when=move || role.with(|key| !Role::from_key(key).is_some_and(Role::administers))>
                <Select id="agent-access" name="access" label=t!(i18n, admin_access) value=access options=accesses.clone() />
            </Show>
            <Combobox
                id="agent-teams"
                label=t!(i18n, admin_teams)
                selected=teams
                on_change=Callback::new(move |chosen| teams.set(chosen))
                options=Signal::derive(all_teams)
                multiple=true
            />
            <div class="dialog-actions">
                <Button look=Look::Primary submit=true busy>
                    {if id.is_some() { t!(i18n, save) } else { t!(i18n, admin_send_invitation) }}
                </Button>
            </div>
        </form>
    }
}
