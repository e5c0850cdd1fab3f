//! What can be chosen in the palette and under the search box.

use crate::{
    api::{
        filters::{Choice, Suggestions},
        find::{Found, Hit},
    },
    i18n::I18n,
    state::{
        Session,
        shortcuts::{Group, Run},
    },
    t,
    ui::local_storage,
};
use domain::text::rank;
use leptos::prelude::*;
use leptos_router::location::Url;

/// Most entries of a section while something is typed.
const SECTION: usize = 8;
/// Where the names of what was chosen lately are kept, one a line.
const RECENT: &str = "taquilla:palette";
/// Most of them.
const RECENT_MOST: usize = 5;

/// What choosing an entry does.
#[derive(Clone)]
pub(super) enum Does {
    /// Runs a command.
    Run(Run),
    /// Leads to an address.
    Go(String),
    /// Puts a suggestion into the text.
    Put(Suggestions, Choice),
    /// Asks again what was not answered.
    Again,
}

/// One thing that can be chosen.
#[derive(Clone)]
pub(super) struct Entry {
    pub icon: String,
    pub label: String,
    pub hint: String,
    pub keys: Vec<&'static str>,
    pub does: Does,
}

impl Entry {
    pub(super) fn new(icon: &str, label: impl Into<String>, does: Does) -> Self {
        Self { icon: icon.to_owned(), label: label.into(), hint: String::new(), keys: Vec::new(), does }
    }

    /// Something that is at an address.
    pub(super) fn place(icon: &str, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(icon, label, Does::Go(href.into()))
    }
}

/// Entries under one heading.
#[derive(Clone)]
pub(super) struct Section {
    pub title: String,
    pub list: Vec<Entry>,
}

impl Section {
    pub(super) fn new(title: impl Into<String>, list: Vec<Entry>) -> Self {
        Self { title: title.into(), list }
    }
}

/// The commands of a place that can be done by name: those that have a key, and those that only stand in menus otherwise.
pub(super) fn commands(group: &Group) -> (Vec<Entry>, Vec<Entry>) {
    let list = group.list.iter().filter(|command| command.is_offered()).filter_map(|command| {
        let entry = Entry::new("command", command.label.clone(), Does::Run(command.run.clone()?));
        Some(Entry { keys: command.keys.clone(), ..entry })
    });
    list.partition(|entry| !entry.keys.is_empty())
}

/// Screens that no key leads to.
pub(super) fn places(i18n: I18n, session: Session) -> Section {
    let role = session.me.with_untracked(|me| me.role);
    let mut list = Vec::new();
    if role.works() {
        let new = |label: &str| format!("{}: {label}", t!(i18n, add));
        list.push(Entry::place("plus", new(t!(i18n, frame_add_customer)), "/desk/customers/new"));
        list.push(Entry::place("plus", new(t!(i18n, frame_add_organization)), "/desk/organizations/new"));
    }
    list.push(Entry::place("person", t!(i18n, frame_profile), "/desk/profile"));
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
    Section::new(t!(i18n, find_places), list)
}

/// What the server found, by kind, and where there is more of it.
pub(super) fn found(i18n: I18n, found: Found) -> Vec<Section> {
    let section = |kind: crate::api::find::Kind| {
        let mut list: Vec<Entry> = kind.hits.into_iter().map(|hit| hit_of(&kind.icon, hit)).collect();
        if !kind.all.is_empty() {
            list.push(Entry::place("arrow-right", t!(i18n, find_all, what = kind.title), kind.all));
        }
        Section::new(kind.title, list)
    };
    found.kinds.into_iter().map(section).collect()
}

/// The way to all tickets that a text finds, unless it is there already.
pub(super) fn all_tickets(i18n: I18n, typed: &str, sections: &[Section]) -> Option<Section> {
    let href = format!("/desk/tickets?view=all&q={}", Url::escape(typed));
    let there = |entry: &Entry| matches!(&entry.does, Does::Go(to) if *to == href);
    if sections.iter().flat_map(|section| &section.list).any(there) {
        return None;
    }
    Some(Section::new("", vec![Entry::place("search", t!(i18n, find_search, text = typed), href)]))
}

fn hit_of(icon: &str, hit: Hit) -> Entry {
    Entry { hint: hit.hint, ..Entry::place(icon, hit.label, hit.href) }
}

/// What fits what is typed, the best first; of each section as much as one looks at.
pub(super) fn fitting(sections: &[Section], typed: &str) -> Vec<Section> {
    let section = |section: &Section| {
        let mut ranked: Vec<(u32, &Entry)> =
            section.list.iter().filter_map(|entry| Some((rank(typed, &entry.label)?, entry))).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let best = ranked.first()?.0;
        let list = ranked.into_iter().take(SECTION).map(|(_, entry)| entry.clone()).collect();
        Some((best, Section::new(section.title.clone(), list)))
    };
    let mut fitting: Vec<(u32, Section)> = sections.iter().filter_map(section).collect();
    fitting.sort_by_key(|(best, _)| *best);
    fitting.into_iter().map(|(_, section)| section).collect()
}

fn names() -> Vec<String> {
    let kept = local_storage().and_then(|storage| storage.get_item(RECENT).ok().flatten()).unwrap_or_default();
    kept.lines().map(str::to_owned).collect()
}

/// What was chosen lately and is still there. Only names are kept, and only what is there anyway is shown by them.
pub(super) fn recent(i18n: I18n, all: &[Section]) -> Option<Section> {
    let named = |name: String| all.iter().flat_map(|section| &section.list).find(|entry| entry.label == name).cloned();
    let list: Vec<Entry> = names().into_iter().filter_map(named).collect();
    (!list.is_empty()).then(|| Section::new(t!(i18n, find_recent), list))
}

/// Keeps the name of what was chosen.
pub(super) fn remember(name: &str) {
    let mut all = names();
    all.retain(|one| one != name);
    all.insert(0, name.to_owned());
    all.truncate(RECENT_MOST);
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(RECENT, &all.join("\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_with_the_best_entry_comes_first_and_none_is_endless() {
        let entries = |names: &[&str]| names.iter().map(|name| Entry::place("x", *name, "/")).collect::<Vec<_>>();
        let many: Vec<String> = (0..20).map(|n| format!("Remark {n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let all = [Section::new("Places", entries(&many)), Section::new("Actions", entries(&["Nothing", "Mark as done"]))];
        let fitting = fitting(&all, "mark");
        let shape: Vec<(&str, usize)> = fitting.iter().map(|section| (section.title.as_str(), section.list.len())).collect();
        assert_eq!(shape, [("Actions", 1), ("Places", SECTION)]);
    }
}
