//! Which types a rule names: all, also those that come later, or some.

use crate::{i18n::use_i18n, t, ui::Checkbox};
use domain::{id::TypeId, types::TicketType};
use leptos::prelude::*;

/// Which types are chosen, while they are being chosen.
#[derive(Clone)]
pub(super) struct Types {
    all: RwSignal<bool>,
    each: Vec<(TicketType, RwSignal<bool>)>,
}

impl Types {
    /// As a rule says it.
    pub(super) fn of(rule: Option<&Vec<TypeId>>, types: &[TicketType]) -> Self {
        let chosen = |kind: &TicketType| rule.is_none_or(|rule| rule.contains(&kind.id));
        let each = types.iter().map(|kind| (kind.clone(), RwSignal::new(chosen(kind)))).collect();
        Self { all: RwSignal::new(rule.is_none()), each }
    }

    /// As a rule says it.
    pub(super) fn rule(&self) -> Option<Vec<TypeId>> {
        let chosen = self.each.iter().filter(|(_, chosen)| chosen.get()).map(|(kind, _)| kind.id);
        (!self.all.get()).then(|| chosen.collect())
    }
}

/// The choice: all of them, or each.
#[component]
pub(super) fn TypesInput(
    /// Base of the ids.
    id: &'static str,
    /// What it is about.
    label: &'static str,
    /// What is chosen.
    types: Types,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = types.all;
    view! {
        <fieldset class="app-set">
            <legend>{label}</legend>
            <Checkbox id=format!("{id}-all") name=format!("{id}-all") label=t!(i18n, apps_all_types) checked=all help=t!(i18n, apps_all_types_help) />
            <Show when=move || !all.get()>
                <div class="app-types">
                    {types
                        .each
                        .iter()
                        .map(|(kind, chosen)| {
                            let name = format!("{id}-{}", kind.id);
                            view! { <Checkbox id=name.clone() name label=i18n.ticket_type(kind) checked=*chosen /> }
                        })
                        .collect_view()}
                </div>
            </Show>
        </fieldset>
    }
}
