//! Modbus: the rules of a table that is served, its page, its peers, and a line that lies, a session.

mod faults;
mod frames;
mod page;
mod peers;
mod probe;
mod proxy;
mod refusals;
mod rules;
mod session;
mod tools;
