//! Numbers to text, by the rules of pprof's measurement package; the only place where a value
//! becomes "1.72us".
//!
//! Percentages lose their sign and total 0 gives 0 %, as pprof prints them.

/// A unit family: units with their factor to the smallest one, and the default unit's index.
struct Family {
    units: &'static [Unit],
    default: usize,
}

struct Unit {
    name: &'static str,
    /// Lower case, without a plural s.
    aliases: &'static [&'static str],
    factor: f64,
}

const KIB: f64 = 1024.0;
const US: f64 = 1e3;
const MS: f64 = 1e6;
const S: f64 = 1e9;
const HOUR: f64 = 3600.0 * S;

macro_rules! units {
    ($($name:literal $factor:expr => $($alias:literal)|+;)+) => {
        &[$(Unit { name: $name, aliases: &[$($alias),+], factor: $factor }),+]
    };
}

const FAMILIES: [Family; 3] = [
    Family {
        units: units! {
            "B" 1.0 => "b" | "byte";
            "kB" KIB => "kb" | "kbyte" | "kilobyte";
            "MB" KIB * KIB => "mb" | "mbyte" | "megabyte";
            "GB" KIB * KIB * KIB => "gb" | "gbyte" | "gigabyte";
            "TB" KIB * KIB * KIB * KIB => "tb" | "tbyte" | "terabyte";
            "PB" KIB * KIB * KIB * KIB * KIB => "pb" | "pbyte" | "petabyte";
        },
        default: 0,
    },
    Family {
        units: units! {
            "ns" 1.0 => "ns" | "nanosecond";
            "us" US => "us" | "microsecond";
            "ms" MS => "ms" | "millisecond";
            "s" S => "s" | "sec" | "second";
            "hrs" HOUR => "hour" | "hr";
        },
        default: 3,
    },
    Family {
        units: units! {
            "n*GCU" 1e-9 => "nanogcu";
            "u*GCU" 1e-6 => "microgcu";
            "m*GCU" 1e-3 => "milligcu";
            "GCU" 1.0 => "gcu";
            "k*GCU" 1e3 => "kilogcu";
            "M*GCU" 1e6 => "megagcu";
            "G*GCU" 1e9 => "gigagcu";
            "T*GCU" 1e12 => "teragcu";
            "P*GCU" 1e15 => "petagcu";
        },
        default: 3,
    },
];

impl Family {
    fn find(&self, unit: &str) -> Option<&Unit> {
        // ASCII is enough: every alias is.
        let lower = unit.to_ascii_lowercase();
        // By bytes, so that "ms" keeps its s.
        let singular = if lower.len() > 2 {
            lower.strip_suffix('s')
        } else {
            None
        };
        let wanted = singular.unwrap_or(&lower);
        self.units.iter().find(|u| u.aliases.contains(&wanted))
    }

    fn convert(&self, value: i64, from: &str, to: &str) -> Option<(f64, &'static str)> {
        let base = value as f64 * self.find(from)?.factor;
        let target = if is_auto(to) {
            self.units.iter().rfind(|u| base / u.factor >= 1.0)
        } else {
            self.find(to)
        };
        let target = target.unwrap_or(&self.units[self.default]);
        Some((base / target.factor, target.name))
    }
}

fn is_auto(unit: &str) -> bool {
    matches!(unit, "minimum" | "auto")
}

/// The units that values of unit `unit` can be shown in, smallest first: the name of each as it is
/// printed, then, in lower case and without a plural s, what it may be called. None for plain counts.
pub fn choices(unit: &str) -> Vec<Vec<&'static str>> {
    let family = FAMILIES.iter().find(|family| family.find(unit).is_some());
    let names = |unit: &Unit| [&[unit.name], unit.aliases].concat();
    let units = family.map(|family| family.units.iter().map(names));
    units.into_iter().flatten().collect()
}

/// Converts `value` of unit `from` to unit `to`; `minimum` and `auto` choose the largest unit
/// that leaves at least 1. A unit outside the known families is not converted: it gets the suffix
/// `to`, and none when `to` is automatic or a plain count.
pub fn scaled(value: i64, from: &str, to: &str) -> (f64, String) {
    if value < 0 && value.wrapping_neg() > 0 {
        let (scaled, unit) = scaled(-value, from, to);
        return (-scaled, unit);
    }
    for family in &FAMILIES {
        if let Some((scaled, unit)) = family.convert(value, from, to) {
            return (scaled, unit.to_owned());
        }
    }
    match to {
        "count" | "sample" | "unit" | "minimum" | "auto" => (value as f64, String::new()),
        _ => (value as f64, to.to_owned()),
    }
}

/// [`scaled`] to one unit, looked up once for many values.
#[derive(Clone, Debug)]
pub struct Scale {
    from: String,
    to: String,
    /// Factors of both units, and the name of the second, where they are of one family.
    known: Option<(f64, f64, &'static str)>,
}

impl Scale {
    /// From one unit to another.
    pub fn new(from: &str, to: &str) -> Self {
        let factors = |family: &Family| {
            let unit = family.find(to)?;
            Some((family.find(from)?.factor, unit.factor, unit.name))
        };
        let known = (!is_auto(to)).then(|| FAMILIES.iter().find_map(factors));
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            known: known.flatten(),
        }
    }

    /// What [`scaled`] makes of a value, when its unit is then `wanted`.
    pub fn value(&self, value: i64, wanted: &str) -> Option<f64> {
        let Some((from, to, name)) = self.known else {
            let (value, unit) = scaled(value, &self.from, &self.to);
            return (unit == wanted).then_some(value);
        };
        (name == wanted).then(|| {
            // As `scaled` does it; the order decides the last bit.
            if value < 0 && value.wrapping_neg() > 0 {
                -(-value as f64 * from / to)
            } else {
                value as f64 * from / to
            }
        })
    }
}

/// `value` in unit `to` as text: two decimals, `.00` dropped, `0` without a unit.
pub fn label_in(value: i64, from: &str, to: &str) -> String {
    let (scaled, unit) = scaled(value, from, to);
    let text = format!("{scaled:.2}");
    let text = text.strip_suffix(".00").unwrap_or(&text);
    match text {
        "0" | "-0" => "0".to_owned(),
        _ => format!("{text}{unit}"),
    }
}

/// `value` in the unit that suits it: `1.50s`, `12MB`, `0`.
pub fn label(value: i64, unit: &str) -> String {
    label_in(value, unit, "auto")
}

/// Like [`label`], with the unit appended when it is not one that scales: `42 contentions`.
/// For sentences; tables name the unit in their heading.
pub fn label_with_unit(value: i64, unit: &str) -> String {
    let text = label(value, unit);
    if FAMILIES.iter().any(|f| f.find(unit).is_some()) || unit.is_empty() {
        text
    } else {
        format!("{text} {unit}")
    }
}

/// True when values of one unit can be given in the other.
pub fn is_convertible(a: &str, b: &str) -> bool {
    let has_both = |family: &Family| family.find(a).is_some() && family.find(b).is_some();
    FAMILIES.iter().any(has_both)
}

/// True for a unit of time.
pub fn is_time(unit: &str) -> bool {
    FAMILIES[1].find(unit).is_some()
}

/// True for a unit of memory.
pub fn is_memory(unit: &str) -> bool {
    FAMILIES[0].find(unit).is_some()
}

/// `|value ÷ total|` in percent, padded to six columns: `  100%`, `12.34%`, ` 0.5%`.
pub fn percent_padded(value: i64, total: i64) -> String {
    let ratio = if total == 0 {
        0.0
    } else {
        (value as f64 / total as f64).abs() * 100.0
    };
    if (99.95..=100.05).contains(&ratio) {
        "  100%".to_owned()
    } else if ratio >= 1.0 {
        format!("{ratio:5.2}%")
    } else {
        format!("{:>5}%", two_digits(ratio))
    }
}

/// [`percent_padded`] without the padding.
pub fn percent(value: i64, total: i64) -> String {
    percent_padded(value, total).trim_start().to_owned()
}

/// C's `%.2g` for `0 <= ratio < 1`.
fn two_digits(ratio: f64) -> String {
    if ratio == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{ratio:.1e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 {
        let mantissa = mantissa.strip_suffix(".0").unwrap_or(mantissa);
        return format!("{mantissa}e-{:02}", -exponent);
    }
    let text = format!("{ratio:.*}", (1 - exponent).max(0) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A float as an integer, truncated; what does not fit becomes the smallest integer, as Go's
/// conversion has it on x86-64.
pub fn to_integer(value: f64) -> i64 {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if (-BEYOND..BEYOND).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// `part ÷ whole` as a share for drawing, 0 when there is nothing to divide by.
pub fn share(part: i64, whole: i64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// A count with thin groups of three, as people read it: `1 234 567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// [`count`] of what may be negative, as in a difference: `-12`.
pub fn signed_count(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}", count(n.unsigned_abs()))
}

/// A count and its noun: `1 sample`, `2 samples`.
pub fn plural(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(n), if n == 1 { "" } else { "s" })
}

/// [`plural`] of what may be negative: `-1 sample`.
pub fn signed_plural(n: i64, noun: &str) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}", plural(n.unsigned_abs(), noun))
}

/// A time since 1970 in nanoseconds as UTC, `2006-01-02T15:04:05Z`; empty for 0.
pub fn utc(nanos: i64) -> String {
    if nanos == 0 {
        return String::new();
    }
    let (y, mo, d, h, mi, s) = civil(nanos.div_euclid(1_000_000_000));
    format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
}

/// A moment as UTC with as many digits of a second as it needs, as RFC 3339 writes it.
pub fn instant_nanos(seconds: i64, nanos: u64) -> String {
    let (y, mo, d, h, mi, s) = civil(seconds);
    let digits = format!("{:09}", nanos % 1_000_000_000);
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}{point}{digits}Z")
}

/// Date and time of a second since 1970 in the proleptic Gregorian calendar.
fn civil(seconds: i64) -> (i64, i64, i64, i64, i64, i64) {
    let days = seconds.div_euclid(86_400);
    let time = seconds.rem_euclid(86_400);
    // Days since 0000-03-01, in eras of 400 years (146 097 days) whose years begin in March,
    // so that the leap day is the last one.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, time / 3600, time % 3600 / 60, time % 60)
}

/// The same text with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        std::iter::once(first.to_ascii_uppercase())
            .chain(rest)
            .collect()
    })
}

/// Nanoseconds between two events of an execution trace, whose clock ticks every 64 ns on all
/// systems but Windows (`traceTimeDiv` of the runtime), and slower there: no digit is shown that it
/// cannot tell. `0`, `64ns`, `1.2us`, `123.5us`; from a millisecond on as [`label`] has it.
pub fn traced(nanos: u64) -> String {
    const TICK: u64 = 64;
    match nanos {
        0..32 => "0".to_owned(),
        // What the reader set apart by a nanosecond to keep the order is no time.
        32..1000 => match (nanos + TICK / 2) / TICK * TICK {
            below @ ..1000 => format!("{below}ns"),
            _ => "1us".to_owned(),
        },
        1000..999_950 => {
            let text = format!("{:.1}", nanos as f64 / 1000.0);
            format!("{}us", text.strip_suffix(".0").unwrap_or(&text))
        }
        _ => {
            let nanos = i64::try_from(nanos.max(1_000_000)).unwrap_or(i64::MAX);
            label(nanos, "nanoseconds")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_can_be_shown_in_the_units_of_its_family() {
        let names = |unit| -> Vec<&str> { choices(unit).iter().map(|names| names[0]).collect() };
        assert_eq!(names("nanoseconds"), ["ns", "us", "ms", "s", "hrs"]);
        assert_eq!(names("bytes"), ["B", "kB", "MB", "GB", "TB", "PB"]);
        assert!(names("count").is_empty() && names("").is_empty());
        for unit in ["bytes", "GCU", "ns"] {
            for names in choices(unit) {
                for called in &names[1..] {
                    assert_eq!(scaled(1, unit, called).1, names[0]);
                }
            }
        }
    }

    #[test]
    fn labels_match_go_tool_pprof() {
        // go tool pprof 1.27.3: the worked cases of its documentation and of -unit.
        for (value, from, to, text) in [
            (0, "nanoseconds", "auto", "0"),
            (1_500_000_000, "nanoseconds", "auto", "1.50s"),
            (3_000_000_000_000, "nanoseconds", "s", "3000s"),
            (10_800_000_000_000, "nanoseconds", "auto", "3hrs"),
            (524_800, "bytes", "auto", "512.50kB"),
            (1, "megabytes", "kb", "1024kB"),
            (900, "count", "s", "900s"),
            (900, "count", "auto", "900"),
            (12345, "widgets", "widgets", "12345widgets"),
            (5_000_000, "nanoseconds", "bytes", "0.01s"),
            (-2048, "bytes", "auto", "-2kB"),
            (7, "milligcu", "auto", "7m*GCU"),
            // Every family has its names, in any case, with or without a plural s, but for the
            // short ones: "us" is a unit, "µs" is none.
            (1, "B", "auto", "1B"),
            (2048, "Bytes", "minimum", "2kB"),
            (3, "kilobytes", "mb", "0"),
            (3, "KB", "b", "3072B"),
            (1536, "MByte", "gb", "1.50GB"),
            (1, "PB", "tb", "1024TB"),
            (1, "KiB", "auto", "1"),
            (999, "ns", "auto", "999ns"),
            (1000, "ns", "auto", "1us"),
            (1_000_000, "us", "auto", "1s"),
            (59, "sec", "ms", "59000ms"),
            (5400, "seconds", "hours", "1.50hrs"),
            (2, "hr", "s", "7200s"),
            (90, "minutes", "auto", "90"),
            (5, "µs", "auto", "5"),
            (1500, "gcu", "auto", "1.50k*GCU"),
            (2_000_000, "nanogcu", "gcu", "0"),
            (3, "petagcu", "teragcu", "3000T*GCU"),
            // What has no unit of a family keeps its number; a wish for one becomes a suffix.
            (900, "count", "count", "900"),
            (900, "count", "MB", "900MB"),
            (17, "", "minimum", "17"),
            // Two decimals, of which only .00 goes; halves go to even.
            (1125, "ms", "s", "1.12s"),
            (1375, "ms", "s", "1.38s"),
            (1100, "ms", "s", "1.10s"),
            (4, "ms", "s", "0"),
            (5, "ms", "s", "0.01s"),
            (-1500, "ms", "auto", "-1.50s"),
            (i64::MIN, "count", "auto", "-9223372036854775808"),
            (i64::MAX, "bytes", "auto", "8192PB"),
        ] {
            assert_eq!(label_in(value, from, to), text, "{value} {from} {to}");
        }
    }

    #[test]
    fn a_scale_is_what_scales_each_value() {
        for (from, to) in [
            ("bytes", "kb"),
            ("ns", "s"),
            ("us", "ns"),
            ("count", ""),
            ("count", "s"),
            ("bytes", "s"),
            ("ns", "auto"),
            ("hours", "widgets"),
        ] {
            let scale = Scale::new(from, to);
            for value in [0, 1, -7, 1023, 123_456_789, i64::MAX, i64::MIN] {
                let (expected, unit) = scaled(value, from, to);
                assert_eq!(
                    scale.value(value, &unit),
                    Some(expected),
                    "{value} {from} {to}"
                );
                assert_eq!(scale.value(value, "another"), None);
            }
        }
    }

    #[test]
    fn percentages_match_go_tool_pprof() {
        for (value, total, text) in [
            (0, 0, "    0%"),
            (0, 10, "    0%"),
            (10, 10, "  100%"),
            (99_949, 100_000, "99.95%"),
            (99_960, 100_000, "  100%"),
            (5, 1000, "  0.5%"),
            (97, 100_000, "0.097%"),
            (93, 100_000_000, "9.3e-05%"),
            (996, 100_000, "    1%"),
            (-25, 100, "25.00%"),
            (95, 1000, " 9.50%"),
        ] {
            assert_eq!(percent_padded(value, total), text, "{value}/{total}");
        }
    }

    #[test]
    fn times_are_utc() {
        // date -u -d @1700000000 +%FT%TZ → 2023-11-14T22:13:20Z; 951782400 is 2000-02-29.
        assert_eq!(utc(1_700_000_000_000_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(utc(951_782_400_000_000_000), "2000-02-29T00:00:00Z");
        assert_eq!(utc(0), "");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(7), "7");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(signed_count(-1234), "-1\u{202f}234");
        assert_eq!(
            signed_count(i64::MIN).len(),
            "-9".len() + 6 * "\u{202f}223".len()
        );
    }

    #[test]
    fn nouns_follow_their_count() {
        assert_eq!(plural(0, "sample"), "0 samples");
        assert_eq!(plural(1, "sample"), "1 sample");
        assert_eq!(signed_plural(-1, "sample"), "-1 sample");
        assert_eq!(signed_plural(-12, "goroutine"), "-12 goroutines");
    }

    #[test]
    fn times_of_a_trace_have_no_digit_that_its_clock_cannot_tell() {
        let expected = [
            (0, "0"),
            (1, "0"),
            (31, "0"),
            (63, "64ns"),
            (65, "64ns"),
            (700, "704ns"),
            // 15.6 ticks are 16, of 64 ns.
            (998, "1us"),
            (1000, "1us"),
            (1216, "1.2us"),
            (123_456, "123.5us"),
            (999_949, "999.9us"),
            (999_960, "1ms"),
            (1_234_567, "1.23ms"),
            (u64::MAX, "2562047.79hrs"),
        ];
        for (nanos, text) in expected {
            assert_eq!(traced(nanos), text, "{nanos}");
        }
    }
}
