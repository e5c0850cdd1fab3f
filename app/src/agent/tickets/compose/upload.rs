//! Files on their way to the server, each with its progress and a way to stop it. `fetch` tells no progress of what is sent, so
//! this uses `XMLHttpRequest`.

use domain::{Error, ErrorCode, file::Attachment, id::FileId, limits};
use leptos::{ev, prelude::*};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, FileList, FormData, ProgressEvent, XmlHttpRequest};

/// Where files are sent.
const ADDRESS: &str = "/files/upload";

/// Where a file is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// So many per cent have left.
    Sending(u8),
    /// The server has it.
    Kept(Attachment),
    /// It did not arrive.
    Failed(Error),
}

/// A file that was chosen, dropped or pasted.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Tells uploads apart.
    pub key: u32,
    /// Name of the file.
    pub name: String,
    /// Where it is on its way.
    pub state: ArcRwSignal<UploadState>,
}

/// A request under way with what listens to it.
struct Running {
    request: XmlHttpRequest,
    // Kept alive as long as the request.
    _progress: Closure<dyn FnMut(ProgressEvent)>,
}

/// The files of one form.
#[derive(Clone, Copy)]
pub struct Uploads {
    /// In the order they were added.
    pub list: RwSignal<Vec<Upload>>,
    // Only in the browser: a server may let go of a page on another thread than the one that made it, and this cannot.
    running: Option<StoredValue<BTreeMap<u32, Running>, LocalStorage>>,
    next: StoredValue<u32>,
}

impl Uploads {
    /// No files yet. Those still under way when the form goes away are stopped.
    #[must_use]
    pub fn new() -> Self {
        let running = (!cfg!(feature = "ssr")).then(|| StoredValue::new_local(BTreeMap::new()));
        let uploads = Self { list: RwSignal::new(Vec::new()), running, next: StoredValue::new(0) };
        #[cfg(not(feature = "ssr"))]
        on_cleanup(move || {
            uploads.with_running(|running| {
                std::mem::take(running).into_values().for_each(|running| running.stop());
            });
        });
        uploads
    }

    /// The files that the server has. Tracked.
    #[must_use]
    pub fn kept(self) -> Vec<Attachment> {
        let kept = |upload: &Upload| match upload.state.get() {
            UploadState::Kept(file) => Some(file),
            UploadState::Sending(_) | UploadState::Failed(_) => None,
        };
        self.list.with(|list| list.iter().filter_map(kept).collect())
    }

    /// The ids of the files that the server has.
    #[must_use]
    pub fn ids(self) -> Vec<FileId> {
        untrack(move || self.kept()).into_iter().map(|file| file.id).collect()
    }

    /// Whether a file did not arrive.
    #[must_use]
    pub fn has_failed(self) -> bool {
        let failed = |upload: &Upload| matches!(upload.state.get_untracked(), UploadState::Failed(_));
        self.list.with_untracked(|list| list.iter().any(failed))
    }

    /// A file that the server has already, to put into the list.
    #[must_use]
    pub fn of_kept(self, file: Attachment) -> Upload {
        Upload { key: self.next_key(), name: file.name.clone(), state: ArcRwSignal::new(UploadState::Kept(file)) }
    }

    /// Whether a file is still on its way. Tracked.
    #[must_use]
    pub fn is_busy(self) -> bool {
        self.list.with(|list| list.iter().any(|upload| matches!(upload.state.get(), UploadState::Sending(_))))
    }

    /// Whether there is no file at all. Tracked.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.list.with(Vec::is_empty)
    }

    /// Forgets all files: they went away with the message.
    pub fn clear(self) {
        self.list.update(Vec::clear);
    }

    /// Takes a file out again and stops it if it is under way.
    pub fn remove(self, key: u32) {
        self.with_running(|running| {
            if let Some(running) = running.remove(&key) {
                running.stop();
            }
        });
        self.list.update(|list| list.retain(|upload| upload.key != key));
    }

    /// Sends a file; `kept` is called with what the server made of it.
    pub fn add(self, file: &File, kept: impl FnOnce(&Attachment) + 'static) {
        let count = self.list.with_untracked(Vec::len);
        let (key, state) = self.place(file, UploadState::Sending(0));
        if count >= limits::FILES {
            let error = Error::invalid("error_too_many_files").with("max", limits::FILES);
            return state.set(UploadState::Failed(error));
        }
        #[allow(clippy::cast_precision_loss)]
        if file.size() > limits::FILE as f64 {
            let error = Error::new(ErrorCode::TooLarge, "error_file_too_large").with("megabytes", limits::FILE / (1024 * 1024));
            return state.set(UploadState::Failed(error));
        }
        if self.start(key, file, state.clone(), kept).is_none() {
            state.set(UploadState::Failed(Error::internal()));
        }
    }

    /// Shows a file that is not sent, and why.
    pub fn refuse(self, file: &File, why: Error) {
        self.place(file, UploadState::Failed(why));
    }

    fn next_key(self) -> u32 {
        self.next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default()
    }

    fn place(self, file: &File, state: UploadState) -> (u32, ArcRwSignal<UploadState>) {
        let key = self.next_key();
        let state = ArcRwSignal::new(state);
        self.list.update(|list| list.push(Upload { key, name: file.name(), state: state.clone() }));
        (key, state)
    }

    fn start(
        self,
        key: u32,
        file: &File,
        state: ArcRwSignal<UploadState>,
        kept: impl FnOnce(&Attachment) + 'static,
    ) -> Option<()> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", ADDRESS).ok()?;
        request.set_request_header("Accept", "application/json").ok()?;
        let progress = {
            let state = state.clone();
            Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
                if event.length_computable() && event.total() > 0.0 {
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let percent = (event.loaded() / event.total() * 100.0) as u8;
                    state.set(UploadState::Sending(percent.min(99)));
                }
            })
        };
        request.upload().ok()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        // `loadend` comes once, whatever happened: after success, failure and a stop.
        let ended = {
            let request = request.clone();
            Closure::once_into_js(move || {
                let answer = read(&request);
                // Not for a message that is no longer shown: then the file only belongs to it.
                let listed = self.list.try_with_untracked(|list| list.iter().any(|upload| upload.key == key));
                if let (Ok(file), Some(true)) = (&answer, listed) {
                    kept(file);
                }
                state.set(answer.map_or_else(UploadState::Failed, UploadState::Kept));
                self.with_running(|running| drop(running.remove(&key)));
            })
        };
        request.set_onloadend(Some(ended.unchecked_ref()));
        let form = FormData::new().ok()?;
        form.append_with_blob_and_filename("file", file, &file.name()).ok()?;
        request.send_with_opt_form_data(Some(&form)).ok()?;
        self.with_running(|running| {
            running.insert(key, Running { request, _progress: progress });
        });
        Some(())
    }
}

impl Uploads {
    fn with_running(self, change: impl FnOnce(&mut BTreeMap<u32, Running>)) {
        let _ = self.running.and_then(|all| all.try_update_value(change));
    }
}

impl Running {
    fn stop(self) {
        self.request.set_onloadend(None);
        let _ = self.request.abort();
    }
}

/// What the server answered.
fn read(request: &XmlHttpRequest) -> Result<Attachment, Error> {
    let status = request.status().unwrap_or_default();
    let text = request.response_text().ok().flatten().unwrap_or_default();
    match status {
        0 => Err(Error::new(ErrorCode::Unavailable, "error_offline")),
        200..300 => serde_json::from_str(&text).map_err(|_| Error::internal()),
        413 => Err(serde_json::from_str(&text).unwrap_or_else(|_| Error::new(ErrorCode::TooLarge, "error_too_large"))),
        _ => Err(serde_json::from_str(&text).unwrap_or_else(|_| Error::internal())),
    }
}

/// The files of a drop, if something else was dropped none.
#[must_use]
pub fn dropped(event: &ev::DragEvent) -> Option<FileList> {
    event.data_transfer().and_then(|data| data.files()).filter(|files| files.length() > 0)
}
