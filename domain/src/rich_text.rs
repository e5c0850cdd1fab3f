//! Rich text as plain text: what mails, the activity and comparisons show of it. The HTML is clean: the server has cleaned it, or
//! the editor has written it.

/// Clean HTML as plain text, for mails and previews: block elements end lines, list items get a dash, links show their
/// address behind them.
#[must_use]
pub fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut link: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        unescape_into(&mut text, &rest[..at]);
        rest = &rest[at + 1..];
        // The cleaner escapes every other bracket, so a tag ends at the next one (attributes hold none).
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        match name {
            "br" | "/li" => text.push('\n'),
            "p" | "/p" | "h1" | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "pre" | "/pre" | "blockquote" | "/blockquote" | "ul"
            | "/ul" | "ol" | "/ol" => break_block(&mut text),
            "hr" => {
                break_block(&mut text);
                text.push('—');
                break_block(&mut text);
            }
            "li" => text.push_str("- "),
            "a" => link = attribute(tag, "href").map(|href| (href, text.len())),
            "/a" => {
                if let Some((href, start)) = link.take()
                    && text.get(start..).is_some_and(|shown| shown != href && format!("mailto:{shown}") != href)
                {
                    text.push_str(" <");
                    text.push_str(&href);
                    text.push('>');
                }
            }
            _ => {}
        }
    }
    unescape_into(&mut text, rest);
    tidy(&text)
}

fn break_block(text: &mut String) {
    // A paragraph inside a list item stays on its line.
    if !text.is_empty() && !text.ends_with("\n\n") && !text.ends_with("- ") {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    let mut value = String::new();
    unescape_into(&mut value, rest.split('"').next().unwrap_or_default());
    Some(value)
}

fn unescape_into(text: &mut String, html: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
        match known.iter().find(|(entity, _)| rest.starts_with(entity)) {
            Some((entity, character)) => {
                text.push(*character);
                rest = &rest[entity.len()..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
}

/// No spaces at ends of lines, at most one empty line in a row, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n').map(str::trim_end) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(line);
    }
    out.trim().to_owned()
}

/// The beginning of clean HTML as one line of text of at most `max` characters.
#[must_use]
pub fn preview(html: &str, max: usize) -> String {
    let text = to_text(html).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= max {
        return text;
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_shows_lists_links_and_blocks() {
        let html = "<h1>Steps</h1><ul><li><p>one</p></li><li>two</li></ul><p>See <a href=\"https://a.test/?x=1&amp;y\">here</a> or \
                    <a href=\"mailto:a@b.test\">a@b.test</a></p>";
        assert_eq!(to_text(html), "Steps\n\n- one\n\n- two\n\nSee here <https://a.test/?x=1&y> or a@b.test");
        assert_eq!(preview("<p>one</p><p>two three</p>", 8), "one two…");
    }
}
