//! Passwords: argon2id in a bounded number of blocking threads, so that sign-ins cannot take all processors or memory.

use crate::ambient;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString};
use domain::{Error, Result};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Memory in KiB, passes, lanes: the second choice of OWASP's cheat sheet (19 MiB, 2, 1).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// What is checked when there is no account, so that it takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// With as many threads as the machine has processors, at most eight.
    ///
    /// # Errors
    /// The cost is not one of argon2id's (a mistake in this file).
    pub fn new() -> Result<Self> {
        let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let nobody = hash_now(&ambient::token())?;
        Ok(Self { permits: Arc::new(Semaphore::new(threads)), nobody: nobody.into() })
    }

    /// The hash to keep of a password.
    ///
    /// # Errors
    /// Internal.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move || hash_now(&password)).await?
    }

    /// Whether a password is the one of a kept hash. Without a hash the answer is no, after the same time.
    ///
    /// # Errors
    /// Internal.
    pub async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool> {
        // A longer one cannot be right; it shall not cost more either.
        let password: String = password.chars().take(domain::limits::PASSWORD_MAX + 1).collect();
        let hash = kept.unwrap_or(&self.nobody).to_owned();
        let exists = kept.is_some();
        self.run(move || {
            let Ok(hash) = PasswordHash::new(&hash) else {
                tracing::error!("a kept password hash makes no sense");
                return false;
            };
            argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok()) && exists
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::internal())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(|error| {
            tracing::error!(%error, "hashing ended abnormally");
            Error::internal()
        })
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|_| Error::internal())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&ambient::random_bytes::<16>()).map_err(|_| Error::internal())?;
    let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(|_| Error::internal())?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nobody_has_none() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horse batterx", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("correct horse battery", None).await.unwrap());
        assert!(!passwords.verify("correct horse battery", Some("nonsense")).await.unwrap());
    }
}
