//! Keeping what is shown as the desk has it, while things happen. There is one question at a time; what happens while its answer
//! is on its way is asked for afterwards, what does not arrive is asked for again, and no older answer comes over a later one.

use crate::api::ApiResult;
use domain::ErrorCode;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// How long after a question that came to nothing it is asked again, and how long an answer is waited for before it is asked
/// anew beside it. Both are longer the more often nobody answers.
const AGAIN: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(4);

/// What became of a question.
pub enum Asked {
    /// The answer, and what is to be done with it.
    Answered(Box<dyn FnOnce()>),
    /// The desk says no: it would say so again.
    Refused,
    /// Nobody answered, or nobody could.
    Lost,
}

impl Asked {
    /// Of an answer that is taken in this way.
    pub fn of<T: 'static>(answer: ApiResult<T>, take: impl FnOnce(T) + 'static) -> Self {
        match answer {
            Ok(answer) => Self::Answered(Box::new(move || take(answer))),
            Err(error) => match error.code() {
                ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::TooMany => Self::Lost,
                _ => Self::Refused,
            },
        }
    }
}

type Ask = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Asked>>> + Send + Sync>;

/// Something that is kept as the desk has it, for as long as the screen that made this.
#[derive(Debug, Clone, Copy)]
pub struct Fresh(StoredValue<State>);

#[derive(Default)]
struct State {
    ask: Option<Ask>,
    /// How often it was asked, and whether an answer to the last question is waited for.
    asked: u32,
    waiting: bool,
    /// Something has happened since it was asked.
    again: bool,
    /// The question whose answer is shown, or that something later has overtaken.
    shown: u32,
    /// How often nobody has answered, one time after the other.
    lost: u32,
    timer: Option<TimeoutHandle>,
}

impl State {
    /// Longer the more often nobody has answered, up to four times as long.
    fn wait(&mut self, time: Duration, then: impl FnOnce() + 'static) {
        if let Some(before) = self.timer.take() {
            before.clear();
        }
        self.timer = set_timeout_with_handle(then, time * (1 << self.lost.min(2))).ok();
    }
}

impl Fresh {
    /// Nothing was asked yet.
    #[must_use]
    pub fn begin() -> Self {
        Self(StoredValue::new(State::default()))
    }

    /// Asks, at once or after the answer that is on its way.
    pub fn ask<Fut: Future<Output = Asked> + 'static>(self, ask: impl Fn() -> Fut + Send + Sync + 'static) {
        let _ = self.0.try_update_value(|state| {
            state.again = state.waiting;
            state.ask = Some(Arc::new(move || Box::pin(ask())));
        });
        self.go();
    }

    /// What is shown has just come in another way: an answer that is on its way may be older.
    pub fn overtaken(self) {
        let _ = self.0.try_update_value(|state| {
            state.again = state.waiting;
            state.shown = state.asked;
        });
    }

    fn go(self) {
        let ask = self.0.try_update_value(|state| {
            if state.waiting {
                return None;
            }
            state.waiting = true;
            state.asked += 1;
            state.wait(PATIENCE, move || self.give_up());
            state.ask.clone().map(|ask| (state.asked, ask))
        });
        if let Some((question, ask)) = ask.flatten() {
            spawn_local(async move {
                let asked = ask().await;
                self.arrived(question, asked);
            });
        }
    }

    /// It takes too long: perhaps another question is answered sooner.
    fn give_up(self) {
        let _ = self.0.try_update_value(|state| {
            state.waiting = false;
            state.lost += 1;
        });
        self.go();
    }

    fn arrived(self, question: u32, asked: Asked) {
        let answer = self.0.try_update_value(|state| {
            let last = state.waiting && question == state.asked;
            if last {
                state.waiting = false;
                if let Asked::Lost = asked {
                    state.wait(AGAIN, move || self.go());
                    state.lost += 1;
                } else if let Some(timer) = state.timer.take() {
                    timer.clear();
                }
            }
            let take = match asked {
                Asked::Answered(take) if question > state.shown => {
                    state.shown = question;
                    state.lost = 0;
                    Some(take)
                }
                Asked::Refused | Asked::Answered(_) => None,
                Asked::Lost => return (None, false),
            };
            (take, last && std::mem::take(&mut state.again))
        });
        // Otherwise the screen is gone.
        let Some((take, again)) = answer else { return };
        if let Some(take) = take {
            take();
        }
        if again {
            self.go();
        }
    }
}
