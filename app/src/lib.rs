//! Ground proof.
#![recursion_limit = "512"]
pub mod i18n;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Stylesheet, Title, provide_meta_context};
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{A, Outlet, ParentRoute, Route, Router, Routes},
    hooks::use_params_map,
    lazy_route, path,
};
use leptos_tiptap::*;

pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <HydrationScripts options=options.clone()/>
                <HashedStylesheet options id="css"/>
                <MetaTags/>
            </head>
            <body><App/></body>
        </html>
    }
}

#[server(prefix = "/_fn", endpoint = "hello", input = server_fn::codec::Json)]
pub async fn hello(n: i32, tags: Vec<String>) -> Result<String, ServerFnError> {
    Ok(format!("hello {n} {}", tags.join(",")))
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=|| "not found">
                <Route path=path!("/") view=Portal ssr=SsrMode::Async/>
                <ParentRoute path=path!("/desk") view={Lazy::<Frame>::new()} ssr=SsrMode::Async>
                    <ParentRoute path=path!("tickets") view={Lazy::<Tickets>::new()} ssr=SsrMode::Async>
                        <Route path=path!("") view=|| ()/>
                        <Route path=path!(":number") view={Lazy::<Detail>::new()} ssr=SsrMode::Async/>
                    </ParentRoute>
                    <Route path=path!("") view=|| "home"/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component]
fn Portal() -> impl IntoView {
    let r = Resource::new(|| (), |_| hello(1, vec!["a".into()]));
    let n = RwSignal::new(0);
    view! {
        <Title text="Portal"/>
        <main>
            <p id="res"><Suspense fallback=|| "loading">{move || r.get().map(|x| x.unwrap_or_default())}</Suspense></p>
            <button id="b" on:click=move |_| n.update(|x| *x += 1)>{n}</button>
            <A href="/desk/tickets">"tickets"</A>
        </main>
    }
}

struct Frame;
#[lazy_route]
impl LazyRoute for Frame {
    fn data() -> Self {
        Frame
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        let size = RwSignal::new(0);
        let _ =
            leptos_use_event_listener::use_event_listener(leptos::leptos_dom::helpers::window(), leptos::ev::resize, move |_| {
                size.update(|s| *s += 1)
            });
        view! { <nav class="p-4">"frame "{size}</nav><Outlet/> }.into_any()
    }
}

struct Tickets {
    rows: Resource<Result<String, ServerFnError>>,
}
#[lazy_route]
impl LazyRoute for Tickets {
    fn data() -> Self {
        Tickets { rows: Resource::new(|| (), |_| hello(2, vec![])) }
    }
    fn view(this: Self) -> AnyView {
        let rows = this.rows;
        let target = NodeRef::<leptos::html::Ul>::new();
        let seen = RwSignal::new(false);
        let _ = leptos_use_intersection_observer::use_intersection_observer(target, move |e, _| seen.set(e[0].is_intersecting()));
        view! {
            <ul node_ref=target id="list" class:seen=seen>
                <Suspense fallback=|| ()>{move || rows.get().map(|r| view!{<li>{r.unwrap_or_default()}</li>})}</Suspense>
                <li><A href="/desk/tickets/7">"seven"</A></li>
                <li><A href="/desk/tickets/8">"eight"</A></li>
            </ul>
            <Outlet/>
        }
        .into_any()
    }
}

struct Detail;
#[lazy_route]
impl LazyRoute for Detail {
    fn data() -> Self {
        Detail
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        let params = use_params_map();
        view! {
            <h1 id="num">{move || params.read().get("number")}</h1>
            <Editor/>
        }
        .into_any()
    }
}

#[component]
fn Editor() -> impl IntoView {
    let handle = TiptapEditorHandle::new();
    view! {
        <button id="bold" disabled=move || !handle.is_ready() on:click=move |_| { let _ = handle.toggle_bold(); }>"B"</button>
        <TiptapEditor id="ed" handle=handle initial_content=TiptapContent::html("<p>Edit me.</p>") classes="editor"/>
    }
}
