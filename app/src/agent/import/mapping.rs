//! What each column of the file is, and what its values mean here.

use super::wizard::StepButtons;
use crate::{
    i18n::use_i18n,
    plural,
    state::use_session,
    t,
    ui::{Button, Look, TextField},
};
use domain::{
    import::{ImportColumn, ImportFile, ImportMap, Target},
    item::Channel,
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The step: one row a column, and for types, statuses, priorities and channels one row a value.
#[component]
pub fn Mapping(
    /// What is in the file.
    file: ImportFile,
    /// The map to start from.
    map: ImportMap,
    /// Something is under way.
    busy: RwSignal<bool>,
    /// On to the preview.
    look: Callback<(ImportFile, ImportMap)>,
    /// Another file.
    back: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let source = RwSignal::new(map.source.clone());
    let zone = RwSignal::new(map.time_zone.clone());
    let map = RwSignal::new(map);
    let columns = file.columns.clone();
    let rows = i64::try_from(file.rows).unwrap_or(i64::MAX);
    let about = t!(
        i18n,
        import_about,
        name = file.name,
        rows = i18n.number(rows),
        encoding = file.encoding,
        delimiter = shown(&file.delimiter)
    );
    let go = move |_| {
        let mut map = map.get_untracked();
        map.source = source.get_untracked().trim().to_owned();
        map.time_zone = zone.get_untracked().trim().to_owned();
        look.run((file.clone(), map));
    };
    let values_of = columns.clone();
    view! {
        <p class="muted">{about}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, import_columns)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, import_column)}</th>
                        <th scope="col">{t!(i18n, import_examples)}</th>
                        <th scope="col">{t!(i18n, import_becomes)}</th>
                    </tr>
                </thead>
                <tbody>{columns.into_iter().enumerate().map(|(at, column)| view! { <ColumnRow at column map /> }).collect_view()}</tbody>
            </table>
        </div>
        {move || {
            let mapped = map.with(|map| map.columns.clone());
            values_of
                .iter()
                .filter_map(|column| {
                    let target = mapped.get(&column.name).copied().filter(|target| target.takes_values())?;
                    Some(view! { <Values column=column.clone() target map /> })
                })
                .collect_view()
        }}
        <div class="form-row">
            <TextField id="import-source" name="source" label=t!(i18n, import_source) help=t!(i18n, import_source_help) value=source maxlength=60 />
            <TextField id="import-zone" name="time_zone" label=t!(i18n, import_zone) help=t!(i18n, import_zone_help) value=zone maxlength=60 />
        </div>
        <StepButtons back>
            <Button look=Look::Primary busy on_click=Callback::new(go)>{t!(i18n, import_to_preview)}</Button>
        </StepButtons>
    }
}

fn shown(delimiter: &str) -> String {
    if delimiter == "\t" { "Tab".to_owned() } else { delimiter.to_owned() }
}

#[component]
fn ColumnRow(at: usize, column: ImportColumn, map: RwSignal<ImportMap>) -> impl IntoView {
    let i18n = use_i18n();
    let id = format!("import-column-{at}");
    let name = column.name.clone();
    let now = map.with_untracked(|map| map.columns.get(&name).copied().unwrap_or(Target::Ignore));
    let examples = column.values.iter().take(3).map(|value| shorten(value)).collect::<Vec<_>>().join(" · ");
    let choose = move |event: web_sys::Event| {
        let key = event_target_value(&event);
        let Some(target) = Target::ALL.into_iter().find(|target| target.key() == key) else { return };
        map.update(|map| {
            map.columns.insert(name.clone(), target);
        });
    };
    view! {
        <tr>
            <th scope="row"><label for=id.clone()>{column.name}</label></th>
            <td class="muted import-examples">{examples}</td>
            <td>
                <select id=id class="input select" on:change=choose>
                    {Target::ALL
                        .into_iter()
                        .map(|target| view! {
                            <option value=target.key() selected=target == now>{i18n.name("import_target", target.key())}</option>
                        })
                        .collect_view()}
                </select>
            </td>
        </tr>
    }
}

fn shorten(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 40 { format!("{}…", line.chars().take(39).collect::<String>()) } else { line }
}

/// What can be chosen for a value: key in the map and label.
fn choices(target: Target) -> Vec<(String, String)> {
    let i18n = use_i18n();
    let catalog = use_session().catalog.get_untracked();
    match target {
        Target::Type => catalog
            .types
            .iter()
            .map(|kind| (if kind.key.is_empty() { kind.name.clone() } else { kind.key.clone() }, i18n.ticket_type(kind)))
            .collect(),
        Target::Status => {
            let mut seen = BTreeSet::new();
            catalog
                .types
                .iter()
                .flat_map(|kind| &kind.statuses)
                .map(|status| (if status.key.is_empty() { status.name.clone() } else { status.key.clone() }, i18n.status(status)))
                .filter(|(key, _)| seen.insert(key.clone()))
                .collect()
        }
        Target::Priority => (0..=5)
            .map(|stars| {
                (stars.to_string(), if stars == 0 { t!(i18n, stars_none).to_owned() } else { plural!(i18n, stars, stars) })
            })
            .collect(),
        Target::Channel => Channel::ALL.iter().map(|one| (one.key().to_owned(), i18n.name("channel", one.key()))).collect(),
        _ => Vec::new(),
    }
}

#[component]
fn Values(column: ImportColumn, target: Target, map: RwSignal<ImportMap>) -> impl IntoView {
    let i18n = use_i18n();
    let key = target.key().to_owned();
    let chosen: BTreeMap<String, String> = map.with_untracked(|map| map.values.get(&key).cloned().unwrap_or_default());
    let options = choices(target);
    let too_many = column.distinct > column.values.len();
    view! {
        <fieldset class="import-values">
            <legend>{t!(i18n, import_values_of, column = column.name, target = i18n.name("import_target", target.key()))}</legend>
            {too_many.then(|| view! { <p class="muted">{t!(i18n, import_values_many)}</p> })}
            {column
                .values
                .into_iter()
                .enumerate()
                .map(|(at, value)| {
                    let id = format!("import-{key}-{at}");
                    let now = chosen.get(&value).cloned().unwrap_or_default();
                    let key = key.clone();
                    let label = value.clone();
                    let choose = move |event: web_sys::Event| {
                        let to = event_target_value(&event);
                        map.update_untracked(|map| {
                            let values = map.values.entry(key.clone()).or_default();
                            if to.is_empty() {
                                values.remove(&value);
                            } else {
                                values.insert(value.clone(), to);
                            }
                        });
                    };
                    view! {
                        <div class="import-value">
                            <label for=id.clone()>{label}</label>
                            <select id=id class="input select" on:change=choose>
                                <option value="" selected=now.is_empty()>{t!(i18n, import_as_it_is)}</option>
                                {options
                                    .iter()
                                    .map(|(key, label)| view! { <option value=key.clone() selected=*key == now>{label.clone()}</option> })
                                    .collect_view()}
                            </select>
                        </div>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
