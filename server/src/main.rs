//! ground
#![recursion_limit = "512"]
use axum::Router;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
#[tokio::main]
async fn main() {
    let conf = get_configuration(Some("Leptos.toml")).unwrap();
    let opts = conf.leptos_options;
    let routes = generate_route_list(app::App);
    let o2 = opts.clone();
    let app = Router::new()
        .leptos_routes(&opts, routes, move || app::shell(o2.clone()))
        .fallback(leptos_axum::file_and_error_handler(app::shell))
        .with_state(opts.clone());
    let l = tokio::net::TcpListener::bind(&opts.site_addr).await.unwrap();
    use axum::serve::ListenerExt;
    axum::serve(l.tap_io(|s| { let _ = s.set_nodelay(true); }), app).await.unwrap();
}
