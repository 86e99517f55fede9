//! Texts as Go's standard library reads and writes them: strings in quotation marks, and numbers.

mod number;
mod quote;

pub(crate) use number::{NumberError, parse_float, parse_int};
pub(crate) use quote::{quoted, unquoted};

/// The shortest digits that are read as the same number, as Go's `%v` writes them: with an exponent
/// of two digits where the exponent is below −4 or above 5.
pub(crate) fn shortest(x: f64) -> String {
    if x == 0.0 || !x.is_finite() || (1e-4..1e6).contains(&x.abs()) {
        return match x {
            f64::INFINITY => "+Inf".to_owned(),
            f64::NEG_INFINITY => "-Inf".to_owned(),
            _ => x.to_string(),
        };
    }
    let text = format!("{x:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, size) = match exponent.strip_prefix('-') {
                Some(size) => ('-', size),
                None => ('+', exponent),
            };
            format!("{digits}e{sign}{size:0>2}")
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_does() {
        for (x, expected) in [
            (0.0, "0"),
            (64.0, "64"),
            (999_999.5, "999999.5"),
            (1_040_008.0, "1.040008e+06"),
            (0.0001, "0.0001"),
            (9e-8, "9e-08"),
            (1.5e-105, "1.5e-105"),
            (-2.5e7, "-2.5e+07"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(shortest(x), expected);
        }
    }
}
