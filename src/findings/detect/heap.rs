//! H: what is in use, by the place that allocated it.

use super::super::case::{Case, Place, weights};
use super::super::finding::{Evidence, Finding, Metric, heaviest, placed};
use super::super::matcher::{gather, gather_by};
use super::super::pattern::exactly;
use super::super::rule::{Confidence, Rule, Severity};
use super::rule;
use super::signature::percent;
use crate::analysis::split_symbol;
use crate::model::{FunctionId, Kind};
use crate::unit;

/// H02: share of one place. H05: share of what was allocated that is still there.
const CONCENTRATED: f64 = 0.50;
const SURVIVING: f64 = 0.8;
/// H08: survival below which it is churn, and how many of the largest allocators are looked at.
const CHURN: (f64, usize) = (0.01, 3);
/// H08: bytes that must have been allocated at a place.
const CHURNED: u64 = 64 << 20;
/// H03: bytes of one of a map's tables.
const TABLE: f64 = 32_768.0;
/// H04: bytes of one of the buffers that may be retained.
const BUFFER: f64 = 16_384.0;
/// Sampled objects that a place needs.
const OBJECTS: f64 = 10.0;

/// A place with all four numbers.
struct Row {
    place: Place,
    objects: u64,
    alloc: u64,
}

pub(super) fn look(case: &Case<'_>, out: &mut Vec<Finding>) {
    let rows = rows(case);
    out.extend(concentration(case, &rows));
    out.extend(map_tables(case, &rows));
    out.extend(retained_buffers(case));
    out.extend(unbounded(case, &rows));
    out.extend(churn(case));
    out.extend(timers(case));
}

/// Places by bytes in use, with their objects and what they allocated in all.
fn rows(case: &Case<'_>) -> Vec<Row> {
    let blamed = || (0..case.weights.values.len()).map(|s| (s, case.blamed(s)));
    let by = |name: &str| {
        let of = case
            .profile
            .type_named(name)
            .map(|t| weights(case.profile, Kind::Heap, t));
        of.map(|w| gather_by(case, &w, blamed()))
            .unwrap_or_default()
    };
    let (objects, alloc) = (by("inuse_objects"), by("alloc_space"));
    let find = |rows: &[Place], place: &Place| {
        let same = |p: &&Place| p.function == place.function && p.line == place.line;
        rows.iter().find(same).map_or(0, |p| p.value)
    };
    gather(case, blamed())
        .into_iter()
        .filter(|place| place.value > 0)
        .take(64)
        .map(|place| Row {
            objects: find(&objects, &place),
            alloc: find(&alloc, &place),
            place,
        })
        .collect()
}

/// A finding about one place, its severity by bytes.
fn of_place(
    case: &Case<'_>,
    rule: &'static Rule,
    place: &Place,
    value: f64,
    text: String,
) -> Option<Finding> {
    let samples = place.samples.round() as u64;
    // The lower end of what sampling leaves open decides.
    let low = value * (1.0 - 1.96 / place.samples.max(1.0).sqrt());
    let severity = rule.severity(low.max(0.0))?;
    let confidence = Confidence::of(samples)?;
    let error = value - low;
    let metric = Metric {
        value,
        interval: Some((low.max(0.0), value + error)),
        threshold: rule.threshold(),
        text,
    };
    let (function, line) = (place.function, place.line);
    let here = case
        .weights
        .stacks()
        .filter(|&s| case.blamed(s) == Some((function, line)));
    let evidence = Evidence {
        stack: heaviest(case, here),
        focus: exactly(case.name_of(function)),
        ..placed(case, metric, samples, std::slice::from_ref(place))
    };
    Some(Finding::new(rule, severity, confidence, evidence))
}

fn bytes(value: u64) -> String {
    unit::label(value.min(i64::MAX as u64) as i64, "bytes")
}

/// H02.
fn concentration(case: &Case<'_>, rows: &[Row]) -> Option<Finding> {
    let rule = rule("H02")?;
    let place = &rows.first()?.place;
    let share = case.share(place.value);
    if share < CONCENTRATED {
        return None;
    }
    let text = format!("{} of bytes in use, {}", percent(share), bytes(place.value));
    of_place(case, rule, place, place.value as f64, text)
}

/// H03: few large blocks at a line of the program itself, none of which was ever freed. A heap
/// profile hides the runtime's frames, so a map's tables look like that.
fn map_tables(case: &Case<'_>, rows: &[Row]) -> Option<Finding> {
    let rule = rule("H03")?;
    let is_table = |row: &&Row| {
        let mean = row.place.value as f64 / row.objects.max(1) as f64;
        let kept = row.place.value as f64 / row.alloc.max(1) as f64;
        // A map that grew leaves its smaller tables behind: about as much again.
        mean >= TABLE && (0.3..=1.0).contains(&kept) && is_map_like(case, row.place.function)
    };
    let row = rows.iter().find(is_table)?;
    let mean = row.place.value / row.objects.max(1);
    let text = format!(
        "{} in {} of {} each on average",
        bytes(row.place.value),
        unit::plural(row.objects, "block"),
        bytes(mean)
    );
    of_place(case, rule, &row.place, row.place.value as f64, text)
}

/// Names under which maps are filled.
fn is_map_like(case: &Case<'_>, function: FunctionId) -> bool {
    has_word(
        case,
        function,
        &["cache", "map", "index", "registry", "table"],
    )
}

/// True when the receiver or the name of a function has one of these as a word of its own:
/// `(*userCache).Add` and `cache_fill` have `cache`, `memory` has no `memo`.
fn has_word(case: &Case<'_>, function: FunctionId, words: &[&str]) -> bool {
    let symbol = split_symbol(case.name_of(function));
    [symbol.receiver, symbol.base].iter().any(|name| {
        let own = words_of(&String::from_utf8_lossy(name));
        own.iter().any(|word| words.contains(&word.as_str()))
    })
}

/// The words of a name in camel or snake case, in lower case; a plural counts as its singular.
fn words_of(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().take(1000).collect();
    let mut words: Vec<String> = vec![String::new()];
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let follows = |is: fn(char) -> bool| before.is_some_and(is);
        // `userCache` has two words, and so has `TTLCache`.
        let begins = c.is_uppercase()
            && (follows(char::is_lowercase)
                || follows(char::is_uppercase)
                    && chars.get(at + 1).is_some_and(|next| next.is_lowercase()));
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    let singular = |word: String| word.strip_suffix('s').map_or(word.clone(), str::to_owned);
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

/// H04: whole contents that are kept.
fn retained_buffers(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("H04")?;
    let readers = super::super::pattern::Patterns::new(
        "io.ReadAll os.ReadFile io/ioutil.{ReadAll,ReadFile} bufio.(*Reader).{ReadString,ReadBytes} bufio.(*Scanner).Text",
    );
    let is_reader = |f: FunctionId| readers.matches(case.name_of(f));
    let objects = case.profile.type_named("inuse_objects")?;
    let objects = weights(case.profile, Kind::Heap, objects);
    let stacks: Vec<usize> = case
        .weights
        .stacks()
        .filter(|&s| case.frames(s).any(|line| is_reader(line.function)))
        .collect();
    let count = objects.sum(stacks.iter().copied()).value;
    let value = case.weights.sum(stacks.iter().copied()).value;
    let mean = value as f64 / count.max(1) as f64;
    if mean < BUFFER {
        return None;
    }
    let places = gather(case, stacks.iter().map(|&s| (s, case.blame(s, is_reader))));
    let place = places.first()?;
    let text = format!(
        "{} in use in buffers of {} each on average",
        bytes(place.value),
        bytes(mean as u64)
    );
    of_place(case, rule, place, place.value as f64, text)
}

/// H05: a place with the name of a cache that keeps what it allocates.
fn unbounded(case: &Case<'_>, rows: &[Row]) -> Option<Finding> {
    let rule = rule("H05")?;
    let named = |row: &&Row| {
        let words = [
            "cache", "memo", "registry", "pool", "store", "history", "seen",
        ];
        has_word(case, row.place.function, &words)
    };
    // Without what was allocated in all nothing is known to survive.
    let kept = |row: &&Row| row.alloc > 0 && row.place.value as f64 >= SURVIVING * row.alloc as f64;
    let row = rows.iter().filter(named).find(kept)?;
    let survival = row.place.value as f64 / row.alloc.max(1) as f64;
    let text = format!(
        "{} in use, {} of all that was allocated there",
        bytes(row.place.value),
        percent(survival.min(1.0))
    );
    of_place(case, rule, &row.place, row.place.value as f64, text)
}

/// H08: the largest allocators, of which next to nothing is left.
fn churn(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("H08")?;
    let alloc = case.profile.type_named("alloc_space")?;
    let alloc = weights(case.profile, Kind::Allocs, alloc);
    let blamed = || (0..alloc.values.len()).map(|s| (s, case.blamed(s)));
    let in_use = gather(case, blamed());
    let places = gather_by(case, &alloc, blamed());
    let (most, top) = CHURN;
    let churned = |place: &&Place| {
        let same = |p: &&Place| p.function == place.function && p.line == place.line;
        let left = in_use.iter().find(same).map_or(0, |p| p.value);
        (left as f64) < most * place.value as f64
            && place.value >= CHURNED
            && place.samples >= OBJECTS
    };
    let place = places.iter().take(top).find(churned)?;
    let share = place.value as f64 / alloc.total.max(1) as f64;
    let severity = rule.severity(share)?;
    let samples = place.samples.round() as u64;
    let metric = Metric {
        value: share,
        interval: None,
        threshold: rule.threshold(),
        text: format!(
            "{} allocated, {} of all, less than 1% of it in use",
            bytes(place.value),
            percent(share)
        ),
    };
    let mut evidence = placed(case, metric, samples, std::slice::from_ref(place));
    evidence.sample_type = "alloc_space".to_owned();
    evidence.of_samples = alloc.count.round() as u64;
    for site in &mut evidence.places {
        site.share = share;
    }
    Some(Finding::new(
        rule,
        severity.min(Severity::Info),
        Confidence::of(samples)?,
        evidence,
    ))
}

/// H09: timers that are alive, in versions that do not collect them.
fn timers(case: &Case<'_>) -> Option<Finding> {
    let rule = rule("H09")?;
    if case.go.most > rule.go.1 && case.go.least > rule.go.1 {
        return None;
    }
    // Nothing in the file says which version it was: without a hint nothing is claimed.
    if case.go.most == u8::MAX {
        return None;
    }
    let makers =
        super::super::pattern::Patterns::new("time.{NewTimer,NewTicker,After,Tick,newTimer}");
    let objects = case.profile.type_named("inuse_objects")?;
    let objects = weights(case.profile, Kind::Heap, objects);
    let is_maker = |f: FunctionId| makers.matches(case.name_of(f));
    let stacks: Vec<usize> = objects
        .stacks()
        .filter(|&s| case.frames(s).any(|line| is_maker(line.function)))
        .collect();
    let alive = objects.sum(stacks.iter().copied());
    let count = alive.value;
    let severity = rule.severity(count as f64)?;
    let places = gather(case, stacks.iter().map(|&s| (s, case.blame(s, is_maker))));
    let samples = alive.samples;
    let metric = Metric {
        value: count as f64,
        interval: None,
        threshold: rule.threshold(),
        text: format!("{} alive", unit::plural(count, "timer")),
    };
    let confidence = Confidence::of(samples.round() as u64)?;
    Some(Finding::new(
        rule,
        severity,
        confidence,
        placed(case, metric, samples.round() as u64, &places),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_into_words() {
        for (name, word) in [
            ("(*TTLCache).Set", "cache"),
            ("userCaches", "cache"),
            ("cache_fill", "cache"),
            ("SeenIDs", "seen"),
        ] {
            assert!(
                words_of(name).contains(&word.to_owned()),
                "{:?}",
                words_of(name)
            );
        }
        for (name, word) in [
            ("memory", "memo"),
            ("computeOutput", "put"),
            ("restore", "store"),
        ] {
            assert!(
                !words_of(name).contains(&word.to_owned()),
                "{:?}",
                words_of(name)
            );
        }
    }
}
