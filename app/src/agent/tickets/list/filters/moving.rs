//! Conditions and groups of the filter are moved: dragged to another place or into another group, or by the menu of their handle. A part of
//! its own, which comes when there is something to move; the bar draws no more for it than the handles.

use super::{Filters, called, named};
use crate::{
    api::filters::{Chip, Deed, Form},
    i18n::I18n,
    t,
    ui::{MenuItem, by_id, capture, closest, find_all, focus_entry, place, walk_menu},
};
use leptos::{ev, prelude::*};
use web_sys::HtmlElement;

/// Id of the menu.
const MENU: &str = "filter-move";
/// The bar's conditions and groups, and where they stand.
const CHIPS: &str = ".filter-chips";
const PART: &str = "[data-part]";
const HANDLE: &str = ".filter-handle";
/// How near to the edge of a group one is before or after it, in pixels.
const EDGE: f64 = 10.0;

/// Makes the bar one whose parts can be moved.
#[lazy]
pub fn moving() -> fn(Filters) -> AnyView {
    whole
}

/// Where something that is dragged would come to stand, and what shows it.
struct Place {
    to: Vec<usize>,
    mark: Option<(HtmlElement, &'static str)>,
}

fn whole(filters: Filters) -> AnyView {
    let moved = RwSignal::new(None::<Vec<usize>>);
    let follow = StoredValue::new(None::<String>);
    let list = filters.list;
    drag(filters.clone());
    capture("click", move |event: ev::MouseEvent| {
        let Some(handle) = closest(&event, HANDLE) else { return };
        moved.set(closest(&event, PART).as_ref().and_then(path_of));
        open(handle);
    });
    // The keyboard stays with what was moved.
    Effect::watch(
        move || list.bar.track(),
        move |(), _, _| {
            let Some(label) = follow.try_update_value(Option::take).flatten() else { return };
            request_animation_frame(move || {
                let handles = by_id("filter-chips").map(|chips| find_all(&chips, HANDLE)).unwrap_or_default();
                if let Some(handle) = handles.iter().find(|one| one.get_attribute("aria-label").as_ref() == Some(&label)) {
                    let _ = handle.focus();
                }
            });
        },
        false,
    );
    let i18n = filters.i18n;
    let label = move || list.bar.with(|bar| moved.get().and_then(|path| Some(called(i18n, chip_at(&bar.chips, &path)?))));
    let entries = move || {
        let Some(path) = moved.get() else { return Vec::new() };
        let ways = list.bar.with(|bar| ways(i18n, &bar.chips, &path));
        let entry = |(icon, text, deed): (&'static str, String, Deed)| {
            let (filters, path) = (filters.clone(), path.clone());
            let choose = move |()| {
                follow.set_value(untrack(label));
                close();
                filters.change(path.clone(), deed.clone(), Form::default());
            };
            view! { <MenuItem icon on_select=Callback::new(choose)>{text}</MenuItem> }.into_any()
        };
        ways.into_iter().map(entry).collect()
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if let Some(menu) = by_id(MENU) {
            walk_menu(&menu, &event);
        }
    };
    view! {
        <div id=MENU popover="auto" class="menu" role="menu" aria-label=move || label().unwrap_or_default() on:keydown=on_keydown>
            {entries}
        </div>
    }
    .into_any()
}

/// Shows the menu at a handle, once its entries are drawn.
fn open(handle: HtmlElement) {
    request_animation_frame(move || {
        let Some(menu) = by_id(MENU) else { return };
        let _ = menu.show_popover();
        place(&menu, &handle, false, false);
        focus_entry(&menu);
    });
}

fn close() {
    if let Some(menu) = by_id(MENU) {
        let _ = menu.hide_popover();
    }
}

/// Where a part can go, one step each.
fn ways(i18n: I18n, chips: &[Chip], path: &[usize]) -> Vec<(&'static str, String, Deed)> {
    let Some((at, parent)) = path.split_last() else { return Vec::new() };
    let beside = parts_at(chips, parent).len();
    let to = |group: &[usize], place: usize| Deed::Move([group, &[place]].concat());
    let mut all = Vec::new();
    if *at > 0 {
        all.push(("arrow-left", t!(i18n, tickets_filter_move_before).to_owned(), to(parent, at - 1)));
    }
    if at + 1 < beside {
        all.push(("arrow-right", t!(i18n, tickets_filter_move_after).to_owned(), to(parent, at + 2)));
    }
    if let Some((outer, around)) = parent.split_last() {
        all.push(("arrow-up", t!(i18n, tickets_filter_move_out).to_owned(), to(around, outer + 1)));
    }
    for (group, chip) in groups(chips, &[]) {
        if group != parent && !group.starts_with(path) {
            let name = t!(i18n, tickets_filter_move_into, name = named(i18n, chip));
            all.push(("arrow-down", name, to(&group, chip.parts.len())));
        }
    }
    if parent.is_empty() || beside > 1 {
        all.push(("plus", t!(i18n, tickets_filter_move_wrap).to_owned(), Deed::Wrap));
    }
    all
}

/// The groups among some parts and within them, with where they are.
fn groups<'c>(chips: &'c [Chip], path: &[usize]) -> Vec<(Vec<usize>, &'c Chip)> {
    let group = |(at, chip): (usize, &'c Chip)| {
        let own = [path, &[at]].concat();
        let inner = groups(&chip.parts, &own);
        [vec![(own, chip)], inner].concat()
    };
    chips.iter().enumerate().filter(|(_, chip)| !chip.joined.is_empty()).flat_map(group).collect()
}

fn chip_at<'c>(chips: &'c [Chip], path: &[usize]) -> Option<&'c Chip> {
    let (at, parent) = path.split_last()?;
    parts_at(chips, parent).get(*at)
}

/// The parts of the group at a path.
fn parts_at<'c>(chips: &'c [Chip], path: &[usize]) -> &'c [Chip] {
    path.iter().fold(chips, |parts, at| parts.get(*at).map(|chip| chip.parts.as_slice()).unwrap_or_default())
}

/// Where an element of the bar says that its part is.
fn path_of(part: &HtmlElement) -> Option<Vec<usize>> {
    part.get_attribute("data-part")?.split('.').map(|step| step.parse().ok()).collect()
}

/// Listens to what is dragged over the bar.
fn drag(filters: Filters) {
    let list = filters.list;
    let dragged = StoredValue::new(None::<Vec<usize>>);
    let marked = StoredValue::new_local(None::<(HtmlElement, &'static str)>);
    let mark = move |place: Option<&Place>| {
        if let Some((before, class)) = marked.try_update_value(Option::take).flatten() {
            let _ = before.class_list().remove_1(class);
        }
        if let Some((element, class)) = place.and_then(|place| place.mark.clone()) {
            let _ = element.class_list().add_1(class);
            marked.set_value(Some((element, class)));
        }
    };
    let place = move |event: &ev::DragEvent| {
        let from = dragged.get_value()?;
        let found = list.bar.with_untracked(|bar| place_of(event, &bar.chips))?;
        leads_on(&from, &found.to).then_some((from, found))
    };
    capture("dragstart", move |event: ev::DragEvent| {
        let part = closest(&event, CHIPS).and_then(|_| closest(&event, PART));
        dragged.set_value(part.as_ref().and_then(path_of));
        if let (Some(part), Some(data)) = (part, event.data_transfer()) {
            let _ = data.set_data("text/plain", &part.text_content().unwrap_or_default());
            data.set_effect_allowed("move");
        }
    });
    capture("dragover", move |event: ev::DragEvent| {
        if dragged.with_value(Option::is_none) {
            return;
        }
        let found = place(&event);
        if found.is_some() {
            event.prevent_default();
        }
        mark(found.as_ref().map(|(_, place)| place));
    });
    capture("drop", move |event: ev::DragEvent| {
        if let Some((from, place)) = place(&event) {
            event.prevent_default();
            filters.change(from, Deed::Move(place.to), Form::default());
        }
    });
    capture("dragend", move |_: ev::DragEvent| {
        mark(None);
        dragged.set_value(None);
    });
}

/// Whether something would stand elsewhere than before, and not within itself.
fn leads_on(from: &[usize], to: &[usize]) -> bool {
    let (Some((at, parent)), Some((place, into))) = (from.split_last(), to.split_last()) else { return false };
    !into.starts_with(from) && (parent != into || (place != at && *place != at + 1))
}

/// Where something that is let go here comes to stand: before or after what is under the pointer, or last in a group.
fn place_of(event: &ev::DragEvent, chips: &[Chip]) -> Option<Place> {
    let bar = closest(event, CHIPS)?;
    let Some(part) = closest(event, PART) else {
        return Some(Place { to: vec![chips.len()], mark: last_of(&bar) });
    };
    let path = path_of(&part)?;
    let (at, parent) = path.split_last()?;
    let rect = part.get_bounding_client_rect();
    let x = f64::from(event.client_x());
    let is_group = chip_at(chips, &path).is_some_and(|chip| !chip.joined.is_empty());
    let (before, after) = if is_group {
        (x < rect.left() + EDGE, x > rect.right() - EDGE)
    } else {
        let middle = rect.left() + rect.width() / 2.0;
        (x < middle, x >= middle)
    };
    Some(match (before, after) {
        (true, _) => Place { to: [parent, &[*at]].concat(), mark: Some((part, "filter-before")) },
        (_, true) => Place { to: [parent, &[at + 1]].concat(), mark: Some((part, "filter-after")) },
        _ => Place { to: [path.as_slice(), &[parts_at(chips, &path).len()]].concat(), mark: Some((part, "filter-into")) },
    })
}

/// The last part of the bar itself, after which something comes to stand.
fn last_of(bar: &HtmlElement) -> Option<(HtmlElement, &'static str)> {
    let last = find_all(bar, ":scope > [data-part]").pop()?;
    Some((last, "filter-after"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_leads_on_if_it_is_another_one_and_not_inside() {
        for (from, to, leads) in [
            (&[0][..], &[0][..], false),
            (&[0], &[1], false),
            (&[0], &[2], true),
            (&[2], &[1], true),
            (&[1], &[1, 0], false),
            (&[1, 0], &[1], true),
            (&[1, 0], &[1, 1], false),
            (&[0], &[1, 0], true),
        ] {
            assert_eq!(leads_on(from, to), leads, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn parts_and_groups_are_found_by_their_paths() {
        let chip = |sentence: &str, joined: &str, parts: Vec<Chip>| Chip {
            sentence: sentence.to_owned(),
            joined: joined.to_owned(),
            parts,
            form: None,
        };
        let inner = chip("none", "none", vec![chip("c", "", Vec::new())]);
        let chips = [chip("a", "", Vec::new()), chip("any", "any", vec![chip("b", "", Vec::new()), inner])];
        let found: Vec<(Vec<usize>, &str)> =
            groups(&chips, &[]).into_iter().map(|(path, chip)| (path, chip.sentence.as_str())).collect();
        assert_eq!(found, [(vec![1], "any"), (vec![1, 1], "none")]);
        assert_eq!(chip_at(&chips, &[1, 1, 0]).map(|chip| chip.sentence.as_str()), Some("c"));
        assert_eq!(chip_at(&chips, &[0, 0]), None);
    }
}
