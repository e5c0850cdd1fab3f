//! Agents who follow what is meant from now on, or no longer.

use super::bulk::Bulk;
use crate::{
    i18n::use_i18n,
    t,
    ui::{Button, ComboOption, Combobox, Dialog, Look},
};
use domain::agent::AgentState;
use leptos::prelude::*;

/// Chooses agents. Opens when [`Bulk`] says so. However much is meant, a run does it, which can be taken back.
#[component]
pub fn FollowersDialog(
    /// Makes the changes.
    bulk: Bulk,
) -> impl IntoView {
    let i18n = use_i18n();
    let (open, list) = (bulk.following, bulk.list());
    let chosen = RwSignal::new(Vec::<ComboOption>::new());
    Effect::new(move |_| {
        if open.get() {
            chosen.update(Vec::clear);
        }
    });
    // Who is gone may still follow something.
    let agents = Signal::derive(move || {
        let adding = bulk.follows.get();
        list.catalog.with(|catalog| {
            let can = catalog.agents.iter().filter(|agent| !adding || agent.state == AgentState::Active);
            can.map(|agent| ComboOption::person(agent.id.to_string(), &agent.name, &agent.email)).collect::<Vec<_>>()
        })
    });
    let title = Signal::derive(move || {
        let text = if bulk.follows.get() { t!(i18n, tickets_followers_adding) } else { t!(i18n, tickets_followers_removing) };
        text.to_owned()
    });
    let nobody = Signal::derive(move || chosen.with(Vec::is_empty));
    let save = move |_| {
        let agents = chosen.get_untracked().into_iter().map(|option| option.value).collect();
        open.set(false);
        let (add, remove) = if bulk.follows.get_untracked() { (agents, Vec::new()) } else { (Vec::new(), agents) };
        bulk.runs.put("following_agents", add, remove);
    };
    view! {
        <Dialog open title>
            <div class="form">
                <Combobox
                    id="bulk-followers"
                    label=t!(i18n, tickets_agents)
                    selected=chosen
                    options=agents
                    multiple=true
                    on_change=Callback::new(move |agents| chosen.set(agents))
                />
            </div>
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button look=Look::Primary disabled=nobody on_click=Callback::new(save)>{t!(i18n, save)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}
