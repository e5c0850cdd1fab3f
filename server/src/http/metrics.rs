//! `/metrics`: figures for Prometheus, in its text format (version 0.0.4). Off unless a setting says who may read them.

use super::{Site, refusal::Refusal};
use crate::{
    args,
    config::Metrics,
    db::{Engine, Read, Sql},
    import, mail,
    meter::{Durations, Kind, STEPS},
    service::items::HELD_JOB,
};
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use domain::Error;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashSet},
    fmt::{Display, Write},
    net::SocketAddr,
    sync::LazyLock,
};

/// Headers that a request has when somebody handed it on.
const HANDED_ON: [&str; 4] = ["x-forwarded-for", "forwarded", "via", "x-real-ip"];

/// Kinds of jobs that are told of also when there are none.
const KINDS: [&str; 3] = [mail::outbox::JOB, import::run::JOB, HELD_JOB];

/// All figures.
pub(super) async fn figures(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = may_read(&site.settings.metrics, peer, &headers) {
        return Refusal::of(&headers).tell(error);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, page(&site).await).into_response()
}

fn may_read(metrics: &Metrics, peer: SocketAddr, headers: &HeaderMap) -> Result<(), Error> {
    match metrics {
        Metrics::Off => Err(Error::not_found()),
        Metrics::Loopback => {
            let from_here = peer.ip().to_canonical().is_loopback() && HANDED_ON.iter().all(|name| !headers.contains_key(*name));
            if from_here { Ok(()) } else { Err(Error::not_found()) }
        }
        Metrics::Token(token) => {
            let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
            // Digests are compared, so that the time that it takes tells nothing of the token.
            let right = given.is_some_and(|given| Sha256::digest(given) == Sha256::digest(token));
            if right { Ok(()) } else { Err(Error::unauthenticated()) }
        }
    }
}

/// The text in the making.
#[derive(Default)]
struct Page(String);

impl Page {
    /// Begins a figure.
    fn begin(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }
    /// Appends a value of it. Labels are ours: names and routes of the program.
    fn value(&mut self, name: &str, labels: &[(&str, &dyn Display)], value: impl Display) {
        self.0.push_str(name);
        for (index, (label, text)) in labels.iter().enumerate() {
            let text = text.to_string().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{}{label}=\"{text}\"", if index == 0 { "{" } else { "," });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }
    /// A figure with one value.
    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.begin(name, "gauge", help);
        self.value(name, &[], value);
    }
}

async fn page(site: &Site) -> String {
    let mut page = Page::default();
    let engine = if site.db.engine() == Engine::Sqlite { "sqlite" } else { "postgres" };
    page.begin("taquilla_build_info", "gauge", "What runs.");
    page.value("taquilla_build_info", &[("version", &env!("CARGO_PKG_VERSION")), ("engine", &engine)], 1);
    page.gauge("process_start_time_seconds", "When this process began to serve.", seconds(site.since.0));
    if let Some(bytes) = memory() {
        page.gauge("process_resident_memory_bytes", "Memory of this process.", bytes);
    }
    requests(&mut page, &declared(site.meter.requests()));
    page.gauge("taquilla_live_streams", "Streams of live updates that are open here.", site.live.streams());
    page.gauge("taquilla_live_position", "The last entry of the log that streams were told of.", site.live.position().0);
    page.begin("taquilla_mail_results_total", "counter", "Tries of this process to send a mail, by what became of them.");
    for (name, count) in site.meter.mails() {
        page.value("taquilla_mail_results_total", &[("result", &name)], count);
    }
    page.begin("taquilla_database_connections", "gauge", "Connections to the database.");
    for (pool, open, idle) in site.db.connections() {
        page.value("taquilla_database_connections", &[("pool", &pool), ("state", &"idle")], idle);
        page.value("taquilla_database_connections", &[("pool", &pool), ("state", &"used")], (open as usize).saturating_sub(idle));
    }
    let up = database(&mut page, site).await.is_ok();
    page.gauge("taquilla_database_up", "Whether the database answers.", u8::from(up));
    page.0
}

/// Milliseconds as Prometheus counts.
fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis / 1000, millis.rem_euclid(1000))
}

/// Anybody can ask for any function; those that there are not count together.
fn declared(requests: BTreeMap<Kind, Durations>) -> BTreeMap<Kind, Durations> {
    static FUNCTIONS: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect());
    let mut declared: BTreeMap<Kind, Durations> = BTreeMap::new();
    for ((route, method, class), durations) in requests {
        let route = if route.starts_with("/_fn/") && !FUNCTIONS.contains(route.as_str()) { "(none)".to_owned() } else { route };
        let sum = declared.entry((route, method, class)).or_default();
        sum.count += durations.count;
        sum.micros = sum.micros.saturating_add(durations.micros);
        sum.steps.iter_mut().zip(durations.steps).for_each(|(sum, more)| *sum += more);
    }
    declared
}

fn requests(page: &mut Page, requests: &BTreeMap<Kind, Durations>) {
    const NAME: &str = "taquilla_http_request_duration_seconds";
    page.begin(NAME, "histogram", "Requests by route, method and class of the status.");
    for ((route, method, class), durations) in requests {
        let class = format!("{class}xx");
        let labels: [(&str, &dyn Display); 3] = [("route", route), ("method", method), ("status", &class)];
        let (bucket, mut below) = (format!("{NAME}_bucket"), 0);
        for (step, count) in STEPS.iter().zip(durations.steps) {
            below += count;
            let end = seconds(i64::try_from(*step).unwrap_or(i64::MAX));
            page.value(&bucket, &[labels[0], labels[1], labels[2], ("le", &end)], below);
        }
        page.value(&bucket, &[labels[0], labels[1], labels[2], ("le", &"+Inf")], durations.count);
        let sum = format!("{}.{:06}", durations.micros / 1_000_000, durations.micros % 1_000_000);
        page.value(&format!("{NAME}_sum"), &labels, sum);
        page.value(&format!("{NAME}_count"), &labels, durations.count);
    }
}

/// What only the database knows.
async fn database(page: &mut Page, site: &Site) -> domain::Result<()> {
    let mut db = site.db.clone();
    // What is done again and again always waits.
    let sql =
        "SELECT kind, state, COUNT(*), MIN(created_at) FROM job WHERE every IS NULL GROUP BY kind, state ORDER BY kind, state";
    let jobs: Vec<(String, String, i64, i64)> = db.all(Sql::new(sql, args![])).await?;
    page.begin("taquilla_jobs", "gauge", "Jobs that wait to be done, or were given up.");
    let none = KINDS.iter().flat_map(|kind| ["waiting", "failed"].map(|state| (*kind, state)));
    let counts: BTreeMap<(&str, &str), i64> = none
        .map(|key| (key, 0))
        .chain(jobs.iter().map(|(kind, state, count, _)| ((kind.as_str(), state.as_str()), *count)))
        .collect();
    for ((kind, state), count) in counts {
        page.value("taquilla_jobs", &[("kind", &kind), ("state", &state)], count);
    }
    let oldest = jobs.iter().filter(|(_, state, ..)| state == "waiting").map(|(_, _, _, at)| *at).min();
    let age = oldest.map_or(0, |at| (site.db.now().0 - at).max(0));
    page.gauge("taquilla_jobs_oldest_seconds", "Age of the oldest job that waits.", seconds(age));
    let (held,): (bool,) = db.one(Sql::new("SELECT outgoing_held FROM workspace", args![])).await?;
    page.gauge("taquilla_outgoing_held", "Whether mail is held since a restore.", u8::from(held));
    let (end,): (i64,) = db.one(Sql::new("SELECT value FROM counter WHERE name = 'event'", args![])).await?;
    page.gauge("taquilla_log_position", "The last entry of the log.", end);
    Ok(())
}

/// Memory of this process, where the system tells it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
