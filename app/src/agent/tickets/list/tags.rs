//! The tags of the selected tickets: what all of them have, what only some have, and what is to be added.

use super::bulk::Bulk;
use crate::{
    api,
    i18n::use_i18n,
    t,
    ui::{Button, Chip, ComboOption, Dialog, Loader, Look, TagInput},
};
use domain::item::{Change, ItemRow, normalize_tags};
use leptos::{ev, prelude::*, task::spawn_local};

/// The tags of several tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Tags {
    /// Those that all of them have.
    all: Vec<String>,
    /// Those that only some have.
    some: Vec<String>,
}

impl Tags {
    fn of(rows: &[ItemRow]) -> Self {
        let every: Vec<&String> = rows.iter().flat_map(|row| &row.tags).collect();
        let (all, some) = normalize_tags(&every).into_iter().partition(|tag| rows.iter().all(|row| row.tags.contains(tag)));
        Self { all, some }
    }

    /// What was put in, and what was taken out.
    fn difference(&self, new: &Self) -> (Vec<String>, Vec<String>) {
        let without =
            |tags: &[String], others: &[String]| tags.iter().filter(|tag| !others.contains(tag)).cloned().collect::<Vec<_>>();
        let mut gone = without(&self.all, &new.all);
        gone.extend(without(&self.some, &new.some).into_iter().filter(|tag| !new.all.contains(tag)));
        (normalize_tags(&without(&new.all, &self.all)), gone)
    }

    /// What a ticket has after the tags were changed from these to `new`: what was taken out goes, what was put in comes, and what
    /// only some have stays theirs.
    fn changed_to(&self, new: &Self, tags: &[String]) -> Vec<String> {
        let added = new.all.iter().filter(|tag| !self.all.contains(tag));
        let gone = |tag: &&String| {
            self.all.contains(tag) && !new.all.contains(tag) || self.some.contains(tag) && !new.some.contains(tag)
        };
        normalize_tags(&tags.iter().filter(|tag| !gone(tag)).chain(added).collect::<Vec<_>>())
    }
}

/// Adds tags and takes them away. Opens when [`Bulk`] says so.
#[component]
pub fn TagDialog(
    /// Makes the changes.
    bulk: Bulk,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = bulk.tagging;
    let before = StoredValue::new(Tags::default());
    let all = RwSignal::new(Vec::<String>::new());
    let some = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        if open.get() {
            let tags = Tags::of(&bulk.rows());
            all.set(tags.all.clone());
            some.set(tags.some.clone());
            before.set_value(tags);
        }
    });
    let save = move || {
        let (before, now) = (before.get_value(), Tags { all: all.get_untracked(), some: some.get_untracked() });
        open.set(false);
        if bulk.runs.are_meant() {
            let (add, remove) = before.difference(&now);
            return bulk.runs.put("tags", add, remove);
        }
        bulk.run(|row| Some(Change::Tags(before.changed_to(&now, &row.tags))));
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            save();
        }
    };
    let chip = move |tag: String| {
        let text = tag.clone();
        view! { <Chip text on_remove=move |()| some.update(|some| some.retain(|one| *one != tag)) /> }
    };
    view! {
        <Dialog open title=Signal::derive(move || t!(i18n, tickets_tags).to_owned())>
            <div class="form" on:keydown:capture=on_keydown>
                <TagInput
                    id="bulk-tags"
                    label=t!(i18n, tickets_tags)
                    tags=all
                    on_change=Callback::new(move |tags| all.set(tags))
                    load=tag_loader()
                    hide_label=true
                />
                <Show when=move || some.with(|some| !some.is_empty())>
                    <div class="field">
                        <span class="field-label">{t!(i18n, tickets_tags_some)}</span>
                        <div class="tags-some">{move || some.get().into_iter().map(chip).collect_view()}</div>
                    </div>
                </Show>
            </div>
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button look=Look::Primary on_click=Callback::new(move |_| save())>{t!(i18n, save)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Suggests tags that are in use.
pub fn tag_loader() -> Loader {
    Callback::new(|(text, answer): (String, Callback<Vec<ComboOption>>)| {
        spawn_local(async move {
            let tags = api::items::suggest_tags(text).await.unwrap_or_default();
            answer.run(tags.into_iter().map(|tag| ComboOption::new(tag.clone(), tag)).collect());
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn what_only_some_have_stays_theirs() {
        let before = Tags { all: list(&["vip", "old"]), some: list(&["paper", "loud"]) };
        let after = Tags { all: list(&["vip", "New"]), some: list(&["paper"]) };
        assert_eq!(before.changed_to(&after, &list(&["loud", "old", "paper", "vip"])), ["new", "paper", "vip"]);
        assert_eq!(before.changed_to(&after, &list(&["old", "vip"])), ["new", "vip"]);
        // Put in for all what some had.
        let after = Tags { all: list(&["vip", "old", "loud"]), ..before.clone() };
        assert_eq!(before.changed_to(&after, &list(&["old", "vip"])), ["loud", "old", "vip"]);
        assert_eq!(before.changed_to(&before, &list(&["old", "paper", "vip"])), ["old", "paper", "vip"]);
        let after = Tags { all: list(&["vip", "New", "loud"]), some: Vec::new() };
        assert_eq!(before.difference(&after), (list(&["loud", "new"]), list(&["old", "paper"])));
    }
}
