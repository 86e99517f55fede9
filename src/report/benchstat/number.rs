//! Values with a prefix, so that three digits tell something.

use super::fixed;

/// How values of a row are printed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Digits behind the point.
    pub decimals: usize,
    /// What one of the prefix is.
    pub factor: f64,
    /// `k`, `Mi`, …
    pub prefix: &'static str,
}

/// A prefix with its factor, and from where on values have one, two or three decimals.
struct Step {
    prefix: &'static str,
    factor: f64,
    from: [f64; 3],
}

/// The thresholds are where printing rounds up, as doubles: written out, so that they are the same
/// everywhere.
const DECIMAL: [Step; 8] = [
    Step {
        prefix: "T",
        factor: 1e12,
        from: [99.995e12, 9.9995e12, 0.99995e12],
    },
    Step {
        prefix: "G",
        factor: 1e9,
        from: [99.995e9, 9.9995e9, 0.99995e9],
    },
    Step {
        prefix: "M",
        factor: 1e6,
        from: [99.995e6, 9.9995e6, 0.99995e6],
    },
    Step {
        prefix: "k",
        factor: 1e3,
        from: [99.995e3, 9.9995e3, 0.99995e3],
    },
    Step {
        prefix: "",
        factor: 1.0,
        from: [99.995, 9.9995, 0.99995],
    },
    Step {
        prefix: "m",
        factor: 1e-3,
        from: [99.995e-3, 9.9995e-3, 0.99995e-3],
    },
    Step {
        prefix: "µ",
        factor: 1e-6,
        from: [99.995e-6, 9.9995e-6, 0.99995e-6],
    },
    Step {
        prefix: "n",
        factor: 1e-9,
        from: [99.995e-9, 9.9995e-9, 0.99995e-9],
    },
];

const BINARY: [(&str, i32); 5] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10), ("", 0)];

/// Bits of 0x1.8ffae147ae148, 0x1.3ffbe76c8b439 and 0x1.fff972474538f, the doubles next to 99.995,
/// 9.9995 and 0.99995 but for powers of two.
const MANTISSAS: [(u64, i32); 3] = [
    (0x3ff8_ffae_147a_e148, 6),
    (0x3ff3_ffbe_76c8_b439, 3),
    (0x3fff_ff97_2474_538f, -1),
];

/// Below the smallest prefix, one more decimal from each of these down.
const SMALL: [f64; 8] = [
    9.9995e-1, 9.9995e-2, 9.9995e-3, 9.9995e-4, 9.9995e-5, 9.9995e-6, 9.9995e-7, 9.9995e-8,
];

impl Scale {
    /// The scale in which all values have three digits at least: that of the one next to zero.
    /// `is_binary` takes prefixes of 1024, of which there are none below one.
    pub fn of(values: impl IntoIterator<Item = f64>, is_binary: bool) -> Self {
        let mut least = 0.0;
        for value in values {
            let value = value.abs();
            if value != 0.0 && (least == 0.0 || value < least) {
                least = value;
            }
        }
        if least == 0.0 {
            return Self {
                decimals: 3,
                factor: 1.0,
                prefix: "",
            };
        }
        let fits = |prefix, factor, from: [f64; 3]| {
            let decimals = (1..).zip(from).find(|&(_, from)| least >= from)?.0;
            Some(Self {
                decimals,
                factor,
                prefix,
            })
        };
        let found = match is_binary {
            true => BINARY.iter().find_map(|&(prefix, power)| {
                let from =
                    MANTISSAS.map(|(bits, more)| f64::from_bits(bits) * 2_f64.powi(power + more));
                fits(prefix, 2_f64.powi(power), from)
            }),
            false => DECIMAL
                .iter()
                .find_map(|step| fits(step.prefix, step.factor, step.from)),
        };
        let (prefix, factor) = if is_binary { ("", 1.0) } else { ("n", 1e-9) };
        found.unwrap_or_else(|| {
            let value = least / factor;
            let step = SMALL.iter().position(|&from| value >= from);
            let decimals = 3 + step.unwrap_or(SMALL.len() - 1);
            Self {
                decimals,
                factor,
                prefix,
            }
        })
    }

    /// A value with the prefix.
    pub fn format(&self, value: f64) -> String {
        fixed(value / self.factor, self.decimals) + self.prefix
    }
}
