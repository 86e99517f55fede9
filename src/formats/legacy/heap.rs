//! Texts of a heap: `heap profile: 1: 8 [2: 16] @ heap/1048576`, by gperftools and by Go, and of
//! its growth and fragmentation.

use std::sync::Arc;

use super::lines::{
    Cursor, Lines, at_number, decimal, find, is_blank_or_comment, sample_addresses, to_calls, trim,
};
use super::records::Records;
use super::{Read, Reading, maps, mem_stats, symbols};
use crate::error::Result;
use crate::unit::to_integer;

const TITLE: &[u8] = b"heap profile:";

pub(super) const ALLOCATED: [(&[u8], &[u8]); 4] = [
    (b"alloc_objects", b"count"),
    (b"alloc_space", b"bytes"),
    (b"inuse_objects", b"count"),
    (b"inuse_space", b"bytes"),
];
pub(super) const IN_USE: [(&[u8], &[u8]); 2] = [(b"objects", b"count"), (b"space", b"bytes")];

/// What the first line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    period: i64,
    /// Values are those of the sampled objects only.
    is_sampled: bool,
    /// Allocations are not those in use.
    has_allocated: bool,
    /// Go writes both, even when they are the same.
    may_be_go: bool,
}

/// `COUNT: BYTES [COUNT: BYTES]`: in use, and allocated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a>([&'a [u8]; 4]);

impl<'a> Numbers<'a> {
    pub(super) fn of(cursor: &mut Cursor<'a>) -> Option<Self> {
        let in_use = cursor.signed()?;
        cursor.text(b":")?;
        cursor.spaces();
        let in_use_bytes = cursor.signed()?;
        cursor.spaces();
        cursor.text(b"[")?;
        cursor.spaces();
        let allocated = cursor.digits()?;
        cursor.text(b":")?;
        cursor.spaces();
        let allocated_bytes = cursor.digits()?;
        cursor.spaces();
        cursor.text(b"]")?;
        Some(Self([in_use, in_use_bytes, allocated, allocated_bytes]))
    }

    pub(super) fn has_allocated(&self) -> bool {
        let [count, bytes, allocated, allocated_bytes] = self.0;
        allocated != count && allocated != b"0"
            || allocated_bytes != bytes && allocated_bytes != b"0"
    }

    fn are_same(&self) -> bool {
        let [count, bytes, allocated, allocated_bytes] = self.0;
        (count, bytes) == (allocated, allocated_bytes)
    }
}

pub(super) fn is_mine(line: &[u8]) -> bool {
    trim(line).starts_with(TITLE) || header(line).is_some()
}

/// The title may stand anywhere in the line.
fn header(line: &[u8]) -> Option<Header> {
    let (mut heap, mut other, mut rest) = (None, false, line);
    while let Some(at) = find(rest, TITLE) {
        rest = &rest[at + TITLE.len()..];
        let Some((numbers, after)) = title(Cursor(rest)) else {
            continue;
        };
        heap = heap.or_else(|| Some((numbers, rate(after)?)));
        let kinds: [&[u8]; 2] = [b" @ growth", b" @ fragmentation"];
        other |= kinds.iter().any(|kind| after.0.starts_with(kind));
    }
    if let Some((numbers, (kind, rate))) = heap {
        let rate = if rate.is_empty() { 0 } else { decimal(rate)? };
        let (is_sampled, period) = match kind {
            b"heap_v2" | b"heapz_v2" => (true, rate),
            b"heapprofile" => (false, 1),
            // Go and gperftools write twice the rate.
            b"heap" => (true, rate / 2),
            _ => return None,
        };
        return Some(Header {
            period,
            is_sampled,
            has_allocated: numbers.has_allocated(),
            may_be_go: kind == b"heap" && numbers.are_same(),
        });
    }
    other.then_some(Header {
        period: 1,
        is_sampled: false,
        has_allocated: false,
        may_be_go: false,
    })
}

/// The sums after the title, and what follows them.
fn title(mut cursor: Cursor<'_>) -> Option<(Numbers<'_>, Cursor<'_>)> {
    cursor.spaces();
    let numbers = Numbers::of(&mut cursor)?;
    let is_negative = numbers.0.iter().any(|number| number.starts_with(b"-"));
    (!is_negative).then_some((numbers, cursor))
}

/// The kind of heap, and the digits of its rate.
fn rate(mut cursor: Cursor<'_>) -> Option<(&[u8], &[u8])> {
    cursor.spaces();
    cursor.text(b"@")?;
    cursor.spaces();
    let kind = cursor.word();
    kind.starts_with(b"heap").then_some(())?;
    // A rate may follow without the slash too.
    let _ = cursor.text(b"/");
    Some((kind, cursor.digits().unwrap_or_default()))
}

pub(super) fn read(text: &[u8], reading: &mut Reading<'_>) -> Result<Read> {
    let mut lines = Lines::new(text);
    let Some(header) = header(lines.next().unwrap_or_default()) else {
        let expected = "expected heap profile: COUNT: BYTES [COUNT: BYTES] @ KIND/RATE, KIND being \
                        heap, heap_v2, heapz_v2, heapprofile, growth or fragmentation";
        return Err(lines.error(expected));
    };
    let has_allocated = header.has_allocated || header.may_be_go && !reading.is_exact();
    let types = if has_allocated {
        &ALLOCATED[..]
    } else {
        &IN_USE[..]
    };
    let mut records = Records::new(types)?;
    records.period(b"space", b"bytes", header.period)?;
    // As Go's binary profiles have it: the runtime's frames at the leaf are not shown.
    records.drops_hidden = !reading.is_exact();
    let mut addresses = Vec::new();
    let mut stats = None;
    while let Some(line) = lines.next() {
        let line = trim(line);
        if is_blank_or_comment(line) {
            if !reading.is_exact() {
                symbols::comment(&mut records, line)?;
                mem_stats::comment(&mut stats, line);
            }
            continue;
        }
        if maps::is_sentinel(line) {
            break;
        }
        let sample = |mut cursor| {
            let numbers = Numbers::of(&mut cursor)?;
            cursor.text(b" @")?;
            Some((numbers, cursor.addresses()))
        };
        let Some((numbers, stack)) = at_number(line, true, sample) else {
            return Err(lines.error("expected COUNT: BYTES [COUNT: BYTES] @ ADDRESS…"));
        };
        let rate = header.is_sampled.then_some(header.period);
        let values = values(&numbers, has_allocated, rate).map_err(|why| lines.error(why))?;
        sample_addresses(stack, &lines, &mut addresses)?;
        to_calls(&mut addresses);
        records.begin(&addresses, values.all())?;
        // Of no objects the size is not known; pprof says 0.
        if reading.is_exact() || values.size != 0 {
            records.size_label(values.size)?;
        }
    }
    let regions = maps::after(&mut lines)?;
    let mut profile = records.finish(regions)?;
    profile.mem_stats = stats.map(Arc::new);
    Ok(profile.into())
}

/// The values of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Values {
    values: [i64; 4],
    len: usize,
    /// Bytes of one object.
    pub(super) size: i64,
}

impl Values {
    pub(super) fn all(&self) -> &[i64] {
        &self.values[..self.len]
    }
}

/// The values of a line: allocated ones first, if they are wanted; estimates of all objects if
/// they were sampled at a `rate`.
pub(super) fn values(
    numbers: &Numbers<'_>,
    with_allocated: bool,
    rate: Option<i64>,
) -> std::result::Result<Values, String> {
    let [in_use, in_use_bytes, allocated, allocated_bytes] = numbers.0;
    let pairs = [
        ("allocated", allocated, allocated_bytes),
        ("in use", in_use, in_use_bytes),
    ];
    let mut all = Values::default();
    for (what, count, bytes) in &pairs[usize::from(!with_allocated)..] {
        let number = |digits| {
            let shown = || String::from_utf8_lossy(digits).into_owned();
            decimal(digits).ok_or_else(|| format!("number {} does not fit 64 bits", shown()))
        };
        let (mut count, mut bytes) = (number(count)?, number(bytes)?);
        if count == 0 && bytes != 0 {
            return Err(format!("{bytes} bytes {what} in 0 objects"));
        }
        if count != 0 {
            all.size = bytes.wrapping_div(count);
            if let Some(rate) = rate {
                (count, bytes) = unsample(count, bytes, rate);
            }
        }
        all.values[all.len] = count;
        all.values[all.len + 1] = bytes;
        all.len += 2;
    }
    Ok(all)
}

/// What was allocated, as far as samples tell: an object of `size` bytes is sampled with the
/// probability 1 − e^(−size ÷ rate).
pub(super) fn unsample(count: i64, bytes: i64, rate: i64) -> (i64, i64) {
    if count == 0 || bytes == 0 {
        return (0, 0);
    }
    // At a rate of 1 everything is sampled; below, the rate is unknown.
    if rate <= 1 {
        return (count, bytes);
    }
    let size = bytes as f64 / count as f64;
    let scale = 1.0 / (1.0 - (-size / rate as f64).exp());
    let whole = |number: i64| to_integer(number as f64 * scale);
    (whole(count), whole(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_how_values_were_sampled() {
        let of = |period, is_sampled, has_allocated, may_be_go| {
            Some(Header {
                period,
                is_sampled,
                has_allocated,
                may_be_go,
            })
        };
        for (line, expected) in [
            (
                "heap profile: 1: 8 [2: 16] @ heap/1048576",
                of(524_288, true, true, false),
            ),
            (
                "heap profile: 0: 0 [0: 0] @ heap/1048576",
                of(524_288, true, false, true),
            ),
            (
                "heap profile: 1: 8 [1: 8] @ heap_v2/4096",
                of(4096, true, false, false),
            ),
            (
                "heap profile:  1:  8 [ 0:  0] @ heapz_v2/4096",
                of(4096, true, false, false),
            ),
            (
                "heap profile: 1: 8 [2: 16] @ heapprofile",
                of(1, false, true, false),
            ),
            ("heap profile: 1: 8 [2: 16]@heap", of(0, true, true, false)),
            (
                "log] heap profile: 1: 8 [2: 16] @ heap/9",
                of(4, true, true, false),
            ),
            (
                "heap profile: 1: 8 [2: 16] @ growthz",
                of(1, false, false, false),
            ),
            (
                "heap profile: 1: 8 [2: 16] @ fragmentation",
                of(1, false, false, false),
            ),
            ("heap profile: 1: 8 [2: 16]  @ growth", None),
            ("heap profile: 1: 8 [2: 16] @ heapsomething", None),
            ("heap profile: -1: 8 [2: 16] @ heap", None),
        ] {
            assert_eq!(header(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn samples_stand_for_all_objects() {
        // Objects of 524288 bytes at a rate of 524288: 1 ÷ (1 − e^−1) = 1.5819767; times 2 that is
        // 3.16, times 1048576 it is 1658822.8.
        assert_eq!(unsample(2, 1_048_576, 524_288), (3, 1_658_822));
        // Small objects: 1 ÷ (1 − e^(−16 ÷ 524288)) = 32768.5; times 1 and 16.
        assert_eq!(unsample(1, 16, 524_288), (32_768, 524_296));
        assert_eq!(unsample(2, 100, 1), (2, 100));
        assert_eq!(unsample(2, 0, 524_288), (0, 0));
        // Negative numbers go through the same sums: the mean is −4, 1 ÷ (1 − e^2) = −0.157, and
        // −0.157 times 8 · −1 and 8 · 4 is 1.25 and −5.009.
        assert_eq!(unsample(-8, 32, 2), (1, -5));
    }
}
