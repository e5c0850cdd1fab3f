//! What an import would do: counts, the first rows, every problem.

use super::wizard::StepButtons;
use crate::{
    i18n::{I18n, Moment, MomentStyle, use_i18n},
    plural, t,
    ui::{Button, Look, Stars},
};
use domain::import::{ImportPreview, ImportPreviewRow, ImportProblem};
use leptos::prelude::*;
use std::collections::BTreeMap;

fn number(i18n: I18n, count: usize) -> String {
    i18n.number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The step.
#[component]
pub fn Preview(
    /// What would happen.
    preview: ImportPreview,
    /// Something is under way.
    busy: RwSignal<bool>,
    /// Starts the import.
    go: Callback<()>,
    /// Back to the columns.
    back: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let facts = [
        (t!(i18n, import_will), preview.will_import),
        (t!(i18n, import_existing), preview.existing),
        (t!(i18n, import_refused), preview.refused),
        (t!(i18n, import_new_customers), preview.new_customers),
        (t!(i18n, import_new_organizations), preview.new_organizations),
    ];
    let nothing = preview.will_import == 0;
    let count = i64::try_from(preview.will_import).unwrap_or(i64::MAX);
    view! {
        <dl class="import-facts">
            {facts
                .into_iter()
                .map(|(label, count)| view! { <div><dt>{label}</dt><dd>{number(i18n, count)}</dd></div> })
                .collect_view()}
        </dl>
        <h2>{t!(i18n, import_first_rows)}</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, import_first_rows)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, import_row)}</th>
                        <th scope="col">{i18n.name("field", "title")}</th>
                        <th scope="col">{i18n.name("field", "requester")}</th>
                        <th scope="col">{i18n.name("field", "type")}</th>
                        <th scope="col">{i18n.name("field", "status")}</th>
                        <th scope="col">{i18n.name("field", "priority")}</th>
                        <th scope="col">{i18n.name("import_target", "created_at")}</th>
                    </tr>
                </thead>
                <tbody>{preview.first.into_iter().map(|row| view! { <Row row /> }).collect_view()}</tbody>
            </table>
        </div>
        <Problems problems=preview.problems count=preview.problem_count />
        <StepButtons back>
            <Button look=Look::Primary busy disabled=nothing on_click=Callback::new(move |_| go.run(()))>
                {plural!(i18n, import_start, count)}
            </Button>
        </StepButtons>
    }
}

#[component]
fn Row(row: ImportPreviewRow) -> impl IntoView {
    view! {
        <tr>
            <td>{row.row}</td>
            <td>{row.title}</td>
            <td>{row.requester}</td>
            <td>{row.type_name}</td>
            <td>{row.status_name}</td>
            <td><Stars value=row.priority /></td>
            <td>{row.created_at.map(|at| view! { <Moment at style=MomentStyle::Full /> })}</td>
        </tr>
    }
}

/// The list of problems.
#[component]
pub fn Problems(
    /// The first ones.
    problems: Vec<ImportProblem>,
    /// How many there are in all.
    count: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    if problems.is_empty() {
        return view! { <p class="muted">{t!(i18n, import_no_problems)}</p> }.into_any();
    }
    let total = i64::try_from(count).unwrap_or(i64::MAX);
    view! {
        <h2>{plural!(i18n, import_problems, total)}</h2>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, import_problem)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, import_row)}</th>
                        <th scope="col">{t!(i18n, import_column)}</th>
                        <th scope="col">{t!(i18n, import_value)}</th>
                        <th scope="col">{t!(i18n, import_problem)}</th>
                        <th scope="col">{t!(i18n, import_outcome)}</th>
                    </tr>
                </thead>
                <tbody>
                    {problems
                        .into_iter()
                        .map(|problem| {
                            let why = i18n
                                .key(&problem.key, &BTreeMap::new())
                                .unwrap_or_else(|| t!(i18n, import_problem).to_owned());
                            let outcome =
                                if problem.refused { t!(i18n, import_row_refused) } else { t!(i18n, import_row_comes_in) };
                            view! {
                                <tr>
                                    <td>{problem.row}</td>
                                    <td>{problem.column}</td>
                                    <td class="import-examples">{problem.value}</td>
                                    <td>{why}</td>
                                    <td>{outcome}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
