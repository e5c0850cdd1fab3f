//! Signing in with a password or a mailed code, and setting a forgotten password. What is answered, and how long it takes,
//! is the same whether there is such an account or not.

use super::{
    AccountsService,
    codes::{self, Purpose},
    people::{self, Person, wrong_code, wrong_sign_in},
    rates::{self, CODES_ACCOUNT, CODES_ADDRESS, SIGN_INS_ACCOUNT, SIGN_INS_ADDRESS},
    registration, sessions,
};
use crate::{
    db::Tx,
    mail::{Letter, templates::post},
};
use domain::{
    Result,
    session::{NewSession, Origin, Realm, check_password},
    text::normalize_email,
};

/// An address as it was typed: normalised, or what cannot be one cut to a length that the counters can keep.
fn typed_email(email: &str) -> String {
    normalize_email(email).unwrap_or_else(|| email.trim().to_lowercase().chars().take(100).collect())
}

/// Counts a try with a code, before it is known whether it is right: so a swarm of tries at once gains nothing. The code
/// has few tries of its own; the account is not counted, so that who guesses somebody's password does not lock them out of
/// their codes, too.
async fn count_code_try(tx: &mut Tx, origin: &Origin) -> Result<()> {
    rates::count(tx, SIGN_INS_ADDRESS, &rates::address(origin)).await
}

/// Counts a try with a password, as [`count_code_try`] does.
async fn count_password_try(tx: &mut Tx, realm: Realm, origin: &Origin, email: &str) -> Result<()> {
    rates::count(tx, SIGN_INS_ACCOUNT, &rates::account(realm, email)).await?;
    rates::count(tx, SIGN_INS_ADDRESS, &rates::address(origin)).await
}

/// Takes the try back, because it was right.
async fn try_was_right(tx: &mut Tx, realm: Realm, origin: &Origin, email: &str) -> Result<()> {
    rates::forget(tx, SIGN_INS_ACCOUNT, &rates::account(realm, email)).await?;
    rates::uncount(tx, SIGN_INS_ADDRESS, &rates::address(origin)).await
}

/// Counts a request for a code.
pub(super) async fn count_code(tx: &mut Tx, realm: Realm, origin: &Origin, email: &str) -> Result<()> {
    rates::count(tx, CODES_ACCOUNT, &rates::account(realm, email)).await?;
    rates::count(tx, CODES_ADDRESS, &rates::address(origin)).await
}

impl AccountsService {
    pub(super) async fn sign_in_by_password(
        &self,
        realm: Realm,
        origin: &Origin,
        email: &str,
        password: &str,
    ) -> Result<NewSession> {
        let email = typed_email(email);
        let (counted, from) = (email.clone(), origin.clone());
        self.db.write(move |tx| Box::pin(async move { count_password_try(tx, realm, &from, &counted).await })).await?;

        let person = people::find(&mut self.db.clone(), realm, &email).await?.filter(Person::is_active);
        let hash = person.as_ref().and_then(|person| person.password_hash.clone());
        if !self.passwords.verify(password, hash.as_deref()).await? {
            return Err(wrong_sign_in());
        }
        let origin = origin.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    // Somebody may have locked them out, or changed the password, since we looked.
                    let now = people::find(tx, realm, &email).await?;
                    let person = now.filter(|person| person.is_active() && person.password_hash == hash);
                    let person = person.ok_or_else(wrong_sign_in)?;
                    try_was_right(tx, realm, &origin, &email).await?;
                    sessions::begin(tx, &person, &origin).await
                })
            })
            .await
    }

    /// Mails a code for `purpose` to the person with this address, if there is one who may use it.
    pub(super) async fn mail_code(&self, realm: Realm, origin: &Origin, email: &str, purpose: Purpose) -> Result<()> {
        let (email, origin) = (typed_email(email), origin.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    count_code(tx, realm, &origin, &email).await?;
                    let person = people::find(tx, realm, &email).await?.filter(Person::may_use_codes);
                    // A code is made in any case, so that a wrong guess is the same in any case.
                    let code = codes::issue(tx, realm, purpose, &email, "").await?;
                    let Some(person) = person else {
                        // Who has registered and not confirmed yet asks for another code in the same place.
                        let registers = realm == Realm::Customer && purpose == Purpose::SignIn;
                        return if registers { registration::mail_again(tx, &origin, &email).await } else { Ok(()) };
                    };
                    let letter = match purpose {
                        Purpose::Reset => Letter::ResetCode { code },
                        _ => Letter::SignInCode { code },
                    };
                    post(tx, &email, person.language, letter).await
                })
            })
            .await
    }

    pub(super) async fn sign_in_by_code(&self, realm: Realm, origin: &Origin, email: &str, code: &str) -> Result<NewSession> {
        let (email, origin, code) = (typed_email(email), origin.clone(), code.to_owned());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    count_code_try(tx, &origin).await?;
                    let Some(person) = redeem(tx, realm, &origin, &email, &code).await? else { return Ok(None) };
                    try_was_right(tx, realm, &origin, &email).await?;
                    sessions::begin(tx, &person, &origin).await.map(Some)
                })
            })
            .await?
            // The try that was used up is committed; only then it is refused.
            .ok_or_else(wrong_code)
    }

    pub(super) async fn set_forgotten_password(
        &self,
        realm: Realm,
        origin: &Origin,
        email: &str,
        code: &str,
        password: &str,
    ) -> Result<NewSession> {
        check_password(password)?;
        let (email, origin, code) = (typed_email(email), origin.clone(), code.to_owned());
        // Looking comes first: who only floods us shall not make us hash.
        let from = origin.clone();
        self.db.write(move |tx| Box::pin(async move { count_code_try(tx, &from).await })).await?;
        let hash = self.passwords.hash(password).await?;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if codes::redeem(tx, realm, Purpose::Reset, &email, &code).await?.is_none() {
                        return Ok(None);
                    }
                    let person = people::find(tx, realm, &email).await?.filter(Person::may_use_codes);
                    let Some(person) = person else { return Ok(None) };
                    try_was_right(tx, realm, &origin, &email).await?;
                    set_password(tx, &person, &hash).await?;
                    sessions::begin(tx, &person, &origin).await.map(Some)
                })
            })
            .await?
            .ok_or_else(wrong_code)
    }

    pub(super) async fn accept(&self, realm: Realm, origin: &Origin, token: &str, password: &str) -> Result<NewSession> {
        check_password(password)?;
        let from = origin.clone();
        self.db.write(move |tx| Box::pin(async move { count_code_try(tx, &from).await })).await?;
        let hash = self.passwords.hash(password).await?;
        let (origin, token) = (origin.clone(), token.to_owned());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let wrong = || domain::Error::invalid("error_invitation");
                    let email = codes::redeem_invitation(tx, realm, &token).await?.ok_or_else(wrong)?;
                    let person = people::find(tx, realm, &email).await?.filter(|person| person.state != "disabled");
                    let person = person.ok_or_else(wrong)?;
                    rates::uncount(tx, SIGN_INS_ADDRESS, &rates::address(&origin)).await?;
                    set_password(tx, &person, &hash).await?;
                    sessions::begin(tx, &person, &origin).await
                })
            })
            .await
    }
}

/// Gives a person who has proved who they are a new password. All sessions end.
async fn set_password(tx: &mut Tx, person: &Person, hash: &str) -> Result<()> {
    person.activate(tx, Some(hash)).await?;
    sessions::end_all(tx, person.realm, person.id, None).await?;
    tx.event(person.author().changed(person.subject(), "password", "", ""));
    Ok(())
}

/// The person whom a code lets in: one that was asked for to sign in, or one that confirms a registration.
async fn redeem(tx: &mut Tx, realm: Realm, origin: &Origin, email: &str, code: &str) -> Result<Option<Person>> {
    if codes::redeem(tx, realm, Purpose::SignIn, email, code).await?.is_some() {
        let Some(person) = people::find(tx, realm, email).await?.filter(Person::may_use_codes) else { return Ok(None) };
        if !person.is_active() {
            person.activate(tx, None).await?;
        }
        return Ok(Some(person));
    }
    if realm == Realm::Customer
        && let Some(payload) = codes::redeem(tx, realm, Purpose::Register, email, code).await?
    {
        return registration::confirm(tx, origin, email, &payload).await;
    }
    Ok(None)
}
