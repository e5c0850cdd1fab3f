//! Who else is at a ticket, as it is shown: avatars in the row, a line in the head of the ticket, a word of warning over the
//! composer.

use crate::{
    i18n::{I18n, use_i18n},
    plural,
    state::{presence::use_presence, use_session},
    ui::{Avatar, Icon},
};
use domain::{conversation::MessageKind, id::ItemNumber, presence::Here};
use leptos::prelude::*;

/// Most avatars of a row.
const SHOWN: usize = 3;

/// Somebody by name, and what they write.
type Other = (String, Option<MessageKind>);

/// Who else is at a ticket. Tracked.
fn others(number: ItemNumber) -> impl Fn() -> Vec<Other> + Copy + Send + Sync + 'static {
    let session = use_session();
    let here = use_presence().map(|presence| presence.others(number));
    move || {
        let here = here.map(|here| here.get()).unwrap_or_default();
        let named = |here: Here| session.agent(here.agent).map(|agent| (agent.name, here.writing));
        here.into_iter().filter_map(named).collect()
    }
}

/// What those of them do who write this, or nothing but read, in one sentence.
fn sentence(i18n: I18n, others: &[Other], writing: Option<MessageKind>) -> Option<String> {
    let names: Vec<&str> = others.iter().filter(|other| other.1 == writing).map(|other| other.0.as_str()).collect();
    let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
    let names = names.join(", ");
    (count > 0).then(|| match writing {
        Some(MessageKind::Reply) => plural!(i18n, tickets_here_reply, count, names = names),
        Some(MessageKind::Note) => plural!(i18n, tickets_here_note, count, names = names),
        None => plural!(i18n, tickets_here_viewing, count, names = names),
    })
}

/// All that they do: replies, notes, reading.
fn sentences(i18n: I18n, others: &[Other]) -> Vec<String> {
    let all = [Some(MessageKind::Reply), Some(MessageKind::Note), None];
    all.into_iter().filter_map(|writing| sentence(i18n, others, writing)).collect()
}

fn avatars(others: &[Other]) -> AnyView {
    let avatar = |(name, writing): &Other| {
        view! {
            <span class="other">
                <Avatar name=name.clone() />
                {writing.map(|_| view! { <span class="other-writes"><Icon name="edit" /></span> })}
            </span>
        }
    };
    let rest = others.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| view! { <span class="people-rest" aria-hidden="true">{format!("+{rest}")}</span> });
    view! { {others.iter().take(SHOWN).map(avatar).collect_view()} {rest} }.into_any()
}

/// In a row: over its end, so that nothing moves when somebody comes.
pub fn in_row(number: ItemNumber) -> impl Fn() -> Option<AnyView> + Copy + Send + Sync + 'static {
    let i18n = use_i18n();
    let others = others(number);
    move || {
        let others = others();
        let text = sentences(i18n, &others).join(" ");
        (!others.is_empty()).then(|| {
            let title = text.clone();
            view! { <span class="others others-row" title=title><span class="sr-only">{text}</span>{avatars(&others)}</span> }
                .into_any()
        })
    }
}

/// In the head of a ticket. Of those who write screen readers tell by themselves.
pub fn in_head(number: ItemNumber) -> AnyView {
    let i18n = use_i18n();
    let others = others(number);
    let writing = move || {
        let others = others();
        let kinds = [Some(MessageKind::Reply), Some(MessageKind::Note)];
        kinds.into_iter().filter_map(|writing| sentence(i18n, &others, writing)).collect::<Vec<_>>().join(" ")
    };
    view! {
        <div class="others others-head" title=move || sentences(i18n, &others()).join(" ")>
            {move || avatars(&others())}
            <span class="others-text others-writing" role="status">{writing}</span>
            <span class="others-text">{move || sentence(i18n, &others(), None)}</span>
        </div>
    }
    .into_any()
}

/// Over the composer, while somebody else writes a reply, too.
pub fn over_composer(number: ItemNumber) -> impl Fn() -> Option<AnyView> + Copy + Send + Sync + 'static {
    let i18n = use_i18n();
    let others = others(number);
    move || {
        let all = others();
        let names: Vec<String> =
            all.into_iter().filter(|other| other.1 == Some(MessageKind::Reply)).map(|other| other.0).collect();
        let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
        let text = plural!(i18n, tickets_here_warning, count, names = names.join(", "));
        (count > 0).then(|| view! { <p class="composer-others"><Icon name="edit" />{text}</p> }.into_any())
    }
}
