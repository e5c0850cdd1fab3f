//! How much is meant to be in a column of a board at a time: a number that people agree on, which nothing enforces.

use super::group::GroupBy;
use crate::{filter::Value, limits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// How long the key of a column can be as text: a product, each byte of it escaped.
const KEY: usize = 12 * limits::LINE;

/// The limit of a column. As text what the columns are, the key of this one, and the number: `status:3:10`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnLimit {
    /// What the columns are.
    pub by: GroupBy,
    /// Which of them, as [`column_key`] says it.
    pub key: String,
    /// Most items, 1 to [`limits::COLUMN_LIMIT`].
    pub most: u16,
}

/// The key of a group as it stands in the limit of a column: numbers as they are, `~` for the group of nothing, of texts what is no
/// letter, digit or hyphen as bytes (`Dell~20XPS`). None if no group has such a key.
#[must_use]
pub fn column_key(key: &Value) -> Option<String> {
    Some(match key {
        Value::Null => "~".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Int(number) | Value::Id(number) => number.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Text(text) => text.bytes().fold(String::new(), |escaped, byte| {
            if byte.is_ascii_alphanumeric() || byte == b'-' {
                escaped + char::from(byte).encode_utf8(&mut [0; 4])
            } else {
                escaped + &format!("~{byte:02x}")
            }
        }),
        _ => return None,
    })
}

impl fmt::Display for ColumnLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.by, self.key, self.most)
    }
}

impl FromStr for ColumnLimit {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (by, rest) = text.split_once(':').ok_or(())?;
        let (key, most) = rest.split_once(':').ok_or(())?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'~');
        if key.is_empty() || key.len() > KEY || !key.bytes().all(plain) {
            return Err(());
        }
        let most = most.parse().ok().filter(|most| (1..=limits::COLUMN_LIMIT).contains(most)).ok_or(())?;
        Ok(Self { by: by.parse().map_err(|_| ())?, key: key.to_owned(), most })
    }
}

impl Serialize for ColumnLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ColumnLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|()| de::Error::custom("the limit of a column"))
    }
}

/// Limits as text: `status:3:10,status:4:5`.
#[must_use]
pub fn limits_text(all: &[ColumnLimit]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Back from [`limits_text`]: one for each column, what makes no sense left out.
#[must_use]
pub fn limits_of(text: &str) -> Vec<ColumnLimit> {
    let mut all: Vec<ColumnLimit> = Vec::new();
    for limit in text.split(',').filter_map(|part| part.parse::<ColumnLimit>().ok()) {
        if all.len() < limits::COLUMN_LIMITS && !all.iter().any(|known| known.is_of(&limit.by, &limit.key)) {
            all.push(limit);
        }
    }
    all
}

/// The limits once a column has another one, or none.
#[must_use]
pub fn limited(mut all: Vec<ColumnLimit>, by: &GroupBy, key: &str, most: Option<u16>) -> Vec<ColumnLimit> {
    all.retain(|limit| !limit.is_of(by, key));
    all.extend(most.map(|most| ColumnLimit { by: by.clone(), key: key.to_owned(), most }));
    all
}

impl ColumnLimit {
    /// Whether it is that of this column.
    #[must_use]
    pub fn is_of(&self, by: &GroupBy, key: &str) -> bool {
        self.by == *by && self.key == key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;

    #[test]
    fn limits_are_text_and_back() {
        let text = "status:3:10,priority:~:5,product:Dell~20XPS:999,created.week:2026-11-16:1";
        let all = limits_of(text);
        assert_eq!(all.len(), 4);
        assert_eq!(limits_text(&all), text);
        assert_eq!(serde_json::from_str::<Vec<ColumnLimit>>(&serde_json::to_string(&all).unwrap()).unwrap(), all);
        assert!(limits_of("").is_empty());
    }

    #[test]
    fn a_column_has_one_limit() {
        let all = limits_of("status:3:10,status:3:11,status:4:5");
        assert_eq!(limits_text(&all), "status:3:10,status:4:5");
        let by: GroupBy = "status".parse().unwrap();
        let other = limited(all.clone(), &by, "3", Some(2));
        assert_eq!(limits_text(&other), "status:4:5,status:3:2");
        assert_eq!(limits_text(&limited(other, &by, "4", None)), "status:3:2");
        let many: String = (0..=limits::COLUMN_LIMITS).map(|key| format!("status:{key}:1,")).collect();
        assert_eq!(limits_of(&many).len(), limits::COLUMN_LIMITS);
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        let long = format!("product:{}:1", "a".repeat(KEY + 1));
        for wrong in [
            "",
            "status",
            "status:3",
            "status:3:0",
            "status:3:1000",
            "status:3:x",
            "status::5",
            "title:3:5",
            "status:a b:5",
            long.as_str(),
        ] {
            assert_eq!(wrong.parse::<ColumnLimit>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn each_group_has_a_key_that_stands_in_an_address() {
        let day = Value::Day(Date::of(2026, 11, 16).unwrap());
        let (longest, escaped) = ("é".repeat(limits::LINE), "~c3~a9".repeat(limits::LINE));
        let keys = [
            (Value::Null, "~"),
            (Value::Bool(true), "yes"),
            (Value::Int(5), "5"),
            (Value::Id(17), "17"),
            (day, "2026-11-16"),
            (Value::Text("Dell XPS, 13~".to_owned()), "Dell~20XPS~2c~2013~7e"),
            (Value::Text(longest), escaped.as_str()),
        ];
        for (key, text) in keys {
            assert_eq!(column_key(&key).as_deref(), Some(text));
            assert!(format!("product:{text}:5").parse::<ColumnLimit>().is_ok(), "{text}");
        }
        assert_eq!(column_key(&Value::Me), None);
    }
}
