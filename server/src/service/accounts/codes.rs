//! Mailed codes and invitation tokens: only hashes are kept, each works once and for a short time, a code has few tries.

use crate::{
    ambient, args,
    db::{Read, Sql, Tx},
};
use domain::{
    Result, limits,
    session::{CODE_LIFE, INVITATION_LIFE, Realm},
};
use sha2::{Digest, Sha256};

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To sign in.
    SignIn,
    /// To set a new password.
    Reset,
    /// To confirm a registration.
    Register,
    /// To accept an invitation: a token in a link.
    Invitation,
}

impl Purpose {
    fn key(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
            Self::Register => "register",
            Self::Invitation => "invitation",
        }
    }
}

/// The SHA-256 of a text, hexadecimal.
pub(crate) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a code: bound to whom and what it is for.
fn code_hash(realm: Realm, purpose: Purpose, email: &str, code: &str) -> String {
    digest(&format!("{}:{}:{email}:{code}", realm.key(), purpose.key()))
}

/// A code as it was typed, in the form in which it was made.
fn typed(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).take(64).collect::<String>().to_ascii_uppercase()
}

/// Makes a code of eight characters; an earlier one for the same stops working.
pub(crate) async fn issue(tx: &mut Tx, realm: Realm, purpose: Purpose, email: &str, payload: &str) -> Result<String> {
    let code = ambient::code();
    let hash = code_hash(realm, purpose, email, &code);
    keep(tx, realm, purpose, email, hash, payload, CODE_LIFE).await?;
    Ok(code)
}

/// What goes with a code that has not been used yet.
pub(crate) async fn payload(tx: &mut Tx, realm: Realm, purpose: Purpose, email: &str) -> Result<Option<String>> {
    let now = tx.now;
    let sql = "SELECT payload FROM code WHERE realm = $1 AND purpose = $2 AND email = $3 AND expires_at > $4";
    let found: Option<(String,)> = tx.optional(Sql::new(sql, args![realm.key(), purpose.key(), email, now])).await?;
    Ok(found.map(|(payload,)| payload))
}

/// Makes the token of an invitation's link; an earlier one for the same person stops working.
pub(crate) async fn issue_invitation(tx: &mut Tx, realm: Realm, email: &str) -> Result<String> {
    let token = ambient::token();
    keep(tx, realm, Purpose::Invitation, email, digest(&token), "", INVITATION_LIFE).await?;
    Ok(token)
}

async fn keep(tx: &mut Tx, realm: Realm, purpose: Purpose, email: &str, hash: String, payload: &str, life: i64) -> Result<()> {
    let sql = "DELETE FROM code WHERE realm = $1 AND purpose = $2 AND email = $3";
    tx.execute(Sql::new(sql, args![realm.key(), purpose.key(), email])).await?;
    let now = tx.now;
    tx.execute(Sql::new(
        "INSERT INTO code (realm, purpose, email, code_hash, payload, tries_left, expires_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![realm.key(), purpose.key(), email, hash, payload, limits::CODE_TRIES, now.plus(life), now],
    ))
    .await?;
    Ok(())
}

/// Takes back everything that was issued to a person, at any of their addresses.
pub(crate) async fn revoke_all(tx: &mut Tx, realm: Realm, person: i64) -> Result<()> {
    let sql = match realm {
        Realm::Agent => "DELETE FROM code WHERE realm = 'agent' AND email IN (SELECT email FROM address WHERE agent_id = $1)",
        Realm::Customer => {
            "DELETE FROM code WHERE realm = 'customer' AND email IN (SELECT email FROM address WHERE customer_id = $1)"
        }
    };
    tx.execute(Sql::new(sql, args![person])).await?;
    Ok(())
}

/// Uses up a code: answers its payload if it is the right one. A wrong one costs a try; after the last the code is gone.
/// The transaction must be committed also when the answer is `None`.
pub(crate) async fn redeem(tx: &mut Tx, realm: Realm, purpose: Purpose, email: &str, code: &str) -> Result<Option<String>> {
    let now = tx.now;
    let mut sql = Sql::build("SELECT id, code_hash, payload, tries_left FROM code WHERE realm = ");
    sql.bind(realm.key()).push(" AND purpose = ").bind(purpose.key()).push(" AND email = ").bind(email);
    sql.push(" AND expires_at > ").bind(now).push(tx.engine().for_update());
    let row: Option<(i64, String, String, i64)> = tx.optional(sql).await?;
    let Some((id, hash, payload, tries_left)) = row else { return Ok(None) };
    let right = hash == code_hash(realm, purpose, email, &typed(code));
    if right || tries_left <= 1 {
        tx.execute(Sql::new("DELETE FROM code WHERE id = $1", args![id])).await?;
    } else {
        tx.execute(Sql::new("UPDATE code SET tries_left = tries_left - 1 WHERE id = $1", args![id])).await?;
    }
    Ok(right.then_some(payload))
}

/// Uses up the token of an invitation: answers the address that it was mailed to.
pub(crate) async fn redeem_invitation(tx: &mut Tx, realm: Realm, token: &str) -> Result<Option<String>> {
    let now = tx.now;
    let row: Option<(String,)> = tx
        .optional(Sql::new(
            "DELETE FROM code WHERE realm = $1 AND purpose = 'invitation' AND code_hash = $2 AND expires_at > $3 RETURNING email",
            args![realm.key(), digest(token), now],
        ))
        .await?;
    Ok(row.map(|(email,)| email))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_in_small_letters_and_groups() {
        assert_eq!(typed(" abcd-23 45\n"), "ABCD2345");
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
