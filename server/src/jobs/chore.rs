//! Chores: what is done again and again, once for all servers.

use super::{Job, Outcome, Work};
use async_trait::async_trait;
use domain::Result;
use futures::future::BoxFuture;

/// Something to be done again and again.
pub struct Chore {
    kind: &'static str,
    every: i64,
    doing: Box<dyn Fn() -> BoxFuture<'static, Result<()>> + Send + Sync>,
}

impl Chore {
    /// Does this, with `every` milliseconds between two times.
    pub fn new<F: Future<Output = Result<()>> + Send + 'static>(
        kind: &'static str,
        every: i64,
        doing: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self { kind, every, doing: Box::new(move || Box::pin(doing())) }
    }
}

#[async_trait]
impl Work for Chore {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn every(&self) -> Option<i64> {
        Some(self.every)
    }
    async fn run(&self, _job: &Job) -> Outcome {
        match (self.doing)().await {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::later(&error),
        }
    }
}
