//! Numbers as Go reads them.

use std::borrow::Cow;
use std::num::IntErrorKind;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    Syntax,
    Range,
}

/// A whole number of 64 bits in decimal, with a sign if need be.
pub(crate) fn parse_int(text: &[u8]) -> Result<i64, NumberError> {
    let text = std::str::from_utf8(text).map_err(|_| NumberError::Syntax)?;
    text.parse::<i64>().map_err(|error| match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => NumberError::Range,
        _ => NumberError::Syntax,
    })
}

/// A number with a point, an exponent, or in hexadecimal; infinities and NaN in any case.
pub(crate) fn parse_float(text: &[u8]) -> Result<f64, NumberError> {
    let (sign, rest) = match text {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, text),
    };
    if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        return Ok(sign * f64::INFINITY);
    }
    // Go takes no sign before NaN.
    if text.eq_ignore_ascii_case(b"nan") {
        return Ok(f64::NAN);
    }
    let digits = without_underscores(rest).ok_or(NumberError::Syntax)?;
    let value = match &*digits {
        [b'0', b'x' | b'X', hex @ ..] => parse_hex(hex)?,
        // What the standard library takes beyond digits, point and exponent are words.
        decimal if decimal.iter().all(|b| b"0123456789.eE+-".contains(b)) => {
            let first = decimal.first().copied().unwrap_or_default();
            let text = std::str::from_utf8(decimal).map_err(|_| NumberError::Syntax)?;
            if first == b'+' || first == b'-' {
                return Err(NumberError::Syntax);
            }
            text.parse::<f64>().map_err(|_| NumberError::Syntax)?
        }
        _ => return Err(NumberError::Syntax),
    };
    if value.is_infinite() {
        return Err(NumberError::Range);
    }
    Ok(sign * value)
}

/// The text without underscores, each of which must stand between digits or after `0x`.
fn without_underscores(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'_') {
        return Some(Cow::Borrowed(text));
    }
    let prefixed = matches!(text, [b'0', b'b' | b'B' | b'o' | b'O' | b'x' | b'X', ..]);
    let hex = matches!(text, [b'0', b'x' | b'X', ..]);
    let digit = |at: usize| {
        text.get(at)
            .is_some_and(|b| b.is_ascii_digit() || hex && b.is_ascii_hexdigit())
    };
    for (at, &b) in text.iter().enumerate() {
        let after = at > 0 && digit(at - 1) || prefixed && at == 2;
        if b == b'_' && !(after && digit(at + 1)) {
            return None;
        }
    }
    Some(text.iter().copied().filter(|&b| b != b'_').collect())
}

/// What follows `0x`: digits, perhaps with a point, and an exponent of two.
fn parse_hex(text: &[u8]) -> Result<f64, NumberError> {
    let at = text
        .iter()
        .position(|b| b.eq_ignore_ascii_case(&b'p'))
        .ok_or(NumberError::Syntax)?;
    let (digits, exponent) = (&text[..at], &text[at + 1..]);
    let mut mantissa: u64 = 0;
    // Something below the bits that are kept is not zero.
    let mut sticky = false;
    let mut scale: i64 = 0;
    let (mut seen, mut point) = (false, false);
    for &b in digits {
        if b == b'.' && !point {
            point = true;
            continue;
        }
        let digit = char::from(b).to_digit(16).ok_or(NumberError::Syntax)?;
        seen = true;
        if mantissa >> 58 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            scale -= if point { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if point { 0 } else { 4 };
        }
    }
    let unsigned = match exponent {
        [b'+' | b'-', rest @ ..] => rest,
        _ => exponent,
    };
    if !seen || unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
        return Err(NumberError::Syntax);
    }
    let size = unsigned.iter().fold(0_i64, |size, &b| {
        (size * 10 + i64::from(b - b'0')).min(1 << 40)
    });
    let sign = if exponent[0] == b'-' { -1 } else { 1 };
    Ok(scaled(mantissa, sticky, scale + sign * size))
}

/// The double nearest to `mantissa`·2^`exponent`, ties to even; infinite beyond the largest.
fn scaled(mantissa: u64, sticky: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    // With its highest bit at 63, a number's value is `top`·2^(`exponent` − 63).
    let shift = mantissa.leading_zeros();
    let top = mantissa << shift;
    let exponent = exponent + 63 - i64::from(shift);
    if exponent > 1023 {
        return f64::INFINITY;
    }
    // 53 bits are kept, fewer below the normal numbers, none below half of the smallest.
    let dropped = 11 + (-1022 - exponent).max(0);
    if dropped > 64 {
        return 0.0;
    }
    let wide = u128::from(top) << 1 | u128::from(sticky);
    let dropped = dropped as u32 + 1;
    let half = 1_u128 << (dropped - 1);
    let rest = wide & ((1_u128 << dropped) - 1);
    let kept = (wide >> dropped) as u64;
    let up = rest > half || rest == half && kept & 1 == 1;
    let bits = kept + u64::from(up);
    // Of a normal number the highest kept bit is not stored, but adding it to the exponent before
    // makes the carry of rounding up come out right, and the one to infinity too.
    let biased = (exponent.max(-1022) + 1022) as u64;
    f64::from_bits((biased << 52) + bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        assert_eq!(parse_int(b"+3"), Ok(3));
        assert_eq!(parse_int(b"-3"), Ok(-3));
        for bad in ["", "1.5", "1,000", "0x10", "ten", "1_0", "\u{661}"] {
            assert_eq!(parse_int(bad.as_bytes()), Err(NumberError::Syntax), "{bad}");
        }
        let huge = parse_int(b"99999999999999999999");
        assert_eq!(huge, Err(NumberError::Range));
    }

    #[test]
    fn floats() {
        let good: [(&str, f64); 14] = [
            ("10.5", 10.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("+1.5e+3", 1500.0),
            ("-12", -12.0),
            ("1_0", 10.0),
            ("0x1p4", 16.0),
            ("0X1.8P1", 3.0),
            ("0x_1p-1", 0.5),
            ("-0x.8p0", -0.5),
            ("iNf", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
            ("1e-400", 0.0),
            // 2^53 + 1 lies between two doubles, and the even one is 2^53.
            ("0x20000000000001p0", 9_007_199_254_740_992.0),
        ];
        for (text, value) in good {
            assert_eq!(parse_float(text.as_bytes()), Ok(value), "{text}");
        }
        assert!(parse_float(b"NaN").is_ok_and(f64::is_nan));
        let bad = [
            "",
            "abc",
            "1_",
            "_1",
            "1__0",
            "0x1",
            "0x",
            "0xp1",
            "+nan",
            "1e",
            "--1",
            "infi",
            "0x1p",
            "0x1p+",
            "1_.5",
            "0x1.8.1p1",
            "+-1",
            "e5",
            ".",
        ];
        for text in bad {
            assert_eq!(
                parse_float(text.as_bytes()),
                Err(NumberError::Syntax),
                "{text}"
            );
        }
        for text in ["1e400", "-0x1p1024", "0x1.fffffffffffff8p1023"] {
            assert_eq!(
                parse_float(text.as_bytes()),
                Err(NumberError::Range),
                "{text}"
            );
        }
    }

    #[test]
    fn hexadecimal_rounds_to_the_nearest_double_at_every_size() {
        // The largest number, the smallest normal one, the smallest of all, half of it (a tie
        // that goes to zero), and a little more than that half.
        let cases = [
            ("0x1.fffffffffffffp1023", f64::MAX),
            ("0x1p-1022", f64::MIN_POSITIVE),
            ("0x1p-1074", f64::from_bits(1)),
            ("0x1p-1075", 0.0),
            ("0x1.0000000000000000000001p-1075", f64::from_bits(1)),
            ("0x1p-99999999999999999999", 0.0),
            // 1 + 2^-53 is a tie to 1; with a bit far below, it is above the tie.
            ("0x1.00000000000008p0", 1.0),
            ("0x1.00000000000008000000001p0", 1.0 + f64::EPSILON),
        ];
        for (text, value) in cases {
            assert_eq!(parse_float(text.as_bytes()), Ok(value), "{text}");
        }
    }
}
