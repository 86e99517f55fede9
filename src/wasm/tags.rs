//! The verbs of the Tags view.

use std::rc::Rc;

use super::dto::Query;
use super::dto_tags::{TagKeyInfo, TagNumbers, TagOrder, TagRange, TagRow, TagValues, TagsInfo};
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::tags::{
    Bucket, Numbers, TagKey, TagName, TagValue, Tags, TimeKey, Wanted, any_value, exact_text,
    number_range, tags,
};
use crate::model::dump::ID;
use crate::unit;

/// Keys that are listed.
const MAX_KEYS: usize = 200;
/// Values of a key that stand in the list of keys.
const FIRST_VALUES: usize = 8;
/// Bytes of a value that are shown, and that an expression may name: a link has to hold it.
const MAX_TEXT: usize = 2000;

impl Workspace {
    /// The keys of all labels, each with its heaviest values.
    pub fn tags(&mut self, query: &Query) -> Result<TagsInfo, String> {
        let analysis = self.analysis(query)?;
        let shown = Shown::new(&analysis, query);
        let tags = shown.tags();
        let profile = analysis.profile();
        // By their numbers the goroutines of a dump are told apart, nothing else.
        let is_shown = |key: &&TagKey| profile.strings.bytes(key.key) != ID;
        let all = tags.keys.iter().filter(is_shown).count();
        let keys = (0..).zip(&tags.keys).filter(|(_, key)| is_shown(key));
        Ok(TagsInfo {
            type_name: profile.type_name(analysis.sample_type),
            total: shown.value(analysis.selection.total),
            keys: keys
                .take(MAX_KEYS)
                .map(|(at, key)| shown.key(at, key))
                .collect(),
            more: all.saturating_sub(MAX_KEYS) as u32,
        })
    }

    /// Some values of a key, in an order.
    pub fn tag_values(
        &mut self,
        query: &Query,
        key: u32,
        order: &TagOrder,
        start: u32,
        count: u32,
    ) -> Result<TagValues, String> {
        let analysis = self.analysis(query)?;
        let shown = Shown::new(&analysis, query);
        let rows = shown.rows(key, order)?;
        let key = shown.key_at(key)?;
        let asked = rows.iter().skip(start as usize).take(count as usize);
        Ok(TagValues {
            rows: rows.len() as u32,
            values: asked
                .map(|&row| shown.row(key, key.values[row as usize]))
                .collect(),
        })
    }

    /// What lies in some neighbouring buckets of a key's numbers.
    pub fn tag_range(
        &mut self,
        query: &Query,
        key: u32,
        first: u32,
        last: u32,
    ) -> Result<TagRange, String> {
        let analysis = self.analysis(query)?;
        let shown = Shown::new(&analysis, query);
        let key = shown.key_at(key)?;
        let buckets = key.numbers.as_ref().map(|numbers| &numbers.buckets);
        let range = buckets.and_then(|buckets| buckets.get(first as usize..=last as usize));
        let range = range.ok_or("no such range of numbers")?;
        let name = analysis.profile().strings.bytes(key.key);
        let (Some(head), Some(tail)) = (range.first(), range.last()) else {
            return Err("no range of numbers".to_owned());
        };
        let ends = [head.low, tail.high].map(|number| shown.number(key, number));
        let value = sum(range);
        Ok(TagRange {
            name: if ends[0] == ends[1] {
                ends[0].clone()
            } else {
                ends.join(" to ")
            },
            value: shown.value(value),
            pct: analysis.percent(value),
            expression: number_range(name, head.low, tail.high, &key.unit).unwrap_or_default(),
        })
    }
}

/// Σ value of neighbouring buckets.
pub(super) fn sum(buckets: &[Bucket]) -> i64 {
    let values = buckets.iter().map(|bucket| bucket.value);
    values.fold(0, i64::wrapping_add)
}

/// Heights of buckets: magnitudes, as shares of the largest.
pub(super) fn heights(buckets: &[Bucket]) -> Vec<f64> {
    let magnitude = |bucket: &Bucket| bucket.value.unsigned_abs();
    let most = buckets.iter().map(magnitude).max().unwrap_or(0).max(1);
    let height = |bucket: &Bucket| magnitude(bucket) as f64 / most as f64;
    buckets.iter().map(height).collect()
}

/// A text of at most [`MAX_TEXT`] bytes, with a mark where something of it is missing.
fn shortened(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

/// The labels of a query as the view shows them.
struct Shown<'a> {
    analysis: &'a Rc<Analysis>,
    /// Unit of values and numbers; empty for one that suits each.
    unit: &'a str,
}

impl<'a> Shown<'a> {
    fn new(analysis: &'a Rc<Analysis>, query: &'a Query) -> Self {
        Self {
            analysis,
            unit: &query.unit,
        }
    }

    fn tags(&self) -> &'a Tags {
        let analysis = self.analysis;
        let make = || tags(analysis.profile(), analysis.sample_type, self.label_unit());
        analysis.tags.get_or_init(make)
    }

    fn key_at(&self, at: u32) -> Result<&'a TagKey, String> {
        let key = self.tags().keys.get(at as usize);
        key.ok_or_else(|| "no such key of labels".to_owned())
    }

    /// The unit that numbers are printed in, as pprof's option has it.
    fn label_unit(&self) -> &'a str {
        if self.unit.is_empty() {
            "minimum"
        } else {
            self.unit
        }
    }

    fn value(&self, value: i64) -> String {
        unit::label_in(value, &self.analysis.unit_name, self.label_unit())
    }

    /// Rows of a key's values in an order: a list asks for one window of them after another.
    fn rows(&self, at: u32, order: &TagOrder) -> Result<Rc<Vec<u32>>, String> {
        let asked = (at, order.clone());
        if let Some((known, rows)) = &*self.analysis.tag_rows.borrow()
            && *known == asked
        {
            return Ok(Rc::clone(rows));
        }
        let by_name = order.column == "name";
        let wanted = Wanted {
            search: &order.search,
            unit: self.label_unit(),
            by_name,
            // Values begin with the largest, names with A.
            reversed: order.ascending != by_name,
        };
        let rows = Rc::new(self.key_at(at)?.rows(self.analysis.profile(), &wanted));
        *self.analysis.tag_rows.borrow_mut() = Some((asked, Rc::clone(&rows)));
        Ok(rows)
    }

    /// The key's reading as a time, if it is the one that says when samples were taken.
    fn time_of(&self, key: &TagKey) -> Option<&'a TimeKey> {
        let name = self.analysis.profile().strings.bytes(key.key);
        self.tags().time.as_ref().filter(|time| time.key == name)
    }

    fn number(&self, key: &TagKey, number: i64) -> String {
        match self.time_of(key) {
            Some(time) => time.text(number, time.span()),
            None => unit::label_in(number, &key.unit, self.label_unit()),
        }
    }

    fn key(&self, at: u32, key: &TagKey) -> TagKeyInfo {
        let profile = self.analysis.profile();
        let name = profile.strings.bytes(key.key);
        let is_time = self.time_of(key).is_some();
        // Single times say nothing.
        let first = if is_time { 0 } else { FIRST_VALUES };
        let values = key.values.iter().take(first);
        let distinct = key.values.len();
        let unit = key.numbers.as_ref().map(|_| key.unit.as_str());
        let any = any_value(name, key.has_texts(), unit)
            .filter(|any| any.len() <= MAX_TEXT)
            .unwrap_or_default();
        TagKeyInfo {
            at,
            key: shortened(profile.strings.text(key.key).into_owned()),
            kind: match (key.has_texts(), &key.numbers) {
                (true, None) => "texts",
                (true, Some(_)) => "texts and numbers",
                (false, _) => "numbers",
            }
            .to_owned(),
            distinct: distinct as u32,
            distinct_text: unit::plural(distinct as u64, "value"),
            tagged: self.value(key.tagged),
            tagged_pct: self.analysis.percent(key.tagged),
            share: self.analysis.share(key.tagged),
            untagged: (key.untagged != 0).then(|| TagRow {
                name: String::new(),
                value: self.value(key.untagged),
                pct: self.analysis.percent(key.untagged),
                share: self.analysis.share(key.untagged),
                expression: any.clone(),
            }),
            several: key.several,
            time: is_time,
            any,
            numbers: key
                .numbers
                .as_ref()
                .map(|numbers| self.numbers(key, numbers)),
            values: values.map(|&value| self.row(key, value)).collect(),
        }
    }

    fn numbers(&self, key: &TagKey, numbers: &Numbers) -> TagNumbers {
        TagNumbers {
            min: self.number(key, numbers.min),
            median: self.number(key, numbers.median),
            p90: self.number(key, numbers.p90),
            max: self.number(key, numbers.max),
            heights: heights(&numbers.buckets),
        }
    }

    fn row(&self, key: &TagKey, value: TagValue) -> TagRow {
        let profile = self.analysis.profile();
        let name = profile.strings.bytes(key.key);
        let expression = match value.name {
            TagName::Text(id) => Some(profile.strings.bytes(id))
                .filter(|text| text.len() + name.len() <= MAX_TEXT)
                .and_then(|text| exact_text(name, text)),
            TagName::Numbers(first, last) => number_range(name, first, last, &key.unit),
        };
        TagRow {
            name: shortened(value.name.text(profile, &key.unit, self.label_unit())),
            value: self.value(value.value),
            pct: self.analysis.percent(value.value),
            share: self.analysis.share(value.value),
            expression: expression.unwrap_or_default(),
        }
    }
}
