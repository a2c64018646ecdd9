//! The server as browsers and bedsides meet it: real store, real port.

mod access;
mod alarms;
mod approval;
mod browser;
mod change;
mod checkin;
mod choosing;
mod control;
mod course;
mod demo;
mod journal;
mod knowing;
mod knowledge;
mod lessons;
mod lowering;
mod monitoring;
mod parquet;
mod permission;
mod privacy;
mod pull;
mod service;
mod steps;
mod switch;
mod text;
mod today;
mod worse;
