//! The door: who may come in, to what, and how that is checked once for every
//! route (ENGINEERING.md §6).

mod arriving;
pub mod bearer;
pub mod cookie;
pub mod dispatch;
pub mod fault;
pub mod form;
pub mod headers;
pub mod logins;
pub mod once;
pub mod password;
pub mod proof;
pub mod role;
pub mod route;
pub mod scope;
mod signed;
pub mod speech;
pub mod throttle;
pub mod timing;
mod tongue;
pub mod totp;
pub mod visit;

pub use dispatch::{html, link_token};
pub use fault::{Fault, Reply, see};
pub use visit::Visit;
