//! Reading the files, and everything that is checked before a rule may decide.
use super::check::is_circular;
use super::minimum::MinimumSet;
use super::place::{line_column, place_of_byte};
use super::policy::{Policy, is_policy};
use super::rule::{Compiled, Rule};
use super::source::SourceFile;
use super::{Knowledge, Source};
use crate::criteria::{Applicability, Positive, Stance, Tree, compile, parse};
use crate::decide::RuleSet;
use crate::fact::{Catalogue, Fact};
use crate::plan::Dose;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use si::{Problem, Region};
use std::collections::BTreeMap;

/// A path below `knowledge/` and the file's text.
pub type File<'t> = (&'t str, &'t str);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    /// When its facts were last read against their sources.
    #[serde(default)]
    reviewed: Option<toml::value::Datetime>,
    #[serde(rename = "fact", default)]
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(rename = "rule", default)]
    rules: Vec<Rule>,
}

/// Everything that is wrong with knowledge; nothing if it may decide.
#[must_use]
pub fn check(files: &[File<'_>]) -> Vec<Problem> {
    load(files).err().unwrap_or_default()
}

pub(super) fn load(files: &[File<'_>]) -> Result<Knowledge, Vec<Problem>> {
    let mut loader = Loader {
        files,
        fact_files: BTreeMap::new(),
        problems: Vec::new(),
    };
    let policy = loader.policy();
    let catalogue = loader.catalogue(&policy);
    let positives = loader.positives(&catalogue);
    let mut applicability = Region::ALL.map(|region| loader.applicability(&catalogue, region));
    let sources = loader.sources();
    loader.fenced(&policy, &catalogue, &sources);
    loader.founded(&catalogue, &sources);
    let mut rules = loader.rules(&catalogue, &sources);
    let nodes = enumerate(&mut rules, &mut applicability, &catalogue);
    let minimum = loader.minimum(&catalogue);
    let evidence = loader.evidence(&catalogue, &sources);
    let instruments = loader.instruments(&catalogue, &sources);
    let consent = loader.consent(&sources);
    loader.dose(&catalogue, &sources);
    if !loader.problems.is_empty() {
        return Err(loader.problems);
    }
    Ok(Knowledge {
        catalogue,
        positives,
        applicability,
        rules,
        sources,
        minimum,
        evidence,
        instruments,
        consent,
        policy,
        entries: std::sync::OnceLock::new(),
        documents: documents(files),
        nodes,
        sha256: sha256(files),
    })
}

/// Numbers the nodes of all criteria; how many there are.
fn enumerate(
    rules: &mut [Rule],
    applicability: &mut [Applicability; 2],
    catalogue: &Catalogue,
) -> usize {
    let mut nodes = 0;
    for region in Region::ALL {
        let needs = applicability[region as usize].clone();
        let below = |slot: usize| needs.below(catalogue.fact_number(slot));
        let compiled = rules
            .iter_mut()
            .filter_map(|rule| rule.compiled[region as usize].as_mut());
        compiled.for_each(|compiled| compiled.expr.enumerate(&mut nodes, &below));
        let expressions = applicability[region as usize].expressions();
        expressions.for_each(|expr| expr.enumerate(&mut nodes, &below));
    }
    nodes
}

fn documents(files: &[File<'_>]) -> BTreeMap<String, String> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

pub(super) fn sha256(files: &[File<'_>]) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        hasher.update((path.len() as u64).to_le_bytes());
        hasher.update(path.as_bytes());
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hex::encode(hasher.finalize())
}

pub(super) struct Loader<'f> {
    files: &'f [File<'f>],
    fact_files: BTreeMap<String, File<'f>>,
    pub(super) problems: Vec<Problem>,
}

impl<'f> Loader<'f> {
    /// The file of exactly this path.
    pub(super) fn exactly(&self, path: &str) -> Vec<File<'f>> {
        let mut files = self.folder(path);
        files.retain(|file| file.0 == path);
        files
    }

    pub(super) fn folder(&self, prefix: &str) -> Vec<File<'f>> {
        self.files
            .iter()
            .filter(|(path, _)| path.starts_with(prefix))
            .copied()
            .collect()
    }

    pub(super) fn read<T: DeserializeOwned>(&mut self, file: File<'f>) -> Option<T> {
        self.read_or(file, "see a neighbouring entry")
    }

    /// Reads a file, or reports what is wrong with it and this remedy.
    pub(super) fn read_or<T: DeserializeOwned>(
        &mut self,
        file: File<'f>,
        remedy: &str,
    ) -> Option<T> {
        match toml::from_str(file.1) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = place_of_byte(file, error.span().map_or(0, |span| span.start));
                self.report(place, "", error.message().trim(), remedy);
                None
            }
        }
    }

    fn parse(&mut self, file: File<'f>, id: &str, criteria: &str) -> Option<Tree> {
        match parse(criteria) {
            Ok(tree) => Some(tree),
            Err(error) => {
                self.syntax(file, id, criteria, &error);
                None
            }
        }
    }

    fn catalogue(&mut self, policy: &Policy) -> Catalogue {
        let mut facts: Vec<Fact> = Vec::new();
        for file in self.folder("facts/") {
            let Some(found) = self.read::<FactFile>(file) else {
                continue;
            };
            for mut fact in found.facts {
                fact.default = policy.value_of(&fact);
                fact.reviewed = fact.reviewed.or(found.reviewed);
                if is_policy(&fact) && fact.default.is_none() {
                    let problem = "no choice of policy.toml sets this policy fact";
                    self.fault(file, &fact.id, "", problem, "add the choice with its fence");
                }
                self.fact(file, &fact);
                if self.fact_files.insert(fact.id.clone(), file).is_none() {
                    facts.push(fact);
                } else {
                    self.fault(file, &fact.id, "", "two facts share this id", "rename one");
                }
            }
        }
        Catalogue::new(facts).unwrap_or_default()
    }

    /// Which file a fact came from, for faults found later.
    fn file_of(&self, id: &str) -> File<'f> {
        self.fact_files.get(id).copied().unwrap_or(("facts/", ""))
    }

    /// What facts rest on, as rules do.
    fn founded(&mut self, catalogue: &Catalogue, sources: &BTreeMap<String, Source>) {
        for fact in catalogue.facts() {
            let file = self.file_of(&fact.id);
            let basis = (fact.id.as_str(), fact.sources.as_slice(), fact.evidence);
            self.cited(file, basis, sources);
            self.grounds(file, basis, sources);
        }
    }

    fn positives(&mut self, catalogue: &Catalogue) -> Vec<Option<Positive>> {
        let mut positives = Vec::new();
        for fact in catalogue.facts() {
            let file = self.file_of(&fact.id);
            self.references(file, fact, catalogue);
            let tree = fact
                .positive
                .as_ref()
                .and_then(|text| self.parse(file, &fact.id, text));
            let checked = tree.map(|tree| Positive::new(tree, fact));
            positives.push(match checked {
                Some(Err(error)) => {
                    let text = fact.positive.clone().unwrap_or_default();
                    self.syntax(file, &fact.id, &text, &error);
                    None
                }
                Some(Ok(positive)) => Some(positive),
                None => None,
            });
        }
        positives
    }

    fn applicability(&mut self, catalogue: &Catalogue, region: Region) -> Applicability {
        let mut result = Applicability::default();
        let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for fact in catalogue.facts() {
            for text in fact.needed_when.iter().chain(&fact.not_applicable_when) {
                if let Ok(tree) = parse(text) {
                    let list = needs.entry(fact.id.clone()).or_default();
                    tree.for_each_atom(&mut |atom| list.push(atom.fact.clone()));
                }
            }
        }
        for fact in catalogue.facts() {
            let file = self.file_of(&fact.id);
            if is_circular(&fact.id, &needs) {
                self.fault(
                    file,
                    &fact.id,
                    "",
                    "its need leads back to itself",
                    "break the circle",
                );
            }
            let needed = self.criteria(
                file,
                fact,
                fact.needed_when.as_ref(),
                catalogue,
                (region, Stance::Forbids),
            );
            let other = self.criteria(
                file,
                fact,
                fact.not_applicable_when.as_ref(),
                catalogue,
                (region, Stance::Permits),
            );
            result.needed.push(needed);
            result.not_applicable.push(other);
        }
        result.trace(catalogue, region);
        result
    }

    fn criteria(
        &mut self,
        file: File<'f>,
        fact: &Fact,
        text: Option<&String>,
        catalogue: &Catalogue,
        (region, stance): (Region, Stance),
    ) -> Option<crate::criteria::Expr> {
        let text = text?;
        let checked = parse(text).and_then(|tree| compile(&tree, catalogue, region, stance));
        match checked {
            Ok(expr) => Some(expr),
            Err(error) if region == Region::Lumbar => {
                self.syntax(file, &fact.id, text, &error);
                None
            }
            Err(_) => None,
        }
    }

    fn sources(&mut self) -> BTreeMap<String, Source> {
        let mut all = BTreeMap::new();
        for file in self.folder("sources.toml") {
            for source in self
                .read::<SourceFile>(file)
                .map(|f| f.sources)
                .unwrap_or_default()
            {
                self.source(file, &source);
                let id = source.id.clone();
                if all.insert(id.clone(), source).is_some() {
                    self.fault(file, &id, "", "two sources share this id", "rename one");
                }
            }
        }
        all
    }

    fn rules(&mut self, catalogue: &Catalogue, sources: &BTreeMap<String, Source>) -> Vec<Rule> {
        let mut rules: Vec<Rule> = Vec::new();
        for file in self.folder("rules/") {
            let folder = file.0.split('/').nth(1).unwrap_or_default();
            let Some(set) = RuleSet::ALL
                .iter()
                .copied()
                .find(|set| set.as_str() == folder)
            else {
                let place = format!("{}:1:1", file.0);
                self.report(
                    place,
                    folder,
                    "no rule set has this name",
                    "use a folder such as screening",
                );
                continue;
            };
            for mut rule in self
                .read::<RuleFile>(file)
                .map(|f| f.rules)
                .unwrap_or_default()
            {
                rule.set = set;
                file.0.clone_into(&mut rule.file);
                if rules.iter().any(|other| other.id == rule.id) {
                    self.fault(file, &rule.id, "", "two rules share this id", "rename one");
                }
                self.rule(file, &rule, sources);
                self.grounds(file, (&rule.id, &rule.sources, rule.evidence), sources);
                self.compile_rule(file, &mut rule, catalogue);
                rules.push(rule);
            }
        }
        rules
    }

    fn compile_rule(&mut self, file: File<'f>, rule: &mut Rule, catalogue: &Catalogue) {
        let Some(tree) = self.parse(file, &rule.id, &rule.when.clone()) else {
            return;
        };
        let stance = if rule.permits() {
            Stance::Permits
        } else {
            Stance::Forbids
        };
        for region in rule.regions() {
            match compile(&tree, catalogue, region, stance) {
                Ok(expr) => {
                    let repeated = expr.repeated_slots();
                    rule.compiled[region as usize] = Some(Compiled { expr, repeated });
                }
                Err(error) => {
                    self.syntax(file, &rule.id, &rule.when.clone(), &error);
                    break;
                }
            }
        }
        rule.tree = Some(tree);
    }

    /// The numbers of dose, where the knowledge has any.
    fn dose(&mut self, catalogue: &Catalogue, sources: &BTreeMap<String, Source>) {
        for (_, text) in self.folder("dose.toml") {
            self.problems
                .extend(Dose::examine(text, catalogue, sources));
        }
    }

    fn minimum(&mut self, catalogue: &Catalogue) -> Vec<MinimumSet> {
        let mut sets = Vec::new();
        for file in self.folder("minimum/") {
            let Some(set) = self.read::<MinimumSet>(file) else {
                continue;
            };
            if set.patient.len() > 20 || set.examination.len() > 10 {
                let place = format!("{}:1:1", file.0);
                self.report(
                    place,
                    "",
                    "more than 20 and 10 answers",
                    "see CLINICAL §1.5",
                );
            }
            let unknown = set
                .facts()
                .find(|id| catalogue.get(id).is_none())
                .map(str::to_owned);
            if let Some(id) = unknown {
                let (line, column) = line_column(file.1, file.1.find(&id).unwrap_or(0));
                let place = format!("{}:{line}:{column}", file.0);
                self.report(place, &id, "no such fact", "correct the id");
            }
            sets.push(set);
        }
        sets
    }
}
