//! When samples were taken, where labels say it.

use crate::analysis::filter::key_range;
use crate::analysis::labels::{LabelUnits, is_numeric};
use crate::model::{Label, Profile, StringId};
use crate::unit::{is_time, label, scaled, to_integer, utc};

/// Names of labels that hold a time, the most telling first, without what says their unit.
const NAMES: &[&str] = &[
    "end_timestamp",
    "timestamp",
    "start_timestamp",
    "sample_timestamp",
    "timestamps",
    "sample_time",
    "time_unix",
    "unix_time",
    "ts",
    "time",
    "end_time",
    "start_time",
];

/// Of these the first name a moment even when they count from the beginning of the profile; the
/// others may as well be durations.
const MOMENTS: usize = 6;

/// What such a name may end with, and nanoseconds of that unit.
const ENDINGS: &[(&str, i64)] = &[
    ("_unix_nano", 1),
    ("_nanoseconds", 1),
    ("_nanos", 1),
    ("_ns", 1),
    ("_microseconds", 1_000),
    ("_micros", 1_000),
    ("_us", 1_000),
    ("_milliseconds", 1_000_000),
    ("_millis", 1_000_000),
    ("_ms", 1_000_000),
    ("_seconds", 1_000_000_000),
    ("_sec", 1_000_000_000),
    ("_s", 1_000_000_000),
];

/// Times since 1970 that a recording may have: from 1990 to 2100.
const YEARS: std::ops::Range<i128> = 631_152_000_000_000_000..4_102_444_800_000_000_000;

/// A key whose numbers are the times of the samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeKey {
    /// The key.
    pub key: Vec<u8>,
    /// Unit of its numbers as filters know it.
    pub unit: String,
    /// Nanoseconds that a number counts in.
    pub nanos: i64,
    /// They count from 1970, not from the beginning of the profile.
    pub epoch: bool,
    /// The earliest.
    pub first: i64,
    /// The latest; not before it.
    pub last: i64,
}

/// How a key of this name is to be read: its place in `NAMES`, nanoseconds of its unit, since 1970
/// or not. `None` for what is no time, which `number`, one of its values, may tell, too.
fn reading(name: &[u8], unit: &str, number: i64) -> Option<(usize, i64, bool)> {
    let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
    let name = name.replace(['-', '.', ' '], "_");
    let ending = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
    let stem = ending.map_or(name.as_str(), |(ending, _)| {
        name.strip_suffix(ending).unwrap_or(&name)
    });
    let place = NAMES.iter().position(|known| *known == stem)?;
    let said = if is_time(unit) {
        Some(to_integer(scaled(1, unit, "ns").0))
    } else {
        ending.map(|&(_, nanos)| nanos)
    };
    let is_recent = |nanos: i64| YEARS.contains(&(i128::from(number) * i128::from(nanos)));
    match said {
        Some(nanos) if is_recent(nanos) => Some((place, nanos, true)),
        Some(nanos) if place < MOMENTS && number >= 0 => Some((place, nanos, false)),
        Some(_) => None,
        // A number of these years tells its unit by its size.
        None => [1_000_000_000, 1_000_000, 1_000, 1]
            .into_iter()
            .find(|&nanos| is_recent(nanos))
            .map(|nanos| (place, nanos, true)),
    }
}

/// True when labels look like times by their name and the first number. Quick: nearly all
/// profiles have few keys.
pub fn has_times(profile: &Profile) -> bool {
    candidate(profile).is_some()
}

/// The most telling key that holds times.
fn candidate(profile: &Profile) -> Option<(usize, StringId, i64, bool)> {
    let labels = &profile.samples.labels;
    if labels.is_empty() {
        return None;
    }
    let mut best: Option<(usize, StringId, i64, bool)> = None;
    let mut judged = vec![false; profile.strings.len()];
    for label in labels.iter().filter(|label| is_numeric(label)) {
        if std::mem::replace(&mut judged[label.key.index()], true) {
            continue;
        }
        let name = profile.strings.bytes(label.key);
        let unit = profile.strings.text(label.unit);
        if let Some((place, nanos, epoch)) = reading(name, &unit, label.num)
            && best.is_none_or(|(known, ..)| place < known)
        {
            best = Some((place, label.key, nanos, epoch));
        }
    }
    best
}

/// The key that holds the times of a profile's samples, and when they begin and end.
pub fn time_key(profile: &Profile) -> Option<TimeKey> {
    let (_, id, nanos, epoch) = candidate(profile)?;
    let key = profile.strings.bytes(id);
    let is_it = |label: &&Label| is_numeric(label) && profile.strings.bytes(label.key) == key;
    let times = profile.samples.labels.iter().filter(is_it);
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    for label in times {
        first = first.min(label.num);
        last = last.max(label.num);
    }
    let unit = LabelUnits::new(profile).of(key).to_vec();
    Some(TimeKey {
        key: key.to_vec(),
        unit: String::from_utf8_lossy(&unit).into_owned(),
        nanos,
        epoch,
        first,
        last,
    })
}

impl TimeKey {
    /// A number of the key in nanoseconds.
    pub fn nanos_of(&self, number: i64) -> i64 {
        number.saturating_mul(self.nanos)
    }

    /// Nanoseconds from the first to the last time.
    pub fn span(&self) -> i64 {
        self.nanos_of(self.last.saturating_sub(self.first))
    }

    /// The range of times that an expression of `tagfocus` is about, in the key's numbers; `None` for
    /// one that is about something else.
    pub fn range_of(&self, expression: &str) -> Option<(i64, i64)> {
        let (key, range) = key_range(expression)?;
        let is_mine = key.as_bytes() == self.key.as_slice();
        is_mine.then(|| range.ends_in(&self.unit))?
    }

    /// A time as text: since 1970 the time of day in UTC, as exact as `span` nanoseconds call for,
    /// else what has passed since the beginning.
    pub fn text(&self, number: i64, span: i64) -> String {
        let nanos = self.nanos_of(number);
        if self.epoch {
            clock(nanos, span)
        } else {
            label(nanos, "ns")
        }
    }
}

/// The time of day of a time since 1970, in UTC: `14:05:09`, with as many decimals as tell two times
/// within `span` nanoseconds apart; with the day where the span is more than one.
pub fn clock(nanos: i64, span: i64) -> String {
    // 0 is no time in a profile, but one here.
    let time = if nanos == 0 {
        "1970-01-01T00:00:00Z".to_owned()
    } else {
        utc(nanos)
    };
    let (day, hour) = time.split_once('T').unwrap_or(("", &time));
    let hour = hour.trim_end_matches('Z');
    if span >= 86_400_000_000_000 {
        return format!("{day} {}", hour.get(..5).unwrap_or(hour));
    }
    let fraction = format!("{:09}", nanos.rem_euclid(1_000_000_000));
    // A thousandth of the span is about a pixel.
    let decimals = match span / 1000 {
        1_000_000_000.. => 0,
        1_000_000.. => 3,
        1_000.. => 6,
        _ => 9,
    };
    match fraction.get(..decimals) {
        Some(digits) if !digits.is_empty() => format!("{hour}.{digits}"),
        _ => hour.to_owned(),
    }
}
