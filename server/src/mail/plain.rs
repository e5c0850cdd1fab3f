//! Rich text as it goes into mails: cleaned once more and without anything that would have to be loaded.

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

/// Text as HTML shows it.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_or_loads_is_mailed() {
        let html =
            for_mail("<p onclick=\"x()\">a<img src=\"/files/1\"><script>alert(1)</script><a href=\"javascript:x\">b</a></p>");
        assert_eq!(html, "<p>a<a rel=\"noopener noreferrer nofollow\">b</a></p>");
    }
}
