//! What every field does into which filters are typed: it remembers what was used, and takes suggestions in.

use crate::{
    api::filters::{Choice, Suggestions},
    ui::local_storage,
};

/// Where filters that were used lately are kept, one a line.
const RECENT: &str = "taquilla:filters";
/// Most of them.
const RECENT_MOST: usize = 8;

/// The filters that were used lately, the last one first.
#[must_use]
pub fn recent() -> Vec<String> {
    let kept = local_storage().and_then(|storage| storage.get_item(RECENT).ok().flatten()).unwrap_or_default();
    kept.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Keeps a filter that was used.
pub fn remember(text: &str) {
    if text.is_empty() || text.contains('\n') {
        return;
    }
    let mut all = recent();
    all.retain(|one| one != text);
    all.insert(0, text.to_owned());
    all.truncate(RECENT_MOST);
    if let Some(storage) = local_storage() {
        let _ = storage.set_item(RECENT, &all.join("\n"));
    }
}

/// The text with a suggestion put in, and where the caret is then; all places in UTF-16 units, as browsers count.
#[must_use]
pub fn with_suggestion(text: &str, found: &Suggestions, suggestion: &Choice) -> (String, u32) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let part = |from: usize, to: usize| String::from_utf16_lossy(units.get(from..to.min(units.len())).unwrap_or_default());
    let (before, after) = (part(0, found.from as usize), part(found.to as usize, units.len()));
    // A value is followed by the next condition; a field and its sign by their value.
    let end = if suggestion.value.ends_with([':', '=', '<', '>', '~', '(']) || after.starts_with(' ') { "" } else { " " };
    let put = format!("{before}{}{end}", suggestion.value);
    let caret = u32::try_from(put.encode_utf16().count()).unwrap_or(u32::MAX);
    (format!("{put}{after}"), caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_comes_into_its_place() {
        let put = |text: &str, from, to, new: &str| {
            let suggestion = Choice { value: new.to_owned(), label: String::new() };
            with_suggestion(text, &Suggestions { from, to, suggestions: Vec::new() }, &suggestion)
        };
        assert_eq!(put("\"😀\" sta", 5, 8, "tag:"), ("\"😀\" tag:".to_owned(), 9));
        assert_eq!(put("sta", 0, 3, "status:"), ("status:".to_owned(), 7));
        assert_eq!(put("status:to vip", 7, 9, "todo"), ("status:todo vip".to_owned(), 11));
        assert_eq!(put("status:to", 7, 9, "todo"), ("status:todo ".to_owned(), 12));
    }
}
