//! Evidence: what guidelines, reviews, trials and series say, with their sources.

use askama::Template;
use care::evidence::{Kind, Row, Status};
use care::knowledge::Knowledge;
use si::Region;

use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "evidence.html")]
struct Page {
    f: Frame,
    head: String,
    counted: Vec<String>,
    choices: Vec<(String, String, bool)>,
    groups: Vec<(String, Vec<Line>)>,
}

struct Line {
    id: String,
    direction: &'static str,
    words: String,
    says: String,
    sources: Vec<(String, String)>,
}

/// Where the evidence for a region and a condition is.
#[must_use]
pub fn href(region: Region, condition: Option<&str>) -> String {
    match condition {
        Some(condition) => format!("/knowledge/evidence?region={region}&condition={condition}"),
        None => format!("/knowledge/evidence?region={region}"),
    }
}

/// GET `/knowledge/evidence`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Knowledge);
    let knowledge = visit.app.clinic.knowledge();
    let evidence = knowledge.evidence();
    let region: Region = visit.query.read("region")?.unwrap_or(Region::Lumbar);
    let condition = visit
        .query
        .get("condition")
        .map(|id| evidence.condition(region, id))
        .transpose()?;
    let id = condition.map(|one| one.id.as_str());
    let summary = evidence.summary(region, id);
    let head = match condition {
        Some(one) => f.t.evidence_page_head(&one.name),
        None => f.t.evidence_page_head(region),
    };
    let groups = Kind::ALL.into_iter().filter_map(|kind| {
        let rows = evidence.of(region, id).filter(|row| row.kind == kind);
        let lines: Vec<Line> = rows.map(|row| line(&f, knowledge, row)).collect();
        (!lines.is_empty()).then(|| (f.t.evidence_kind(kind.as_str()), lines))
    });
    html(&Page {
        head,
        counted: [summary.position(), summary.results()].concat(),
        choices: choices(knowledge, region, id),
        groups: groups.collect(),
        f,
    })
}

/// Both regions and every condition, with where each is shown.
fn choices(
    knowledge: &Knowledge,
    region: Region,
    condition: Option<&str>,
) -> Vec<(String, String, bool)> {
    let mut choices = Vec::new();
    for other in Region::ALL {
        let now = other == region && condition.is_none();
        choices.push((other.to_string(), href(other, None), now));
        for one in knowledge.evidence().conditions(other) {
            let now = other == region && condition == Some(one.id.as_str());
            choices.push((one.name.clone(), href(other, Some(&one.id)), now));
        }
    }
    choices
}

fn line(f: &Frame, knowledge: &Knowledge, row: &Row) -> Line {
    let cited = |id: &String| {
        let at = knowledge.source(id).map(|source| source.at.clone());
        (id.clone(), at.unwrap_or_default())
    };
    let words = f.t.evidence_direction(row.direction.as_str());
    Line {
        id: row.id.clone(),
        direction: row.direction.as_str(),
        words: match row.status {
            Status::Found => words,
            Status::Abstract => f.t.evidence_abstract(words),
        },
        says: row.says.clone(),
        sources: row.sources.iter().map(cited).collect(),
    }
}
