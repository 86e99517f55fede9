//! Numbers as Go's strconv reads them for its flags: `0x10`, `0b1`, `010`, `1_000`, `0x1p-3`, `inf`.

/// What Go says of a number it cannot read.
type Complaint = &'static str;

const SYNTAX: Complaint = "parse error";
const RANGE: Complaint = "value out of range";

/// An integer in the base that its prefix says.
pub(super) fn integer(text: &str) -> Result<i64, Complaint> {
    let (is_negative, digits) = sign(text);
    let lower = digits.to_ascii_lowercase();
    let (base, bare) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    let bare = without_underscores(&lower, bare).ok_or(SYNTAX)?;
    if bare.is_empty() || !bare.chars().all(|c| c.is_digit(base)) {
        return Err(SYNTAX);
    }
    let value = i128::from_str_radix(&bare, base).map_err(|_| RANGE)?;
    let value = if is_negative { -value } else { value };
    i64::try_from(value).map_err(|_| RANGE)
}

/// A number.
pub(super) fn float(text: &str) -> Result<f64, Complaint> {
    let (is_negative, digits) = sign(text);
    let lower = digits.to_ascii_lowercase();
    let value = match &*lower {
        "inf" | "infinity" => f64::INFINITY,
        "nan" if digits.len() == text.len() => f64::NAN,
        _ => finite(&lower)?,
    };
    Ok(if is_negative { -value } else { value })
}

fn finite(lower: &str) -> Result<f64, Complaint> {
    let bare = without_underscores(lower, lower).ok_or(SYNTAX)?;
    let value = match bare.strip_prefix("0x") {
        Some(hex) => hexadecimal(hex).ok_or(SYNTAX)?,
        None => {
            let is_part = |b: u8| b.is_ascii_digit() || b"+-.e".contains(&b);
            let is_number = bare.bytes().all(is_part) && !bare.starts_with(['+', '-']);
            let parsed = is_number.then(|| bare.parse().ok()).flatten();
            parsed.ok_or(SYNTAX)?
        }
    };
    if value.is_finite() {
        Ok(value)
    } else {
        Err(RANGE)
    }
}

/// Digits, perhaps with a point, and a power of two, which has to be there.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let bare_exponent = sign(exponent).1;
    if bare_exponent.is_empty() || !bare_exponent.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + part.len() == 0 {
        return None;
    }
    let mut value = 0.0;
    for digit in whole.chars().chain(part.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let exponent: i32 = exponent.parse().unwrap_or(if exponent.starts_with('-') {
        i32::MIN / 2
    } else {
        i32::MAX / 2
    });
    let exponent = i64::from(exponent) - 4 * part.len() as i64;
    // In halves, so that what is on the way to a small number is not zero.
    let half = (exponent / 2).clamp(-2000, 2000) as i32;
    let rest = (exponent - i64::from(half)).clamp(-2000, 2000) as i32;
    Some(value * 2_f64.powi(half) * 2_f64.powi(rest))
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    }
}

/// `bare` without underscores, which may stand only between digits or behind the prefix of
/// `number`, the whole of it.
fn without_underscores(number: &str, bare: &str) -> Option<String> {
    if !bare.contains('_') {
        return Some(bare.to_owned());
    }
    let has_prefix = number.len() > 1 && number.starts_with('0') && "box".contains(&number[1..2]);
    let is_hex = has_prefix && &number[1..2] == "x";
    // The prefix counts as a digit.
    let mut before = if has_prefix { '0' } else { '^' };
    for c in number[if has_prefix { 2 } else { 0 }..].chars() {
        let is_digit = c.is_ascii_digit() || is_hex && c.is_ascii_hexdigit();
        let is_fine = match c {
            '_' => before == '0',
            _ => is_digit || before != '_',
        };
        if !is_fine {
            return None;
        }
        before = match c {
            '_' => '_',
            _ if is_digit => '0',
            _ => '!',
        };
    }
    (before != '_').then(|| bare.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `flag.Int` of Go 1.27.3.
    #[test]
    fn integers_are_go_s() {
        for (text, value) in INTEGERS {
            assert_eq!(integer(text), *value, "{text}");
        }
    }

    /// `flag.Float64` of Go 1.27.3.
    #[test]
    fn numbers_are_go_s() {
        for (text, value) in FLOATS {
            assert_eq!(float(text), *value, "{text}");
        }
        assert!(float("nan").is_ok_and(f64::is_nan));
    }

    const INTEGERS: &[(&str, Result<i64, Complaint>)] = &[
        ("0", Ok(0)),
        ("-1", Ok(-1)),
        ("+5", Ok(5)),
        ("10", Ok(10)),
        ("010", Ok(8)),
        ("0x1F", Ok(31)),
        ("0X1f", Ok(31)),
        ("0b101", Ok(5)),
        ("0o17", Ok(15)),
        ("0O17", Ok(15)),
        ("1_000", Ok(1000)),
        ("_1", Err(SYNTAX)),
        ("1_", Err(SYNTAX)),
        ("1__0", Err(SYNTAX)),
        ("0x_1F", Ok(31)),
        ("0_7", Ok(7)),
        ("09", Err(SYNTAX)),
        ("08_", Err(SYNTAX)),
        ("abc", Err(SYNTAX)),
        ("", Err(SYNTAX)),
        ("1.0", Err(SYNTAX)),
        ("1e3", Err(SYNTAX)),
        ("9223372036854775807", Ok(i64::MAX)),
        ("9223372036854775808", Err(RANGE)),
        ("-9223372036854775808", Ok(i64::MIN)),
        ("-9223372036854775809", Err(RANGE)),
        ("0x", Err(SYNTAX)),
        ("--1", Err(SYNTAX)),
        (" 1", Err(SYNTAX)),
        ("0b2", Err(SYNTAX)),
        ("0xg", Err(SYNTAX)),
        ("99999999999999999999999999999999999999999999", Err(RANGE)),
        ("0_", Err(SYNTAX)),
        ("00", Ok(0)),
        ("-0x10", Ok(-16)),
    ];

    const FLOATS: &[(&str, Result<f64, Complaint>)] = &[
        ("0", Ok(0.0)),
        ("-1", Ok(-1.0)),
        ("+5", Ok(5.0)),
        (".5", Ok(0.5)),
        ("5.", Ok(5.0)),
        (".", Err(SYNTAX)),
        ("1e3", Ok(1000.0)),
        ("1E3", Ok(1000.0)),
        ("1e", Err(SYNTAX)),
        ("1e+", Err(SYNTAX)),
        ("1e-3", Ok(0.001)),
        ("1_0.5", Ok(10.5)),
        ("1_.5", Err(SYNTAX)),
        ("1._5", Err(SYNTAX)),
        ("_1", Err(SYNTAX)),
        ("1_", Err(SYNTAX)),
        ("1e1_0", Ok(1e+10)),
        ("inf", Ok(f64::INFINITY)),
        ("+Inf", Ok(f64::INFINITY)),
        ("-infinity", Ok(f64::NEG_INFINITY)),
        ("infi", Err(SYNTAX)),
        ("+nan", Err(SYNTAX)),
        ("0x1p-3", Ok(0.125)),
        ("0x1P3", Ok(8.0)),
        ("0x1", Err(SYNTAX)),
        ("0x.8p0", Ok(0.5)),
        ("0x_1p-3", Ok(0.125)),
        ("0x1_0p0", Ok(16.0)),
        ("0xp1", Err(SYNTAX)),
        ("0x1p", Err(SYNTAX)),
        ("0x1.8p1", Ok(3.0)),
        ("0x1p99999", Err(RANGE)),
        ("1e999", Err(RANGE)),
        ("-1e999", Err(RANGE)),
        ("1e-999", Ok(0.0)),
        ("abc", Err(SYNTAX)),
        ("", Err(SYNTAX)),
        ("0x1p-1074", Ok(5e-324)),
        ("0x1p-1075", Ok(0.0)),
        ("0b1", Err(SYNTAX)),
        ("1-2", Err(SYNTAX)),
        ("1 ", Err(SYNTAX)),
        ("0x1p-2000", Ok(0.0)),
        ("0x1e3p0", Ok(483.0)),
        ("--1", Err(SYNTAX)),
    ];
}
