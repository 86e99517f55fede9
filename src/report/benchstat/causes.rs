//! Which profiles of a session belong to which files of results, and what they say of a difference.

use super::{Scale, lossy};
use crate::analysis::Classes;
use crate::analysis::bench::{BenchTable, CauseSide, Causes, base_name, causes, is_binary};
use crate::findings::{benchmark_groups, quoted_pattern};
use crate::model::{Kind, Profile};

/// A profile of the session.
#[derive(Clone, Copy, Debug)]
pub struct BenchProfile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub profile: &'a Profile,
    /// Whose code its functions are.
    pub classes: &'a Classes,
}

/// A difference with the functions that it comes from.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Which of the profiles: before, after.
    pub profiles: [usize; 2],
    /// Name of the sample type that was looked at.
    pub sample_type: String,
    /// The expression that finds the benchmark's function, for a filter.
    pub focus: String,
    /// The functions.
    pub causes: Causes,
}

/// Functions that are told of a difference.
const TOLD: usize = 5;

/// What profiles say of the difference between the first cell of a row and another. `files` are the
/// names of the files that both are from. `None` without profiles of both states, or where these do
/// not show the benchmark.
pub fn explain(
    table: &BenchTable,
    (package, name): (&[u8], &[u8]),
    centers: [f64; 2],
    files: [&str; 2],
    profiles: &[BenchProfile<'_>],
) -> Option<Explained> {
    let (kinds, types): (&[Kind], &[&str]) = match table.unit.as_slice() {
        b"sec/op" => (&[Kind::Cpu], &["cpu"]),
        b"B/op" => (&[Kind::Allocs, Kind::Heap], &["alloc_space"]),
        b"allocs/op" => (&[Kind::Allocs, Kind::Heap], &["alloc_objects"]),
        _ => return None,
    };
    let base = base_name(name);
    for &kind in kinds {
        let Some(pair) = pair(files, kind, profiles) else {
            continue;
        };
        let side = |at: usize| {
            let BenchProfile {
                profile, classes, ..
            } = profiles[pair[at]];
            let sample_type = types.iter().find_map(|name| profile.type_named(name))?;
            Some(CauseSide {
                profile,
                classes,
                sample_type,
                center: centers[at],
            })
        };
        let sides = [side(0)?, side(1)?];
        let mut found = causes(&sides, package, base)?;
        found.parts.retain(|part| part.change() != 0.0);
        found.parts.truncate(TOLD);
        return Some(Explained {
            profiles: pair,
            sample_type: types[0].to_owned(),
            focus: focus(package, base),
            causes: found,
        });
    }
    None
}

/// The expression for a benchmark's function and its closures.
fn focus(package: &[u8], base: &[u8]) -> String {
    let package = match package {
        b"" => String::new(),
        package => format!("^{}(_test)?", quoted_pattern(&lossy(package))),
    };
    format!(
        "{package}\\.Benchmark{}($|\\.func)",
        quoted_pattern(&lossy(base))
    )
}

/// The profiles of one kind that are of the same states as two files, before and after: by what
/// their names say, or, where there are just two of the kind, in the order of their names.
fn pair(files: [&str; 2], kind: Kind, profiles: &[BenchProfile<'_>]) -> Option<[usize; 2]> {
    let own = profiles
        .iter()
        .enumerate()
        .filter(|(_, profile)| profile.kind == kind);
    let names: Vec<(usize, &str)> = own.map(|(at, profile)| (at, profile.name)).collect();
    let groups = benchmark_groups(&names);
    let group = groups.iter().find(|group| group.len() > 1);
    let by_words = words_pair(files, &names);
    by_words.or_else(|| {
        let group = group.filter(|group| group.len() == 2)?;
        // Whether the first of the files is the state before.
        let order = benchmark_groups(&[(0, files[0]), (1, files[1])]);
        match order.first().map(Vec::as_slice) {
            Some([0, 1]) => Some([group[0], group[1]]),
            Some([1, 0]) => Some([group[1], group[0]]),
            _ => None,
        }
    })
}

/// For each file the one profile whose name has a word that tells this file from the other.
fn words_pair(files: [&str; 2], names: &[(usize, &str)]) -> Option<[usize; 2]> {
    let words = |name: &str| -> Vec<String> {
        let lower = name.to_ascii_lowercase();
        let words = lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let of_files = files.map(words);
    let telling = |at: usize| -> Vec<&String> {
        let other = &of_files[1 - at];
        of_files[at]
            .iter()
            .filter(|word| !other.contains(word))
            .collect()
    };
    let found = |at: usize| {
        let telling = telling(at);
        let mut fits = names
            .iter()
            .filter(|(_, name)| words(name).iter().any(|word| telling.contains(&word)));
        let first = fits.next()?.0;
        fits.next().is_none().then_some(first)
    };
    let pair = [found(0)?, found(1)?];
    (pair[0] != pair[1]).then_some(pair)
}

/// What an explanation says in a sentence: `+12.3ns of sec/op: most of it in Encode`.
pub fn explained_words(table: &BenchTable, explained: &Explained, centers: [f64; 2]) -> String {
    let unit = lossy(&table.unit);
    let by = centers[1] - centers[0];
    let Some(first) = explained.causes.parts.first() else {
        return format!(
            "{} {unit}, of which the profiles show no function that changed.",
            amount(table, by)
        );
    };
    let same_way = explained
        .causes
        .parts
        .iter()
        .filter(|part| (part.change() > 0.0) == (by > 0.0));
    let sum: f64 = same_way.map(crate::analysis::bench::Cause::change).sum();
    let share = if by == 0.0 { 0.0 } else { sum / by * 100.0 };
    format!(
        "{} {unit}. By the shares of the profiles {} of it is in {}{}.",
        amount(table, by),
        amount(table, first.change()),
        lossy(&first.function),
        match share {
            share if (1.0..=200.0).contains(&share) =>
                format!("; the functions below explain {share:.0}%"),
            _ => String::new(),
        }
    )
}

/// A difference of a unit with its sign.
pub fn amount(table: &BenchTable, by: f64) -> String {
    let scale = Scale::of([by], is_binary(&table.unit));
    let sign = if by < 0.0 { "−" } else { "+" };
    format!("{sign}{}", scale.format(by.abs()))
}
