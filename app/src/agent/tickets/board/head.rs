//! The head of a column: what it is called, how much is in it, and how much is meant to be.

use super::Board;
use crate::{
    agent::tickets::list::group_look,
    plural, t,
    ui::{Icon, Menu, MenuItem},
};
use leptos::prelude::*;

/// The head.
pub fn head(board: Board, at: usize) -> AnyView {
    let Board { list, i18n, columns, limiting, .. } = board;
    let group = Memo::new(move |_| columns.get(at));
    let most = Memo::new(move |_| columns.most(at));
    let count = move || group.with(|group| group.as_ref().map_or(0, |group| group.count));
    let past = move || most.get().map(|most| count() - i64::from(most)).filter(|past| *past > 0);
    let title = move || group.get().map(|group| group_look(list, &group.name, &group.look));
    let name = move || group.with(|group| group.as_ref().map(|group| group.name.clone()).unwrap_or_default());
    let numbers = move || match most.get() {
        Some(most) => format!("{} / {}", i18n.number(count()), i18n.number(i64::from(most))),
        None => i18n.number(count()),
    };
    let told = move || {
        let most = most.get()?;
        let text = match past() {
            Some(past) => plural!(i18n, tickets_limit_over, past),
            None => t!(i18n, tickets_limit_of, most = most),
        };
        Some(view! { <span class="sr-only">{text}</span> })
    };
    let entries = move || {
        let none = most.get().map(|_| {
            view! { <MenuItem on_select=Callback::new(move |()| board.limit(at, None))>{t!(i18n, tickets_limit_remove)}</MenuItem> }
        });
        view! {
            <MenuItem on_select=Callback::new(move |()| limiting.set(Some(at)))>{t!(i18n, tickets_limit_set)}</MenuItem>
            {none}
        }
    };
    view! {
        <header class="board-head" class:board-past=move || past().is_some()>
            {title}
            <span class="board-numbers" title=move || past().map(|past| plural!(i18n, tickets_limit_over, past))>
                {move || past().map(|_| view! { <Icon name="alert" /> })}
                <span class="count">{numbers}</span>
                {told}
            </span>
            <Menu
                id=format!("board-menu-{at}")
                label=Signal::derive(move || t!(i18n, tickets_column_menu, column = name()))
                trigger=ViewFn::from(|| view! { <Icon name="more" /> })
                class="btn btn-ghost btn-icon board-menu"
                at_end=true
            >
                {entries}
            </Menu>
        </header>
    }
    .into_any()
}
