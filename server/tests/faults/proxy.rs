//! What lies between the program and PostgreSQL, and can be taken away.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// What becomes of what is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// It arrives.
    Open,
    /// Connections are cut, and new ones refused.
    Refused,
    /// It waits, in old connections and new ones.
    Halted,
    /// It arrives, but a connection on which a commit is asked for is cut before the answer.
    LosesCommits,
}

/// The way at the moment, and how often connections have been left stranded.
#[derive(Debug, Clone, Copy)]
struct State {
    way: Way,
    stranded: usize,
}

/// A way to a server, on a port of its own.
pub struct Proxy {
    address: SocketAddr,
    state: watch::Sender<State>,
}

impl Proxy {
    /// The way to the server of a URL.
    pub async fn to(url: &str) -> Self {
        let server: SocketAddr = authority(url).rsplit('@').next().unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, changes) = watch::channel(State { way: Way::Open, stranded: 0 });
        tokio::spawn(serve(listener, server, changes));
        Self { address, state }
    }
    /// The URL that leads through here.
    pub fn url(&self, url: &str) -> String {
        let authority = authority(url);
        let user = authority.rsplit_once('@').map_or_else(String::new, |(user, _)| format!("{user}@"));
        url.replacen(authority, &format!("{user}{}", self.address), 1)
    }
    /// Everything arrives again.
    pub fn opens(&self) {
        self.goes(Way::Open);
    }
    /// Cuts all connections and refuses new ones, as a server that has been stopped.
    pub fn refuses(&self) {
        self.goes(Way::Refused);
    }
    /// Nothing arrives any more and nobody is told, as with a machine that hangs.
    pub fn halts(&self) {
        self.goes(Way::Halted);
    }
    /// Cuts every connection on which a commit is asked for, before the answer.
    pub fn loses_commits(&self) {
        self.goes(Way::LosesCommits);
    }
    /// Nothing arrives any more on the connections of now, on neither side and for ever, as when a router has forgotten them; new
    /// ones are well.
    pub fn strands(&self) {
        self.state.send_modify(|state| state.stranded += 1);
    }
    fn goes(&self, way: Way) {
        self.state.send_modify(|state| state.way = way);
    }
}

fn authority(url: &str) -> &str {
    url.split_once("://").unwrap().1.split(['/', '?']).next().unwrap()
}

async fn serve(listener: TcpListener, server: SocketAddr, mut state: watch::Receiver<State>) {
    let address = listener.local_addr().unwrap();
    let mut listener = Some(listener);
    loop {
        let open = state.borrow_and_update().way != Way::Refused;
        match &listener {
            Some(_) if !open => listener = None,
            None if open => {
                // The port was ours and is nobody else's; but the old connections may have to be gone.
                while listener.is_none() {
                    listener = TcpListener::bind(address).await.ok();
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            _ => {}
        }
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            accepted = accepted => {
                let Ok((client, _)) = accepted else { continue };
                let Ok(server) = TcpStream::connect(server).await else { continue };
                tokio::spawn(connection(client, server, state.clone()));
            }
            changed = state.changed() => if changed.is_err() { return },
        }
    }
}

async fn connection(client: TcpStream, server: TcpStream, mut state: watch::Receiver<State>) {
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let begun = state.borrow_and_update().stranded;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (lost, is_lost) = watch::channel(false);
    let asked = ask(from_client, to_server, state.clone(), begun, lost);
    let answered = answer(from_server, to_client, state.clone(), begun, is_lost);
    tokio::select! {
        () = asked => {}
        () = answered => {}
        _ = state.wait_for(|state| state.way == Way::Refused && state.stranded == begun) => {}
    }
}

/// Waits until what has been read may go on; nothing if it never will.
async fn may_go_on(state: &mut watch::Receiver<State>, begun: usize) -> Option<Way> {
    state.wait_for(|state| state.way != Way::Halted && state.stranded == begun).await.ok().map(|state| state.way)
}

async fn ask(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    begun: usize,
    lost: watch::Sender<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes).await.unwrap_or(0);
        let Some(way) = may_go_on(&mut state, begun).await else { return };
        let commits = way == Way::LosesCommits && bytes[..read].windows(6).any(|word| word == b"COMMIT");
        if commits {
            lost.send_replace(true);
        }
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn answer(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    begun: usize,
    is_lost: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut bytes).await.unwrap_or(0);
        // What comes now answers the commit: it has been done, and nobody hears of it.
        if *is_lost.borrow() || may_go_on(&mut state, begun).await.is_none() {
            return;
        }
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
