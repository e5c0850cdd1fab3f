//! What is done with the view that is shown: saving what was changed of it, for oneself or for all who have it; naming, ordering,
//! hiding, deleting it.

use super::selection::export_links;
use crate::{
    agent::tickets::{
        address::ListAddress,
        store::{ListStore, name_of},
    },
    api::{
        self, ApiResult,
        views::{Draft, Own, View, Views},
    },
    i18n::{I18n, use_i18n},
    t,
    ui::{Button, Dialog, Icon, Look, Menu, MenuItem, MenuSeparator, Select, TextField, Toasts, field_error, use_toasts},
};
use domain::{
    Error, limits,
    view::{Settings, ViewKey},
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{future::Future, sync::Arc};

/// Icons that a view can have.
pub const ICONS: [&str; 9] = ["inbox", "star", "clock", "alert", "people", "building", "tag", "mail", "question"];
/// Colours that a view can have, by name.
const COLOURS: [(&str, &str); 6] = [
    ("red", "#d64545"),
    ("orange", "#d9822b"),
    ("green", "#2f9e5b"),
    ("blue", "#3b82c4"),
    ("purple", "#8a5cc2"),
    ("grey", "#7a8290"),
];

/// Acts on views.
#[derive(Clone)]
pub struct ViewActions {
    list: ListStore,
    toasts: Toasts,
    i18n: I18n,
    go: Arc<dyn Fn(ListAddress) + Send + Sync>,
    /// What is being named: a new view, or one that there is.
    naming: RwSignal<Option<Naming>>,
}

/// What the dialog is about.
#[derive(Debug, Clone)]
struct Naming {
    /// The view that is changed; `None` for a new one.
    changes: Option<(ViewKey, i64)>,
    view: Draft,
}

impl ViewActions {
    /// For a list.
    pub fn of(list: ListStore) -> Self {
        let navigate = use_navigate();
        let go = move |address: ListAddress| {
            navigate(&address.list(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        };
        Self { list, toasts: use_toasts(), i18n: use_i18n(), go: Arc::new(go), naming: RwSignal::new(None) }
    }

    /// Does something to which the server answers with all views.
    pub fn change(&self, change: impl Future<Output = ApiResult<Views>> + 'static) {
        let (list, toasts, i18n) = (self.list, self.toasts, self.i18n);
        spawn_local(async move {
            match change.await {
                Ok(views) => list.take_views(views),
                Err(error) => toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    }

    /// The same for oneself.
    pub fn own(&self, key: ViewKey, change: Own) {
        self.change(api::views::set_own(key, change));
    }

    /// The view as it is shown now, with what was changed of it.
    fn as_shown(&self, name: String, scope: String) -> Draft {
        let text = self.list.wording();
        let view = untrack(|| self.list.view());
        let view = view.as_ref();
        Draft {
            name,
            scope,
            folder: view.map(|view| view.folder.clone()).unwrap_or_default(),
            icon: view.map(|view| view.icon.clone()).unwrap_or_default(),
            colour: view.map(|view| view.colour.clone()).unwrap_or_default(),
            text,
            settings: untrack(|| self.list.shown()).query(),
        }
    }

    /// Whether a view is being named. Tracked.
    pub fn is_naming(&self) -> bool {
        self.naming.with(Option::is_some)
    }

    fn name_new(&self) {
        self.naming.set(Some(Naming { changes: None, view: self.as_shown(String::new(), "me".to_owned()) }));
    }

    fn rename(&self, view: &View) {
        let settings = view.settings.clone();
        let now = Draft { text: view.text.clone(), settings, ..self.as_shown(name_of(view, self.i18n), view.scope.clone()) };
        self.naming.set(Some(Naming { changes: Some((view.key, view.version)), view: now }));
    }

    /// Saves what is shown for all who have the view.
    fn save(&self, view: &View) {
        let new = self.as_shown(view.name.clone(), view.scope.clone());
        self.send(Some((view.key, view.version)), new, |_| {});
    }

    fn send(&self, changes: Option<(ViewKey, i64)>, new: Draft, failed: impl Fn(Error) + 'static) {
        let this = self.clone();
        spawn_local(async move {
            let saved = match changes {
                Some((key, version)) => api::views::save(key, version, new).await,
                None => api::views::create(new).await,
            };
            match saved {
                Ok(view) => {
                    // What was saved is no longer one's own way of seeing it.
                    let views = match view.own {
                        Some(_) if changes.is_some() => api::views::set_own(view.key, Own::Settings(None)).await,
                        _ => api::views::all().await,
                    };
                    this.naming.set(None);
                    (this.go)(ListAddress::of_view(view.key));
                    if let Ok(views) = views {
                        this.list.take_views(views);
                    }
                    this.toasts.success(t!(this.i18n, tickets_view_saved));
                }
                Err(error) => {
                    if error.0.fields.is_empty() {
                        this.toasts.error(this.i18n.error(&error.0));
                    }
                    failed(error.0);
                }
            }
        });
    }

    fn delete(&self, view: &View) {
        let this = self.clone();
        let (key, name) = (view.key, name_of(view, self.i18n));
        spawn_local(async move {
            if let Err(error) = api::views::delete(key).await {
                return this.toasts.error(this.i18n.error(&error.0));
            }
            (this.go)(ListAddress::default());
            this.list.renew_views();
            let again = this.clone();
            this.toasts.undoable(t!(this.i18n, tickets_view_deleted, name = name), move || {
                let again = again.clone();
                spawn_local(async move {
                    match api::views::restore(key).await {
                        Ok(view) => {
                            again.list.renew_views();
                            (again.go)(ListAddress::of_view(view.key));
                        }
                        Err(error) => again.toasts.error(again.i18n.error(&error.0)),
                    }
                });
            });
        });
    }

    /// Moves a view among those that stand beside it in the panel.
    fn step(&self, key: ViewKey, up: bool) {
        let before = self.list.views.with_untracked(|all| {
            let moved = all.views.iter().find(|view| view.key == key)?;
            let beside = |view: &&View| {
                (view.hidden, view.pinned, &view.scope, &view.folder) == (moved.hidden, moved.pinned, &moved.scope, &moved.folder)
            };
            let seen: Vec<&View> = all.views.iter().filter(beside).collect();
            let at = seen.iter().position(|view| view.key == key)?;
            if up {
                at.checked_sub(1).map(|to| Some(seen[to].key))
            } else {
                seen.get(at + 1).map(|_| seen.get(at + 2).map(|view| view.key))
            }
        });
        if let Some(before) = before {
            self.own(key, Own::Before(before));
        }
    }
}

/// What was changed of the view and is not saved, with what can be done about it.
#[component]
pub fn SaveMenu(
    /// The list.
    list: ListStore,
    /// Acts on views.
    actions: ViewActions,
) -> impl IntoView {
    let i18n = use_i18n();
    let changed = Memo::new(move |_| list.address.with(ListAddress::is_changed));
    let entries = move || {
        let view = list.view();
        let address = list.address.get();
        let filtered = address.filter.is_some() || !address.text.is_empty();
        let (mine, all, new, reset) = (actions.clone(), actions.clone(), actions.clone(), actions.clone());
        let key = address.view;
        let for_me = (!filtered && view.is_some()).then(|| {
            let keep = move |()| {
                let settings: Settings = untrack(|| list.shown());
                mine.own(key, Own::Settings(Some(settings.query())));
                (mine.go)(ListAddress::of_view(key));
            };
            view! { <MenuItem icon="person" on_select=Callback::new(keep)>{t!(i18n, tickets_view_save_own)}</MenuItem> }
        });
        // Views that every workspace has keep their filter.
        let may = |view: &View| view.may_change && (!filtered || matches!(view.key, ViewKey::Saved(_)));
        let for_all = view.filter(may).map(|view| {
            let text = if view.scope == "me" { t!(i18n, tickets_view_save) } else { t!(i18n, tickets_view_save_all) };
            view! { <MenuItem icon="check" on_select=Callback::new(move |()| all.save(&view))>{text}</MenuItem> }
        });
        view! {
            {for_all}
            {for_me}
            <MenuItem icon="plus" on_select=Callback::new(move |()| new.name_new())>{t!(i18n, tickets_view_save_new)}</MenuItem>
            <MenuSeparator />
            <MenuItem icon="undo" on_select=Callback::new(move |()| (reset.go)(ListAddress::of_view(key)))>{t!(i18n, tickets_view_reset)}</MenuItem>
        }
    };
    let entries = StoredValue::new(entries);
    view! {
        <Show when=move || changed.get()>
            <span class="view-changed">
                <Menu id="view-save" label=t!(i18n, tickets_view_changed) class="btn btn-small" trigger=ViewFn::from(move || t!(i18n, save))>
                    {move || entries.with_value(|entries| entries())}
                </Menu>
            </span>
        </Show>
    }
    .into_any()
}

/// What can be done with the view that is shown.
#[component]
pub fn ViewMenu(
    /// The list.
    list: ListStore,
    /// Acts on views.
    actions: ViewActions,
) -> impl IntoView {
    let i18n = use_i18n();
    let administers = move || list.me.with(|me| me.role.administers());
    let entries = move || {
        let Some(view) = list.view() else { return ().into_any() };
        let key = view.key;
        let is_default = list.views.with(|views| views.default == Some(key));
        let item = |icon: &'static str, text: &'static str, act: Box<dyn Fn(&ViewActions) + Send + Sync>| {
            let actions = actions.clone();
            view! { <MenuItem icon on_select=Callback::new(move |()| act(&actions))>{text}</MenuItem> }
        };
        let own = |change: Own| -> Box<dyn Fn(&ViewActions) + Send + Sync> {
            Box::new(move |actions| actions.own(key, change.clone()))
        };
        let (renamed, deleted) = (view.clone(), view.clone());
        let saved = matches!(key, ViewKey::Saved(_));
        let rename =
            view.may_change.then(|| item("edit", t!(i18n, tickets_view_edit), Box::new(move |actions| actions.rename(&renamed))));
        let delete = (view.may_change && saved)
            .then(|| item("trash", t!(i18n, tickets_view_delete), Box::new(move |actions| actions.delete(&deleted))));
        let own_settings = view.own.is_some().then(|| item("undo", t!(i18n, tickets_view_as_saved), own(Own::Settings(None))));
        let pin = if view.pinned { t!(i18n, tickets_view_unpin) } else { t!(i18n, tickets_view_pin) };
        let hide = if view.hidden { t!(i18n, tickets_view_unhide) } else { t!(i18n, tickets_view_hide) };
        let begin = if is_default {
            item("monitor", t!(i18n, tickets_view_not_default), own(Own::NotDefault))
        } else {
            item("monitor", t!(i18n, tickets_view_default), own(Own::Default))
        };
        let for_all = (administers() && view.scope == "all").then(|| {
            let hidden = view.hidden_for_all;
            let text = if hidden { t!(i18n, tickets_view_unhide_all) } else { t!(i18n, tickets_view_hide_all) };
            view! {
                <MenuSeparator />
                {item("eye", text, Box::new(move |actions| actions.change(api::views::hide_for_all(key, !hidden))))}
                {item("monitor", t!(i18n, tickets_view_default_all), Box::new(move |actions| actions.change(api::views::default_for_all(Some(key)))))}
            }
        });
        view! {
            {rename}
            {item("plus", t!(i18n, tickets_view_duplicate), Box::new(ViewActions::name_new))}
            {own_settings}
            <MenuSeparator />
            {item("star", pin, own(Own::Pin(!view.pinned)))}
            {item("arrow-up", t!(i18n, tickets_view_up), Box::new(move |actions| actions.step(key, true)))}
            {item("arrow-down", t!(i18n, tickets_view_down), Box::new(move |actions| actions.step(key, false)))}
            {item("eye", hide, own(Own::Hide(!view.hidden)))}
            {begin}
            {for_all}
            <MenuSeparator />
            {export_links(list, i18n, "", &[])}
            {delete.map(|delete| view! { <MenuSeparator /> {delete} })}
        }
        .into_any()
    };
    view! {
        <Menu id="view-menu" label=t!(i18n, tickets_view_menu) class="btn btn-ghost btn-icon" trigger=ViewFn::from(|| view! { <Icon name="more" /> })>
            {entries}
        </Menu>
    }
    .into_any()
}

/// Names a view and says who has it.
#[component]
pub fn NamingDialog(
    /// Acts on views.
    actions: ViewActions,
) -> impl IntoView {
    let list = actions.list;
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let folder = RwSignal::new(String::new());
    let scope = RwSignal::new(String::new());
    let icon = RwSignal::new(String::new());
    let colour = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<Error>);
    let naming = actions.naming;
    Effect::new(move |_| {
        let Some(now) = naming.get() else {
            // Said once: each saying is heard, also by what has just said so.
            if open.get_untracked() {
                open.set(false);
            }
            return;
        };
        name.set(now.view.name.clone());
        folder.set(now.view.folder.clone());
        icon.set(now.view.icon.clone());
        colour.set(now.view.colour.clone());
        scope.set(now.view.scope.clone());
        failed.set(None);
        open.set(true);
    });
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open && naming.with_untracked(Option::is_some) {
                naming.set(None);
            }
        },
        false,
    );
    let scopes = Signal::derive(move || {
        let mut all = vec![("me".to_owned(), t!(i18n, tickets_view_scope_me).to_owned())];
        let me = list.me.get();
        if me.role.works() {
            let teams = list.catalog.with(|catalog| catalog.teams.clone());
            let mine = teams.into_iter().filter(|team| me.role.administers() || me.teams.contains(&team.id));
            all.extend(mine.map(|team| (team.id.to_string(), t!(i18n, tickets_view_scope_team, name = team.name))));
        }
        if me.role.administers() {
            all.push(("all".to_owned(), t!(i18n, tickets_view_scope_all).to_owned()));
        }
        all
    });
    let none = move || (String::new(), t!(i18n, tickets_view_none).to_owned());
    let icons = move || {
        let named = ICONS.into_iter().map(|icon| (icon.to_owned(), i18n.name("icon", icon)));
        std::iter::once(none()).chain(named).collect::<Vec<_>>()
    };
    let colours = move || {
        let named = COLOURS.into_iter().map(|(name, code)| (code.to_owned(), i18n.name("colour", name)));
        std::iter::once(none()).chain(named).collect::<Vec<_>>()
    };
    let is_system =
        move || naming.with(|naming| naming.as_ref().is_some_and(|one| matches!(one.changes, Some((ViewKey::System(_), _)))));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(Naming { changes, view }) = naming.get_untracked() else { return };
        let new = Draft {
            name: name.get_untracked().trim().to_owned(),
            folder: folder.get_untracked().trim().to_owned(),
            icon: icon.get_untracked(),
            colour: colour.get_untracked(),
            scope: scope.get_untracked(),
            ..view
        };
        actions.send(changes, new, move |error| failed.set(Some(error)));
    };
    let title = Signal::derive(move || {
        let new = naming.with(|naming| naming.as_ref().is_none_or(|one| one.changes.is_none()));
        if new { t!(i18n, tickets_view_new).to_owned() } else { t!(i18n, tickets_view_edit).to_owned() }
    });
    view! {
        <Dialog open title>
            <form class="form" on:submit=on_submit.clone()>
                <TextField
                    id="view-name"
                    name="name"
                    label=t!(i18n, tickets_view_name)
                    value=name
                    maxlength=limits::NAME
                    error=field_error(failed.into(), "name")
                />
                <Show when=move || !is_system()>
                    <Select id="view-scope" name="scope" label=t!(i18n, tickets_view_scope) value=scope options=scopes error=field_error(failed.into(), "scope") />
                </Show>
                <TextField id="view-folder" name="folder" label=t!(i18n, tickets_view_folder) value=folder optional=true maxlength=limits::NAME />
                <Select id="view-icon" name="icon" label=t!(i18n, tickets_view_icon) value=icon options=Signal::stored(icons()) />
                <Select id="view-colour" name="colour" label=t!(i18n, tickets_view_colour) value=colour options=Signal::stored(colours()) />
                <div class="dialog-actions">
                    <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                    <Button look=Look::Primary submit=true>{t!(i18n, save)}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
