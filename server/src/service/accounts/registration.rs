//! Customers who register themselves. Nothing is made before the address is confirmed: until then name and password lie
//! with the code.

use super::{
    AccountsService,
    codes::{self, Purpose},
    people::{self, Person},
    rates, sign_in,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    mail::{Letter, templates::post},
    service::{
        addresses::{self, Holder},
        customers,
        events::Author,
    },
};
use domain::{
    Error, Result,
    customer::NewCustomer,
    error::Check,
    language::Language,
    limits,
    session::{Origin, Realm, check_password},
    text::normalize_email,
};
use serde::{Deserialize, Serialize};

/// What a registration will make.
#[derive(Serialize, Deserialize, Default)]
struct Payload {
    first_name: String,
    last_name: String,
    password_hash: String,
    /// Tag of the language in which they registered; empty for the workspace's.
    language: String,
}

impl AccountsService {
    pub(super) async fn register_customer(
        &self,
        origin: &Origin,
        first_name: &str,
        last_name: &str,
        email: &str,
        password: &str,
    ) -> Result<()> {
        let (first_name, last_name) = (first_name.trim().to_owned(), last_name.trim().to_owned());
        let normal = normalize_email(email);
        let mut check = Check::new();
        check
            .not_empty(&first_name, "first_name")
            .at_most(&first_name, limits::NAME, "first_name")
            .at_most(&last_name, limits::NAME, "last_name")
            .that(normal.is_some(), "email", "error_email");
        let fields = check.done();
        let password_fields = check_password(password);
        let email = match (fields, password_fields, normal) {
            (Ok(()), Ok(()), Some(email)) => email,
            (fields, password, _) => return Err(both(fields.err(), password.err())),
        };

        let (from, counted) = (origin.clone(), email.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    rates::count(tx, rates::REGISTRATIONS_ADDRESS, &rates::address(&from)).await?;
                    sign_in::count_code(tx, Realm::Customer, &from, &counted).await
                })
            })
            .await?;
        let password_hash = self.passwords.hash(password).await?;
        let language = origin.language.map(|language| language.tag().to_owned()).unwrap_or_default();
        let payload = Payload { first_name, last_name, password_hash, language };
        let payload = serde_json::to_string(&payload).map_err(|_| Error::internal())?;
        let (origin, links) = (origin.clone(), self.links.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let (language, slug) = (language_of(tx, &origin).await?, customers::portal_slug(tx).await?);
                    let (letter, language) = match taken(tx, &email).await? {
                        None => {
                            let code = codes::issue(tx, Realm::Customer, Purpose::Register, &email, &payload).await?;
                            (Letter::RegisterCode { code }, language)
                        }
                        Some(person) => {
                            // As above, but nobody learns this code: what a guess gets is the same.
                            codes::issue(tx, Realm::Customer, Purpose::Register, &email, "").await?;
                            let letter = match person.realm {
                                Realm::Agent => Letter::TakenByAgent { link: links.desk("sign-in") },
                                Realm::Customer => Letter::TakenByCustomer { link: links.portal(&slug, "sign-in") },
                            };
                            (letter, person.language)
                        }
                    };
                    post(tx, &email, language, letter).await
                })
            })
            .await
    }
}

/// Mails another code to who has registered with this address and not confirmed it, if somebody has.
pub(super) async fn mail_again(tx: &mut Tx, origin: &Origin, email: &str) -> Result<()> {
    let payload = codes::payload(tx, Realm::Customer, Purpose::Register, email).await?;
    let Some(payload) = payload.filter(|payload| !payload.is_empty()) else { return Ok(()) };
    let code = codes::issue(tx, Realm::Customer, Purpose::Register, email, &payload).await?;
    let language = language_of(tx, origin).await?;
    post(tx, email, language, Letter::RegisterCode { code }).await
}

/// Both errors about fields as one.
fn both(one: Option<Error>, other: Option<Error>) -> Error {
    let mut error = Error::invalid("error_check_fields");
    error.fields = one.into_iter().chain(other).flat_map(|error| error.fields).collect();
    error
}

/// The language that the person reads, as far as we know.
async fn language_of(tx: &mut Tx, origin: &Origin) -> Result<Language> {
    if let Some(language) = origin.language {
        return Ok(language);
    }
    let (tag,): (String,) = tx.one(Sql::new("SELECT language FROM workspace", args![])).await?;
    Ok(Language::from_tag(&tag).unwrap_or_default())
}

/// The person because of whom an address cannot be registered. A customer whom somebody else made, and who never signed in,
/// is no hindrance: confirming the address makes the record theirs.
async fn taken(tx: &mut Tx, email: &str) -> Result<Option<Person>> {
    if let Some(agent) = people::find(tx, Realm::Agent, email).await? {
        return Ok(Some(agent));
    }
    let customer = people::find(tx, Realm::Customer, email).await?;
    Ok(customer.filter(|person| matches!(person.state.as_str(), "active" | "disabled")))
}

/// Makes the customer of a confirmed registration, or hands an existing record over. `None` if the address was taken in the
/// meantime, or the payload is of a code that nobody got.
pub(super) async fn confirm(tx: &mut Tx, origin: &Origin, email: &str, payload: &str) -> Result<Option<Person>> {
    let Ok(payload) = serde_json::from_str::<Payload>(payload) else { return Ok(None) };
    if taken(tx, email).await?.is_some() {
        return Ok(None);
    }
    let language = match Language::from_tag(&payload.language) {
        Some(language) => language,
        None => language_of(tx, origin).await?,
    };
    let id = match addresses::holder(tx, email).await? {
        Some(Holder::Customer(id)) => {
            // What agents or an import noted stays; what they left empty is filled.
            tx.execute(Sql::new(
                "UPDATE customer SET first_name = $1, last_name = $2 WHERE id = $3 AND first_name = '' AND last_name = ''",
                args![&payload.first_name, &payload.last_name, id],
            ))
            .await?;
            tx.execute(Sql::new("UPDATE customer SET language = $1 WHERE id = $2", args![language.tag(), id])).await?;
            customers::refresh_keys(tx, id).await?;
            id
        }
        _ => {
            let new = NewCustomer {
                first_name: payload.first_name,
                last_name: payload.last_name,
                emails: vec![email.to_owned()],
                language,
                ..NewCustomer::default()
            };
            customers::create(tx, &Author::system(), &new, "none").await?
        }
    };
    let person = people::find(tx, Realm::Customer, email).await?.filter(|person| person.id == id.0);
    let Some(person) = person else { return Ok(None) };
    person.activate(tx, Some(&payload.password_hash)).await?;
    tx.event(person.author().event(person.subject(), "registered"));
    Ok(Some(person))
}
