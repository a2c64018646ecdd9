//! The server as browsers and bedsides meet it: real store, real port.

mod access;
mod browser;
mod course;
mod demo;
mod journal;
mod knowledge;
mod knowing;
mod lowering;
mod privacy;
mod steps;
mod text;
mod worse;
