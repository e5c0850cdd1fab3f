//! Customers: list, one customer, a new one. Light agents read.

mod detail;
mod form;
mod list;

pub use detail::CustomerScreen;
pub use form::NewCustomerScreen;
pub use list::CustomersScreen;
