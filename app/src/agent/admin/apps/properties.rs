//! The properties of a ticket in a portal: their order, who sees and changes them, what the create form asks; for all types, and where
//! one of them is different.

use super::property_name;
use crate::{
    i18n::use_i18n,
    t,
    ui::{Field, IconButton},
};
use domain::{
    id::TypeId,
    portal::rules::{Access, OnForm, Property, PropertyRule, TypeRule},
    types::TicketType,
};
use leptos::prelude::*;

/// Properties that a portal does not name are at the end, hidden: so that they can be chosen.
pub(super) fn complete(mut rules: Vec<PropertyRule>) -> Vec<PropertyRule> {
    for property in Property::ALL {
        if !rules.iter().any(|rule| rule.property == property) {
            rules.push(PropertyRule { property, access: Access::Hidden, form: OnForm::Absent, of_types: Vec::new() });
        }
    }
    rules
}

/// The rule of a property for a type: its own, or that for all.
fn rule_of(rule: &PropertyRule, type_id: Option<TypeId>) -> (Access, OnForm, bool) {
    let own = type_id.and_then(|id| rule.of_types.iter().find(|of| of.type_id == id));
    own.map_or((rule.access, rule.form, false), |own| (own.access, own.form, true))
}

/// Sets it; for a type that it is then different of, or no longer.
fn set_rule(rule: &mut PropertyRule, type_id: Option<TypeId>, access: Access, form: OnForm) {
    let Some(type_id) = type_id else {
        (rule.access, rule.form) = (access, form);
        return;
    };
    rule.of_types.retain(|of| of.type_id != type_id);
    if (access, form) != (rule.access, rule.form) {
        rule.of_types.push(TypeRule { type_id, access, form });
    }
}

/// The table of properties.
#[component]
pub(super) fn Properties(
    /// The rules that are being edited, complete.
    rules: RwSignal<Vec<PropertyRule>>,
    /// The types that can be different.
    types: Vec<TicketType>,
) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(None::<TypeId>);
    let order = Memo::new(move |_| rules.with(|rules| rules.iter().map(|rule| rule.property).collect::<Vec<_>>()));
    view! {
        <Field id="app-for" label=t!(i18n, apps_for_type) help=t!(i18n, apps_for_type_help)>
            <select
                id="app-for"
                class="input select"
                aria-describedby="app-for-note"
                on:change=move |event| chosen.set(event_target_value(&event).parse().ok())
            >
                <option value="">{t!(i18n, apps_for_all_types)}</option>
                {types.into_iter().map(|kind| view! { <option value=kind.id.to_string()>{i18n.ticket_type(&kind)}</option> }).collect_view()}
            </select>
        </Field>
        <div class="table-scroll">
            <table class="table app-properties">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, apps_property)}</th>
                        <th scope="col">{t!(i18n, apps_on_ticket)}</th>
                        <th scope="col">{t!(i18n, apps_on_form)}</th>
                        <th scope="col"><span class="sr-only">{t!(i18n, apps_order)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || order.get() key=|property| *property let(property)>
                        <Row property rules chosen />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(property: Property, rules: RwSignal<Vec<PropertyRule>>, chosen: RwSignal<Option<TypeId>>) -> impl IntoView {
    let i18n = use_i18n();
    let name = property_name(i18n, property);
    let now = Memo::new(move |_| {
        rules.with(|rules| {
            let rule = rules.iter().find(|rule| rule.property == property);
            rule.map(|rule| rule_of(rule, chosen.get())).unwrap_or_default()
        })
    });
    let set = move |access, form| {
        rules.update(|rules| {
            if let Some(rule) = rules.iter_mut().find(|rule| rule.property == property) {
                set_rule(rule, chosen.get_untracked(), access, form);
            }
        });
    };
    let place = move || rules.with(|rules| rules.iter().position(|rule| rule.property == property).unwrap_or_default());
    let last = move || rules.with(Vec::len).saturating_sub(1);
    let step = move |by: isize| {
        let (from, last) = untrack(|| (place(), last()));
        let to = from.saturating_add_signed(by).min(last);
        rules.update(|rules| rules.swap(from, to));
    };
    let accesses = [(Access::Hidden, "hidden"), (Access::View, "view"), (Access::Edit, "edit")];
    let access_name = move |access| match access {
        Access::Hidden => t!(i18n, apps_access_hidden),
        Access::View => t!(i18n, apps_access_view),
        Access::Edit => t!(i18n, apps_access_edit),
    };
    let forms = [(OnForm::Absent, "absent"), (OnForm::Optional, "optional"), (OnForm::Required, "required")];
    let form_name = move |form| match form {
        OnForm::Absent => t!(i18n, apps_form_absent),
        OnForm::Optional => t!(i18n, apps_form_optional),
        OnForm::Required => t!(i18n, apps_form_required),
    };
    let can = move |access: Access| {
        (property.changeable() || access < Access::Edit) && (property != Property::Title || access > Access::Hidden)
    };
    let asked = property.fillable();
    let fixed = property == Property::Title;
    view! {
        <tr class:app-different=move || now.get().2>
            <th scope="row">
                {name}
                <Show when=move || now.get().2><small class="muted">{t!(i18n, apps_different)}</small></Show>
            </th>
            <td>
                <select
                    class="input select"
                    aria-label=t!(i18n, apps_on_ticket_of, name = name)
                    on:change=move |event| {
                        let key = event_target_value(&event);
                        if let Some((access, _)) = accesses.into_iter().find(|(_, known)| *known == key) {
                            set(access, now.get_untracked().1);
                        }
                    }
                >
                    {accesses
                        .into_iter()
                        .filter(|(access, _)| can(*access))
                        .map(|(access, key)| view! {
                            <option value=key prop:selected=move || now.get().0 == access selected=now.get_untracked().0 == access>{access_name(access)}</option>
                        })
                        .collect_view()}
                </select>
            </td>
            <td>
                {if asked && !fixed {
                    view! {
                        <select
                            class="input select"
                            aria-label=t!(i18n, apps_on_form_of, name = name)
                            on:change=move |event| {
                                let key = event_target_value(&event);
                                if let Some((form, _)) = forms.into_iter().find(|(_, known)| *known == key) {
                                    set(now.get_untracked().0, form);
                                }
                            }
                        >
                            {forms
                                .into_iter()
                                .map(|(form, key)| view! {
                                    <option value=key prop:selected=move || now.get().1 == form selected=now.get_untracked().1 == form>{form_name(form)}</option>
                                })
                                .collect_view()}
                        </select>
                    }
                    .into_any()
                } else {
                    let said = if fixed { form_name(OnForm::Required) } else { "–" };
                    view! { <span class="muted">{said}</span> }.into_any()
                }}
            </td>
            <td class="app-order">
                <IconButton icon="arrow-up" label=t!(i18n, apps_up_of, name = name) disabled=Signal::derive(move || place() == 0) on_click=Callback::new(move |_| step(-1)) />
                <IconButton icon="arrow-down" label=t!(i18n, apps_down_of, name = name) disabled=Signal::derive(move || place() == last()) on_click=Callback::new(move |_| step(1)) />
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_different_only_where_it_says_something_else() {
        let mut rule =
            PropertyRule { property: Property::Impact, access: Access::View, form: OnForm::Absent, of_types: Vec::new() };
        let of = |rule: &PropertyRule, id| rule_of(rule, Some(TypeId(id)));
        set_rule(&mut rule, Some(TypeId(7)), Access::Edit, OnForm::Required);
        assert_eq!(of(&rule, 7), (Access::Edit, OnForm::Required, true));
        assert_eq!(of(&rule, 8), (Access::View, OnForm::Absent, false));
        set_rule(&mut rule, None, Access::Hidden, OnForm::Absent);
        assert_eq!(of(&rule, 8), (Access::Hidden, OnForm::Absent, false));
        assert_eq!(of(&rule, 7), (Access::Edit, OnForm::Required, true));
        set_rule(&mut rule, Some(TypeId(7)), Access::Hidden, OnForm::Absent);
        assert!(rule.of_types.is_empty());
    }

    #[test]
    fn what_is_not_named_can_be_chosen() {
        let some =
            vec![PropertyRule { property: Property::Status, access: Access::View, form: OnForm::Absent, of_types: Vec::new() }];
        let all = complete(some.clone());
        assert_eq!((all.len(), &all[0]), (Property::ALL.len(), &some[0]));
        assert!(all[1..].iter().all(|rule| rule.access == Access::Hidden));
    }
}
