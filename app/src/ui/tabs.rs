//! Tabs: several views of one thing, one seen at a time.

use leptos::{ev, prelude::*};

/// One tab. Its panel is an element with the id `{id}-panel` and `role="tabpanel"`, made by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Stable name; also the id.
    pub id: &'static str,
    /// Label.
    pub label: String,
    /// A number behind the label.
    pub count: Option<i64>,
}

/// A row of tabs. Arrow keys move, as people of screen readers expect.
#[component]
pub fn Tabs(
    /// The tabs, in order.
    tabs: Vec<Tab>,
    /// The name of the one that is seen.
    #[prop(into)]
    selected: Signal<String>,
    /// Called when a person chose.
    #[prop(into)]
    on_select: Callback<String>,
    /// What the tabs are about, for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let ids: Vec<&'static str> = tabs.iter().map(|tab| tab.id).collect();
    let on_keydown = move |event: ev::KeyboardEvent| {
        let at = ids.iter().position(|id| selected.with_untracked(|now| now == id)).unwrap_or(0);
        let last = ids.len().saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => {
                if at == 0 {
                    last
                } else {
                    at - 1
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = ids.get(to) {
            on_select.run((*id).to_owned());
            super::focus(id);
        }
    };
    let tab = |tab: Tab| {
        let id = tab.id;
        let on = Memo::new(move |_| selected.with(|now| now == id));
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=id
                aria-controls=format!("{id}-panel")
                aria-selected=move || if on.get() { "true" } else { "false" }
                tabindex=move || if on.get() { "0" } else { "-1" }
                on:click=move |_| on_select.run(id.to_owned())
            >
                {tab.label}
                {tab.count.map(|count| view! { <span class="count">{count}</span> })}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_keydown>
            {tabs.into_iter().map(tab).collect_view()}
        </div>
    }
}
