//! One condition, put together from what there is: a field, how it is compared, and with what. The control for the value is that of
//! the field's kind.

use super::Filters;
use crate::{
    agent::{
        filter_fields::{Control, PERIODS, control, field_of, operators, period},
        tickets::list::tags::tag_loader,
    },
    api::{
        self,
        filters::{Choice, Deed, Form, VIEW, WORDS},
    },
    i18n::{I18n, use_i18n},
    t,
    ui::{Button, ComboOption, Combobox, Dialog, Loader, Look, Select, TextField},
};
use domain::{
    filter::{FIELDS, FieldType, Op, Relation, Thing},
    item::PRIORITY_MAX,
};
use leptos::{ev, prelude::*, task::spawn_local};

/// The condition that is being put together.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it stands; of a new one the group that it comes into.
    pub path: Vec<usize>,
    /// What it was; `None` for a new one.
    pub form: Option<Form>,
}

/// What the controls hold.
#[derive(Clone, Copy)]
struct Controls {
    key: RwSignal<String>,
    op: RwSignal<String>,
    chosen: RwSignal<Vec<ComboOption>>,
    one: RwSignal<String>,
    two: RwSignal<String>,
    when: RwSignal<String>,
}

impl Controls {
    fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self { key: empty(), op: empty(), chosen: RwSignal::new(Vec::new()), one: empty(), two: empty(), when: empty() }
    }

    fn operator(self) -> Op {
        let key = self.op.get();
        let all = operators(&self.key.get());
        all.iter().copied().find(|op| op.key() == key).or_else(|| all.first().copied()).unwrap_or(Op::Is)
    }

    /// A new condition on a field.
    fn begin(self, key: &str) {
        let op = operators(key).first().copied();
        let one = match op.map(|op| control(key, op)) {
            Some(Control::Stars(_)) => "3",
            Some(Control::YesNo) => "yes",
            _ => "",
        };
        let op = op.map_or("", Op::key);
        self.take(Form {
            key: key.to_owned(),
            op: op.to_owned(),
            one: one.to_owned(),
            when: "day".to_owned(),
            ..Form::default()
        });
    }

    fn take(self, form: Form) {
        self.key.set(form.key);
        self.op.set(form.op);
        self.chosen.set(form.chosen.into_iter().map(|one| ComboOption::new(one.value, one.label)).collect());
        self.one.set(form.one);
        self.two.set(form.two);
        self.when.set(form.when);
    }

    /// What they hold, once it is whole. Tracked.
    fn form(self) -> Option<Form> {
        let (key, op) = (self.key.get(), self.operator());
        let chosen = self.chosen.get();
        let form = Form {
            op: op.key().to_owned(),
            chosen: chosen.into_iter().map(|one| Choice { value: one.value, label: one.label }).collect(),
            one: self.one.get(),
            two: self.two.get(),
            when: self.when.get(),
            key,
        };
        let (one, two) = (!form.one.trim().is_empty(), !form.two.trim().is_empty());
        let whole = match control(&form.key, op) {
            Control::Nothing => true,
            Control::Choice => !form.chosen.is_empty(),
            Control::Line | Control::YesNo | Control::Number(false) | Control::Stars(false) => one,
            Control::Number(true) | Control::Stars(true) => one && two,
            Control::Time(_) => match form.when.as_str() {
                "range" => one && two,
                "day" | "ago" | "last" => one,
                _ => true,
            },
        };
        (whole && !form.key.is_empty()).then_some(form)
    }
}

/// Puts a condition together. Opens when there is a target.
#[component]
pub fn ConditionDialog(
    /// What it changes.
    filters: Filters,
) -> impl IntoView {
    let i18n = use_i18n();
    let controls = Controls::new();
    let open = RwSignal::new(false);
    let target = filters.target;
    Effect::new(move |_| {
        let Some(begun) = target.get() else { return };
        match begun.form {
            None => controls.begin(""),
            Some(form) => controls.take(form),
        }
        open.set(true);
    });
    // Closed in whatever way, it is done with.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                target.set(None)
            }
        },
        false,
    );
    let save = StoredValue::new(move |in_group: bool| {
        let (Some(begun), Some(form)) = (target.get_untracked(), untrack(|| controls.form())) else { return };
        open.set(false);
        let deed = match begun.form {
            Some(_) => Deed::Set,
            None if in_group => Deed::AddGroup,
            None => Deed::Add,
        };
        filters.change(begun.path, deed, form);
    });
    let is_new = move || target.with(|target| target.as_ref().is_some_and(|target| target.form.is_none()));
    let incomplete = Signal::derive(move || controls.form().is_none());
    let title = Signal::derive(move || {
        if is_new() { t!(i18n, tickets_filter_add).to_owned() } else { t!(i18n, tickets_filter_change).to_owned() }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save.with_value(|save| save(false));
    };
    view! {
        <Dialog open title>
            <form class="form" on:submit=on_submit>
                <Select
                    id="filter-field"
                    name="field"
                    label=t!(i18n, tickets_filter_field)
                    value=controls.key
                    options=Signal::stored(fields(i18n))
                    on_change=Callback::new(move |key: String| controls.begin(&key))
                />
                {move || (!controls.key.with(String::is_empty)).then(|| comparison(i18n, controls))}
                <div class="dialog-actions">
                    <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                    <Show when=is_new>
                        <Button disabled=incomplete on_click=Callback::new(move |_| save.with_value(|save| save(true)))>
                            {t!(i18n, tickets_filter_add_group)}
                        </Button>
                    </Show>
                    <Button look=Look::Primary submit=true disabled=incomplete>
                        {move || if is_new() { t!(i18n, add) } else { t!(i18n, save) }}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// All that can be filtered by, by name.
fn fields(i18n: I18n) -> Vec<(String, String)> {
    let own = FIELDS.iter().filter(|info| info.is_of(None)).map(|info| info.key);
    let rows = Relation::ALL.into_iter().map(Relation::key);
    let mut all: Vec<(String, String)> =
        own.chain(rows).chain([WORDS, VIEW]).map(|key| (key.to_owned(), i18n.name("field", key))).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all.insert(0, (String::new(), String::new()));
    all
}

/// How it is compared, and with what.
fn comparison(i18n: I18n, controls: Controls) -> AnyView {
    let key = controls.key.get();
    let ops = operators(&key);
    let options: Vec<(String, String)> = ops.iter().map(|op| (op.key().to_owned(), i18n.name("operator", op.key()))).collect();
    let operator = (ops.len() > 1).then(|| {
        view! {
            <Select id="filter-operator" name="operator" label=t!(i18n, tickets_filter_operator) value=controls.op options=Signal::stored(options) />
        }
    });
    let which = move || control(&controls.key.get(), controls.operator());
    let shown = StoredValue::new(None::<Control>);
    let changed = Trigger::new();
    Effect::new(move |_| {
        let now = which();
        if shown.try_get_value().flatten() != Some(now) {
            shown.set_value(Some(now));
            changed.notify();
        }
    });
    let value_label = t!(i18n, tickets_filter_value);
    let (from, to) = (t!(i18n, tickets_filter_from), t!(i18n, tickets_filter_to));
    let value = move || {
        changed.track();
        match untrack(which) {
            Control::Nothing => ().into_any(),
            Control::Choice => choice(i18n, controls),
            Control::Line => line(controls.one, "filter-value", value_label, "text"),
            Control::Number(false) => line(controls.one, "filter-value", value_label, "number"),
            Control::Number(true) => {
                both(line(controls.one, "filter-value", from, "number"), line(controls.two, "filter-value-2", to, "number"))
            }
            Control::Stars(false) => stars(i18n, controls.one, "filter-value", value_label),
            Control::Stars(true) => {
                both(stars(i18n, controls.one, "filter-value", from), stars(i18n, controls.two, "filter-value-2", to))
            }
            Control::YesNo => {
                let options = vec![("yes".to_owned(), t!(i18n, yes).to_owned()), ("no".to_owned(), t!(i18n, no).to_owned())];
                few(controls.one, "filter-value", value_label, options)
            }
            Control::Time(stretch) => time(i18n, controls, stretch),
        }
    };
    view! { {operator} {value} }.into_any()
}

fn both(one: AnyView, two: AnyView) -> AnyView {
    view! { {one} {two} }.into_any()
}

fn line(value: RwSignal<String>, id: &'static str, label: &'static str, kind: &'static str) -> AnyView {
    view! { <TextField id name=id label value kind /> }.into_any()
}

fn few(value: RwSignal<String>, id: &'static str, label: &'static str, options: Vec<(String, String)>) -> AnyView {
    view! { <Select id name=id label value options=Signal::stored(options) /> }.into_any()
}

fn stars(i18n: I18n, value: RwSignal<String>, id: &'static str, label: &'static str) -> AnyView {
    let name = |stars: u8| if stars == 0 { t!(i18n, stars_none).to_owned() } else { "★".repeat(usize::from(stars)) };
    few(value, id, label, (0..=PRIORITY_MAX).map(|stars| (stars.to_string(), name(stars))).collect())
}

fn time(i18n: I18n, controls: Controls, stretch: bool) -> AnyView {
    let mut options: Vec<(String, String)> =
        PERIODS.iter().map(|(key, unit, by)| ((*key).to_owned(), period(i18n, *unit, *by))).collect();
    let mut add = |key: &str, name: &str| options.push((key.to_owned(), name.to_owned()));
    if stretch {
        add("last", t!(i18n, tickets_filter_last_days));
    } else {
        add("ago", t!(i18n, tickets_filter_some_days_ago));
    }
    add("day", t!(i18n, tickets_filter_a_day));
    if stretch {
        add("range", t!(i18n, tickets_filter_between));
    }
    // The operator before may have known others.
    if !options.iter().any(|(key, _)| *key == controls.when.get_untracked()) {
        controls.when.set("day".to_owned());
    }
    let rest = move || match controls.when.get().as_str() {
        "day" => line(controls.one, "filter-value", t!(i18n, tickets_filter_a_day), "date"),
        "ago" | "last" => line(controls.one, "filter-value", t!(i18n, tickets_filter_days), "number"),
        "range" => both(
            line(controls.one, "filter-value", t!(i18n, tickets_filter_from), "date"),
            line(controls.two, "filter-value-2", t!(i18n, tickets_filter_to), "date"),
        ),
        _ => ().into_any(),
    };
    both(few(controls.when, "filter-when", t!(i18n, tickets_filter_when), options), rest.into_any())
}

fn choice(i18n: I18n, controls: Controls) -> AnyView {
    let key = controls.key.get_untracked();
    let field = field_of(&key);
    let load = match field.info().map(|info| info.kind) {
        _ if key == VIEW => suggestions(i18n, Thing::View),
        Some(FieldType::Id(thing)) => suggestions(i18n, thing),
        Some(FieldType::Key(keys)) => {
            let name = move |key: &str| i18n.name(field.key(), key);
            Callback::new(move |(text, answer): (String, Callback<Vec<ComboOption>>)| {
                let text = text.to_lowercase();
                let all = keys.iter().map(|key| ComboOption::new(*key, name(key)));
                answer.run(all.filter(|option| option.label.to_lowercase().contains(&text)).collect());
            })
        }
        _ => tag_loader(),
    };
    let selected = Signal::derive(move || controls.chosen.get());
    let on_change = Callback::new(move |options| controls.chosen.set(options));
    // A tag that nobody has used yet can be asked for, too.
    let create = key == Relation::Tags.key();
    view! { <Combobox id="filter-value" label=t!(i18n, tickets_filter_value) selected on_change multiple=true create load /> }
        .into_any()
}

/// The stable name of a thing, as the server knows it.
fn thing_key(thing: Thing) -> &'static str {
    match thing {
        Thing::Type => "type",
        Thing::Status => "status",
        Thing::Agent => "agent",
        Thing::Team => "team",
        Thing::Customer => "customer",
        Thing::Organization => "organization",
        Thing::View => "view",
    }
}

/// Things by name; also those that stand for who looks.
fn suggestions(i18n: I18n, thing: Thing) -> Loader {
    let mine = match thing {
        Thing::Agent => Some(("@me", t!(i18n, tickets_filter_me))),
        Thing::Team => Some(("@myteams", t!(i18n, tickets_filter_my_teams))),
        _ => None,
    };
    Callback::new(move |(text, answer): (String, Callback<Vec<ComboOption>>)| {
        spawn_local(async move {
            let found = api::filters::suggest(thing_key(thing).to_owned(), text.clone()).await.unwrap_or_default();
            let person = matches!(thing, Thing::Agent | Thing::Customer);
            let named = found.into_iter().map(|one| ComboOption { person, ..ComboOption::new(one.value, one.label) });
            let lower = text.to_lowercase();
            let mine = mine.into_iter().filter(|(_, label)| label.to_lowercase().starts_with(&lower));
            answer.run(mine.map(|(value, label)| ComboOption::new(value, label)).chain(named).collect());
        });
    })
}
