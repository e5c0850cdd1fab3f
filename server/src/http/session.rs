//! Who asks: the holders of the two session cookies, and where the request came from. Agents and customers are looked up
//! only where they count: a customer's cookie opens nothing of the agents, and the other way round.

use super::{Site, refusal::Refusal};
use app::{
    api::context::{AgentSession, CustomerSession},
    i18n::Locale,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::{
    Result,
    actor::Actor,
    session::{Origin, Realm},
};
use leptos::prelude::{provide_context, use_context};
use std::net::{IpAddr, SocketAddr};

/// Longest token that is looked up; ours have 43 characters.
const TOKEN: usize = 128;

/// Who asks and from where, as an extension of the request.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) agent: Actor,
    pub(super) customer: Actor,
    pub(super) origin: Origin,
    pub(super) locale: Locale,
}

/// Which sessions count at a path: the agent's, the customer's.
fn realms(path: &str) -> (bool, bool) {
    let under = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    if under("/p") || under("/_fn/portal") || under("/live/portal") {
        (false, true)
    } else if path == "/" || under("/desk") || under("/_fn") || under("/files/import") || under("/live") {
        (true, false)
    } else {
        (under("/files"), under("/files"))
    }
}

/// Looks up who asks.
pub(super) async fn resolve(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let (agents, customers) = realms(request.uri().path());
    match holders(&site, agents, customers, request.headers().clone()).await {
        Ok((agent, customer)) => {
            let locale = locale(&agent, &customer, request.headers());
            let origin = Origin { language: Some(locale.language), ..origin(&site, &request) };
            request.extensions_mut().insert(Who { agent, customer, origin, locale });
            next.run(request).await
        }
        Err(error) => Refusal::of(request.headers()).tell(error),
    }
}

async fn holders(site: &Site, agents: bool, customers: bool, headers: HeaderMap) -> Result<(Actor, Actor)> {
    let agent = if agents { holder(site, Realm::Agent, &headers).await? } else { Actor::Anonymous };
    let customer = if customers { holder(site, Realm::Customer, &headers).await? } else { Actor::Anonymous };
    Ok((agent, customer))
}

async fn holder(site: &Site, realm: Realm, headers: &HeaderMap) -> Result<Actor> {
    let name = site.settings.cookies().name(realm);
    let Some(token) = cookie(headers, name).filter(|token| !token.is_empty() && token.len() <= TOKEN) else {
        return Ok(Actor::Anonymous);
    };
    let actor = site.desk.accounts.actor(realm, token).await?;
    // The service looks in the realm only; a mistake there must not make a customer an agent.
    Ok(match (realm, &actor) {
        (Realm::Agent, Actor::Agent(_)) | (Realm::Customer, Actor::Customer(_)) => actor,
        _ => Actor::Anonymous,
    })
}

/// The value of a cookie of the request.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn origin(site: &Site, request: &Request) -> Origin {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Origin {
        address: peer.map(|peer| client(site, peer, request.headers()).to_string()).unwrap_or_default(),
        user_agent: user_agent.chars().take(300).collect(),
        language: None,
    }
}

/// The address of the client: what trusted proxies say, from the nearest to the first one that is not trusted.
fn client(site: &Site, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let said =
        headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let mut client = peer;
    for hop in said.rsplit(',') {
        if !site.settings.trusts(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    client
}

fn locale(agent: &Actor, customer: &Actor, headers: &HeaderMap) -> Locale {
    let mut locale = Locale::from_headers(headers);
    let (language, zone) = match (agent, customer) {
        (Actor::Agent(agent), _) => (agent.language, &agent.time_zone),
        (_, Actor::Customer(customer)) => (customer.language, &customer.time_zone),
        _ => return locale,
    };
    locale.language = language;
    // Who chose none reads the times of the browser, which a cookie tells.
    if !zone.is_empty() {
        locale.time_zone.clone_from(zone);
    }
    locale
}

/// Puts what pages and server functions need into the context of Leptos.
pub(super) fn provide(site: &Site) {
    provide_context(site.desk.clone());
    provide_context(site.clock.clone());
    provide_context(site.settings.cookies());
    provide_context(site.form_keys.clone());
    provide_context(site.live.position());
    let Some(who) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Who>().cloned()) else { return };
    provide_context(AgentSession(who.agent));
    provide_context(CustomerSession(who.customer));
    provide_context(who.origin);
    provide_context(who.locale);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_surface_knows_only_its_own_people() {
        assert_eq!(realms("/desk/tickets"), (true, false));
        assert_eq!(realms("/_fn/items/list"), (true, false));
        assert_eq!(realms("/files/import"), (true, false));
        assert_eq!(realms("/p/help"), (false, true));
        assert_eq!(realms("/_fn/portal/list"), (false, true));
        assert_eq!(realms("/live/desk"), (true, false));
        assert_eq!(realms("/live/portal"), (false, true));
        assert_eq!(realms("/files/7/a.png"), (true, true));
        assert_eq!(realms("/pkg/taquilla.js"), (false, false));
        assert_eq!(realms("/desktop"), (false, false));
    }
}
