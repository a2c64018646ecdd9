//! What a rule or a fact may claim on the strength of what it cites, and what a source must say.
use super::load::{File, Loader};
use super::source::{Source, SourceKind};
use crate::decide::Evidence;
use std::collections::BTreeMap;

/// A rule or a fact, what it cites, and how well founded it calls itself.
pub(super) type Basis<'b> = (&'b str, &'b [String], Evidence);

impl<'f> Loader<'f> {
    /// What one source must get right by itself.
    pub(super) fn source(&mut self, file: File<'f>, source: &Source) {
        let ours = source.kind == SourceKind::Ours;
        let whole = source.title.is_some() && source.year.is_some();
        let checks = [
            (
                (source.id == "ours") == ours,
                "`ours` is the one source of kind `ours`",
            ),
            (
                source.at.is_empty() == ours,
                "a source names where it was read, our own judgement nothing",
            ),
            (
                ours || whole || source.seen.is_some(),
                "it has neither title and year, nor `seen` to say what was read",
            ),
            (
                source.title.is_some() || source.about.is_some(),
                "it has neither `title` nor `about`",
            ),
        ];
        for (_, problem) in checks.into_iter().filter(|(holds, _)| !holds) {
            self.fault(file, &source.id, "", problem, "mend the entry");
        }
    }

    /// Whether the sources of a rule or a fact are there at all.
    pub(super) fn cited(
        &mut self,
        file: File<'f>,
        (id, cites, _): Basis<'_>,
        sources: &BTreeMap<String, Source>,
    ) {
        if cites.is_empty() {
            self.fault(file, id, "", "it cites nothing", "mend the entry");
        }
        for source in cites.iter().filter(|id| !sources.contains_key(*id)) {
            let problem = format!("source `{source}` is not in sources.toml");
            self.fault(file, id, source, &problem, "cite an id of the list");
        }
    }

    /// Whether a class of evidence is one that the sources carry.
    pub(super) fn grounds(
        &mut self,
        file: File<'f>,
        (id, cites, evidence): Basis<'_>,
        sources: &BTreeMap<String, Source>,
    ) {
        let cited = cites.iter().filter_map(|id| sources.get(id));
        let kinds: Vec<SourceKind> = cited.map(|source| source.kind).collect();
        if kinds.len() < cites.len() || kinds.is_empty() {
            return; // what does not resolve is said elsewhere
        }
        if let Some((problem, remedy)) = ungrounded(evidence, &kinds) {
            self.fault(file, id, "evidence =", problem, remedy);
        }
    }
}

/// Why a class of evidence does not rest on these kinds of source.
fn ungrounded(evidence: Evidence, kinds: &[SourceKind]) -> Option<(&'static str, &'static str)> {
    let studied = kinds.iter().any(|kind| kind.is_study());
    let ours = kinds.contains(&SourceKind::Ours);
    let printed = |kind: &SourceKind| !kind.is_hearsay() && *kind != SourceKind::Ours;
    if kinds.iter().all(|kind| kind.is_hearsay()) {
        return Some((
            "news or a forum stands alone",
            "cite what bears it out, or `ours` beside it with evidence `expert-opinion`",
        ));
    }
    match evidence {
        Evidence::Strong | Evidence::Moderate | Evidence::Weak if !studied => Some((
            "evidence above `list` cites no paper, guideline, review or registry",
            "cite one, or lower the evidence",
        )),
        Evidence::List if !kinds.iter().any(printed) => Some((
            "evidence `list` cites nothing but our own judgement or news",
            "cite the list, or write `expert-opinion`",
        )),
        Evidence::ExpertOpinion if !studied && !ours => Some((
            "only lists, labels, course texts or pages are cited, so the evidence is `list`",
            "write `list`, or cite `ours` where the judgement is our own",
        )),
        _ => None,
    }
}
