//! The program as an operator starts it, and what an operator can do to it.

use super::TestDesk;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

/// How `taquilla serve` is to be started.
pub struct Setup {
    folder: PathBuf,
    flags: Vec<String>,
}

impl Setup {
    /// On a desk's database and folder.
    pub fn of(desk: &TestDesk) -> Self {
        Self::at(desk, &desk.url)
    }
    /// On a desk's folder, with its database by another way.
    pub fn at(desk: &TestDesk, url: &str) -> Self {
        let flags = ["serve", "--addr", "127.0.0.1:0", "--database-url", url].map(ToOwned::to_owned).into();
        Self { folder: desk.folder().to_owned(), flags }
    }
    /// With one more flag.
    pub fn with(mut self, flag: &str, value: impl ToString) -> Self {
        self.flags.extend([flag.to_owned(), value.to_string()]);
        self
    }
    /// With a mail server on this machine.
    pub fn mailing_to(self, port: u16) -> Self {
        self.with("--smtp-host", "127.0.0.1")
            .with("--smtp-port", port)
            .with("--smtp-tls", "none")
            .with("--smtp-from", "desk@acme.test")
    }
    /// Quiet about what this test does to it on purpose.
    pub fn quiet(self) -> Self {
        let level = std::env::var("PROGRAM_LOG").unwrap_or_else(|_| "off".to_owned());
        self.with("--log", level)
    }

    /// Starts it, and waits until it listens.
    pub fn start(self) -> Program {
        let site = self.folder.join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("hash.txt"), "js: a\nwasm: a\ncss: a\n").unwrap();
        // A write past a limit fails, instead of ending the program: so a test can take the space away.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_taquilla")]);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAQUILLA_")) {
            command.env_remove(name);
        }
        if !self.flags.iter().any(|flag| flag == "--log") {
            command.env("TAQUILLA_LOG", "error");
        }
        let mut child = command
            .args(&self.flags)
            .arg("--data")
            .arg(&self.folder)
            .arg("--site")
            .arg(&site)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.rsplit("listening on ").next().and_then(|rest| rest.trim().trim_end_matches(").").parse().ok());
        let Some(address) = address else { panic!("the program does not say where it listens: {line:?}") };
        Program { address, child, _out: out }
    }
}

/// `taquilla serve` on a free port. It dies with this value.
pub struct Program {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    /// Held open, because the program may print more.
    _out: BufReader<ChildStdout>,
}

impl Program {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
    /// Kills it: SIGKILL, which no program hears.
    pub fn kill(self) {
        drop(self);
    }
    /// Halts it where it is: SIGSTOP.
    pub fn halt(&self) {
        self.signal("-STOP");
    }
    /// Lets it go on: SIGCONT.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }
    /// Asks it to stop, and waits until it has: SIGTERM.
    pub fn stop(mut self) {
        self.signal("-TERM");
        self.child.wait().unwrap();
    }
    fn signal(&self, signal: &str) {
        run("kill", &[signal, &self.id().to_string()]);
    }
    /// Lets no file of it grow past `bytes`, nor write past it; none takes the limit away.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let soft = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        run("prlimit", &["--pid", &self.id().to_string(), &format!("--fsize={soft}:unlimited")]);
    }
}

fn run(command: &str, arguments: &[&str]) {
    assert!(Command::new(command).args(arguments).status().unwrap().success(), "{command} {arguments:?}");
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}
