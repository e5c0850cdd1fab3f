//! Customers and organizations, for agents. Light agents read.

use crate::{
    actor::Actor,
    customer::{Customer, CustomerPatch, CustomerRef, CustomerRow, NewCustomer},
    error::Result,
    id::{CustomerId, OrganizationId},
    organization::{NewOrganization, Organization, OrganizationPatch, OrganizationRef, OrganizationRow},
    page::{Page, PageQuery},
};
use async_trait::async_trait;

/// Customers.
#[async_trait]
pub trait Customers: Send + Sync {
    /// A page of customers by name; search looks in names and addresses.
    async fn list(&self, actor: &Actor, query: PageQuery) -> Result<Page<CustomerRow>>;
    /// The first customers that fit what was typed, for choosing one; at most 20.
    async fn suggest(&self, actor: &Actor, text: &str) -> Result<Vec<CustomerRef>>;
    /// One customer.
    async fn get(&self, actor: &Actor, customer: CustomerId) -> Result<Customer>;
    /// Makes a customer.
    async fn create(&self, actor: &Actor, customer: NewCustomer) -> Result<Customer>;
    /// Changes a customer.
    async fn change(&self, actor: &Actor, customer: CustomerId, patch: CustomerPatch) -> Result<Customer>;
    /// Mails an invitation to the portal (again).
    async fn invite(&self, actor: &Actor, customer: CustomerId) -> Result<Customer>;
}

/// Organizations.
#[async_trait]
pub trait Organizations: Send + Sync {
    /// A page of organizations by name; search looks in names and domains.
    async fn list(&self, actor: &Actor, query: PageQuery) -> Result<Page<OrganizationRow>>;
    /// The first organizations that fit what was typed; at most 20.
    async fn suggest(&self, actor: &Actor, text: &str) -> Result<Vec<OrganizationRef>>;
    /// One organization.
    async fn get(&self, actor: &Actor, organization: OrganizationId) -> Result<Organization>;
    /// Its members by name, at most 200.
    async fn members(&self, actor: &Actor, organization: OrganizationId) -> Result<Vec<CustomerRow>>;
    /// Makes an organization. Customers without one whose domain is listed join it.
    async fn create(&self, actor: &Actor, organization: NewOrganization) -> Result<Organization>;
    /// Changes an organization. Customers without one whose domain is newly listed join it.
    async fn change(&self, actor: &Actor, organization: OrganizationId, patch: OrganizationPatch) -> Result<Organization>;
}
