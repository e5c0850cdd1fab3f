//! Times as text: `2026-10-01`, `2026-10-01T08:30:00.000Z`, `-7d`, `now+2h`, `today`, `week-1`, `startofmonth`.

use super::super::expr::Value;
use crate::{
    calendar::{Date, Unit},
    time::{DAY, HOUR, MINUTE, Timestamp},
};

/// Lengths of time, the longest first.
const LENGTHS: [(&str, i64); 6] = [("w", 7 * DAY), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 1_000), ("ms", 1)];

/// Words for stretches of the calendar that are read and not written.
const WORDS: [(&str, Unit, i32); 2] = [("yesterday", Unit::Day, -1), ("tomorrow", Unit::Day, 1)];

/// What people are offered.
pub(super) const OFFERED: [&str; 10] =
    ["today", "yesterday", "week", "week-1", "month", "month-1", "quarter", "year", "-7d", "startofmonth"];

/// The time that a word means, if it means one.
pub(super) fn parse(word: &str) -> Option<Value> {
    let lower = word.to_ascii_lowercase();
    let word = lower.as_str();
    relative(word).or_else(|| calendar(word)).or_else(|| absolute(word))
}

fn relative(word: &str) -> Option<Value> {
    if word == "now" {
        return Some(Value::Now(0));
    }
    let length = word.strip_prefix("now").unwrap_or(word);
    let (sign, length) = match length.strip_prefix('-') {
        Some(length) => (-1, length),
        None => (1, length.strip_prefix('+')?),
    };
    let digits = length.len() - length.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = length.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let (_, ms) = LENGTHS.iter().find(|(name, _)| *name == unit)?;
    let moved = i128::from(number) * i128::from(*ms) * sign;
    i64::try_from(moved).ok().map(Value::Now)
}

fn calendar(word: &str) -> Option<Value> {
    if word == "today" {
        return Some(Value::Period(Unit::Day, 0));
    }
    if let Some((_, unit, by)) = WORDS.iter().find(|(known, ..)| *known == word) {
        return Some(Value::Period(*unit, *by));
    }
    for (begin, by) in [("this", 0), ("last", -1), ("next", 1)] {
        if let Some(unit) = word.strip_prefix(begin).and_then(Unit::from_key) {
            return Some(Value::Period(unit, by));
        }
    }
    let (kind, rest): (fn(Unit, i32) -> Value, &str) = if let Some(rest) = word.strip_prefix("startof") {
        (Value::Start, rest)
    } else if let Some(rest) = word.strip_prefix("endof") {
        (Value::End, rest)
    } else {
        (Value::Period, word)
    };
    let split = rest.find(['+', '-']).unwrap_or(rest.len());
    let (unit, by) = rest.split_at(split);
    // `+1` is a number as well.
    let by = if by.is_empty() { 0 } else { by.parse().ok()? };
    Unit::from_key(unit).map(|unit| kind(unit, by))
}

fn absolute(word: &str) -> Option<Value> {
    if let Some(ms) = word.strip_prefix('@') {
        return ms.parse().ok().map(|ms| Value::At(Timestamp(ms)));
    }
    let (day, clock) = match word.split_once('t') {
        Some((day, clock)) => (day, Some(clock.strip_suffix('z')?)),
        None => (word, None),
    };
    let mut parts = day.split('-').map(|part| digits(part, if part.len() == 4 { 4 } else { 2 }));
    let (year, month, number) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = parts.next().is_none() && day.len() == 10;
    let month_and_day = (u8::try_from(month).ok()?, u8::try_from(number).ok()?);
    let date = Date::of(i32::try_from(year).ok()?, month_and_day.0, month_and_day.1).filter(|_| valid)?;
    let Some(clock) = clock else { return Some(Value::Day(date)) };
    let mut parts = clock.split(':');
    let (hours, minutes) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let (seconds, ms) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            Some((seconds, ms)) => (digits(seconds, 2)?, digits(ms, 3)?),
            None => (digits(seconds, 2)?, 0),
        },
    };
    let valid = parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60;
    let at = i64::from(date.0) * DAY + hours * HOUR + minutes * MINUTE + seconds * 1_000 + ms;
    valid.then_some(Value::At(Timestamp(at)))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Appends a time; answers whether the value was one.
pub(super) fn push(out: &mut String, value: &Value) -> bool {
    match value {
        Value::Now(0) => out.push_str("now"),
        Value::Now(ms) => {
            // Weeks are read, and written in days.
            let length = LENGTHS.iter().skip(1).find(|(_, length)| ms % length == 0);
            let (unit, length) = length.unwrap_or(&("ms", 1));
            out.push(if *ms < 0 { '-' } else { '+' });
            out.push_str(&(ms.unsigned_abs() / length.unsigned_abs()).to_string());
            out.push_str(unit);
        }
        Value::Day(date) if (Date::MIN..=Date::MAX).contains(date) => push_date(out, *date),
        Value::At(at) => push_moment(out, *at),
        Value::Period(Unit::Day, 0) => out.push_str("today"),
        Value::Period(unit, by) => push_unit(out, "", *unit, *by),
        Value::Start(unit, by) => push_unit(out, "startof", *unit, *by),
        Value::End(unit, by) => push_unit(out, "endof", *unit, *by),
        _ => return false,
    }
    true
}

fn push_unit(out: &mut String, begin: &str, unit: Unit, by: i32) {
    out.push_str(begin);
    out.push_str(unit.key());
    if by > 0 {
        out.push('+');
    }
    if by != 0 {
        out.push_str(&by.to_string());
    }
}

fn push_date(out: &mut String, date: Date) {
    let (year, month, day) = date.parts();
    push_digits(out, year.into(), 4);
    out.push('-');
    push_digits(out, month.into(), 2);
    out.push('-');
    push_digits(out, day.into(), 2);
}

fn push_moment(out: &mut String, at: Timestamp) {
    let day = i32::try_from(at.0.div_euclid(DAY)).map(Date).ok().filter(|day| (Date::MIN..=Date::MAX).contains(day));
    let Some(day) = day else {
        out.push('@');
        out.push_str(&at.0.to_string());
        return;
    };
    push_date(out, day);
    let ms = at.0.rem_euclid(DAY);
    for (before, number, count) in
        [('T', ms / HOUR, 2), (':', ms / MINUTE % 60, 2), (':', ms / 1_000 % 60, 2), ('.', ms % 1_000, 3)]
    {
        out.push(before);
        push_digits(out, number, count);
    }
    out.push('Z');
}

fn push_digits(out: &mut String, number: i64, count: usize) {
    let digits = number.to_string();
    (digits.len()..count).for_each(|_| out.push('0'));
    out.push_str(&digits);
}
