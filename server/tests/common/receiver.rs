//! A mail server that the test plays.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// How the mail server behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mood {
    /// Takes every mail.
    Takes,
    /// Refuses every recipient for good.
    Refuses,
    /// Is busy.
    Busy,
    /// Hangs up in the middle of the mail.
    HangsUp,
    /// Takes connections and says nothing, until it is in another mood.
    Stalls,
}

/// A mail server of the test.
pub struct Receiver {
    /// Where it listens, on this machine.
    pub port: u16,
    mood: watch::Sender<Mood>,
    met: Arc<AtomicUsize>,
    got: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// On a free port.
    pub async fn start(mood: Mood) -> Self {
        Self::at(0, mood).await
    }

    /// On this port.
    pub async fn at(port: u16, mood: Mood) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mood, in_mood) = watch::channel(mood);
        let receiver = Self { port, mood, met: Arc::default(), got: Arc::default() };
        let (met, got) = (receiver.met.clone(), receiver.got.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                met.fetch_add(1, Ordering::SeqCst);
                let (mood, got) = (in_mood.clone(), got.clone());
                tokio::spawn(async move { talk(stream, mood, &got).await });
            }
        });
        receiver
    }

    /// Changes its mood, for connections that begin from now on.
    pub fn is(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// How many connections it has taken.
    pub fn met(&self) -> usize {
        self.met.load(Ordering::SeqCst)
    }

    /// The mails that it has taken, whole, in order.
    pub fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }

    /// The same, without the breaks that lie in long lines.
    pub fn read(&self) -> Vec<String> {
        self.got.lock().unwrap().iter().map(|mail| mail.replace("=\r\n", "")).collect()
    }

    /// The Message-IDs of the mails that it has taken, in order, without the sender's domain.
    pub fn ids(&self) -> Vec<String> {
        let id = |mail: &String| {
            let (_, rest) = mail.split_once("Message-ID: <").expect("a mail has an id");
            rest.split_once('@').expect("an id has a domain").0.to_owned()
        };
        self.got.lock().unwrap().iter().map(id).collect()
    }
}

async fn talk(stream: TcpStream, mut in_mood: watch::Receiver<Mood>, got: &Mutex<Vec<String>>) -> Option<()> {
    let mood = *in_mood.borrow();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    if mood == Mood::Stalls {
        in_mood.wait_for(|mood| *mood != Mood::Stalls).await.ok()?;
        return None;
    }
    stream.write_all(b"220 test\r\n").await.ok()?;
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let command = line.get(..4)?.to_ascii_uppercase();
        let answer: &[u8] = match (command.as_str(), mood) {
            ("EHLO", _) => b"250-test\r\n250 8BITMIME\r\n",
            ("RCPT", Mood::Refuses) => b"550 5.1.1 no such mailbox\r\n",
            ("RCPT", Mood::Busy) => b"451 4.7.1 come back later\r\n",
            ("DATA", Mood::HangsUp) => return None,
            ("DATA", _) => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if stream.read_line(&mut mail).await.ok()? == 0 {
                        return None;
                    }
                }
                got.lock().unwrap().push(mail);
                b"250 taken\r\n"
            }
            ("QUIT", _) => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer).await.ok()?;
    }
}
