//! Numbers of a trace as people read them.

use crate::analysis::trace;
use crate::unit;

/// Times of one trace: where it begins, and how fine its clock is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    begin: u64,
    tick: u64,
}

impl Clock {
    /// `tick` is in nanoseconds, from 1 to a second: what is beyond can be none.
    pub(super) fn new(begin: u64, tick: f64) -> Self {
        Self {
            begin,
            tick: (tick.round() as u64).clamp(1, 1_000_000_000),
        }
    }

    /// A duration with three digits, `1.23ms`, of which none is finer than the clock: what is
    /// below a tick is `<64ns`, and a microsecond has one decimal at most. 0 is `0`.
    pub(super) fn span(&self, nanos: u64) -> String {
        if nanos == 0 {
            return "0".to_owned();
        }
        if nanos < self.tick {
            return format!("<{}ns", self.tick);
        }
        let rounded = self.rounded(nanos);
        if rounded < 1000 {
            return format!("{rounded}ns");
        }
        let (unit, name) = match rounded {
            1_000_000_000.. => (1_000_000_000, "s"),
            1_000_000.. => (1_000_000, "ms"),
            _ => (1000, "µs"),
        };
        let step = self.step(rounded).min(unit);
        let decimals = (unit / step).ilog10() as usize;
        format!("{:.decimals$}{name}", rounded as f64 / unit as f64)
    }

    /// The power of ten to which a duration of a microsecond or more is rounded.
    fn step(&self, nanos: u64) -> u64 {
        let digits = nanos.ilog10();
        let least = (self.tick - 1)
            .checked_ilog10()
            .map_or(0, |below| below + 1);
        // From a thousand seconds on these are whole.
        10_u64.pow(digits.saturating_sub(2).clamp(least, 9))
    }

    fn rounded(&self, nanos: u64) -> u64 {
        let to = |step: u64| nanos.saturating_add(step / 2) / step * step;
        match to(self.tick) {
            below @ ..1000 => below,
            _ => {
                let once = to(self.step(nanos.max(1000)));
                // 999.6 µs is a millisecond, which has fewer digits.
                once.max(1000)
            }
        }
    }

    /// How long after the trace began a time is, in seconds: `0.123457s`.
    pub(super) fn at(&self, time: u64) -> String {
        let micros = (self.since(time) + 500).div_euclid(1000);
        let sign = if micros < 0 { "-" } else { "" };
        let micros = micros.unsigned_abs();
        format!("{sign}{}.{:06}s", micros / 1_000_000, micros % 1_000_000)
    }

    /// Nanoseconds since the trace began; negative before.
    pub(super) fn since(&self, time: u64) -> i64 {
        time.wrapping_sub(self.begin) as i64
    }
}

/// A duration that a person named, as it is: `1.5s`, `100µs`.
pub(super) fn exact(nanos: u64) -> String {
    let (unit, name) = match nanos {
        1_000_000_000.. => (1e9, "s"),
        1_000_000.. => (1e6, "ms"),
        1000.. => (1e3, "µs"),
        _ => (1.0, "ns"),
    };
    format!("{}{name}", nanos as f64 / unit)
}

/// A part of a whole: `12.3%`, `<0.1%`, `>99.9%`, and `0%` and `100%` only where that is so. `-`
/// where there is no whole.
pub(super) fn share(part: u64, whole: u64) -> String {
    match (part, whole) {
        (_, 0) => "-".to_owned(),
        (0, _) => "0%".to_owned(),
        _ if part == whole => "100%".to_owned(),
        _ => {
            let share = part as f64 / whole as f64 * 100.0;
            match share {
                ..0.05 => "<0.1%".to_owned(),
                99.95..100.0 => ">99.9%".to_owned(),
                _ => format!("{share:.1}%"),
            }
        }
    }
}

/// A share from 0 to 1 in the same way.
pub(super) fn percent(share: f64) -> String {
    const WHOLE: u64 = 1 << 52;
    // What differs from all or nothing by rounding alone is all or nothing.
    let part = (share.clamp(0.0, 1.0) * WHOLE as f64).round() as u64;
    match part {
        ..=8 => self::share(0, WHOLE),
        part if part + 8 >= WHOLE => self::share(WHOLE, WHOLE),
        part => self::share(part, WHOLE),
    }
}

/// A ratio: `2.50`, or `-` where there is nothing to divide by.
pub(super) fn ratio(part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.2}", part as f64 / whole as f64),
    }
}

/// How often a second, over a time in nanoseconds: `39.9/s`; `None` where that is too short.
pub(super) fn known_rate(count: u64, nanos: u64) -> Option<String> {
    let rate = trace::rate(count, nanos)?;
    let decimals = usize::from(rate < 100.0);
    Some(format!("{rate:.decimals$}/s"))
}

/// The same in a table: `-` where there is none.
pub(super) fn rate(count: u64, nanos: u64) -> String {
    known_rate(count, nanos).unwrap_or_else(|| "-".to_owned())
}

/// How often a second; 0 over no time.
pub(super) fn per_second(count: u64, nanos: u64) -> f64 {
    match nanos {
        0 => 0.0,
        _ => count as f64 * 1e9 / nanos as f64,
    }
}

/// Bytes: `512kB`.
pub(super) fn bytes(bytes: u64) -> String {
    unit::label(i64::try_from(bytes).unwrap_or(i64::MAX), "bytes")
}

/// A count and its noun, `1 cycle`, `12 batches`, with the digits together: for grep and awk.
pub(super) fn plural(count: u64, noun: &str) -> String {
    let ending = match count {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits_and_none_below_the_tick() {
        let clock = Clock::new(0, 64.0);
        for (nanos, text) in [
            (0, "0"),
            (1, "<64ns"),
            (63, "<64ns"),
            (64, "64ns"),
            (100, "128ns"),
            (128, "128ns"),
            (950, "960ns"),
            // 15.5 ticks, which is 16: a microsecond and more.
            (992, "1.0µs"),
            (1024, "1.0µs"),
            (1234, "1.2µs"),
            (9949, "9.9µs"),
            (9960, "10.0µs"),
            (12_345, "12.3µs"),
            (123_456, "123µs"),
            (999_600, "1.00ms"),
            (1_234_567, "1.23ms"),
            (12_345_678, "12.3ms"),
            (123_456_789, "123ms"),
            (1_234_567_890, "1.23s"),
            (123_456_789_000, "123s"),
            (12_345_678_900_000, "12346s"),
        ] {
            assert_eq!(clock.span(nanos), text, "{nanos}");
        }
        let exact = Clock::new(0, 1.0);
        assert_eq!(exact.span(999), "999ns");
        assert_eq!(exact.span(1234), "1.23µs");
        // A tick of Windows.
        let coarse = Clock::new(0, 100.0);
        assert_eq!(coarse.span(99), "<100ns");
        assert_eq!(coarse.span(1234), "1.2µs");
        for tick in [0.0, f64::NAN, 1e30, 3e9] {
            let _ = Clock::new(5, tick).span(u64::MAX / 2);
        }
    }

    #[test]
    fn times_count_from_the_beginning() {
        let clock = Clock::new(1_000_000_000, 64.0);
        assert_eq!(clock.at(1_123_456_789), "0.123457s");
        assert_eq!(clock.at(1_000_000_000), "0.000000s");
        assert_eq!(clock.at(999_990_000), "-0.000010s");
    }

    #[test]
    fn all_and_nothing_are_only_said_where_it_is_so() {
        for (part, whole, text) in [
            (0, 0, "-"),
            (0, 9, "0%"),
            (1, 1_000_000, "<0.1%"),
            (123, 1000, "12.3%"),
            (999_999, 1_000_000, ">99.9%"),
            (7, 7, "100%"),
            (3, 2, "150.0%"),
        ] {
            assert_eq!(share(part, whole), text);
        }
        assert_eq!(percent(1.0 - 1e-16), "100%");
        assert_eq!(percent(0.99999), ">99.9%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(f64::NAN), "0%");
    }
}
