//! Values and results of a comparison as text.

use super::{Comparison, Interval, Measure, Mode, Nature, Pair, Row, Significance};
use crate::analysis::{NodeId, Nodes, compare_names};
use crate::model::Kind;
use crate::sort::sort_ids;
use crate::unit;

/// Below this, values get decimals.
const COARSE: f64 = 100.0;
/// Rows that the summary names.
const NAMED: usize = 3;

impl Comparison {
    /// Heading of the values, e.g. `per second`; empty for values as they are.
    pub fn per(&self) -> &'static str {
        match self.plan.mode {
            Mode::Absolute => "",
            Mode::Rate => "per second",
            Mode::Share => "share",
            Mode::Operation => "per operation",
        }
    }

    /// The baseline's value.
    pub fn base_text(&self, value: Pair) -> String {
        self.side_text(self.base_of(value))
    }

    /// The other's value.
    pub fn new_text(&self, value: Pair) -> String {
        self.side_text(self.new_of(value))
    }

    /// One side's value, as it is compared.
    pub fn side_text(&self, value: f64) -> String {
        let between = self.plan.mode == Mode::Rate && !self.has_exposure();
        self.text(value, if between { "" } else { self.suffix() })
    }

    /// A difference with its sign.
    pub fn delta_text(&self, delta: f64) -> String {
        let text = match self.plan.mode {
            Mode::Share => format!("{}pp", trimmed(delta * 100.0, 2)),
            _ => self.text(delta, self.suffix()),
        };
        if delta > 0.0 && text != "0" {
            format!("+{text}")
        } else {
            text
        }
    }

    /// A difference as a share of the baseline; in words where one of them has nothing.
    pub fn change_text(&self, value: Pair) -> String {
        match (self.base_of(value), self.new_of(value)) {
            (0.0, 0.0) => String::new(),
            (0.0, _) => "new".to_owned(),
            (_, 0.0) => "gone".to_owned(),
            _ => percent(self.change(value)),
        }
    }

    /// A share of the baseline in percent, with its sign.
    pub fn percent_text(&self, share: f64) -> String {
        percent(share)
    }

    fn has_exposure(&self) -> bool {
        !self.is_plain() || (self.plan.scale.delta - 1.0).abs() < f64::EPSILON
    }

    fn suffix(&self) -> &'static str {
        match self.plan.mode {
            Mode::Absolute | Mode::Share => "",
            Mode::Rate => "/s",
            // Without numbers of operations values are as they are.
            Mode::Operation if self.is_plain() => "",
            Mode::Operation => "/op",
        }
    }

    fn text(&self, value: f64, suffix: &str) -> String {
        if self.plan.mode == Mode::Share {
            return format!("{}%", trimmed(value * 100.0, 2));
        }
        let text = precise(value, &self.unit);
        if text == "0" { text } else { text + suffix }
    }

    pub(super) fn interval_text(&self, interval: Interval) -> String {
        match interval {
            Interval::Relative(low, high) => format!("[{}, {}]", percent(low), percent(high)),
            Interval::Points(low, high) => {
                let points = |share: f64| signed(trimmed(share * 100.0, 2), share);
                format!("[{}, {}]pp", points(low), points(high))
            }
            Interval::Amount(low, high) => {
                format!("[{}, {}]", self.delta_text(low), self.delta_text(high))
            }
        }
    }

    /// What happened, in sentences: all of it first, then the rows that changed most.
    pub fn summary(&self, nodes: &Nodes, row_noun: &str) -> Vec<String> {
        let mut sentences = vec![self.overall()];
        sentences.extend(self.changed(nodes, row_noun));
        sentences.iter().map(|text| typographic(text)).collect()
    }

    fn subject(&self) -> String {
        let what = match (self.kind, self.type_name.as_str()) {
            (Kind::Cpu, "cpu") => "CPU time".to_owned(),
            (Kind::Goroutine, _) => "The number of goroutines".to_owned(),
            (Kind::GoroutineLeak, _) => "The number of leaked goroutines".to_owned(),
            (_, name) => name.to_owned(),
        };
        match self.plan.mode {
            Mode::Rate if self.kind == Kind::Cpu && what == "CPU time" => {
                "CPU per second".to_owned()
            }
            Mode::Rate => format!("{what} per second"),
            Mode::Operation if !self.is_plain() => format!("{what} per operation"),
            _ => what,
        }
    }

    /// CPU time per second is cores.
    pub fn total_text(&self, value: f64) -> String {
        let is_cores =
            self.plan.mode == Mode::Rate && self.kind == Kind::Cpu && unit::is_time(&self.unit);
        if is_cores {
            let (nanos, _) = unit::scaled(unit::to_integer(value.round()), &self.unit, "ns");
            return format!("{:.2} cores", nanos / 1e9);
        }
        self.side_text(value)
    }

    fn overall(&self) -> String {
        let total = self.total.value;
        if self.plan.mode == Mode::Share {
            return "What each of the two is made of, whatever it is in all: both are 100%."
                .to_owned();
        }
        let (base, new) = (
            self.total_text(self.base_of(total)),
            self.total_text(self.new_of(total)),
        );
        let subject = self.subject();
        // The unit once: from 1.93 to 1.20 cores.
        let from = base.strip_suffix(" cores").unwrap_or(&base);
        if self.plan.mode == Mode::Rate && !self.has_exposure() {
            let delta = self.delta_text(self.delta(total));
            let name = &self.type_name;
            let over = super::notes::seconds_text(self.plan.scale.delta);
            return format!("{name} went from {base} to {new} in {over}: {delta}.");
        }
        if base == new {
            return format!("{subject} is the same in both: {new}.");
        }
        let by = match total.base {
            0 => self.delta_text(self.delta(total)),
            _ => percent(self.change(total)),
        };
        let interval = match self.total.verdict.interval {
            Some(interval) => format!(" {}", self.interval_text(interval)),
            None => String::new(),
        };
        let is_chance = self.total.verdict.significance == Significance::Indistinguishable;
        let verb = if self.delta(total) < 0.0 {
            "fell"
        } else {
            "rose"
        };
        let amount = match self.nature {
            Nature::Gauge => format!(" ({})", self.delta_text(self.delta(total))),
            _ => String::new(),
        };
        if is_chance {
            format!(
                "{subject} is {base} in the baseline and {new} here: not distinguishable, {by}{amount}{interval}."
            )
        } else {
            format!("{subject} {verb} from {from} to {new}: {by}{amount}{interval}.")
        }
    }

    fn changed(&self, nodes: &Nodes, noun: &str) -> Option<String> {
        let with_value = self.flat.iter().filter(|row| !row.value.is_zero());
        let all = with_value.clone().count() as u64;
        if all == 0 {
            return None;
        }
        let count = |wanted: Significance| {
            with_value
                .clone()
                .filter(|row| row.verdict.significance == wanted)
                .count() as u64
        };
        let (measured, indicated) = (
            count(Significance::Measured),
            count(Significance::Indicated),
        );
        let changed = self
            .flat
            .iter()
            .filter(|row| self.delta(row.value) != 0.0)
            .count() as u64;
        let lead = match self.verdicts() {
            true => format!(
                "Of {} with a value of their own {measured} changed measurably, {indicated} by indication",
                unit::plural(all, noun)
            ),
            false => format!(
                "Of {} with a value of their own {changed} changed",
                unit::plural(all, noun)
            ),
        };
        let named = self.largest(nodes, measured > 0);
        if named.is_empty() {
            return Some(format!("{lead}."));
        }
        let names = named.iter().map(|row| {
            let name = nodes.printable_text(row.node);
            let change = self.change_text(row.value);
            format!(
                "{name} {} ({change})",
                self.delta_text(self.delta(row.value))
            )
        });
        Some(format!(
            "{lead}; most: {}.",
            names.collect::<Vec<_>>().join(", ")
        ))
    }

    /// Whether rows can be told from chance at all.
    pub fn verdicts(&self) -> bool {
        use super::Evidence as E;
        matches!(self.evidence, E::Ticks | E::Objects | E::Waits)
    }

    /// The rows that differ most by their own value.
    fn largest(&self, nodes: &Nodes, measured: bool) -> Vec<Row> {
        let wanted = |row: &Row| match measured {
            true => row.verdict.significance == Significance::Measured,
            false => !self.verdicts() && self.delta(row.value) != 0.0,
        };
        let order = self.order(nodes, Measure::Flat, Column::Delta, false);
        let rows = order.iter().map(|&row| self.flat[row as usize]);
        rows.filter(wanted).take(NAMED).collect()
    }

    /// Rows of a measure in the order of a column; ties by printable name, whichever way it goes.
    pub fn order(
        &self,
        nodes: &Nodes,
        measure: Measure,
        column: Column,
        ascending: bool,
    ) -> Vec<u32> {
        let rows = self.rows(measure);
        let by_name =
            |a: u32, b: u32| compare_names(nodes, rows[a as usize].node, rows[b as usize].node);
        let key = |row: &Row| match column {
            Column::Name => 0.0,
            Column::Base => self.base_of(row.value).abs(),
            Column::New => self.new_of(row.value).abs(),
            Column::Delta => self.delta(row.value).abs(),
            Column::Change => self.change(row.value),
            // Inside a class the largest difference first.
            Column::Significance => {
                f64::from(row.verdict.significance as u8) * 2.0 + self.effect(row.value).min(1.0)
            }
        };
        let keys: Vec<f64> = rows.iter().map(key).collect();
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        sort_ids(&mut order, &|a, b| {
            let by_value = match column {
                Column::Name => by_name(a, b),
                _ => keys[a as usize].total_cmp(&keys[b as usize]),
            };
            let directed = if ascending {
                by_value
            } else {
                by_value.reverse()
            };
            directed.then_with(|| by_name(a, b))
        });
        order
    }

    /// The row of a node.
    pub fn row_of(&self, measure: Measure, node: NodeId) -> Option<usize> {
        let rows = self.rows(measure);
        rows.binary_search_by_key(&node, |row| row.node).ok()
    }
}

/// Columns that rows can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Printable name.
    Name,
    /// The baseline's value.
    Base,
    /// The other's value.
    New,
    /// The size of the difference.
    Delta,
    /// The difference as a share of the baseline, signed.
    Change,
    /// How sure it is.
    Significance,
}

impl Column {
    /// The column of this key.
    pub fn named(key: &str) -> Option<Self> {
        Some(match key {
            "name" => Self::Name,
            "base" => Self::Base,
            "new" => Self::New,
            "delta" => Self::Delta,
            "change" => Self::Change,
            "significance" => Self::Significance,
            _ => return None,
        })
    }
}

/// A value in the unit that suits it, with decimals where whole units would say too little.
fn precise(value: f64, unit: &str) -> String {
    let whole = unit::to_integer(value.round());
    if value.abs() >= COARSE || (value - value.round()).abs() < 1e-9 {
        return unit::label(whole, unit);
    }
    // What the unit is called when it is printed.
    let one = unit::label(1, unit);
    let name = one.strip_prefix('1').unwrap_or_default();
    let decimals = if value.abs() < 1.0 { 3 } else { 2 };
    match trimmed(value, decimals).as_str() {
        "0" => "0".to_owned(),
        text => format!("{text}{name}"),
    }
}

/// With at most so many decimals, none of them a trailing zero.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

fn signed(text: String, value: f64) -> String {
    if value > 0.0 && text != "0" {
        format!("+{text}")
    } else {
        text
    }
}

/// A share of the baseline in percent, with its sign; from eleven times as much on as a multiple.
fn percent(share: f64) -> String {
    if share >= 10.0 && share.is_finite() {
        let decimals = usize::from(share < 100.0);
        return format!("×{}", trimmed(share + 1.0, decimals));
    }
    let decimals = usize::from(share.abs() < 1.0);
    signed(trimmed(share * 100.0, decimals), share) + "%"
}

/// A minus sign where a number is negative: in a sentence a hyphen is something else.
fn typographic(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_sign = c == '-'
            && matches!(before, ' ' | '[' | '(')
            && rest.peek().is_some_and(char::is_ascii_digit);
        out.push(if is_sign { '−' } else { c });
        before = c;
    }
    out
}
