//! The process of care: plan, session, triage, review, episode.

mod approval;
mod choice;
mod condition;
mod consent;
mod course;
mod day;
mod diary;
mod dose;
mod dose_sentences;
mod forecast;
mod forms;
mod golden;
mod lapse;
mod laws;
mod lesson;
mod monitoring;
mod permission;
mod plan;
mod roles;
mod setting;
mod signed;
mod sound;
mod table;
mod triage;
mod weighed;
mod whole;
