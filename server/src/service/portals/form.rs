//! What the create form asks for, and whether a request answers it.

use crate::{db::Read, service::items};
use domain::{
    Error, Result,
    error::Check,
    id::TypeId,
    item::Impact,
    portal::{
        PortalForm, PortalFormType, PortalNewTicket,
        rules::{OnForm, PortalRules, Property},
    },
};

/// The form, with the types that can be created in the order of the desk; only the first where it is not asked for the type.
///
/// # Errors
/// Forbidden where tickets cannot be made; what the database says.
pub async fn of(db: &mut impl Read, rules: &PortalRules) -> Result<PortalForm> {
    if !rules.may.create {
        return Err(Error::forbidden());
    }
    let types = items::types(db).await?.into_iter().filter(|kind| kind.enabled && rules.creates(kind.id));
    let types = types.map(|mut kind| {
        kind.statuses.clear();
        let asks = rules.properties.iter().map(|rule| (rule.property, rules.form(rule.property, kind.id)));
        // The type is chosen, or there is only one.
        let asks = asks.filter(|(property, form)| *form > OnForm::Absent && *property != Property::Type);
        PortalFormType { asks: asks.map(|(property, form)| (property, form == OnForm::Required)).collect(), kind }
    });
    let mut types: Vec<PortalFormType> = types.collect();
    if !types.iter().any(|of| rules.form(Property::Type, of.kind.id) > OnForm::Absent) {
        types.truncate(1);
    }
    Ok(PortalForm { types, attach: rules.may.attach })
}

/// The type that a request gets: the one it names, or else the first one.
///
/// # Errors
/// Forbidden where tickets cannot be made; invalid if the type cannot be created here; what the database says.
pub async fn type_of(db: &mut impl Read, rules: &PortalRules, named: Option<TypeId>) -> Result<TypeId> {
    let form = of(db, rules).await?;
    let mut types = form.types.iter().map(|of| of.kind.id);
    let found = match named {
        Some(named) => types.find(|id| *id == named),
        None => types.next(),
    };
    found.ok_or_else(|| Error::field("type", "error_choice"))
}

/// Refuses what the form of the type does not ask for, and what it asks for and is not there.
///
/// # Errors
/// Invalid, with each field.
pub fn check(rules: &PortalRules, type_id: TypeId, ticket: &PortalNewTicket, described: bool) -> Result<()> {
    let mut check = Check::new();
    for (property, field, filled) in [
        (Property::Title, "title", !ticket.title.trim().is_empty()),
        (Property::Description, "body", described),
        (Property::Priority, "priority", ticket.priority > 0),
        (Property::Impact, "impact", ticket.impact != Impact::None),
        (Property::Product, "product", !ticket.product.trim().is_empty()),
    ] {
        match rules.form(property, type_id) {
            OnForm::Required => check.that(filled, field, "error_required"),
            OnForm::Absent => check.that(!filled, field, "error_not_asked"),
            OnForm::Optional => &mut check,
        };
    }
    check.that(rules.may.attach || ticket.files.is_empty(), "files", "error_not_asked");
    check.done()
}
