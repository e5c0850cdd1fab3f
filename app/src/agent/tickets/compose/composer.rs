//! The composer of replies, notes and what is forwarded: who gets it, the text, the files, and the status that goes with it. What was typed is
//! kept on the server while typing, and nothing is lost when sending fails.

use super::{
    drafts::Drafts,
    editor::{RichEditor, html_of},
    files::UploadList,
    forward::{ForwardTo, TO, quote},
    recipients::Recipients,
    upload::Uploads,
};
use crate::{
    agent::tickets::{change, open::OpenTicket, others, store::ListStore},
    api::{self, ApiError, form_key},
    i18n::{I18n, use_i18n},
    state::{presence::use_presence, promise_keyboard},
    t,
    ui::{Banner, Button, Icon, Look, Menu, MenuItem, MenuLabel, StatusDot, Toasts, Tone, by_id, focus, use_toasts},
};
use domain::{
    Error, ErrorCode,
    conversation::{MessageKind, NewMessage, TakenBack},
    file::Attachment,
    id::{HeldId, MessageId, StatusId},
    item::ItemDetail,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_tiptap::TiptapEditorHandle;

/// Id of the text.
const TEXT: &str = "composer-text";

/// What else can ask the composer to do: the keyboard of the page.
#[derive(Clone, Copy)]
pub struct ComposerHandle {
    /// Reply or note.
    pub kind: RwSignal<MessageKind>,
    /// Whether it is unfolded (on a phone it folds to a bar).
    pub unfolded: RwSignal<bool>,
    /// Whether the composer is seen: another tab can hide it.
    pub seen: RwSignal<bool>,
    /// The keyboard goes to the text as soon as the editor is there and seen; to the addresses where it is forwarded.
    focus: RwSignal<bool>,
    /// Whether the note that is written is forwarded by mail.
    pub forwards: RwSignal<bool>,
    /// What is quoted once the editor is there.
    quote: RwSignal<Option<String>>,
    /// What comes back into the editor.
    back: RwSignal<Option<Back>>,
    /// The reply that was written last, with the message that offers to take it back.
    offered: StoredValue<Option<(HeldId, u64)>>,
    editor: TiptapEditorHandle,
    // What is taken back later is taken back outside of the screen that offered it.
    toasts: Toasts,
    i18n: I18n,
}

/// What comes back into the editor, before what is written there: a reply that was taken back, a draft that was taken over.
#[derive(Debug, Clone)]
pub struct Back {
    /// Reply or note.
    pub kind: MessageKind,
    /// Clean HTML.
    pub html: String,
    /// Files, not used yet.
    pub files: Vec<Attachment>,
    /// Addresses that get a copy.
    pub cc: Vec<String>,
}

impl ComposerHandle {
    /// A composer for replies, or for notes only.
    #[must_use]
    pub fn new(may_reply: bool) -> Self {
        let kind = if may_reply { MessageKind::Reply } else { MessageKind::Note };
        Self {
            kind: RwSignal::new(kind),
            unfolded: RwSignal::new(false),
            seen: RwSignal::new(true),
            focus: RwSignal::new(false),
            forwards: RwSignal::new(false),
            quote: RwSignal::new(None),
            back: RwSignal::new(None),
            offered: StoredValue::new(None),
            editor: TiptapEditorHandle::new(),
            toasts: use_toasts(),
            i18n: use_i18n(),
        }
    }

    /// Begins to write a message of a kind.
    pub fn begin(self, kind: MessageKind) {
        self.forwards.set(false);
        self.kind.set(kind);
        self.unfolded.set(true);
        self.focus.set(true);
        promise_keyboard(true);
    }

    /// Begins to forward what is quoted. Who forwards already goes on with it.
    pub fn forward(self, quote: String) {
        if !self.forwards.get_untracked() {
            self.quote.set(Some(quote));
        }
        self.forwards.set(true);
        self.kind.set(MessageKind::Note);
        self.unfolded.set(true);
        self.focus.set(true);
        promise_keyboard(true);
    }

    /// Puts something back into the editor. The server has it as a draft already, so that nothing is lost where there is no editor
    /// at the moment: it is there when the ticket is opened the next time.
    pub fn put(self, back: Back) {
        let _ = self.back.try_set(Some(back));
    }

    /// Takes back a reply that waits to be sent. The ticket may have been closed since, for another or for all.
    pub fn take_back(self, held: HeldId, list: ListStore) {
        let (i18n, toasts) = (self.i18n, self.toasts);
        spawn_local(async move {
            match api::items::take_back(held).await {
                Ok(TakenBack { item, html, files, cc }) => {
                    if let Some(Some((_, offer))) = self.offered.try_get_value().map(|last| last.filter(|(of, _)| *of == held)) {
                        toasts.close(offer);
                    }
                    list.take(&item);
                    self.put(Back { kind: MessageKind::Reply, html, files, cc });
                    toasts.success(t!(i18n, tickets_taken_back));
                }
                Err(error) => toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    }
}

/// What the author had seen of a thread.
#[derive(Debug, Clone)]
struct Seen {
    message: MessageId,
    /// What others were about to send.
    held: Vec<HeldId>,
}

impl Seen {
    fn of(shown: &ItemDetail) -> Self {
        Self {
            // Those of tickets that were merged into it stand between by time; nobody writes there any more.
            message: shown.messages.iter().filter(|one| one.from.is_none()).map(|one| one.id).max().unwrap_or(MessageId(0)),
            held: shown.held.iter().map(|held| held.id).collect(),
        }
    }
}

/// The composer of a ticket.
#[component]
pub fn Composer(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the keyboard speaks to.
    handle: ComposerHandle,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let may = ticket.shown.with_untracked(|shown| shown.may);
    let kind = handle.kind;
    let editor = handle.editor;
    let uploads = Uploads::new();
    let (cc, to) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(Vec::<String>::new()));
    let sending = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    // The last message that was there when this one was begun, and the status to send it with, should it be sent all the same.
    let seen = StoredValue::new(None::<Seen>);
    let asked_status = StoredValue::new(None::<StatusId>);
    let look = move || ticket.shown.with_untracked(Seen::of);
    // The same key for the same message, however often it is sent: a second click or a retry makes no second message.
    let key = StoredValue::new(None::<String>);
    let (me, wait) = list.me.with_untracked(|me| (me.id, me.undo_send));
    let presence = use_presence();
    let write = move |writing: Option<MessageKind>| {
        if let Some(presence) = presence {
            presence.write(ticket.number, writing);
        }
    };
    let drafts = Drafts::new(ticket.number, me, editor, uploads, kind);
    Effect::new(move |_| {
        let forwards = handle.forwards.get();
        if handle.focus.get() && handle.seen.get() && (forwards || editor.is_ready()) {
            handle.focus.set(false);
            request_animation_frame(move || {
                if forwards {
                    focus(TO);
                } else {
                    let _ = editor.focus();
                }
                promise_keyboard(false);
            });
        }
    });
    on_cleanup(|| promise_keyboard(false));
    // What was kept comes first, so that nothing is put in the place of it.
    Effect::new(move |_| {
        if let (true, Some(quote)) = (drafts.fetched.get(), handle.quote.get()) {
            handle.quote.set(None);
            drafts.put_before(MessageKind::Note, &quote, Vec::new());
        }
    });
    Effect::new(move |_| {
        let Some(back) = handle.back.get() else { return };
        handle.back.set(None);
        // An editor that is not there yet begins with the draft that the server has.
        if untrack(move || editor.is_ready()) {
            drafts.put_before(back.kind, &back.html, back.files);
            cc.update(|cc| cc.extend(back.cc));
            handle.begin(back.kind);
        }
    });
    Effect::new(move |_| {
        if let Some(name) = ticket.draft_by.get() {
            drafts.look_again(move || toasts.success(t!(i18n, tickets_draft_taken, name = name)));
        }
    });

    let send = move |status: Option<StatusId>| {
        let html = html_of(editor);
        let files = uploads.ids();
        if uploads.has_failed() {
            return failed.set(Some(ApiError(Error::invalid("error_files_failed"))));
        }
        if sending.get_untracked() || uploads.is_busy() {
            return;
        }
        if html.is_empty() && files.is_empty() {
            let _ = editor.focus();
            return;
        }
        let written = kind.get_untracked();
        let forwards = handle.forwards.get_untracked() && written == MessageKind::Note;
        let forward_to = if forwards { to.get_untracked() } else { Vec::new() };
        if forwards && forward_to.is_empty() {
            focus(TO);
            return failed.set(Some(ApiError(Error::invalid("error_forward_to"))));
        }
        let names = forward_to.join(", ");
        let before = seen.get_value().unwrap_or_else(look);
        let hold = written == MessageKind::Reply && wait > 0;
        let message = NewMessage {
            item: ticket.number,
            kind: written,
            html,
            files,
            cc: if written == MessageKind::Reply { cc.get_untracked() } else { Vec::new() },
            forward_to,
            status_id: status,
            seen: Some(before.message),
            seen_held: before.held,
            hold,
            idempotency_key: key.get_value().unwrap_or_else(|| {
                let new = form_key();
                key.set_value(Some(new.clone()));
                new
            }),
        };
        asked_status.set_value(status);
        sending.set(true);
        failed.set(None);
        drafts.pause();
        spawn_local(async move {
            let answer = api::items::write(message).await;
            // The composer is gone when somebody opened another ticket meanwhile.
            let gone = sending.try_set(false).is_some();
            match answer {
                Ok(detail) => {
                    list.take(&detail);
                    let held = detail.held.iter().rev().find(|held| hold && held.author == me && held.error.is_empty());
                    match (held.map(|held| held.id), written) {
                        (Some(held), _) => {
                            let undo = move || handle.take_back(held, list);
                            let offer = toasts.undoable_for(wait.into(), t!(i18n, tickets_reply_held), undo);
                            let _ = handle.offered.try_set_value(Some((held, offer)));
                        }
                        (None, MessageKind::Reply) => toasts.success(t!(i18n, tickets_reply_sent)),
                        (None, MessageKind::Note) if forwards => toasts.success(t!(i18n, tickets_forwarded, names = names)),
                        (None, MessageKind::Note) => toasts.success(t!(i18n, tickets_note_added)),
                    }
                    if gone {
                        return;
                    }
                    key.set_value(None);
                    seen.set_value(None);
                    drafts.discard(written);
                    write(None);
                    cc.set(Vec::new());
                    to.set(Vec::new());
                    // Who forwards may reply, and that comes next.
                    if forwards {
                        handle.forwards.set(false);
                        kind.set(MessageKind::Reply);
                    }
                    handle.unfolded.set(false);
                }
                Err(error) if gone => toasts.error(i18n.error(&error.0)),
                Err(error) => {
                    if error.code() == ErrorCode::Conflict {
                        ticket.refresh();
                    }
                    failed.set(Some(error));
                    drafts.resume();
                }
            }
        });
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            send(None);
        }
    };
    // Escape leaves the text, so that the keys of the page work again; what floats over it takes the key first.
    let on_escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            let _ = editor.blur();
            handle.unfolded.set(false);
        }
    };
    let forwards = move || handle.forwards.get() && kind.get() == MessageKind::Note;
    let forward = move || handle.forward(ticket.shown.with_untracked(|shown| quote(i18n, shown, None)));
    // Without a kind it is the way to forward.
    let tab = move |of: Option<MessageKind>, icon: &'static str, label: &'static str, shortcut: &'static str| {
        let on = move || of.map_or_else(forwards, |of| kind.get() == of && !forwards());
        view! {
            <button
                type="button"
                class="composer-tab"
                title=format!("{label} ({shortcut})")
                aria-pressed=move || if on() { "true" } else { "false" }
                on:click=move |_| of.map_or_else(forward, |of| handle.begin(of))
            >
                <Icon name=icon />
                {label}
            </button>
        }
    };
    let label = Signal::derive(move || match kind.get() {
        MessageKind::Reply => t!(i18n, tickets_reply).to_owned(),
        MessageKind::Note if forwards() => t!(i18n, tickets_forward).to_owned(),
        MessageKind::Note => t!(i18n, tickets_note).to_owned(),
    });
    let is_note = move || kind.get() == MessageKind::Note;
    let over_note = move || {
        if forwards() {
            return view! { <ForwardTo to /> }.into_any();
        }
        view! { <p class="composer-hint"><Icon name="lock" />{t!(i18n, tickets_note_hint)}</p> }.into_any()
    };
    view! {
        <section
            class="composer"
            class:composer-note=is_note
            class:composer-unfolded=move || handle.unfolded.get()
            aria-label=t!(i18n, tickets_composer)
            on:keydown:capture=on_keydown
            on:keydown=on_escape
        >
            {others::over_composer(ticket.number)}
            <div class="composer-head">
                {may.reply.then(|| tab(Some(MessageKind::Reply), "reply", t!(i18n, tickets_reply), "R"))}
                {tab(Some(MessageKind::Note), "lock", t!(i18n, tickets_note), "N")}
                {may.reply.then(|| tab(None, "arrow-right", t!(i18n, tickets_forward), "F"))}
                <span class="composer-saved" role="status">{move || drafts.saved.get().then(|| t!(i18n, tickets_draft_saved))}</span>
                <Show when=move || drafts.saved.get() || drafts.shared.get()>
                    <Button
                        look=Look::Ghost
                        icon="people"
                        on_click=Callback::new(move |_| {
                            drafts.share(!drafts.shared.get_untracked(), move |error| toasts.error(i18n.error_at_once(&error.0)));
                        })
                    >
                        {move || if drafts.shared.get() { t!(i18n, tickets_draft_unshare) } else { t!(i18n, tickets_draft_share) }}
                    </Button>
                </Show>
            </div>
            <div class="composer-body">
                <Show when=move || !is_note() fallback=move || view! { {over_note} }>
                    <Recipients ticket cc />
                </Show>
                {move || {
                    failed.get().map(|error| {
                        // In another tab, so that this one keeps what is written.
                        let sign_in = (error.code() == ErrorCode::Unauthenticated).then(|| view! {
                            <a class="link" href="/desk/sign-in" target="_blank" rel="external">{t!(i18n, sign_in)}</a>
                        });
                        let choice = (error.0.key == "error_thread_moved").then(|| {
                            let send_anyway = move |_| {
                                seen.set_value(Some(look()));
                                send(asked_status.get_value());
                            };
                            let edit = move |_| {
                                seen.set_value(Some(look()));
                                failed.set(None);
                                let _ = editor.focus();
                            };
                            let discard = move |_| {
                                seen.set_value(None);
                                failed.set(None);
                                drafts.discard(kind.get_untracked());
                            };
                            view! {
                                <div class="form-actions">
                                    <Button on_click=Callback::new(send_anyway)>{t!(i18n, tickets_moved_send)}</Button>
                                    <Button on_click=Callback::new(edit)>{t!(i18n, tickets_moved_edit)}</Button>
                                    <Button on_click=Callback::new(discard)>{t!(i18n, tickets_moved_discard)}</Button>
                                </div>
                            }
                        });
                        view! { <Banner tone=Tone::Danger>{i18n.error_at_once(&error.0)} " " {t!(i18n, tickets_message_kept)} " " {sign_in} {choice}</Banner> }
                    })
                }}
                <RichEditor
                    id=TEXT
                    label
                    handle=editor
                    uploads
                    on_change=Callback::new(move |()| {
                        // An editor that was emptied because the message left begins nothing.
                        if !html_of(editor).is_empty() {
                            handle.unfolded.set(true);
                            if seen.get_value().is_none() {
                                seen.set_value(Some(look()));
                            }
                        }
                        drafts.changed();
                        // A draft that comes back from the server is not being written.
                        if by_id(TEXT).is_some_and(|text| text.matches(":focus-within").unwrap_or_default()) {
                            write(drafts.has_begun().then(|| kind.get_untracked()));
                        }
                    })
                    disabled=Signal::derive(move || sending.get())
                />
                <UploadList uploads />
                <div class="composer-actions">
                    <span class="composer-keys">"Ctrl ↵"</span>
                    <Button
                        look=Look::Primary
                        icon="send"
                        busy=Signal::derive(move || sending.get())
                        disabled=Signal::derive(move || uploads.is_busy())
                        on_click=Callback::new(move |_| send(None))
                    >
                        {move || match kind.get() {
                            MessageKind::Note if forwards() => t!(i18n, tickets_forward),
                            MessageKind::Note => t!(i18n, tickets_note_add),
                            MessageKind::Reply => t!(i18n, tickets_reply_send),
                        }}
                    </Button>
                    {may.change.then(|| view! { <SendMenu ticket list send=Callback::new(move |status| send(Some(status))) /> })}
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The other half of the send button: sends and sets a status.
#[component]
fn SendMenu(ticket: OpenTicket, list: ListStore, send: Callback<StatusId>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = Memo::new(move |_| ticket.shown.with(|shown| shown.row.type_id));
    let entries = move || {
        let catalog = list.catalog.get();
        let statuses = change::type_of(&catalog, kind.get()).map(|kind| kind.statuses.clone()).unwrap_or_default();
        let entry = move |status: domain::types::Status| {
            let id = status.id;
            view! {
                <MenuItem on_select=Callback::new(move |()| send.run(id))>
                    <StatusDot colour=status.colour.clone() />
                    {i18n.status(&status)}
                </MenuItem>
            }
        };
        statuses.into_iter().map(entry).collect_view()
    };
    view! {
        <Menu
            id="composer-send"
            label=t!(i18n, tickets_send_and_set)
            trigger=ViewFn::from(|| view! { <Icon name="chevron-down" /> })
            class="btn btn-primary btn-icon"
            at_end=true
        >
            <MenuLabel text=t!(i18n, tickets_send_and_set) />
            {entries}
        </Menu>
    }
    .into_any()
}
