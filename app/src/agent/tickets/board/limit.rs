//! The limit of a column: set in a dialog, kept in the address and with the view.

use super::Board;
use crate::{
    t,
    ui::{Button, Dialog, Look, TextField},
};
use domain::limits;
use leptos::{ev, prelude::*};

/// The dialog, open while a limit is being set.
pub fn dialog(board: Board) -> AnyView {
    let Board { i18n, columns, limiting, .. } = board;
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    Effect::watch(
        move || limiting.get(),
        move |at, _, _| {
            if let Some(at) = *at {
                text.set(untrack(|| columns.most(at)).map(|most| most.to_string()).unwrap_or_default());
                wrong.set(None);
                open.set(true);
            }
        },
        false,
    );
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                limiting.set(None);
            }
        },
        false,
    );
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let typed = text.with_untracked(|text| text.trim().to_owned());
        let most = typed.parse().ok().filter(|most| (1..=limits::COLUMN_LIMIT).contains(most));
        if most.is_none() && !typed.is_empty() {
            return wrong.set(Some(t!(i18n, tickets_limit_wrong, most = limits::COLUMN_LIMIT)));
        }
        let at = limiting.get_untracked();
        open.set(false);
        if let Some(at) = at {
            board.limit(at, most);
        }
    };
    let title = move || {
        let column = limiting.get().and_then(|at| columns.get(at));
        column.map(|column| t!(i18n, tickets_limit_title, column = column.name)).unwrap_or_default()
    };
    view! {
        <Dialog open title=Signal::derive(title)>
            <form class="form" on:submit=on_submit>
                <TextField
                    id="board-limit"
                    name="limit"
                    inputmode="numeric"
                    label=t!(i18n, tickets_limit_most)
                    help=t!(i18n, tickets_limit_help)
                    value=text
                    maxlength=3
                    error=wrong
                />
                <div class="dialog-actions">
                    <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                    <Button look=Look::Primary submit=true>{t!(i18n, save)}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
