//! The file itself: a tar file in zstd, written and read in pieces. Every entry's SHA-256 is taken on the way, and that of the whole file
//! stands at its end, in a frame that programs which know zstd skip.

use super::{
    BackupError,
    format::{Entry, MOST},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Take, Write},
    path::{Path, PathBuf},
};
use tar::{EntryType, Header};

/// Bytes of a block of tar.
const BLOCK: usize = 512;
/// How hard zstd tries. More takes much longer and gains little.
const LEVEL: i32 = 3;

/// Begins the end of the file: a skippable frame (RFC 8878, 3.1.2) of 32 bytes.
const END: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
/// Bytes of that end.
const END_SIZE: u64 = 40;

/// A file whose SHA-256 is taken while it is written.
struct Hashed {
    file: BufWriter<File>,
    hasher: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn padding(size: u64) -> usize {
    let block = BLOCK as u64;
    usize::try_from((block - size % block) % block).unwrap_or_default()
}

/// An archive in the making.
pub(super) struct Writer {
    path: PathBuf,
    out: zstd::Encoder<'static, Hashed>,
    entries: Vec<Entry>,
    /// When, in seconds since 1970.
    at: u64,
}

impl Writer {
    /// Begins a file that only its owner may read: it holds everything that the desk knows.
    pub(super) fn create(path: &Path, at: u64) -> Result<Self, BackupError> {
        let failed = |error| BackupError::Write(path.to_owned(), error);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(failed)?;
        let mut out = zstd::Encoder::new(Hashed { file: BufWriter::new(file), hasher: Sha256::new() }, LEVEL).map_err(failed)?;
        out.include_checksum(true).map_err(failed)?;
        Ok(Self { path: path.to_owned(), out, entries: Vec::new(), at })
    }

    /// The entries so far.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Appends an entry.
    pub(super) fn append(&mut self, path: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.write(path, bytes).map_err(|error| BackupError::Write(self.path.clone(), error))?;
        let sha256 = hex(&Sha256::digest(bytes));
        self.entries.push(Entry { path: path.to_owned(), size: bytes.len() as u64, sha256 });
        Ok(())
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_path(path)?;
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(self.at);
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        self.out.write_all(header.as_bytes())?;
        self.out.write_all(bytes)?;
        self.out.write_all(&[0; BLOCK][..padding(bytes.len() as u64)])
    }

    /// Ends the file; it is on the disk then.
    pub(super) fn finish(mut self) -> Result<(), BackupError> {
        let path = self.path;
        let finish = || {
            self.out.write_all(&[0; 2 * BLOCK])?;
            let Hashed { mut file, hasher } = self.out.finish()?;
            file.write_all(&END)?;
            file.write_all(&hasher.finalize())?;
            file.flush()?;
            file.get_ref().sync_all()
        };
        finish().map_err(|error| BackupError::Write(path, error))
    }
}

/// An archive that is read from its beginning to its end.
pub(super) struct Reader {
    input: zstd::Decoder<'static, BufReader<Take<File>>>,
}

/// What is wrong with bytes that cannot be read.
fn unreadable(error: &io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::damaged("it ends in the middle; it was not copied or written to its end"),
        _ => BackupError::damaged(format!("it cannot be unpacked ({error})")),
    }
}

impl Reader {
    /// Opens a file that is what was written once, to its last byte.
    pub(super) fn open(path: &Path) -> Result<Self, BackupError> {
        let failed = |error| BackupError::Read(path.to_owned(), error);
        let mut file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let content = size.checked_sub(END_SIZE).ok_or_else(|| BackupError::damaged("it is too short to be one"))?;
        let mut hasher = Sha256::new();
        io::copy(&mut BufReader::new((&mut file).take(content)), &mut hasher).map_err(failed)?;
        file.seek(SeekFrom::Start(content)).map_err(failed)?;
        let mut end = Vec::new();
        (&mut file).take(END_SIZE).read_to_end(&mut end).map_err(failed)?;
        let digest = end.strip_prefix(&END).ok_or_else(|| {
            BackupError::damaged("its end is missing: it was not copied or written to its end, or it is no archive of Taquilla")
        })?;
        if digest != hasher.finalize().as_slice() {
            return Err(BackupError::damaged("it is not what was written (its SHA-256 is another)"));
        }
        file.rewind().map_err(failed)?;
        Ok(Self { input: zstd::Decoder::new(file.take(content)).map_err(failed)? })
    }

    /// The next entry with its bytes; `None` at the end, which is read too, because the checksum stands there.
    pub(super) fn next(&mut self) -> Result<Option<(Entry, Vec<u8>)>, BackupError> {
        let mut header = Header::new_old();
        self.input.read_exact(header.as_mut_bytes()).map_err(|error| unreadable(&error))?;
        if header.as_bytes().iter().all(|byte| *byte == 0) {
            self.end()?;
            return Ok(None);
        }
        let (path, size) = name_and_size(&header)?;
        if size > MOST {
            return Err(BackupError::damaged(format!("its entry {path} says that it has {size} bytes")));
        }
        let mut bytes = Vec::new();
        let read = (&mut self.input).take(size).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if read as u64 != size {
            return Err(unreadable(&io::ErrorKind::UnexpectedEof.into()));
        }
        self.input.read_exact(&mut [0; BLOCK][..padding(size)]).map_err(|error| unreadable(&error))?;
        let sha256 = hex(&Sha256::digest(&bytes));
        Ok(Some((Entry { path, size, sha256 }, bytes)))
    }

    fn end(&mut self) -> Result<(), BackupError> {
        let mut rest = [0; BLOCK];
        loop {
            match self.input.read(&mut rest).map_err(|error| unreadable(&error))? {
                0 => return Ok(()),
                read if rest.iter().take(read).any(|byte| *byte != 0) => {
                    return Err(BackupError::damaged("something stands behind its end"));
                }
                _ => {}
            }
        }
    }
}

fn name_and_size(header: &Header) -> Result<(String, u64), BackupError> {
    let wrong = |_| BackupError::damaged("it is no archive of Taquilla, or not any more");
    // Of a header's bytes those of the sum itself count as spaces.
    let bytes = header.as_bytes();
    let sum: u32 =
        bytes.iter().enumerate().map(|(at, byte)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte })).sum();
    if header.cksum().map_err(wrong)? != sum || header.entry_type() != EntryType::Regular {
        return Err(wrong(io::ErrorKind::InvalidData.into()));
    }
    let path = header.path().map_err(wrong)?;
    let path = path.to_str().ok_or_else(|| wrong(io::ErrorKind::InvalidData.into()))?;
    Ok((path.to_owned(), header.size().map_err(wrong)?))
}
