//! The page of the profile.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::{Moment, use_i18n},
    plural,
    state::{
        Load, load,
        preferences::{use_language, use_theme, use_zone},
        use_session,
    },
    t,
    ui::{Banner, Button, Card, ErrorState, Look, PageTitle, Select, Skeleton, TextField, Tone, field_error, use_toasts},
};
use domain::{
    agent::{ProfilePatch, Theme},
    language::Language,
    limits,
    patch::Patch,
    session::SessionInfo,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

/// The whole page.
#[component]
pub fn ProfileScreen() -> impl IntoView {
    // Where the agent is signed in.
    let sessions = load(|| (), |()| api::accounts::sessions());
    let i18n = use_i18n();
    view! {
        <PageTitle text=t!(i18n, profile_title) />
        <div class="page">
            <div class="page-narrow page-stack">
                <div class="page-head"><h1 class="page-title">{t!(i18n, profile_title)}</h1></div>
                <About />
                <Password sessions />
                <Card title=t!(i18n, profile_sessions)>
                    <Transition fallback=|| view! { <Skeleton lines=3 /> }>
                        {move || Suspend::new(async move {
                            match sessions.await {
                                Ok(list) => view! { <Sessions list sessions /> }.into_any(),
                                Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| sessions.refetch()) /> }.into_any(),
                            }
                        })}
                    </Transition>
                </Card>
            </div>
        </div>
    }
}

fn theme_key(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

#[component]
fn About() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let me = session.me.get_untracked();
    let name = RwSignal::new(me.name.clone());
    let language = RwSignal::new(me.language.tag().to_owned());
    let zone = RwSignal::new(me.time_zone.clone());
    let theme = RwSignal::new(theme_key(me.theme).to_owned());
    let undo = RwSignal::new(me.undo_send.to_string());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    // What was set elsewhere can be chosen, too.
    let mut seconds = vec![0, 5, 10, 20, limits::UNDO_SEND, me.undo_send];
    seconds.sort_unstable();
    seconds.dedup();
    let undo_choices = seconds.into_iter().map(|seconds| {
        let text = match seconds {
            0 => t!(i18n, profile_undo_send_off).to_owned(),
            _ => plural!(i18n, profile_undo_send_seconds, i64::from(seconds)),
        };
        (seconds.to_string(), text)
    });
    let undo_choices: Vec<_> = undo_choices.collect();
    let languages: Vec<_> = Language::ALL.iter().map(|l| (l.tag().to_owned(), l.name().to_owned())).collect();
    let themes = vec![
        ("system".to_owned(), t!(i18n, profile_theme_system).to_owned()),
        ("light".to_owned(), t!(i18n, profile_theme_light).to_owned()),
        ("dark".to_owned(), t!(i18n, profile_theme_dark).to_owned()),
    ];
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let chosen_theme = match theme.get_untracked().as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
        let patch = ProfilePatch {
            name: Patch::Set(name.get_untracked()),
            language: Patch::Set(Language::from_tag(&language.get_untracked()).unwrap_or_default()),
            time_zone: Patch::Set(zone.get_untracked()),
            theme: Patch::Set(chosen_theme),
            undo_send: undo.get_untracked().parse().map_or(Patch::Keep, Patch::Set),
        };
        spawn_local(async move {
            match api::accounts::change_profile(patch).await {
                Ok(me) => {
                    toasts.success(t!(i18n, saved));
                    use_theme(me.theme);
                    use_zone(&me.time_zone);
                    // A page has one language for its life, so another language loads it anew.
                    if me.language != i18n.language() {
                        use_language(me.language);
                    }
                    session.me.set(me);
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    view! {
        <Card title=t!(i18n, profile_about)>
            <form class="form" on:submit=save>
                {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
                <p class="muted">{me.email}</p>
                <TextField id="profile-name" name="name" label=t!(i18n, profile_name) autocomplete="name" value=name required=true maxlength=limits::NAME error=field_error(plain, "name") />
                <div class="form-row">
                    <Select id="profile-language" name="language" label=t!(i18n, language) value=language options=languages />
                    <TextField id="profile-zone" name="time_zone" label=t!(i18n, people_time_zone) value=zone help=t!(i18n, profile_zone_help) maxlength=60 error=field_error(plain, "time_zone") />
                    <Select id="profile-theme" name="theme" label=t!(i18n, profile_theme) value=theme options=themes />
                    <Select
                        id="profile-undo"
                        name="undo_send"
                        label=t!(i18n, profile_undo_send)
                        help=t!(i18n, profile_undo_send_help)
                        value=undo
                        options=undo_choices
                    />
                </div>
                <div class="form-actions"><Button look=Look::Primary submit=true busy>{t!(i18n, save)}</Button></div>
            </form>
        </Card>
    }
}

#[component]
fn Password(sessions: Load<Vec<SessionInfo>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::accounts::change_password(current.get_untracked(), new.get_untracked()).await {
                Ok(()) => {
                    toasts.success(t!(i18n, profile_password_set));
                    current.set(String::new());
                    new.set(String::new());
                    sessions.refetch();
                }
                Err(failed) => error.set(Some(failed)),
            }
            busy.set(false);
        });
    };
    view! {
        <Card title=t!(i18n, auth_password)>
            <form class="form" on:submit=save>
                {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
                <div class="form-row">
                    <TextField id="profile-current" name="current" label=t!(i18n, profile_current_password) kind="password" autocomplete="current-password" value=current error=field_error(plain, "current") />
                    <TextField
                        id="profile-new"
                        name="password"
                        label=t!(i18n, auth_new_password)
                        kind="password"
                        autocomplete="new-password"
                        value=new
                        required=true
                        maxlength=limits::PASSWORD_MAX
                        help=t!(i18n, auth_password_rule, min = limits::PASSWORD_MIN)
                        error=field_error(plain, "password")
                    />
                </div>
                <div class="form-actions"><Button submit=true busy>{t!(i18n, auth_set_password)}</Button></div>
            </form>
        </Card>
    }
}

#[component]
fn Sessions(list: Vec<SessionInfo>, sessions: Load<Vec<SessionInfo>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let several = list.len() > 1;
    let everywhere = move |_| {
        spawn_local(async move {
            match api::accounts::sign_out_everywhere().await {
                Ok(_) => {
                    toasts.success(t!(i18n, profile_sessions_ended));
                    sessions.refetch();
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    view! {
        <ul class="lines">
            {list.into_iter().map(|session| view! { <OneSession session sessions /> }).collect_view()}
        </ul>
        {several.then(|| view! { <Button on_click=Callback::new(everywhere)>{t!(i18n, profile_sign_out_everywhere)}</Button> })}
    }
}

#[component]
fn OneSession(session: SessionInfo, sessions: Load<Vec<SessionInfo>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let id = session.id;
    let end = move |_| {
        spawn_local(async move {
            match api::accounts::end_session(id).await {
                Ok(()) => sessions.refetch(),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    view! {
        <li>
            <span class="truncate">{session.device}</span>
            <span class="muted">{session.address}</span>
            <Moment at=session.last_used_at />
            {if session.current {
                view! { <span class="muted">{t!(i18n, profile_this_session)}</span> }.into_any()
            } else {
                view! { <Button on_click=Callback::new(end)>{t!(i18n, profile_end_session)}</Button> }.into_any()
            }}
        </li>
    }
}
