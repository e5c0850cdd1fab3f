//! Points in time as people of each language and zone read them. The server formats with jiff, the browser with `Intl`.

use super::I18n;
use crate::t;
use domain::{
    calendar::Date,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use leptos::prelude::*;

/// How a time is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MomentStyle {
    /// How long ago, the date if it is more than a week; the full time in the tooltip.
    #[default]
    Relative,
    /// Day, month, year, hour and minute.
    Full,
    /// Day, month and year.
    Date,
}

/// The present time as the page knows it: ticks twice a minute in the browser.
#[derive(Debug, Clone, Copy)]
pub struct Ticker(RwSignal<Option<Timestamp>>);

impl Ticker {
    /// The present time; tracked. `None` on a server that told no clock.
    #[must_use]
    pub fn now(self) -> Option<Timestamp> {
        self.0.get()
    }
}

/// Starts the ticking; called once by the application. On the server the time is that of the clock in the context.
pub fn provide_ticker() {
    #[cfg(feature = "ssr")]
    let now = RwSignal::new(use_context::<std::sync::Arc<dyn domain::time::Clock>>().map(|clock| clock.now()));
    #[cfg(not(feature = "ssr"))]
    let now = RwSignal::new(Some(present()));
    #[cfg(not(feature = "ssr"))]
    set_interval(move || now.set(Some(present())), std::time::Duration::from_secs(30));
    provide_context(Ticker(now));
}

/// The present time by the clock of the browser.
#[cfg(not(feature = "ssr"))]
fn present() -> Timestamp {
    #[allow(clippy::cast_possible_truncation)]
    Timestamp(js_sys::Date::now() as i64)
}

/// How long before `now` a time lies, in words; `None` if it is more than a week, or in the future.
fn ago(i18n: I18n, at: Timestamp, now: Timestamp) -> Option<String> {
    let age = now.since(at);
    // Clocks of servers and browsers differ a little: what seems to lie a minute ahead happened just now.
    if !(-MINUTE..7 * DAY).contains(&age) {
        return None;
    }
    Some(match age {
        ..MINUTE => t!(i18n, time_now).to_owned(),
        MINUTE..HOUR => t!(i18n, time_minutes, n = age / MINUTE),
        HOUR..DAY => t!(i18n, time_hours, n = age / HOUR),
        _ => t!(i18n, time_days, n = age / DAY),
    })
}

/// A time as text, with the date in the zone of the person. With `now` the relative style says how long ago, and leaves out the
/// year if it is the present one.
#[must_use]
pub fn format_moment(i18n: I18n, at: Timestamp, style: MomentStyle, now: Option<Timestamp>) -> String {
    match (style, now) {
        (MomentStyle::Relative, Some(now)) => ago(i18n, at, now).unwrap_or_else(|| absolute(i18n, at, false, parts(now))),
        (style, _) => absolute(i18n, at, style == MomentStyle::Full, None),
    }
}

/// The parts of a date in the zone of the person; months from 1.
struct Parts {
    year: i32,
    month: usize,
    day: u32,
    hour: u32,
    minute: u32,
}

fn absolute(i18n: I18n, at: Timestamp, with_time: bool, now: Option<Parts>) -> String {
    let Some(parts) = parts(at) else { return String::new() };
    let month = t!(i18n, date_months).split(' ').nth(parts.month.saturating_sub(1)).unwrap_or_default();
    if now.is_some_and(|now| now.year == parts.year) {
        return t!(i18n, date_day_short, day = parts.day, month = month);
    }
    let date = t!(i18n, date_day, day = parts.day, month = month, year = parts.year);
    if !with_time {
        return date;
    }
    t!(i18n, date_time, date = date, time = format!("{:02}:{:02}", parts.hour, parts.minute))
}

/// The day, the hour and the minute of a moment in the zone of the person.
#[must_use]
pub fn clock_of(at: Timestamp) -> Option<(Date, u32, u32)> {
    let parts = parts(at)?;
    let date = Date::of(parts.year, u8::try_from(parts.month).ok()?, u8::try_from(parts.day).ok()?)?;
    Some((date, parts.hour, parts.minute))
}

impl I18n {
    /// The short name of a month, from 1.
    #[must_use]
    pub fn month_name(self, month: u8) -> &'static str {
        t!(self, date_months).split(' ').nth(usize::from(month).saturating_sub(1)).unwrap_or_default()
    }
    /// A day of the calendar.
    #[must_use]
    pub fn day(self, day: Date) -> String {
        let (year, month, day) = day.parts();
        t!(self, date_day, day = day, month = self.month_name(month), year = year)
    }
    /// A day of the calendar without its year.
    #[must_use]
    pub fn day_short(self, day: Date) -> String {
        let (_, month, day) = day.parts();
        t!(self, date_day_short, day = day, month = self.month_name(month))
    }
    /// How long something takes, in milliseconds, by the two largest units: `2 d 5 h`, `40 min`.
    #[must_use]
    pub fn duration(self, ms: i64) -> String {
        let minutes = (ms.max(0) + MINUTE / 2) / MINUTE;
        let (hours, days) = (minutes / 60, minutes / (24 * 60));
        let two = |large: String, rest: i64, small: String| if rest == 0 { large } else { format!("{large} {small}") };
        match (days, hours) {
            (100.., _) => t!(self, time_days, n = self.number(days)),
            (1.., _) => two(t!(self, time_days, n = days), hours % 24, t!(self, time_hours, n = hours % 24)),
            (_, 1..) => two(t!(self, time_hours, n = hours), minutes % 60, t!(self, time_minutes, n = minutes % 60)),
            _ => t!(self, time_minutes, n = minutes),
        }
    }
    /// The month in which a day is.
    #[must_use]
    pub fn month(self, day: Date) -> String {
        let (year, month, _) = day.parts();
        t!(self, date_month, month = self.month_name(month), year = year)
    }
}

#[cfg(feature = "ssr")]
fn parts(at: Timestamp) -> Option<Parts> {
    let zone = jiff::tz::TimeZone::get(&super::resolve_locale().time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let moment = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone);
    let small = |part: i8| u32::from(part.unsigned_abs());
    Some(Parts {
        year: i32::from(moment.year()),
        month: usize::from(moment.month().unsigned_abs()),
        day: small(moment.day()),
        hour: small(moment.hour()),
        minute: small(moment.minute()),
    })
}

/// The browser knows the zones. Swedish is the language in which `Intl` writes a date as `2026-11-21 14:05`, in any zone; the words
/// come from our own texts, so that the server and the browser say the same.
#[cfg(not(feature = "ssr"))]
fn parts(at: Timestamp) -> Option<Parts> {
    let options = js_sys::Object::new();
    let set = |name: &str, value: &str| {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    };
    for (name, value) in
        [("year", "numeric"), ("month", "2-digit"), ("day", "2-digit"), ("hour", "2-digit"), ("minute", "2-digit")]
    {
        set(name, value);
    }
    let zone = document().document_element().and_then(|root| root.get_attribute("data-zone")).filter(|zone| !zone.is_empty());
    if let Some(zone) = zone {
        set("timeZone", &zone);
    }
    #[allow(clippy::cast_precision_loss)]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at.0 as f64));
    // Called by name, because an older browser throws where it does not know a zone; then its own zone has to do.
    let method: js_sys::Function = js_sys::Reflect::get(&date, &"toLocaleString".into()).ok()?.into();
    let write = || method.call2(&date, &"sv-SE".into(), &options);
    let text = write()
        .or_else(|_| js_sys::Reflect::delete_property(&options, &"timeZone".into()).and_then(|_| write()))
        .ok()?
        .as_string()?;
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut next = || numbers.next().and_then(|part| part.parse::<u32>().ok());
    let (year, month, day, hour, minute) = (next()?, next()?, next()?, next()?, next()?);
    Some(Parts { year: i32::try_from(year).ok()?, month: usize::try_from(month).ok()?, day, hour, minute })
}

/// A point in time (`<time>`), told relative to now and kept up to date, with the full time as tooltip.
#[component]
pub fn Moment(
    /// The time.
    at: Timestamp,
    /// How to tell it.
    #[prop(optional)]
    style: MomentStyle,
) -> impl IntoView {
    let i18n = super::use_i18n();
    let machine = machine_time(at);
    let ticker = use_context::<Ticker>();
    #[cfg(feature = "ssr")]
    let (text, full) = {
        let now = ticker.and_then(Ticker::now);
        (format_moment(i18n, at, style, now), format_moment(i18n, at, MomentStyle::Full, None))
    };
    // The server's text stays until the effect has run: it may be in another zone than the browser's.
    #[cfg(not(feature = "ssr"))]
    let (text, full) = {
        let text = RwSignal::new(String::new());
        let full = RwSignal::new(String::new());
        Effect::new(move |_| {
            let now = ticker.and_then(Ticker::now);
            text.set(format_moment(i18n, at, style, now));
            full.set(format_moment(i18n, at, MomentStyle::Full, None));
        });
        (text, full)
    };
    view! { <time datetime=machine title=full>{text}</time> }
}

/// The time as HTML wants it in `datetime`: milliseconds are enough for machines that read it, so both sides agree.
fn machine_time(at: Timestamp) -> String {
    // Days since 1970-01-01 to a civil date (H. Hinnant's algorithm), so that neither side needs a calendar for it.
    let days = at.0.div_euclid(DAY);
    let ms = at.0.rem_euclid(DAY);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", ms / HOUR, ms / MINUTE % 60, ms / 1000 % 60)
}
