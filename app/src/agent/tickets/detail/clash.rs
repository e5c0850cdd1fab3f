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
    limits, rich_text,
};
use leptos::prelude::*;

/// Most of a text to show, in characters.
const SHOWN: usize = 300;
/// How much to show of what two texts begin with in common, in characters.
const COMMON: usize = 40;

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
    // Closed without a choice: theirs stands, as it does already; a text that was written comes back into its editor.
    Effect::watch(
        move || open.get(),
        move |open, before, _| {
            if !open && before == Some(&true) {
                ticket.put_off();
            }
        },
        false,
    );
    let field = move || ticket.clash.with(|clash| clash.as_ref().map(|clash| i18n.name("field", clash.yours.key())));
    let text = move |change: Option<&Change>| {
        change.map(|change| ticket.shown.with(|shown| list.catalog.with(|catalog| tell(i18n, change, catalog, shown))))
    };
    // Theirs and yours.
    let texts = Memo::new(move |_| {
        ticket.clash.with(|clash| {
            let theirs = text(clash.as_ref().and_then(|clash| clash.theirs.as_ref())).unwrap_or_default();
            let yours = text(clash.as_ref().map(|clash| &clash.yours)).unwrap_or_default();
            parted(&theirs, &yours)
        })
    });
    let named = move |text: &str| if text.is_empty() { t!(i18n, none).to_owned() } else { text.to_owned() };
    view! {
        <Dialog open title=Signal::derive(move || t!(i18n, tickets_clash_title, field = field().unwrap_or_default()))>
            <p>{t!(i18n, tickets_clash_text)}</p>
            <dl class="clash">
                <div><dt>{t!(i18n, tickets_clash_theirs)}</dt><dd>{move || texts.with(|(theirs, _)| named(theirs))}</dd></div>
                <div><dt>{t!(i18n, tickets_clash_yours)}</dt><dd>{move || texts.with(|(_, yours)| named(yours))}</dd></div>
            </dl>
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| ticket.keep_theirs())>{t!(i18n, tickets_clash_keep_theirs)}</Button>
                <Button look=Look::Primary on_click=Callback::new(move |_| ticket.keep_mine())>{t!(i18n, tickets_clash_keep_yours)}</Button>
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
        Change::Description(html) => {
            let text = rich_text::preview(html, limits::RICH_TEXT);
            // Nothing to read, but something to see: a picture.
            if text.is_empty() && !html.is_empty() { t!(i18n, tickets_another_text).to_owned() } else { text }
        }
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

/// Two texts as far as there is room. Long ones begin a little before they part, so that what differs is seen at once.
fn parted(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let short = |text: &str| text.chars().count() <= SHOWN;
    let from = if one == other || short(one) && short(other) { 0 } else { same.saturating_sub(COMMON) };
    let excerpt = |text: &str| {
        let mut excerpt = String::from(if from > 0 { "…" } else { "" });
        let mut rest = text.chars().skip(from);
        excerpt.extend(rest.by_ref().take(SHOWN));
        if rest.next().is_some() {
            excerpt.push('…');
        }
        excerpt
    };
    (excerpt(one), excerpt(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_shown_from_where_they_part() {
        let same = "The printer on the second floor, beside the kitchen,";
        let (one, other) = (format!("{same} smokes"), format!("{same} burns"));
        assert_eq!(parted(&one, &other), (one.clone(), other.clone()));
        let (one, other) = parted(&format!("{}mine", "é".repeat(500)), &format!("{}yours", "é".repeat(500)));
        assert_eq!(one, format!("…{}mine", "é".repeat(COMMON)));
        assert_eq!(other, format!("…{}yours", "é".repeat(COMMON)));
        let long = "x".repeat(SHOWN + 1);
        let cut = format!("{}…", "x".repeat(SHOWN));
        assert_eq!(parted(&long, &long), (cut.clone(), cut));
    }
}
