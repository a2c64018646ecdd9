//! The patients of this clinic whom a rule or a fact touched.

use crate::clinic::Touched;
use crate::door::route::Verb;
use crate::door::{Fault, Visit};
use crate::frame::Frame;

/// So many are named at once.
pub(super) const NAMED: u32 = 20;

/// Some of them, and where the others are.
pub(super) struct Named {
    pub(super) listed: Vec<Line>,
    pub(super) next: Option<String>,
}

pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) when: String,
}

/// Where the part begins that is asked for.
pub(super) fn after(visit: &Visit) -> Option<&str> {
    visit.query.get("after")
}

/// That something touched somebody is part of the record: each who is named is noted as read.
pub(super) async fn named(
    visit: &Visit,
    f: &Frame,
    route: &'static str,
    found: Touched,
) -> Result<Named, Fault> {
    let mut listed = Vec::new();
    for touch in found.listed {
        let clinic = &visit.app.clinic;
        clinic.note(visit, touch.who.id, route, Verb::Get).await?;
        let when = match touch.now {
            true => f.t.touched_now(f.when(&touch.at)),
            false => f.t.touched_before(f.when(&touch.at)),
        };
        listed.push(Line {
            id: touch.who.id.to_string(),
            name: touch.who.name,
            when,
        });
    }
    let next = found.next.map(|after| format!("?after={after}"));
    Ok(Named { listed, next })
}
