//! The one accent colour of the workspace, turned into tokens that keep the contrast of 4.5:1 whatever colour was chosen.

use leptos::prelude::*;

/// Backgrounds of the two themes that text in the accent colour stands on (the least favourable ones of `style/tokens.css`).
const LIGHT: Rgb = Rgb(0xe7, 0xe7, 0xeb);
const DARK: Rgb = Rgb(0x2d, 0x2d, 0x34);
const BLACK: Rgb = Rgb(0x1b, 0x1b, 0x1f);
const WHITE: Rgb = Rgb(0xff, 0xff, 0xff);
/// WCAG 2.2 AA for text.
const CONTRAST: f32 = 4.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rgb(u8, u8, u8);

impl Rgb {
    /// Of `#rrggbb`, and of nothing else.
    fn parse(text: &str) -> Option<Self> {
        let digits =
            text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some(Self(r, g, b))
    }
    fn text(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
    /// Relative luminance (WCAG).
    fn luminance(self) -> f32 {
        let part = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }
    fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
    /// `tenths` of the way to `other`.
    fn towards(self, other: Self, tenths: u16) -> Self {
        let part = |from: u8, to: u8| {
            let mixed = (u16::from(from) * (10 - tenths) + u16::from(to) * tenths) / 10;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }
    /// This colour, moved towards `end` until it can be read on `ground`.
    fn readable(self, ground: Self, end: Self) -> Self {
        (0..=10).map(|tenths| self.towards(end, tenths)).find(|colour| colour.contrast(ground) >= CONTRAST).unwrap_or(end)
    }
}

/// The tokens for an accent colour: name and value. Empty for what is not a colour.
fn tokens(colour: &str) -> Vec<(&'static str, String)> {
    let Some(brand) = Rgb::parse(colour) else { return Vec::new() };
    let on_brand = if brand.contrast(WHITE) >= CONTRAST || brand.contrast(WHITE) > brand.contrast(BLACK) { WHITE } else { BLACK };
    let fill = brand.readable(on_brand, if on_brand == WHITE { BLACK } else { WHITE });
    vec![
        ("--brand", fill.text()),
        ("--on-brand", on_brand.text()),
        ("--brand-on-light", brand.readable(LIGHT, BLACK).text()),
        ("--brand-on-dark", brand.readable(DARK, WHITE).text()),
    ]
}

/// Gives the page an accent colour. Put it once into the frame of a surface.
#[component]
pub fn Accent(
    /// `#rrggbb`; anything else leaves the standard colour.
    #[prop(into)]
    colour: Signal<String>,
) -> impl IntoView {
    // In the browser through the object model, which the content policy allows; on the server with the nonce of the page.
    Effect::new(move |_| {
        use wasm_bindgen::JsCast;
        let root = document().document_element().and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok());
        let Some(root) = root else { return };
        for (name, value) in tokens(&colour.get()) {
            let _ = web_sys::HtmlElement::style(&root).set_property(name, &value);
        }
    });
    let sheet = if cfg!(feature = "ssr") {
        let list: String = tokens(&colour.get_untracked()).into_iter().map(|(name, value)| format!("{name}:{value};")).collect();
        format!(":root{{{list}}}")
    } else {
        String::new()
    };
    // Only in a page that the server made: the content policy refuses a sheet that scripts put in, an empty one, too.
    let from_server = cfg!(feature = "ssr") || Owner::current_shared_context().is_some_and(|context| context.get_is_hydrating());
    from_server.then(|| view! { <style nonce=leptos::nonce::use_nonce() inner_html=sheet></style> })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read() {
        for colour in ["#ffffff", "#000000", "#ffe100", "#3451b2", "#ff0000", "#00ff00", "#808080", "#7f7fff"] {
            let all: std::collections::BTreeMap<_, _> = tokens(colour).into_iter().collect();
            let get = |name: &str| Rgb::parse(all.get(name).map(String::as_str).unwrap_or_default()).expect("colour");
            assert!(get("--brand").contrast(get("--on-brand")) >= CONTRAST, "button of {colour}");
            assert!(get("--brand-on-light").contrast(LIGHT) >= CONTRAST, "light text of {colour}");
            assert!(get("--brand-on-dark").contrast(DARK) >= CONTRAST, "dark text of {colour}");
        }
    }

    #[test]
    fn what_is_not_a_colour_gives_no_styles() {
        for text in ["", "red", "#fff", "#12345g", "#123456;}", "url(x)"] {
            assert!(tokens(text).is_empty(), "{text}");
        }
    }
}
