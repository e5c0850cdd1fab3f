//! Settings that are allowed, each for itself, and make no sense together.

use super::Finding;
use crate::config::Settings;

const AREA: &str = "settings";

pub(super) fn findings(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![Finding::good(AREA, "all settings are known and say something that can be")];
    let host = host(&settings.public_url);
    let at_home = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if !settings.is_https() && !at_home {
        found.push(Finding::problem(
            AREA,
            format!("public_url is {}: passwords and sessions would cross the network in the clear", settings.public_url),
            "put a proxy with TLS in front and set public_url to its https address",
        ));
    }
    if at_home && !settings.addr.ip().is_loopback() {
        found.push(Finding::warning(
            AREA,
            format!("addr is {}, so others come in, but links in mails lead to {}", settings.addr, settings.public_url),
            "set public_url to what people type to get here",
        ));
    }
    if settings.trusted_proxies.iter().any(crate::config::Network::is_everything) {
        found.push(Finding::problem(
            AREA,
            "trusted_proxies names every address: anybody can say that they come from anywhere, and limits count for nothing",
            "name the addresses of your own proxies only",
        ));
    }
    if settings.is_https() && settings.trusted_proxies.is_empty() {
        found.push(Finding::warning(
            AREA,
            "public_url is https, so there is a proxy in front, but trusted_proxies names none: everybody counts as one network address",
            "set trusted_proxies to the proxy's address (127.0.0.1 if it is on this machine)",
        ));
    }
    found
}

/// The host of an address, without the port.
fn host(url: &str) -> String {
    let uri: Option<http::Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(http::Uri::host).unwrap_or_default();
    host.trim_matches(['[', ']']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Given, doctor::Level};

    fn worst(pairs: &[(&str, &str)]) -> (Level, String) {
        let variables = pairs.iter().map(|(name, value)| (format!("TAQUILLA_{name}"), (*value).to_owned()));
        let found = findings(&Settings::load_with(Given::default(), variables).unwrap());
        let worst = found.into_iter().max_by_key(|finding| finding.level).unwrap();
        (worst.level, worst.what)
    }

    #[test]
    fn what_makes_no_sense_together_is_found() {
        assert_eq!(worst(&[]).0, Level::Good);
        assert_eq!(worst(&[("PUBLIC_URL", "http://[::1]:3000")]).0, Level::Good);
        let good = [("PUBLIC_URL", "https://help.example.com"), ("TRUSTED_PROXIES", "127.0.0.1")];
        assert_eq!(worst(&good).0, Level::Good);
        assert!(worst(&[("PUBLIC_URL", "http://help.example.com")]).1.contains("in the clear"));
        assert!(worst(&[("PUBLIC_URL", "https://help.example.com")]).1.contains("names none"));
        assert!(worst(&[("ADDR", "0.0.0.0:80")]).1.contains("links in mails"));
        let everybody = [("PUBLIC_URL", "https://help.example.com"), ("TRUSTED_PROXIES", "10.0.0.1, ::/0")];
        assert_eq!(worst(&everybody).0, Level::Problem);
    }
}
