//! What each setting may hold. The errors end the sentence `"value" …`.

use super::{LogFormat, Metrics, SmtpTls};
use std::net::{IpAddr, SocketAddr};

/// Shortest token for the metrics, in characters.
const METRICS_TOKEN: usize = 16;

/// A network: an address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether every address lies in it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.bits == 0
    }
    /// Whether `address` lies in it. An IPv4 address in IPv6 form is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                same_head(u128::from(network.to_bits()) << 96, u128::from(address.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => same_head(network.to_bits(), address.to_bits(), self.bits),
            _ => false,
        }
    }
}

fn same_head(a: u128, b: u128, bits: u32) -> bool {
    bits == 0 || (a ^ b) >> (128 - bits.min(128)) == 0
}

pub(super) fn text(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("is empty".to_owned()) } else { Ok(text.to_owned()) }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "is not an address with a port, such as 127.0.0.1:3000 or 0.0.0.0:80".to_owned())
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| "is not a port (1 to 65535)".to_owned())
}

pub(super) fn database_url(text: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    if known { Ok(text.to_owned()) } else { Err("must begin with sqlite:// or postgres://".to_owned()) }
}

pub(super) fn http_url(text: &str) -> Result<String, String> {
    let wrong = || "is not an address such as https://help.example.com".to_owned();
    let uri: http::Uri = text.parse().map_err(|_| wrong())?;
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    if is_http && uri.host().is_some_and(|host| !host.is_empty()) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    let url = http_url(text)?;
    let uri: http::Uri = url.parse().map_err(|_| "is not an address".to_owned())?;
    let bare = uri.path() == "/" && uri.query().is_none() && !uri.authority().is_some_and(|it| it.as_str().contains('@'));
    if bare { Ok(url) } else { Err("must end after the host (and port): the desk lives at the root of its host".to_owned()) }
}

pub(super) fn mailbox(text: &str) -> Result<String, String> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("is neither an address nor \"Name <address>\"".to_owned()),
    }
}

pub(super) fn smtp_tls(text: &str) -> Result<SmtpTls, String> {
    match text {
        "starttls" => Ok(SmtpTls::StartTls),
        "tls" => Ok(SmtpTls::Tls),
        "none" => Ok(SmtpTls::None),
        _ => Err("is none of starttls, tls, none".to_owned()),
    }
}

pub(super) fn is_s3(text: &str) -> Result<bool, String> {
    match text {
        "local" => Ok(false),
        "s3" => Ok(true),
        _ => Err("is neither local nor s3".to_owned()),
    }
}

pub(super) fn log(text: &str) -> Result<String, String> {
    let level_or_target = text.split(',').all(|part| {
        let level = part.rsplit('=').next().unwrap_or_default();
        matches!(level.to_ascii_lowercase().as_str(), "off" | "error" | "warn" | "info" | "debug" | "trace")
    });
    match text.parse::<tracing_subscriber::EnvFilter>() {
        Ok(_) if level_or_target => Ok(text.to_owned()),
        _ => Err("is neither a level (error, warn, info, debug, trace) nor directives such as info,server=debug".to_owned()),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("is neither text nor json".to_owned()),
    }
}

pub(super) fn metrics(text: &str) -> Result<Metrics, String> {
    match text {
        "off" => Ok(Metrics::Off),
        "loopback" => Ok(Metrics::Loopback),
        token if token.len() >= METRICS_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(Metrics::Token(token.to_owned()))
        }
        _ => Err(format!("is neither off nor loopback nor a token of {METRICS_TOKEN} letters and digits or more")),
    }
}

pub(super) fn networks(text: &str) -> Result<Vec<Network>, String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect()
}

fn network(text: &str) -> Result<Network, String> {
    let wrong = || format!("holds \"{text}\", which is neither an address nor a network such as 10.0.0.0/8");
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
    if bits > most { Err(wrong()) } else { Ok(Network { address, bits }) }
}
