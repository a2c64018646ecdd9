//! A referral on one page: the red flag and since when in its first line.

use care::episode::Referred;

use super::super::referral::{asked, first_line};
use super::super::who::Desk;
use super::pdf;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::Paper;

/// GET `/patients/{patient}/referrals/{referral}/pdf`.
pub async fn referral(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let paper = letter(&visit, &desk, &f, asked(&visit, &desk)?);
    pdf(&visit, paper, "inline; filename=\"referral.pdf\"").await
}

fn letter(visit: &Visit, desk: &Desk, f: &Frame, referred: &Referred) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let letter = &referred.letter;
    let phone = chart.episode.demographics.0.phone.clone();
    let licence = referred.by.licence.as_ref();
    let licence = licence.map_or("", |licence| licence.number.as_str());
    let settings = clinic.settings();
    let id = format!("referral/{}/{}", chart.id, referred.number);
    Paper::new(f, clinic, chart, id, referred.at)
        .titled(t.referral_go())
        .urgent(Some(first_line(f, letter)))
        .about(t.referral_paper_to(), letter.to.clone())
        .about(
            t.referral_paper_urgency(),
            t.urgency(letter.urgency.as_str()),
        )
        .about(
            t.referral_paper_phone(),
            phone.unwrap_or_else(|| t.unknown()),
        )
        .heading(t.referral_request())
        .paragraph(&letter.request.0)
        .list(
            t.referral_findings(),
            letter.findings.0.lines().map(str::to_owned).collect(),
        )
        .paragraph(t.referral_paper_answer(&settings.name, &settings.phone))
        .signed(t.referral_paper_signed(&referred.by.name, licence, f.when(&referred.at)))
}
