//! Rich text as it goes into mails: cleaned once more and without anything that would have to be loaded, and as plain text.

use std::collections::HashSet;

/// The HTML of a message as a mail may carry it: simple formatting and links. Images and files stay behind the sign-in, so
/// they are left out.
#[must_use]
pub fn for_mail(html: &str) -> String {
    let tags: HashSet<&str> = [
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "a",
        "ul",
        "ol",
        "li",
        "code",
        "pre",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "hr",
    ]
    .into();
    ammonia::Builder::new()
        .tags(tags)
        .generic_attributes(HashSet::new())
        .tag_attributes([("a", HashSet::from(["href"]))].into())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean(html)
        .to_string()
}

/// The text of an HTML fragment, with line breaks where blocks begin and end, list items marked by a dash, and the address
/// of a link behind its text if the text does not say it.
#[must_use]
pub fn text_of(html: &str) -> String {
    // Cleaning makes it well-formed, with only the simplest entities left.
    let html = for_mail(html);
    let mut out = String::new();
    let mut link: Option<(String, usize)> = None;
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        unescape_into(&mut out, &rest[..start]);
        let Some(length) = rest[start..].find('>') else { break };
        let tag = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        let (closing, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let (name, attributes) = name.split_once(' ').unwrap_or((name, ""));
        match name {
            "br" => out.push('\n'),
            "hr" => break_to(&mut out, 2),
            "li" if !closing => {
                break_to(&mut out, 1);
                out.push_str("- ");
            }
            "p" | "h1" | "h2" | "h3" | "ul" | "ol" | "pre" | "blockquote" if !out.ends_with("- ") => break_to(&mut out, 2),
            "a" if !closing => link = attribute(attributes, "href").map(|href| (href, out.len())),
            "a" => {
                if let Some((href, from)) = link.take()
                    && out.get(from..).is_some_and(|text| text.trim() != href)
                {
                    out.push_str(&format!(" ({href})"));
                }
            }
            _ => {}
        }
    }
    unescape_into(&mut out, rest);
    out.trim().to_owned()
}

fn break_to(out: &mut String, lines: usize) {
    if out.is_empty() {
        return;
    }
    let have = out.len() - out.trim_end_matches('\n').len();
    for _ in have..lines {
        out.push('\n');
    }
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let value = attributes.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    let mut out = String::new();
    unescape_into(&mut out, value);
    Some(out)
}

fn unescape_into(out: &mut String, text: &str) {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    out.push_str(&text);
}

/// Text as HTML shows it.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_becomes_plain_text() {
        let html = "<p>Hello <b>Ada</b> &amp; Co.</p><ul><li>one</li><li><p>two</p></li></ul><p>See <a href=\"https://a.com/x\">here</a><br>Bye</p>";
        assert_eq!(text_of(html), "Hello Ada & Co.\n\n- one\n- two\n\nSee here (https://a.com/x)\nBye");
        assert_eq!(text_of("a &amp;lt; b"), "a &lt; b");
    }

    #[test]
    fn nothing_that_acts_or_loads_is_mailed() {
        let html =
            for_mail("<p onclick=\"x()\">a<img src=\"/files/1\"><script>alert(1)</script><a href=\"javascript:x\">b</a></p>");
        assert_eq!(html, "<p>a<a rel=\"noopener noreferrer nofollow\">b</a></p>");
    }
}
