//! The control in which another ticket is found: by its number, or by words.

use crate::{
    api::{self, items::ListQuery},
    t,
    ui::{ComboOption, Combobox, Loader},
};
use domain::{id::ItemNumber, view::SystemView};
use leptos::{prelude::*, task::spawn_local};

/// How many are suggested.
const SHOWN: u16 = 12;

/// Another ticket than this one.
#[component]
pub fn PickTicket(
    /// Id of the control.
    id: &'static str,
    /// The ticket that is no choice.
    but: ItemNumber,
    /// What is chosen.
    chosen: RwSignal<Vec<ComboOption>>,
) -> impl IntoView {
    let i18n = crate::i18n::use_i18n();
    let load: Loader = Callback::new(move |(text, answer): (String, Callback<Vec<ComboOption>>)| {
        let text = text.trim();
        // A number alone is one, with or without its sign.
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let text = if is_number { format!("#{text}") } else { text.to_owned() };
        let query = ListQuery { view: SystemView::All.into(), text, limit: SHOWN, ..ListQuery::default() };
        spawn_local(async move {
            // What cannot be read is not found yet: somebody is typing.
            let rows = api::items::list(query).await.map(|page| page.rows).unwrap_or_default();
            let others = rows.into_iter().filter(|row| row.number != but && row.away.merged_into.is_none());
            answer.run(
                others.map(|row| ComboOption::new(row.number.to_string(), format!("#{} {}", row.number, row.title))).collect(),
            );
        });
    });
    view! {
        <Combobox
            id
            label=t!(i18n, tickets_other)
            selected=chosen
            on_change=Callback::new(move |all| chosen.set(all))
            load
            help=t!(i18n, tickets_other_help).to_owned()
        />
    }
    .into_any()
}

/// The number that is chosen.
pub fn picked(chosen: RwSignal<Vec<ComboOption>>) -> Option<ItemNumber> {
    chosen.with(|all| all.first().and_then(|one| one.value.parse().ok()))
}
