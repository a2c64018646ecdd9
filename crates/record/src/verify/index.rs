//! What is found of streams, against its seals: whatever was changed, taken away or put back.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{PAGE, Place, Report};
use crate::Result;
use crate::event::Stream;
use crate::found::seal::{IndexKey, Sealed, SetSeal, listed};
use crate::store::{Kept, Set, Walk};

/// What is found by its values, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoundReport {
    /// Entries.
    pub entries: u64,
    /// Streams whose entries are sealed together.
    pub streams: u64,
}

/// Compares every entry with its seal, and all entries of each stream with theirs.
pub(super) async fn walked(
    walk: &mut Walk<'_>,
    report: &mut Report,
    streams: &[Stream],
    key: &IndexKey,
) -> Result<()> {
    let store = walk.store();
    let sets = walk.sets().await?;
    let begin = |(stream, set): (&Uuid, &Set)| {
        let seal = key.set(store, *stream, (set.sequence, &set.made));
        (*stream, seal)
    };
    let mut seals: BTreeMap<Uuid, SetSeal> = sets.iter().map(begin).collect();
    let mut found = FoundReport::default();
    let (mut after, mut values) = (String::new(), 0);
    loop {
        let page = walk.entries(&after, PAGE).await?;
        let Some(last) = page.last() else {
            break;
        };
        after.clone_from(&last.key);
        for one in &page {
            found.entries += 1;
            values += one.values.len() as u64;
            if let Some(what) = wrong(key, store, one) {
                report.fault(Place::Found(one.stream), what);
            }
            match seals.get_mut(&one.stream) {
                Some(seal) => seal.add(&one.key, &one.seal),
                None => report.fault(Place::Found(one.stream), "an entry belongs to no set"),
            }
        }
    }
    for (stream, seal) in seals {
        found.streams += 1;
        if sets.get(&stream).map(|set| &set.seal[..]) != Some(&seal.end()[..]) {
            let what = "its entries are not those that were sealed together";
            report.fault(Place::Found(stream), what);
        }
        if !streams.iter().any(|one| one.id == stream) {
            report.fault(Place::Found(stream), "there is no such stream");
        }
    }
    let all = walk.values().await?;
    if all != values {
        let what = format!("{} values belong to no entry", all.abs_diff(values));
        report.fault(Place::Store, what);
    }
    report.found = Some(found);
    Ok(())
}

/// What is wrong with an entry, if anything is.
fn wrong(key: &IndexKey, store: Uuid, one: &Kept) -> Option<&'static str> {
    let sealed = Sealed {
        stream: one.stream,
        key: &one.key,
        version: &one.version,
        listed: &one.listed,
        body: &one.body,
    };
    if key.entry(store, &sealed)[..] != one.seal[..] {
        return Some("an entry is not as it was sealed");
    }
    (listed(&one.values)[..] != one.listed[..]).then_some("an entry is found by other values")
}
