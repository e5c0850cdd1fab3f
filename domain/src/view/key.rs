//! How a view is named: in addresses, in requests, beside its count.

use super::SystemView;
use crate::id::ViewId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A view: one that every workspace has, or one that people made. As text the stable name or the number: `open`, `17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewKey {
    /// One that every workspace has.
    System(SystemView),
    /// One that somebody saved.
    Saved(ViewId),
}

impl From<SystemView> for ViewKey {
    fn from(view: SystemView) -> Self {
        Self::System(view)
    }
}

impl From<ViewId> for ViewKey {
    fn from(view: ViewId) -> Self {
        Self::Saved(view)
    }
}

impl fmt::Display for ViewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(view) => f.write_str(view.key()),
            Self::Saved(id) => id.fmt(f),
        }
    }
}

/// A text that names no view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoView;

impl fmt::Display for NoView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of a view")
    }
}

impl FromStr for ViewKey {
    type Err = NoView;
    fn from_str(text: &str) -> Result<Self, NoView> {
        if let Some(view) = SystemView::from_key(text) {
            return Ok(Self::System(view));
        }
        // Only digits, so that a view has one address.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| plain).map(Self::Saved).ok_or(NoView)
    }
}

impl Serialize for ViewKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ViewKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_one_name() {
        for key in [ViewKey::System(SystemView::Mine), ViewKey::Saved(ViewId(17))] {
            assert_eq!(key.to_string().parse(), Ok(key));
            assert_eq!(serde_json::from_str::<ViewKey>(&serde_json::to_string(&key).unwrap()).unwrap(), key);
        }
        for wrong in ["", "x", "-1", "+1", "01", "1 ", "99999999999999999999"] {
            assert_eq!(wrong.parse::<ViewKey>(), Err(NoView), "{wrong}");
        }
    }
}
