//! Finding patients: by the beginnings of the words of a name, by a date of birth.

use std::collections::BTreeSet;

use icu_normalizer::DecomposingNormalizerBorrowed;
use record::{RowQuery, StoredRow};
use si::Problem;
use uuid::Uuid;

use super::{Clinic, Summary};

/// Patients that were found: by the word that was asked for, then by name.
#[derive(Debug)]
pub struct Found {
    /// As many as were asked for at most.
    pub listed: Vec<Summary>,
    /// Whether there are others.
    pub more: bool,
}

impl Clinic {
    /// Patients whose name, or date of birth, holds a word that begins with each of these; of
    /// no words, those whose episode is open.
    pub async fn find(&self, text: &str, limit: usize) -> Result<Found, Problem> {
        // One more says whether there are others.
        let page = u32::try_from(limit).unwrap_or(u32::MAX).saturating_add(1);
        let mut query = query(&asked(text)).limit(page);
        let mut found = Found {
            listed: Vec::new(),
            more: false,
        };
        let mut seen: BTreeSet<Uuid> = BTreeSet::new();
        loop {
            let rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
            // Of a patient two of whose words begin so there are two rows.
            for summary in rows.iter().filter_map(read) {
                if !seen.insert(summary.id) {
                    continue;
                }
                if found.listed.len() == limit {
                    found.more = true;
                    return Ok(found);
                }
                found.listed.push(summary);
            }
            match rows.last() {
                Some(last) if rows.len() > limit => query = query.after(last),
                _ => return Ok(found),
            }
        }
    }
}

impl Clinic {
    /// A patient's name; none of a record that was erased.
    pub async fn name_of(&self, patient: Uuid) -> Result<Option<String>, Problem> {
        let key = patient.to_string();
        let row = self.journal.row("patients", &key, patient).await;
        let row = row.map_err(|e| e.problem())?;
        let summary = row.and_then(|row| serde_json::from_slice::<Summary>(&row.body).ok());
        Ok(summary.map(|summary| summary.name))
    }
}

pub(super) fn read(row: &StoredRow) -> Option<Summary> {
    serde_json::from_slice(&row.row.body).ok()
}

/// Rows of the longest word, by that word and then by name, that hold the others too; open
/// episodes, where no word is asked for.
fn query(asked: &[String]) -> RowQuery {
    let Some(longest) = asked.iter().max_by_key(|word| word.len()) else {
        return RowQuery::of("patients").sort_below("1");
    };
    let others = asked.iter().filter(|word| *word != longest);
    let query = RowQuery::of("names").key_prefix(longest).by_key();
    others.fold(query, |query, word| query.sort_holds(format!(" {word}")))
}

/// A row for each word of a patient: the word and the name, so that rows of one word stand
/// by name; sorted by nothing, and holding all words, each after a space.
pub(super) fn names(summary: &Summary) -> Vec<(String, String)> {
    let words = words(summary);
    let name = summary.name.to_lowercase();
    let all = words
        .iter()
        .fold(String::new(), |all, word| all + " " + word);
    let row = |word: &String| (format!("{word} {name}"), all.clone());
    words.iter().map(row).collect()
}

/// What somebody typed, as words are kept.
fn asked(text: &str) -> Vec<String> {
    let words = text.split_whitespace().map(plain);
    words.filter(|word| !word.is_empty()).collect()
}

/// The words that find a patient: those of the name, each part of one with a hyphen and the
/// whole of it, and the date of birth.
fn words(summary: &Summary) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in summary.name.split_whitespace() {
        words.insert(plain(word));
        let parts = word.split(|letter: char| !letter.is_alphanumeric());
        words.extend(parts.map(plain));
    }
    words.extend(summary.born.map(|born| plain(&born.to_string())));
    words.remove("");
    words
}

/// Letters and digits only, small, without accents: `Bjørn` and `bjorn` are one.
fn plain(word: &str) -> String {
    let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
    let letters = nfkd.normalize_iter(word.chars());
    let letters = letters.filter(|letter| letter.is_alphanumeric());
    let mut plain = String::with_capacity(word.len());
    for letter in letters.flat_map(char::to_lowercase) {
        match letter {
            // Letters that Unicode does not take apart.
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{asked, names};
    use crate::clinic::Summary;
    use jiff::civil::date;
    use uuid::Uuid;

    fn called(name: &str, text: &str) -> bool {
        let summary = Summary {
            id: Uuid::nil(),
            name: name.to_owned(),
            born: Some(date(1961, 4, 2)),
            region: String::new(),
            discharged: false,
        };
        let asked = asked(text);
        let holds = |words: &str| asked.iter().all(|word| words.contains(&format!(" {word}")));
        names(&summary).iter().any(|(_, words)| holds(words))
    }

    #[test]
    fn a_name_is_found_by_the_beginnings_of_its_words_however_they_are_written() {
        for text in [
            "bjorn",
            "BJØRN",
            "ree bj",
            "novak-reed",
            "novakr",
            "o'b",
            "ob",
        ] {
            assert!(called("Bjørn O’Brien Novák-Reed", text), "{text}");
        }
        for text in ["jorn", "bjorn x", "brienn", "1962"] {
            assert!(!called("Bjørn O’Brien Novák-Reed", text), "{text}");
        }
        assert!(called("Li Straße", "strasse"));
        assert!(called("Łucja Þórsdóttir", "lucja thors"));
        assert!(called("李 小龙", "小"));
    }

    #[test]
    fn a_date_of_birth_narrows_and_finds() {
        assert!(called("Ann Bell", "ann 1961-04"));
        assert!(called("Ann Bell", "1961-04-02"));
        assert!(!called("Ann Bell", "ann 1962"));
        assert!(called("Ann Bell", "  "), "no word asks for nothing");
    }
}
