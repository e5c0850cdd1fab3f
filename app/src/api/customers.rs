//! Customers, for agents.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    customer::{Customer, CustomerPatch, CustomerRef, CustomerRow, NewCustomer},
    id::CustomerId,
    page::{Page, PageQuery},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// A page of customers by name.
#[server(prefix = "/_fn", endpoint = "customers/list", input = StrictJson, output = StrictJson)]
pub async fn list(query: PageQuery) -> Result<Page<CustomerRow>, ApiError> {
    Ok(desk()?.customers.list(&agent_actor()?, query).await?)
}

/// The first customers that fit what was typed.
#[server(prefix = "/_fn", endpoint = "customers/suggest", input = StrictJson, output = StrictJson)]
pub async fn suggest(text: String) -> Result<Vec<CustomerRef>, ApiError> {
    Ok(desk()?.customers.suggest(&agent_actor()?, &text).await?)
}

/// One customer.
#[server(prefix = "/_fn", endpoint = "customers/get", input = StrictJson, output = StrictJson)]
pub async fn get(customer: CustomerId) -> Result<Customer, ApiError> {
    Ok(desk()?.customers.get(&agent_actor()?, customer).await?)
}

/// Makes a customer.
#[server(prefix = "/_fn", endpoint = "customers/create", input = StrictJson, output = StrictJson)]
pub async fn create(customer: NewCustomer) -> Result<Customer, ApiError> {
    Ok(desk()?.customers.create(&agent_actor()?, customer).await?)
}

/// Changes a customer.
#[server(prefix = "/_fn", endpoint = "customers/change", input = StrictJson, output = StrictJson)]
pub async fn change(customer: CustomerId, patch: CustomerPatch) -> Result<Customer, ApiError> {
    Ok(desk()?.customers.change(&agent_actor()?, customer, patch).await?)
}

/// Mails an invitation to the portal (again).
#[server(prefix = "/_fn", endpoint = "customers/invite", input = StrictJson, output = StrictJson)]
pub async fn invite(customer: CustomerId) -> Result<Customer, ApiError> {
    Ok(desk()?.customers.invite(&agent_actor()?, customer).await?)
}
