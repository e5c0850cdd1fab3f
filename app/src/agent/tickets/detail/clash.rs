//! Two people changed the same field: both values side by side, and the choice.

use crate::{
    agent::tickets::{change, open::OpenTicket, store::ListStore},
    i18n::{I18n, use_i18n},
    plural, t,
    ui::{Button, Dialog, Look},
};
use domain::{
    id::AgentId,
    item::{Catalog, Change, ItemDetail},
};
use leptos::prelude::*;

/// Opens by itself when a change of the ticket meets somebody else's.
#[component]
pub fn ClashDialog(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(ticket.clash.with(Option::is_some)));
    // Closed without a choice: theirs stands, as it does already.
    Effect::watch(
        move || open.get(),
        move |open, before, _| {
            if !open && before == Some(&true) {
                ticket.keep_theirs();
            }
        },
        false,
    );
    let field = move || ticket.clash.with(|clash| clash.as_ref().map(|clash| i18n.name("field", clash.yours.key())));
    let text = move |change: Option<Change>| {
        let told =
            change.map(|change| ticket.shown.with(|shown| list.catalog.with(|catalog| tell(i18n, &change, catalog, shown))));
        told.filter(|text| !text.is_empty()).unwrap_or_else(|| t!(i18n, none).to_owned())
    };
    let yours = move || text(ticket.clash.get().map(|clash| clash.yours));
    let theirs = move || text(ticket.clash.get().and_then(|clash| clash.theirs));
    view! {
        <Dialog open title=Signal::derive(move || t!(i18n, tickets_clash_title, field = field().unwrap_or_default()))>
            <p>{t!(i18n, tickets_clash_text)}</p>
            <dl class="clash">
                <div><dt>{t!(i18n, tickets_clash_theirs)}</dt><dd>{theirs}</dd></div>
                <div><dt>{t!(i18n, tickets_clash_yours)}</dt><dd>{yours}</dd></div>
            </dl>
            <div class="dialog-actions">
                <Button on:click=move |_| ticket.keep_theirs()>{t!(i18n, tickets_clash_keep_theirs)}</Button>
                <Button look=Look::Primary on:click=move |_| ticket.keep_mine()>{t!(i18n, tickets_clash_keep_yours)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What a change sets a field to, in words.
fn tell(i18n: I18n, change: &Change, catalog: &Catalog, shown: &ItemDetail) -> String {
    let agent = |id: &AgentId| catalog.agents.iter().find(|agent| agent.id == *id).map(|agent| agent.name.clone());
    match change {
        Change::Title(text) | Change::Product(text) => text.clone(),
        Change::Description(_) => t!(i18n, tickets_another_text).to_owned(),
        Change::Type(id) => change::type_of(catalog, *id).map(|kind| i18n.ticket_type(kind)).unwrap_or_default(),
        Change::Status(id) => change::status_of(catalog, *id).map(|status| i18n.status(status)).unwrap_or_default(),
        Change::Priority(0) => t!(i18n, stars_none).to_owned(),
        Change::Priority(stars) => plural!(i18n, stars, i64::from(*stars)),
        Change::Requester(id) => {
            let known = shown.row.requester.iter().chain(&shown.following_customers).find(|customer| Some(customer.id) == *id);
            known
                .map(|customer| customer.name.clone())
                .or_else(|| id.map(|_| t!(i18n, tickets_another_customer).to_owned()))
                .unwrap_or_default()
        }
        Change::Organization(id) => {
            let known = shown.row.organization.as_ref().filter(|organization| Some(organization.id) == *id);
            let known = known.map(|organization| organization.name.clone());
            known.or_else(|| id.map(|_| t!(i18n, tickets_another_organization).to_owned())).unwrap_or_default()
        }
        Change::Agents(ids) => ids.iter().filter_map(agent).collect::<Vec<_>>().join(", "),
        Change::Teams(ids) => {
            let team = |id| catalog.teams.iter().find(|team| team.id == id).map(|team| team.name.clone());
            ids.iter().filter_map(|id| team(*id)).collect::<Vec<_>>().join(", ")
        }
        Change::Tags(tags) => tags.join(", "),
        Change::Impact(impact) => i18n.name("impact", impact.key()),
        Change::Published(yes) => if *yes { t!(i18n, yes) } else { t!(i18n, no) }.to_owned(),
    }
}
