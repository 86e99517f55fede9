//! `-fail-on`: differences that are not to be.

use dropprof::analysis::bench::facts::Place;
use dropprof::analysis::bench::{BenchTable, BenchTables, Better, Delta, Judgement, Verdict};
use dropprof::formats::base_unit;
use dropprof::report::benchstat::delta_text;

/// One condition: `sec/op>+5%`.
struct Condition {
    /// As it was written.
    text: String,
    /// The unit in its base form; `None` for every unit whose better side is known.
    unit: Option<String>,
    /// What is not to be is above the limit; with no unit it is what is to the worse side.
    is_above: bool,
    /// A share: 0.05 is 5 %.
    limit: f64,
}

/// All conditions.
pub(super) struct Gate {
    conditions: Vec<Condition>,
}

/// What a gate finds.
#[derive(Default)]
pub(super) struct Said {
    /// Why it trips, or what to know if it does not.
    pub(super) lines: Vec<String>,
    /// Something is as it is not to be.
    pub(super) trips: bool,
    /// A condition is about nothing that was compared.
    pub(super) is_idle: bool,
}

impl Gate {
    /// Reads conditions between commas; none in an empty text.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let conditions = parts.map(condition).collect::<Result<_, _>>()?;
        Ok(Self { conditions })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Looks at all that is compared. A difference that the samples do not tell is none; it is said
    /// how many of those there are.
    pub(super) fn look(&self, tables: &BenchTables, judged: &[Judgement]) -> Said {
        let mut said = Said::default();
        for condition in &self.conditions {
            let is_meant =
                |judged: &&Judgement| condition.is_about(&tables.tables[judged.place.table]);
            let about: Vec<&Judgement> = judged.iter().filter(is_meant).collect();
            let of = format!("-fail-on={}", condition.text);
            if about.is_empty() {
                said.is_idle = true;
                said.lines.push(format!(
                    "{of}: nothing of this unit is compared, so nothing could be found"
                ));
                continue;
            }
            let mut unknown = 0;
            for judged in &about {
                let table = &tables.tables[judged.place.table];
                match judged.verdict {
                    Verdict::Unknown => unknown += 1,
                    Verdict::Same => {}
                    _ if condition.trips(table, judged) => {
                        said.trips = true;
                        said.lines.push(format!("{of}: {}", line(table, judged)));
                    }
                    _ => {}
                }
            }
            let alone = condition.alone(tables);
            if alone > 0 {
                said.lines.push(format!(
                    "{of}: {alone} more have nothing to be compared with"
                ));
            }
            if unknown > 0 {
                said.lines.push(format!(
                    "{of}: of {} comparisons {unknown} cannot tell; more runs would",
                    about.len()
                ));
            }
        }
        said
    }
}

impl Condition {
    /// Rows that only one column has.
    fn alone(&self, tables: &BenchTables) -> usize {
        let own = tables.tables.iter().filter(|table| self.is_about(table));
        let rows = own.flat_map(|table| &table.rows);
        rows.filter(|row| row.cells.iter().flatten().count() < 2)
            .count()
    }

    fn is_about(&self, table: &BenchTable) -> bool {
        match &self.unit {
            Some(unit) => unit.as_bytes() == table.unit,
            None => table.properties.better != Better::Unknown,
        }
    }

    fn trips(&self, table: &BenchTable, judged: &Judgement) -> bool {
        let Some(change) = change(table, judged.place) else {
            return false;
        };
        let is_above = match (&self.unit, table.properties.better) {
            (None, Better::Higher) => false,
            (None, _) => true,
            (Some(_), _) => self.is_above,
        };
        let limit = match &self.unit {
            None if !is_above => -self.limit,
            _ => self.limit,
        };
        if is_above {
            change > limit
        } else {
            change < limit
        }
    }
}

/// New middle over old, less 1; from 0 without end.
fn change(table: &BenchTable, Place { row, column, .. }: Place) -> Option<f64> {
    let cell = table.rows[row].cells[column].as_ref()?;
    Some(match cell.difference.as_ref()?.delta {
        Delta::Same => 0.0,
        Delta::FromZero => f64::INFINITY.copysign(cell.summary.center),
        Delta::Change(by) => by,
    })
}

/// `Encode-8 sec/op +12.30% in new.txt (p=0.002 n=6+6)`.
fn line(table: &BenchTable, judged: &Judgement) -> String {
    let Place { row, column, .. } = judged.place;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let name = text(table.rows[row].label());
    let (unit, column_name) = (
        text(table.unit.clone()),
        text(table.columns[column].label()),
    );
    let Some(difference) = table.rows[row].cells[column]
        .as_ref()
        .and_then(|cell| cell.difference.as_ref())
    else {
        return name;
    };
    let change = match delta_text(difference).as_str() {
        // What every run says needs no test.
        "~" => match difference.delta {
            Delta::Change(by) => format!("{:+.2}%", by * 100.0),
            _ => "from 0".to_owned(),
        },
        "?" => "from 0".to_owned(),
        other => other.to_owned(),
    };
    let (p, n) = (difference.two_sided, (difference.n_base, difference.n));
    format!(
        "{name} {unit} {change} in {column_name} (p={p:.3} n={}+{})",
        n.0, n.1
    )
}

fn condition(text: &str) -> Result<Condition, String> {
    let wrong =
        || format!("\"{text}\" is no condition of -fail-on: sec/op>+5%, B/s<-5% and *>5% are");
    let at = text.find(['>', '<']).ok_or_else(wrong)?;
    let (unit, rest) = text.split_at(at);
    let (is_above, number) = (rest.starts_with('>'), rest[1..].trim());
    let number = number.strip_suffix('%').ok_or_else(wrong)?.trim();
    let percent: f64 = number.parse().map_err(|_| wrong())?;
    let unit = match unit.trim() {
        "" => return Err(wrong()),
        "*" if !is_above || percent < 0.0 => return Err(wrong()),
        "*" => None,
        // As people know them; the tables have the base units.
        unit => Some(String::from_utf8_lossy(&base_unit(unit.as_bytes())).into_owned()),
    };
    if !percent.is_finite() {
        return Err(wrong());
    }
    Ok(Condition {
        text: text.to_owned(),
        unit,
        is_above,
        limit: percent / 100.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_units_with_a_limit() {
        for (text, unit, is_above, limit) in [
            ("sec/op>+5%", Some("sec/op"), true, 0.05),
            ("ns/op > 5 %", Some("sec/op"), true, 0.05),
            ("B/s<-2.5%", Some("B/s"), false, -0.025),
            ("p99-ns>1%", Some("p99-sec"), true, 0.01),
            ("*>0%", None, true, 0.0),
        ] {
            let read = condition(text).expect("a condition");
            assert_eq!(
                (read.unit.as_deref(), read.is_above),
                (unit, is_above),
                "{text}"
            );
            assert!((read.limit - limit).abs() < 1e-15, "{text}");
        }
        for wrong in [
            "sec/op",
            ">5%",
            "sec/op>5",
            "sec/op>x%",
            "*<5%",
            "sec/op>inf%",
        ] {
            assert!(condition(wrong).is_err(), "{wrong}");
        }
        assert!(Gate::new(" , ").is_ok_and(|gate| gate.is_empty()));
    }
}
