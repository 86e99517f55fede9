//! Numbers in buckets, and time in slices.
//!
//! pprof's filters compare numbers as floats, which beyond 2^53 stand for several integers each. A
//! bucket begins and ends where such a comparison can tell: what its filter keeps is what it holds.

use super::TimeKey;
use crate::analysis::labels::is_numeric;
use crate::model::Profile;

/// Buckets of evenly spaced numbers aimed at.
const EVEN_BUCKETS: i128 = 24;
/// With fewer by magnitude, numbers are as good as of one magnitude, and spaced evenly.
const FEW: usize = 4;
/// Integers up to here are floats, too.
const EXACT: u64 = 1 << 53;

/// Numbers from `low` to `high`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// First number.
    pub low: i64,
    /// Last number.
    pub high: i64,
    /// Σ value of the labels in it.
    pub value: i64,
}

/// Buckets from the smallest to the largest of some numbers, which are ascending, each with its
/// sum. By magnitude: powers of two for memory, else 1, 2, 5, 10, …; what is negative is one bucket.
/// Numbers of about one magnitude are spaced evenly. None without numbers.
pub(super) fn buckets(numbers: &[(i64, i64)], memory: bool) -> Vec<Bucket> {
    let Some((&(min, _), &(max, _))) = numbers.first().zip(numbers.last()) else {
        return Vec::new();
    };
    let mut edges = if memory { doublings() } else { decades() };
    if min < 0 {
        edges.insert(0, min);
    }
    let first = edges.partition_point(|&edge| edge <= min).saturating_sub(1);
    let end = edges.partition_point(|&edge| edge <= max);
    let by_magnitude = edges.get(first..end).unwrap_or_default();
    if by_magnitude.len() < FEW && numbers.len() > by_magnitude.len() {
        let span = i128::from(max) - i128::from(min);
        let step = even_step(span, memory);
        let start = i128::from(min).div_euclid(step) * step;
        let count = (i128::from(max) - start) / step + 1;
        let edge = |i: i128| start + i * step;
        return filled((0..count).map(edge), Some(edge(count)), max, numbers);
    }
    let beyond = edges.get(end).map(|&edge| edge.into());
    let edges = by_magnitude.iter().map(|&edge| edge.into());
    filled(edges, beyond, max, numbers)
}

/// 0, 1, 2, 4, … 2^62.
fn doublings() -> Vec<i64> {
    let powers = (0..63).map(|power| 1_i64 << power);
    std::iter::once(0).chain(powers).collect()
}

/// 0, 1, 2, 5, 10, … 5·10^18.
fn decades() -> Vec<i64> {
    let decade = |power| [1, 2, 5].map(|digit| digit * 10_i64.pow(power));
    std::iter::once(0).chain((0..19).flat_map(decade)).collect()
}

/// The least power of two, or 1, 2 or 5 times a power of ten, that makes few steps of a span.
fn even_step(span: i128, memory: bool) -> i128 {
    let edges = if memory { doublings() } else { decades() };
    let steps = edges.into_iter().skip(1).map(i128::from);
    let mut steps = steps.filter(|step| span / step < EVEN_BUCKETS);
    steps.next().unwrap_or(i128::from(i64::MAX))
}

/// Buckets that begin at ascending edges and end before the next; the last ends before `beyond`, or
/// with `max`, which it always holds. Edges that a float cannot tell apart are one.
fn filled(
    edges: impl Iterator<Item = i128>,
    beyond: Option<i128>,
    max: i64,
    numbers: &[(i64, i64)],
) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for edge in edges {
        let low = told(clamped(edge));
        if let Some(last) = buckets.last_mut() {
            if last.low == low {
                continue;
            }
            last.high = before(low.into());
        }
        buckets.push(Bucket {
            low,
            // The edge may be beyond all numbers, or as a float the same as the largest.
            high: beyond.map_or(told(max), |edge| before(edge).max(told(max))),
            value: 0,
        });
    }
    for &(number, value) in numbers {
        let at = buckets.partition_point(|bucket| bucket.low <= told(number));
        // What lies below the first edge does so by rounding.
        if let Some(bucket) = buckets.get_mut(at.saturating_sub(1)) {
            bucket.value = bucket.value.wrapping_add(value);
        }
    }
    buckets
}

fn clamped(number: i128) -> i64 {
    number.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// The number as a float has it.
fn told(number: i64) -> i64 {
    number as f64 as i64
}

/// The last number that is less than an edge, also as a float.
fn before(edge: i128) -> i64 {
    let edge = clamped(edge);
    if edge.unsigned_abs() <= EXACT {
        edge - 1
    } else {
        (edge as f64).next_down() as i64
    }
}

/// The smallest number up to which samples have `part ÷ whole` of all magnitudes; of numbers that
/// are ascending. 0 without any, the smallest where all values are 0.
pub(super) fn quantile(numbers: &[(i64, i64)], part: u128, whole: u128) -> i64 {
    let weight = |&(_, value): &(i64, i64)| u128::from(value.unsigned_abs());
    let all: u128 = numbers.iter().map(weight).sum();
    let mut sum = 0;
    let reaches = |number: &&(i64, i64)| {
        sum += weight(number);
        sum * whole >= all * part
    };
    numbers
        .iter()
        .find(reaches)
        .map_or(0, |&(number, _)| number)
}

/// The value over time.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Slices of equal length, ascending, without gaps.
    pub slices: Vec<Bucket>,
    /// Σ value of samples without a time.
    pub untimed: i64,
}

/// What samples have over time, in at most `count` slices from the first to the last time of
/// `axis`, so that the slices of what filters leave are those of the whole.
pub fn timeline(profile: &Profile, axis: &TimeKey, sample_type: usize, count: u32) -> Timeline {
    let mut times: Vec<(i64, i64)> = Vec::new();
    let mut untimed = 0_i64;
    for sample in 0..profile.samples.len() {
        let value = profile.value(sample, sample_type);
        let labels = profile.samples.labels(sample);
        let before = times.len();
        let is_time = |label: &&crate::model::Label| {
            is_numeric(label) && profile.strings.bytes(label.key) == axis.key.as_slice()
        };
        times.extend(
            labels
                .iter()
                .filter(is_time)
                .map(|label| (label.num, value)),
        );
        if times.len() == before {
            untimed = untimed.wrapping_add(value);
        }
    }
    let (first, last) = (i128::from(axis.first), i128::from(axis.last));
    let count = i128::from(count.max(1)).min(last - first + 1);
    let edge = |i: i128| first + (last - first + 1) * i / count;
    Timeline {
        slices: filled((0..count).map(edge), None, axis.last, &times),
        untimed,
    }
}
