//! Filters by labels, which pprof calls tags.

use std::collections::HashMap;

use super::names::keep_samples;
use super::{FilterError, Filters, Pattern, PatternError};
use crate::analysis::labels::{LabelUnits, is_numeric};
use crate::model::{Label, Profile, StringId};
use crate::unit::{Scale, scaled};

/// `tagfocus` or `tagignore`: `[key=]expressions` or `[key=]range`.
#[derive(Debug)]
pub(super) struct TagFilter {
    key: Option<Vec<u8>>,
    test: Test,
}

#[derive(Debug)]
enum Test {
    /// A numeric label in the range.
    Range { range: Range, units: LabelUnits },
    /// Without a key every expression has to match `key:value` of some label, with a key one of
    /// them a value of it.
    Patterns(Vec<Pattern>),
}

/// The key before the equals sign, and what is asked of its values.
fn parted(text: &str) -> (&str, &str) {
    text.split_once('=').unwrap_or(("", text))
}

/// The key and the range of an expression that has both.
pub(in crate::analysis) fn key_range(text: &str) -> Option<(&str, Range)> {
    let (key, value) = parted(text);
    let range = parse_range(value).ok().flatten()?;
    (!key.is_empty()).then_some((key, range))
}

/// Numbers of a unit, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::analysis) struct Range {
    from: Option<f64>,
    to: Option<f64>,
    unit: String,
}

impl Range {
    /// The ends in numbers of a unit; `None` where no number of it is in the range.
    pub(in crate::analysis) fn ends_in(&self, unit: &str) -> Option<(i64, i64)> {
        Scale::new(unit, &self.unit).value(1, &self.unit)?;
        let (factor, _) = scaled(1, &self.unit, unit);
        let end = |end: Option<f64>, open| end.map_or(open, |end| (end * factor).round() as i64);
        Some((end(self.from, i64::MIN), end(self.to, i64::MAX)))
    }

    fn contains(&self, value: i64, scale: &Scale) -> bool {
        scale.value(value, &self.unit).is_some_and(|value| {
            self.from.is_none_or(|from| value >= from) && self.to.is_none_or(|to| value <= to)
        })
    }
}

impl TagFilter {
    /// `None` for an empty expression. Ranges are remarked upon, as pprof does.
    pub(super) fn new(
        option: &'static str,
        text: &str,
        profile: &Profile,
        remarks: &mut Vec<String>,
    ) -> Result<Option<Self>, FilterError> {
        if text.is_empty() {
            return Ok(None);
        }
        let (key, value) = parted(text);
        let key = (!key.is_empty()).then(|| key.as_bytes().to_vec());
        let offset = text.len() - value.len();
        let failed = |mut error: PatternError, at: usize| {
            error.at += offset + at;
            FilterError { option, error }
        };
        if let Some(range) = parse_range(value).map_err(|error| failed(error, 0))? {
            remarks.push(format!(
                "{option}:Interpreted '{value}' as range, not regexp"
            ));
            let units = LabelUnits::new(profile);
            let test = Test::Range { range, units };
            return Ok(Some(Self { key, test }));
        }
        let mut patterns = Vec::new();
        let mut at = 0;
        for part in value.split(',') {
            patterns.push(Pattern::new(part).map_err(|error| failed(error, at))?);
            at += part.len() + 1;
        }
        let test = Test::Patterns(patterns);
        Ok(Some(Self { key, test }))
    }

    fn wants(&self, key: &[u8]) -> bool {
        self.key.as_ref().is_none_or(|wanted| wanted == key)
    }
}

/// A tag filter at work: labels repeat, so each pair of key and value is matched once.
struct TagMatcher<'a> {
    filter: &'a TagFilter,
    /// Expressions that match, as bits, by key and value.
    known: HashMap<(StringId, StringId), Vec<bool>>,
    /// By key, how its numbers are compared; `None` for a key that is not asked for.
    scales: HashMap<StringId, Option<Scale>>,
}

impl<'a> TagMatcher<'a> {
    fn new(filter: &'a TagFilter) -> Self {
        Self {
            filter,
            known: HashMap::new(),
            scales: HashMap::new(),
        }
    }

    fn is_match(&mut self, profile: &Profile, labels: &[Label]) -> bool {
        match &self.filter.test {
            Test::Range { range, units } => {
                let mut numbers = labels.iter().filter(|label| is_numeric(label));
                let scales = &mut self.scales;
                numbers.any(|label| {
                    let scale = scales.entry(label.key).or_insert_with(|| {
                        let key = profile.strings.bytes(label.key);
                        let unit = String::from_utf8_lossy(units.of(key));
                        let wanted = self.filter.wants(key);
                        wanted.then(|| Scale::new(&unit, &range.unit))
                    });
                    let scale = scale.as_ref();
                    scale.is_some_and(|scale| range.contains(label.num, scale))
                })
            }
            Test::Patterns(patterns) => {
                let mut matched = vec![false; patterns.len()];
                for label in labels.iter().filter(|label| !is_numeric(label)) {
                    for (all, one) in matched.iter_mut().zip(self.label(profile, label, patterns)) {
                        *all |= one;
                    }
                }
                if self.filter.key.is_some() {
                    matched.contains(&true)
                } else {
                    !matched.contains(&false)
                }
            }
        }
    }

    fn label(&mut self, profile: &Profile, label: &Label, patterns: &[Pattern]) -> &[bool] {
        let filter = self.filter;
        self.known.entry((label.key, label.str)).or_insert_with(|| {
            let (key, value) = (
                profile.strings.bytes(label.key),
                profile.strings.bytes(label.str),
            );
            let text = match &filter.key {
                Some(_) => value.to_vec(),
                None => [key, b":", value].concat(),
            };
            let wanted = filter.wants(key);
            let matches = |pattern: &Pattern| wanted && pattern.is_match(&text);
            patterns.iter().map(matches).collect()
        })
    }
}

/// Keeps samples that match `tagfocus` and do not match `tagignore`; says whether each matched
/// any.
pub(super) fn filter_by_tag(profile: &mut Profile, filters: &Filters) -> (bool, bool) {
    if filters.tagfocus.is_none() && filters.tagignore.is_none() {
        return (false, false);
    }
    let mut focus = filters.tagfocus.as_ref().map(TagMatcher::new);
    let mut ignore = filters.tagignore.as_ref().map(TagMatcher::new);
    let mut matched = (false, false);
    let mut keep = Vec::with_capacity(profile.samples.len());
    for i in 0..profile.samples.len() {
        let labels = profile.samples.labels(i);
        let focused = focus.as_mut().is_none_or(|m| m.is_match(profile, labels));
        let ignored = ignore.as_mut().is_some_and(|m| m.is_match(profile, labels));
        matched = (matched.0 || focused, matched.1 || ignored);
        keep.push(focused && !ignored);
    }
    keep_samples(profile, |sample, _| keep[sample]);
    matched
}

/// Removes the labels whose key does not match `tagshow` or matches `taghide`; says whether each
/// matched any.
pub(super) fn filter_labels(profile: &mut Profile, filters: &Filters) -> (bool, bool) {
    let (show, hide) = (&filters.tagshow, &filters.taghide);
    if show.is_none() && hide.is_none() {
        return (false, false);
    }
    let mut matched = (false, false);
    let mut known: HashMap<StringId, bool> = HashMap::new();
    let strings = &profile.strings;
    let mut keeps = |key: StringId| {
        *known.entry(key).or_insert_with(|| {
            let key = strings.bytes(key);
            let shown = show.as_ref().is_none_or(|pattern| pattern.is_match(key));
            let hidden = hide.as_ref().is_some_and(|pattern| pattern.is_match(key));
            matched = (matched.0 || shown, matched.1 || hidden);
            shown && !hidden
        })
    };
    let samples = &mut profile.samples;
    let mut labels = Vec::new();
    let mut ends = Vec::with_capacity(samples.label_ends.len());
    for i in 0..samples.label_ends.len() {
        labels.extend(samples.labels(i).iter().filter(|label| keeps(label.key)));
        ends.push(labels.len() as u32);
    }
    (samples.labels, samples.label_ends) = (labels, ends);
    profile.base_samples.take();
    matched
}

/// Reads `32kb`, `:64kb`, `4mb:` and `12kb:64mb`; `None` for what is an expression.
pub(super) fn parse_range(text: &str) -> Result<Option<Range>, PatternError> {
    let Some(first) = Number::find(text, 0) else {
        return Ok(None);
    };
    let second = Number::find(text, first.end);
    let (value, unit) = {
        let number = first.value(text)?;
        scaled(number, first.unit, first.unit)
    };
    let Some(second) = second else {
        let (from, to) = match (&text[..first.start], &text[first.end..]) {
            ("", "") => (Some(value), Some(value)),
            ("", ":") => (Some(value), None),
            (":", "") => (None, Some(value)),
            _ => return Ok(None),
        };
        return Ok(Some(Range { from, to, unit }));
    };
    let is_range =
        first.start == 0 && second.end == text.len() && &text[first.end..second.start] == ":";
    if !is_range {
        return Ok(None);
    }
    let (to, to_unit) = scaled(second.value(text)?, second.unit, &unit);
    Ok((unit == to_unit).then_some(Range {
        from: Some(value),
        to: Some(to),
        unit,
    }))
}

/// A whole number with an optional sign and unit inside a text.
struct Number<'a> {
    start: usize,
    end: usize,
    digits: &'a str,
    unit: &'a str,
}

impl<'a> Number<'a> {
    /// The first one at or behind `from`.
    fn find(text: &'a str, from: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let run = |at: usize, wanted: fn(&u8) -> bool| {
            at + bytes[at..].iter().take_while(|b| wanted(b)).count()
        };
        let first = from + bytes[from..].iter().position(u8::is_ascii_digit)?;
        let signed = first > from && matches!(bytes[first - 1], b'+' | b'-');
        let start = first - usize::from(signed);
        let digits_end = run(first, u8::is_ascii_digit);
        let end = run(digits_end, u8::is_ascii_alphabetic);
        Some(Self {
            start,
            end,
            digits: &text[start..digits_end],
            unit: &text[digits_end..end],
        })
    }

    fn value(&self, text: &str) -> Result<i64, PatternError> {
        self.digits.parse().map_err(|_| PatternError {
            reason: format!("number out of range: `{}`", &text[self.start..self.end]),
            at: self.start,
        })
    }
}
