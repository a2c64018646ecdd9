//! A referral on one page: the red flag and since when in its first line.

use care::episode::Referred;

use super::super::referral::{asked, first_line};
use super::super::who::Desk;
use super::sent;
use crate::door::{Reply, Visit};
use crate::frame::{Frame, Place};
use crate::paper::{MORE_THAN_A_PAGE, Paper};

/// GET `/patients/{patient}/referrals/{referral}/pdf`.
pub async fn referral(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let referred = asked(&visit, &desk)?;
    let all = referred.letter.findings.0.lines().count();
    let mut kept = all;
    // Whoever gets it reads one page: findings go, the last first, until the rest fits.
    let bytes = loop {
        let paper = letter(&visit, &desk, &f, (referred, kept));
        match visit.app.printer.set(paper).await {
            Err(problem) if problem.code == MORE_THAN_A_PAGE && kept > 0 => kept = kept * 3 / 4,
            set => break set?,
        }
    };
    sent(bytes, "inline; filename=\"referral.pdf\"")
}

/// The letter with so many of its findings; it says how many it leaves out.
fn letter(visit: &Visit, desk: &Desk, f: &Frame, (referred, kept): (&Referred, usize)) -> Paper {
    let (clinic, chart, t) = (&visit.app.clinic, &desk.chart, f.t);
    let letter = &referred.letter;
    let lines = letter.findings.0.lines();
    let left_out = lines.clone().count().saturating_sub(kept);
    let findings = lines.take(kept).map(str::to_owned).collect();
    let omitted = match left_out {
        0 => String::new(),
        count => t.referral_paper_left_out(count),
    };
    let phone = chart.episode.demographics.0.phone.clone();
    let licence = referred.by.licence.as_ref();
    let licence = licence.map_or("", |licence| licence.number.as_str());
    let settings = clinic.settings();
    let id = format!("referral/{}/{}", chart.id, referred.number);
    Paper::new(f, clinic, chart, id, referred.at)
        .one_page()
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
        .list(t.referral_findings(), findings)
        .remark(omitted)
        .paragraph(t.referral_paper_answer(&settings.name, &settings.phone))
        .signed(t.referral_paper_signed(&referred.by.name, licence, f.when(&referred.at)))
}
