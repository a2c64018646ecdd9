//! Notes of visits and of examinations, one event of each kind.

use care::episode::{BillingCode, Note, Private, What};
use jiff::civil::date;

use super::super::setting::id;

pub(super) fn all() -> Vec<What> {
    vec![
        What::NoteSigned {
            visit: 1,
            note: note(),
        },
        What::NoteAmended {
            visit: 1,
            addendum: Private("The stairs were no trouble.".to_owned()),
        },
        What::ExaminationNoted {
            day: date(2026, 11, 2),
            appointment: Some(id(7)),
            note: Note {
                code: None,
                ..note()
            },
        },
        What::ExaminationAmended {
            day: date(2026, 11, 2),
            addendum: Private("The films came later.".to_owned()),
        },
    ]
}

fn note() -> Note {
    let part = |text: &str| Private(text.to_owned());
    Note {
        subjective: part("Less pain in the leg."),
        objective: part("10 minutes at 160 N."),
        assessment: part("Better."),
        plan: part("As planned."),
        code: Some(BillingCode::Cpt97012),
    }
}
