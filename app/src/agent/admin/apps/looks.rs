//! How a portal looks and what it says: colour, and texts in each language.

use crate::{
    api::ApiError,
    i18n::use_i18n,
    t,
    ui::{Checkbox, Select, TextArea, TextField, field_error},
};
use domain::{
    Error,
    language::Language,
    limits,
    portal::app::{PortalLook, PortalTexts},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The texts of one language, while they are being written.
#[derive(Debug, Clone, Copy)]
struct Texts {
    language: Language,
    welcome: RwSignal<String>,
    empty: RwSignal<String>,
    footer: RwSignal<String>,
}

/// A look, while it is being changed.
#[derive(Debug, Clone)]
pub(super) struct Looks {
    own_colour: RwSignal<bool>,
    colour: RwSignal<String>,
    texts: Vec<Texts>,
}

impl Looks {
    /// As it is kept; `colour` is the workspace's.
    pub(super) fn of(look: &PortalLook, colour: &str) -> Self {
        let texts = Language::ALL.into_iter().map(|language| {
            let PortalTexts { welcome, empty, footer } = look.texts.get(&language).cloned().unwrap_or_default();
            let [welcome, empty, footer] = [welcome, empty, footer].map(RwSignal::new);
            Texts { language, welcome, empty, footer }
        });
        Self {
            own_colour: RwSignal::new(look.colour.is_some()),
            colour: RwSignal::new(look.colour.clone().unwrap_or_else(|| colour.to_owned())),
            texts: texts.collect(),
        }
    }

    /// As it is to be kept.
    pub(super) fn look(&self) -> PortalLook {
        let texts = self.texts.iter().map(|texts| {
            let [welcome, empty, footer] = [texts.welcome, texts.empty, texts.footer].map(|text| text.get());
            (texts.language, PortalTexts { welcome, empty, footer })
        });
        let said: BTreeMap<_, _> = texts.filter(|(_, texts)| *texts != PortalTexts::default()).collect();
        PortalLook { colour: self.own_colour.get().then(|| self.colour.get()), texts: said }
    }
}

/// Colour and texts.
#[component]
pub(super) fn LooksInput(
    /// What is being changed.
    looks: Looks,
    /// What is wrong with what was sent.
    plain: Signal<Option<Error>>,
    /// The same, with the names of fields that are made of others.
    error: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = RwSignal::new(Language::default().tag().to_owned());
    let languages: Vec<_> = Language::ALL.iter().map(|l| (l.tag().to_owned(), l.name().to_owned())).collect();
    let own = looks.own_colour;
    let wrong =
        move |field: String| Signal::derive(move || error.read().as_ref().and_then(|error| i18n.field_error(&error.0, &field)));
    let texts = looks.texts.into_iter().map(move |texts| {
        let tag = texts.language.tag();
        let area = move |name: &'static str, label: &'static str, value| {
            view! {
                <TextArea id=format!("app-{name}-{tag}") name=format!("{name}-{tag}") label value rows=2 maxlength=limits::PORTAL_TEXT error=wrong(format!("texts.{tag}.{name}")) />
            }
        };
        view! {
            <div class="form" hidden=move || language.with(|chosen| chosen != tag)>
                {area("welcome", t!(i18n, apps_text_welcome), texts.welcome)}
                {area("empty", t!(i18n, apps_text_empty), texts.empty)}
                {area("footer", t!(i18n, apps_text_footer), texts.footer)}
            </div>
        }
    });
    view! {
        <Checkbox id="app-own-colour" name="own_colour" label=t!(i18n, apps_own_colour) checked=own help=t!(i18n, apps_own_colour_help) />
        <Show when=move || own.get()>
            <TextField id="app-colour" name="colour" label=t!(i18n, admin_colour) kind="color" value=looks.colour help=t!(i18n, admin_colour_help) error=field_error(plain, "colour") />
        </Show>
        <Select id="app-language" name="language" label=t!(i18n, apps_texts_in) value=language options=languages help=t!(i18n, apps_texts_help) />
        {texts.collect_view()}
    }
}
