//! Units in their base form.

/// The base unit and the factor from the one to the other: `ns` is a billionth of `sec`, and `MB`
/// a million of `B`, where they stand above the line.
pub(super) fn tidy(unit: &[u8]) -> (Vec<u8>, f64) {
    let mut tidied = Vec::with_capacity(unit.len() + 4);
    let mut factor = 1.0;
    let mut below = false;
    let mut rest = unit;
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| separates(b));
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        match token {
            b"ns" if !below => {
                tidied.extend_from_slice(b"sec");
                factor *= 1e-9;
            }
            b"MB" if !below => {
                tidied.push(b'B');
                factor *= 1e6;
            }
            _ => tidied.extend_from_slice(token),
        }
        let Some((&separator, following)) = after.split_first() else {
            break;
        };
        match separator {
            b'/' => below = true,
            b'*' => below = false,
            _ => {}
        }
        tidied.push(separator);
        rest = following;
    }
    (tidied, factor)
}

fn separates(b: u8) -> bool {
    matches!(b, b'*' | b'/' | b'-' | b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_above_the_line_is_converted() {
        let cases: [(&str, &str, f64); 12] = [
            ("ns/op", "sec/op", 1e-9),
            ("MB/s", "B/s", 1e6),
            ("B/op", "B/op", 1.0),
            ("p99-latency-ns/req", "p99-latency-sec/req", 1e-9),
            ("op/MB", "op/MB", 1.0),
            ("s/MB*B", "s/MB*B", 1.0),
            ("x/ns*ns", "x/ns*sec", 1e-9),
            ("ns*MB/s", "sec*B/s", 1e-9 * 1e6),
            ("-ns-", "-sec-", 1e-9),
            ("/ns", "/ns", 1.0),
            ("nsx", "nsx", 1.0),
            ("", "", 1.0),
        ];
        for (unit, expected, by) in cases {
            let (tidied, factor) = tidy(unit.as_bytes());
            assert_eq!(tidied, expected.as_bytes(), "{unit}");
            assert!((factor - by).abs() <= by * 1e-15, "{unit}: {factor}");
        }
    }
}
