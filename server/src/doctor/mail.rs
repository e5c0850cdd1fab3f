//! Whether the mail server answers and lets us in. Nothing is sent.

use super::Finding;
use crate::{config::Settings, desk, mail::greet};

const AREA: &str = "mail";

pub(super) async fn finding(settings: &Settings) -> Finding {
    let Some(smtp) = &settings.smtp else {
        let advice = "set smtp_host and smtp_from when people shall get mail; until then it can be read under Administration";
        return Finding::warning(AREA, "there is no mail server: mail is held and reaches nobody", advice);
    };
    let (host, port) = (&smtp.host, smtp.port);
    match greet(&desk::mail_settings(settings)).await {
        Ok(()) => Finding::good(AREA, format!("{host}:{port} greets us and lets us in; nothing was sent")),
        Err(error) => {
            let what = format!("{host}:{port} does not take our mail: {error}");
            Finding::problem(AREA, what, "look at the settings smtp_host, smtp_port, smtp_tls, smtp_user and smtp_password")
        }
    }
}
