//! What days, weeks and months are called in the language of the person: the browser knows.

use super::span::Span;
use crate::i18n::I18n;
use domain::{
    calendar::{Date, Unit},
    language::Language,
    time::DAY,
};
use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Parts of a date with how each is written, as `Intl` has them.
type How = &'static [(&'static str, &'static str)];

const MONTH: How = &[("month", "long"), ("year", "numeric")];
const DAYS: How = &[("day", "numeric"), ("month", "long"), ("year", "numeric")];
const WHOLE: How = &[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")];
const WEEKDAY: How = &[("weekday", "short")];
const LONG_WEEKDAY: How = &[("weekday", "long")];

fn formatter(i18n: I18n, how: How) -> Intl::DateTimeFormat {
    let options = Object::new();
    // A day is the same everywhere; it is told as its midnight in universal time.
    for (name, value) in how.iter().chain(&[("timeZone", "UTC")]) {
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    // Our English texts have the day before the month, too.
    let tag = if i18n.language() == Language::En { "en-GB" } else { i18n.language().tag() };
    Intl::DateTimeFormat::new(&Array::of1(&tag.into()), &options)
}

fn midnight(day: Date) -> JsValue {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of four-digit years are far below 2⁵³")]
    JsValue::from_f64((i64::from(day.0) * DAY) as f64)
}

fn written(i18n: I18n, day: Date, how: How) -> String {
    let written = formatter(i18n, how).format().call1(&JsValue::NULL, &midnight(day));
    written.ok().and_then(|text| text.as_string()).unwrap_or_else(|| day.to_string())
}

/// From one day to another one, without saying twice what both have.
fn between(i18n: I18n, first: Date, last: Date) -> String {
    let format = formatter(i18n, DAYS);
    let ranged = || {
        let method: Function = Reflect::get(&format, &"formatRange".into()).ok()?.dyn_into().ok()?;
        method.call2(&format, &midnight(first), &midnight(last)).ok()?.as_string()
    };
    ranged().unwrap_or_else(|| format!("{} – {}", written(i18n, first, DAYS), written(i18n, last, DAYS)))
}

/// A stretch: the month, from when to when a week goes, the day.
pub fn title(i18n: I18n, span: Span) -> String {
    match span.scale {
        Unit::Month => written(i18n, span.day, MONTH),
        Unit::Week => between(i18n, span.first, Date(span.first.0 + i32::from(span.days) - 1)),
        _ => day(i18n, span.day),
    }
}

/// A day in full.
pub fn day(i18n: I18n, day: Date) -> String {
    written(i18n, day, WHOLE)
}

/// The weekday of a day, in short.
pub fn weekday(i18n: I18n, day: Date) -> String {
    written(i18n, day, WEEKDAY)
}

/// The weekday of a day.
pub fn long_weekday(i18n: I18n, day: Date) -> String {
    written(i18n, day, LONG_WEEKDAY)
}
