//! All keys that work on the present screen, from the same commands as the palette.

use crate::{
    i18n::use_i18n,
    state::{
        Command,
        shortcuts::{Group, Shortcuts},
    },
    t,
    ui::{Dialog, Kbd},
};
use leptos::prelude::*;

/// The sheet that `?` opens.
pub(super) fn help(open: RwSignal<bool>) -> AnyView {
    let i18n = use_i18n();
    let groups = move || {
        let mut groups = use_context::<Shortcuts>().map(Shortcuts::groups).unwrap_or_default();
        groups.iter_mut().for_each(|group| group.list.retain(|command| !command.keys.is_empty()));
        groups.retain(|group| !group.list.is_empty());
        groups
    };
    let group = move |group: Group| {
        let key = move |(at, key): (usize, &'static str)| {
            view! {
                {(at > 0).then(|| t!(i18n, frame_key_then))}
                <Kbd key=key />
            }
        };
        let line = move |command: Command| {
            view! {
                <div>
                    <dt>{command.label}</dt>
                    <dd>{command.keys.into_iter().enumerate().map(key).collect_view()}</dd>
                </div>
            }
        };
        view! {
            <section>
                <h3 class="card-title mb-2">{group.title}</h3>
                <dl class="shortcuts">{group.list.into_iter().map(line).collect_view()}</dl>
            </section>
        }
    };
    view! {
        <Dialog open title=t!(i18n, frame_shortcuts) wide=true>
            {move || groups().into_iter().map(group).collect_view()}
        </Dialog>
    }
    .into_any()
}
