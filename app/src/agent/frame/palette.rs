//! The command palette: everything that can be done, opened or found, by its name.

use crate::{
    api,
    i18n::{I18n, use_i18n},
    state::{
        shortcuts::{Group, Shortcuts},
        use_session,
    },
    t,
    ui::{Icon, Kbd, by_id},
};
use domain::{
    customer::CustomerRef,
    item::ItemRow,
    organization::OrganizationRef,
    text::rank,
    view::{ItemQuery, Sort, SystemView},
};
use futures_util::future::join3;
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{sync::Arc, time::Duration};

/// Id of the text field, and the beginning of the ids of the entries.
const ID: &str = "palette";
/// How long typing pauses before the desk is asked.
const PAUSE: Duration = Duration::from_millis(150);
/// Most entries of a section, and most things found of a kind.
const SECTION: usize = 12;
const FOUND: u16 = 5;

/// What choosing an entry does.
#[derive(Clone)]
enum Does {
    Run(Arc<dyn Fn() + Send + Sync>),
    Go(String),
}

/// One thing that can be chosen.
#[derive(Clone)]
struct Entry {
    icon: &'static str,
    label: String,
    hint: String,
    keys: Vec<&'static str>,
    does: Does,
}

impl Entry {
    fn place(icon: &'static str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { icon, label: label.into(), hint: String::new(), keys: Vec::new(), does: Does::Go(href.into()) }
    }
}

/// Entries under one heading.
#[derive(Clone)]
struct Section {
    title: String,
    list: Vec<Entry>,
}

/// The palette. Not a part that is loaded on its own: one more point where the WebAssembly is split costs as much as it holds.
#[component]
pub(super) fn Palette(open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        let Some(element) = node.get() else { return };
        if open && !element.open() {
            let _ = element.show_modal();
        } else if !open && element.open() {
            element.close();
        }
    });
    // A click beside what is in it is one on the dialog itself.
    let beside = move |event: ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=node class="dialog palette" aria-label=t!(i18n, frame_palette) on:close=move |_| open.set(false) on:click=beside>
            {move || open.get().then(|| inside(open, i18n))}
        </dialog>
    }
    .into_any()
}

fn inside(open: RwSignal<bool>, i18n: I18n) -> AnyView {
    let navigate = use_navigate();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let found = RwSignal::new(Vec::<Section>::new());
    let fixed = fixed(i18n);
    let shown = Memo::new_with_compare(
        move |_| {
            let typed = typed.get();
            let mut all = fitting(&fixed, typed.trim());
            if !typed.trim().is_empty() {
                all.extend(found.get());
            }
            all
        },
        |_, _| true,
    );
    let entry = move |at: usize| shown.with(|all| all.iter().flat_map(|section| &section.list).nth(at).cloned());
    let count = move || shown.with(|all| all.iter().map(|section| section.list.len()).sum::<usize>());
    let choose = move |entry: Entry| {
        open.set(false);
        match entry.does {
            // Once the dialog has given the keyboard back.
            Does::Run(run) => request_animation_frame(move || run()),
            Does::Go(href) => navigate(&href, NavigateOptions::default()),
        }
    };
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let on_input = move |event: ev::Event| {
        let text = event_target_value(&event);
        typed.set(text.clone());
        at.set(0);
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let ask = move || {
            spawn_local(async move {
                let sections = find(i18n, text.trim().to_owned()).await;
                // Who has typed on wants something else.
                if typed.try_with_untracked(|now| *now == text) == Some(true) {
                    found.set(sections);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    let on_keydown = {
        let choose = choose.clone();
        move |event: ev::KeyboardEvent| {
            let last = untrack(count).saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
                "ArrowUp" => at.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
                "Enter" => {
                    if let Some(entry) = untrack(|| entry(at.get())) {
                        choose(entry);
                    }
                }
                _ => return,
            }
            event.prevent_default();
            if let Some(row) = by_id(&format!("{ID}-{}", at.get_untracked())) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                row.scroll_into_view_with_scroll_into_view_options(&options);
            }
        }
    };
    let sections = move || {
        let mut next = 0;
        let section = |section: Section| {
            let first = next;
            next += section.list.len();
            let rows = section.list.into_iter().zip(first..).map(|(entry, place)| {
                let choose = choose.clone();
                let chosen = entry.clone();
                view! {
                    <div
                        role="option"
                        id=format!("{ID}-{place}")
                        class="palette-entry"
                        class:palette-at=move || at.get() == place
                        aria-selected=move || if at.get() == place { "true" } else { "false" }
                        on:mousemove=move |_| at.set(place)
                        on:click=move |_| choose(chosen.clone())
                    >
                        <Icon name=entry.icon />
                        <span class="palette-label truncate">{entry.label}</span>
                        <span class="palette-hint truncate">{entry.hint}</span>
                        {entry.keys.into_iter().map(|key| view! { <Kbd key=key /> }).collect_view()}
                    </div>
                }
            });
            let title = section.title.clone();
            view! {
                <div role="group" aria-label=title>
                    <p class="palette-section" aria-hidden="true">{section.title}</p>
                    {rows.collect_view()}
                </div>
            }
        };
        shown.get().into_iter().map(section).collect_view()
    };
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            request_animation_frame(move || {
                let _ = field.focus();
            });
        }
    });
    view! {
        <div class="palette-box">
            <input
                node_ref=field
                id=ID
                class="palette-field"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-label=t!(i18n, frame_palette)
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || (count() > 0).then(|| format!("{ID}-{}", at.get()))
                placeholder=t!(i18n, frame_palette_hint)
                on:input=on_input
                on:keydown=on_keydown
            />
            <div id="palette-list" class="palette-list" role="listbox" aria-label=t!(i18n, frame_palette)>
                {sections}
            </div>
            <p class="palette-nothing" role="status">
                {move || (count() == 0).then(|| t!(i18n, frame_palette_nothing))}
            </p>
        </div>
    }
    .into_any()
}

/// What can be done and where one can go, whatever is typed: the nearest first.
fn fixed(i18n: I18n) -> Vec<Section> {
    let groups = use_context::<Shortcuts>().map(|shortcuts| untrack(|| shortcuts.groups())).unwrap_or_default();
    let commands = groups.into_iter().rev().map(commands);
    let view =
        |view: SystemView| Entry::place("ticket", i18n.name("view", view.key()), format!("/desk/tickets?view={}", view.key()));
    let views =
        Section { title: t!(i18n, frame_palette_views).to_owned(), list: SystemView::ALL.into_iter().map(view).collect() };
    let places = Section { title: t!(i18n, frame_palette_places).to_owned(), list: places(i18n) };
    commands.chain([views, places]).collect()
}

fn commands(group: Group) -> Section {
    let list = group.list.into_iter().filter_map(|command| {
        let does = Does::Run(command.run?);
        Some(Entry { icon: "arrow-right", label: command.label, hint: String::new(), keys: command.keys, does })
    });
    Section { title: group.title, list: list.collect() }
}

fn places(i18n: I18n) -> Vec<Entry> {
    let role = use_session().me.with_untracked(|me| me.role);
    let mut list = vec![
        Entry::place("ticket", t!(i18n, frame_tickets), "/desk/tickets"),
        Entry::place("people", t!(i18n, frame_customers), "/desk/customers"),
        Entry::place("building", t!(i18n, frame_organizations), "/desk/organizations"),
        Entry::place("person", t!(i18n, frame_profile), "/desk/profile"),
    ];
    if role.works() {
        let new = |label: &str| format!("{}: {label}", t!(i18n, add));
        list.push(Entry::place("plus", new(t!(i18n, frame_add_customer)), "/desk/customers/new"));
        list.push(Entry::place("plus", new(t!(i18n, frame_add_organization)), "/desk/organizations/new"));
    }
    if role.administers() {
        list.extend([
            Entry::place("settings", t!(i18n, admin_agents), "/desk/admin/agents"),
            Entry::place("settings", t!(i18n, admin_teams), "/desk/admin/teams"),
            Entry::place("settings", t!(i18n, admin_workspace), "/desk/admin/workspace"),
            Entry::place("settings", t!(i18n, admin_mail), "/desk/admin/mail"),
            Entry::place("settings", t!(i18n, admin_health), "/desk/admin/health"),
            Entry::place("upload", t!(i18n, frame_import), "/desk/import"),
        ]);
    }
    list
}

/// What fits what is typed, the best first; of each section as much as one looks at.
fn fitting(sections: &[Section], typed: &str) -> Vec<Section> {
    let section = |section: &Section| {
        let mut ranked: Vec<(u32, &Entry)> =
            section.list.iter().filter_map(|entry| Some((rank(typed, &entry.label)?, entry))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let best = ranked.first().map(|(rank, _)| *rank)?;
        let list = ranked.into_iter().take(SECTION).map(|(_, entry)| entry.clone()).collect();
        Some((best, Section { title: section.title.clone(), list }))
    };
    let mut fitting: Vec<(u32, Section)> = sections.iter().filter_map(section).collect();
    if !typed.is_empty() {
        fitting.sort_by_key(|(best, _)| *best);
    }
    fitting.into_iter().map(|(_, section)| section).collect()
}

/// Tickets, customers and organizations that the desk finds; what it does not answer is not there.
async fn find(i18n: I18n, text: String) -> Vec<Section> {
    if text.is_empty() {
        return Vec::new();
    }
    let query =
        ItemQuery { view: SystemView::All, filter: None, search: text.clone(), sort: Sort::default(), after: None, limit: FOUND };
    let (items, customers, organizations) =
        join3(api::items::list(query), api::customers::suggest(text.clone()), api::organizations::suggest(text)).await;
    let item = |row: ItemRow| Entry {
        hint: row.requester.map(|requester| requester.name).unwrap_or_default(),
        ..Entry::place("ticket", format!("#{} {}", row.number, row.title), format!("/desk/tickets/{}?view=all", row.number))
    };
    let customer = |one: CustomerRef| Entry {
        hint: one.email.unwrap_or_default(),
        ..Entry::place("person", one.name, format!("/desk/customers/{}", one.id.0))
    };
    let organization = |one: OrganizationRef| Entry::place("building", one.name, format!("/desk/organizations/{}", one.id.0));
    let few = usize::from(FOUND);
    let sections = [
        (t!(i18n, frame_tickets), items.map(|page| page.rows.into_iter().map(item).collect::<Vec<_>>()).unwrap_or_default()),
        (t!(i18n, frame_customers), customers.map(|all| all.into_iter().take(few).map(customer).collect()).unwrap_or_default()),
        (
            t!(i18n, frame_organizations),
            organizations.map(|all| all.into_iter().take(few).map(organization).collect()).unwrap_or_default(),
        ),
    ];
    let section = |(title, list): (&str, Vec<Entry>)| (!list.is_empty()).then(|| Section { title: title.to_owned(), list });
    sections.into_iter().filter_map(section).collect()
}
