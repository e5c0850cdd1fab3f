//! Rich text of people: an allow-list of HTML, applied on the way in and again on the way out.
//!
//! What stays: paragraphs, line breaks, three levels of headings, bold, italic, strike, code, quotes, lists, rules, links to
//! other sites or mail addresses, and images that this server keeps. Everything else goes; of scripts, styles, SVG and the
//! like the content goes too.

pub use domain::rich_text::{preview, to_text};

use ammonia::{Builder, UrlRelative};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "h1",
            "h2",
            "h3",
            "strong",
            "em",
            "s",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "img",
            "hr",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "noscript", "iframe", "object", "form", "select", "textarea", "title",
            "head",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("img", HashSet::from(["src", "alt"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => is_outside_link(value).then_some(Cow::Borrowed(value)),
            ("img", "src") => embedded_file(value).map(|_| Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner
});

fn is_outside_link(url: &str) -> bool {
    let url = url.trim().to_ascii_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

/// The id of the file at an address of this server (`/files/{id}/{name}`), if it is one.
fn embedded_file(url: &str) -> Option<i64> {
    let (id, name) = url.strip_prefix("/files/")?.split_once('/')?;
    let plain = !name.contains(['/', '\\', '?', '#']) && name != "..";
    if plain { id.parse().ok() } else { None }
}

/// HTML with only what is allowed. Cleaning twice changes nothing more.
#[must_use]
pub fn clean(html: &str) -> String {
    let html = if html.contains('\0') { Cow::Owned(html.replace('\0', "")) } else { Cow::Borrowed(html) };
    CLEANER.clean(&html).to_string().trim().to_owned()
}

/// The ids of the files that clean HTML shows as images, each once.
#[must_use]
pub fn embedded_files(html: &str) -> Vec<i64> {
    let mut files: Vec<i64> =
        html.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter_map(embedded_file).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Whether clean HTML shows nothing: no text and no image.
#[must_use]
pub fn is_empty(html: &str) -> bool {
    !html.contains("<img") && to_text(html).is_empty()
}

/// HTML of a plain text: paragraphs at empty lines, line breaks elsewhere.
#[must_use]
pub fn from_plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let mut html = String::with_capacity(text.len() + 16);
    let mut open = false;
    for line in text.trim_matches('\n').split('\n') {
        if line.trim().is_empty() {
            if open {
                html.push_str("</p>");
                open = false;
            }
            continue;
        }
        html.push_str(if open { "<br>" } else { "<p>" });
        open = true;
        line_into(&mut html, line);
    }
    if open {
        html.push_str("</p>");
    }
    html
}

/// A line of plain text; web addresses in it become links.
fn line_into(html: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(at);
        let length = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from.len());
        let (word, after) = from.split_at(length);
        // What ends a sentence is no part of the address.
        let address = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        escape_into(html, before);
        if address.len() > "https://".len() {
            html.push_str("<a href=\"");
            escape_into(html, address);
            html.push_str("\">");
            escape_into(html, address);
            html.push_str("</a>");
            escape_into(html, word.strip_prefix(address).unwrap_or_default());
        } else {
            escape_into(html, word);
        }
        rest = after;
    }
    escape_into(html, rest);
}

fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_plain_text_become_links() {
        let html = from_plain("See https://a.example/x?b=1&c=2. Or (http://b.example), not javascript:x or https:// alone");
        assert_eq!(
            html,
            "<p>See <a href=\"https://a.example/x?b=1&amp;c=2\">https://a.example/x?b=1&amp;c=2</a>. Or \
             (<a href=\"http://b.example\">http://b.example</a>), not javascript:x or https:// alone</p>"
        );
        assert_eq!(
            from_plain("https://x.example/\"onclick=y"),
            "<p><a href=\"https://x.example/\">https://x.example/</a>&quot;onclick=y</p>"
        );
    }

    #[test]
    fn what_editors_write_stays() {
        let html = "<h2>Hi</h2><p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code><br>e</p><ul><li>f</li></ul>\
                    <blockquote><p>g</p></blockquote><pre><code>h</code></pre><hr>\
                    <img src=\"/files/7/a.png\" alt=\"A\">";
        assert_eq!(clean(html), html);
        let link = "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">x</a>";
        assert_eq!(clean("<a href=\"https://example.com/?a=1&b=2\" target=_blank onclick=evil()>x</a>"), link);
        assert_eq!(clean(link), link);
    }

    #[test]
    fn nothing_that_runs_stays() {
        for hostile in [
            "<script>alert(1)</script>",
            "<style>*{display:none}</style>",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
            "<iframe src=https://evil.test></iframe>",
            "<form action=/x><input name=a><button>b</button></form>",
            "<img src=x onerror=alert(1)>",
            "<img src=https://evil.test/track.gif>",
            "<img src=//evil.test/a.png>",
            "<img src=\"/files/../../etc\">",
            "<img src=\"/desk/agents/delete\">",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\" java\nscript:alert(1)\">x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<p style=\"position:fixed\" class=x id=y onclick=z>x</p>",
            "<!--[if IE]><script>alert(1)</script><![endif]-->",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        ] {
            let cleaned = clean(hostile);
            let lower = cleaned.to_lowercase();
            for bad in [
                "script", "style", "svg", "iframe", "form", "input", "onerror", "onload", "onclick", "evil", "data:", "src=",
                "class", "<!--",
            ] {
                assert!(!lower.contains(bad), "{hostile} left {cleaned}");
            }
            assert_eq!(clean(&cleaned), cleaned);
        }
    }

    #[test]
    fn plain_text_becomes_paragraphs_and_comes_back() {
        let text = "Hello <b>,\nit's \"broken\" & more\n\nBye";
        assert_eq!(
            from_plain("Hello <b>,\r\nit's \"broken\" & more\r\n\r\n\r\nBye\r\n"),
            "<p>Hello &lt;b&gt;,<br>it's &quot;broken&quot; &amp; more</p><p>Bye</p>"
        );
        assert_eq!(to_text(&from_plain(text)), text);
        assert_eq!(to_text(&clean(&from_plain(text))), text);
        assert_eq!(from_plain(" \n "), "");
    }

    #[test]
    fn images_of_this_server_are_found() {
        let html =
            clean("<p><img src=\"/files/7/a%20b.png\"><img src=\"/files/7/a.png\"><img src=\"https://x.test/files/8/b\"></p>");
        assert_eq!(embedded_files(&html), [7]);
        assert!(!is_empty(&html));
        assert!(is_empty("<p> <br></p>"));
    }
}
