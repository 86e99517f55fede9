//! What profiles have in common: sample types by name, and one unit for each.

use std::collections::{HashMap, HashSet};

use super::MergeRules;
use super::scale;
use crate::error::Diagnostic;
use crate::model::{Profile, StringId, ValueType};
use crate::unit;

/// Name and unit.
type Type = (Vec<u8>, Vec<u8>);

/// What is to be known of a profile before it can be merged with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    types: Vec<Type>,
    /// What the period counts; both empty when the profile does not say.
    period: Type,
}

impl Header {
    /// Of one profile.
    pub fn of(profile: &Profile) -> Self {
        let text = |id: StringId| profile.strings.bytes(id).to_vec();
        let both = |of: &ValueType| (text(of.kind), text(of.unit));
        Self {
            types: profile.sample_types.iter().map(both).collect(),
            period: profile.period_type.as_ref().map(both).unwrap_or_default(),
        }
    }

    /// Why profiles with these headers cannot be summed, in pprof's words.
    pub(super) fn check_same(&self, other: &Self, rules: MergeRules) -> Result<(), String> {
        let is_unknown = self.has_no_period() || other.has_no_period();
        if self.period != other.period && (rules.exact || !is_unknown) {
            return Err(format!(
                "incompatible period types &{} and &{}",
                shown(&self.period),
                shown(&other.period)
            ));
        }
        if self.types != other.types {
            return Err(format!(
                "incompatible sample types {} and {}",
                list(&self.types),
                list(&other.types)
            ));
        }
        Ok(())
    }

    pub(super) fn has_no_period(&self) -> bool {
        self.period == Type::default()
    }

    /// A sample type's name, and how many of the same name stand before it.
    fn names(&self) -> Vec<(&[u8], usize)> {
        let mut seen: HashMap<&[u8], usize> = HashMap::new();
        let mut names = Vec::with_capacity(self.types.len());
        for (kind, _) in &self.types {
            let nth = seen.entry(kind).or_default();
            names.push((kind.as_slice(), *nth));
            *nth += 1;
        }
        names
    }
}

/// A type as Go prints it, with two fields that are nothing to a person.
fn shown((kind, unit): &Type) -> String {
    let text = String::from_utf8_lossy;
    format!("{{{} {} 0 0}}", text(kind), text(unit))
}

/// pprof prints addresses here, which says nothing.
fn list(types: &[Type]) -> String {
    let text = String::from_utf8_lossy;
    let names = types
        .iter()
        .map(|(k, u)| format!("{}/{}", text(k), text(u)));
    format!("[{}]", names.collect::<Vec<_>>().join(" "))
}

/// What all profiles of a group have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    rules: MergeRules,
    /// Sample types, in the first profile's order: name, and how many of that name come before.
    types: Vec<(Vec<u8>, usize)>,
    /// Their units; nothing is converted where there is only one profile.
    units: Vec<Option<Vec<u8>>>,
    period_unit: Option<Vec<u8>>,
    remarks: Vec<Diagnostic>,
}

impl Common {
    /// Of profiles with these headers, of which there is one at least. The error is pprof's
    /// sentence.
    pub fn of(headers: &[Header], rules: MergeRules) -> Result<Self, String> {
        let mut remarks = Vec::new();
        let types = if rules.exact {
            types_by_name(headers)?
        } else {
            types_by_place(headers, &mut remarks)?
        };
        let periods = headers.iter().filter(|h| rules.exact || !h.has_no_period());
        let periods: Vec<&Type> = periods.map(|h| &h.period).collect();
        if periods.len() < headers.len() && !periods.is_empty() {
            remarks.push(Diagnostic::note(
                "Some of the profiles do not say what their period counts; pprof would not merge \
                 them with the others.",
            ));
        }
        let period_unit = finest(&periods).map_err(|why| format!("period type: {why}"))?;
        let mut units = Vec::with_capacity(types.len());
        for wanted in &types {
            let of_all: Vec<&Type> = headers.iter().filter_map(|h| find(h, wanted)).collect();
            units.push(finest(&of_all).map_err(|why| format!("sample types: {why}"))?);
        }
        Ok(Self {
            rules,
            types,
            units,
            period_unit,
            remarks,
        })
    }

    /// Where this is not what pprof would do.
    pub fn remarks(&self) -> &[Diagnostic] {
        &self.remarks
    }

    /// Brings one of the profiles to the common types and units, as pprof does before it merges.
    pub fn conform(&self, profile: &mut Profile) -> Result<Vec<Diagnostic>, String> {
        self.choose_types(profile)?;
        self.choose_units(profile)
    }

    /// Drops the columns of other types and brings the rest to the common order. Where that
    /// changes anything, a default that is not among them gives way to the first one.
    fn choose_types(&self, profile: &mut Profile) -> Result<(), String> {
        let header = Header::of(profile);
        let names = header.names();
        let mut columns = Vec::with_capacity(self.types.len());
        for (name, nth) in &self.types {
            let found = names.iter().position(|known| *known == (name, *nth));
            columns.push(found.ok_or_else(|| not_found(name))?);
        }
        let is_same = columns.iter().copied().eq(0..names.len());
        let Some(&first) = columns.first().filter(|_| !is_same) else {
            return Ok(());
        };
        let default = profile.strings.bytes(profile.default_sample_type);
        if !self.types.iter().any(|(name, _)| name == default) {
            profile.default_sample_type = profile.sample_types[first].kind;
        }
        let rows = profile.samples.values.chunks_exact(names.len());
        let values = rows.flat_map(|row| columns.iter().map(|&column| row[column]));
        profile.samples.values = values.collect();
        let types = columns.iter().map(|&column| profile.sample_types[column]);
        profile.sample_types = types.collect();
        Ok(())
    }

    fn choose_units(&self, profile: &mut Profile) -> Result<Vec<Diagnostic>, String> {
        let mut ratios = vec![1.0; self.units.len()];
        for (t, wanted) in self.units.iter().enumerate() {
            if let Some(wanted) = wanted {
                let from = profile.sample_types[t].unit;
                ratios[t] = factor(profile.strings.bytes(from), wanted);
                profile.sample_types[t].unit = string(profile, from, wanted)?;
            }
        }
        if let (Some(wanted), Some(mut period_type)) = (&self.period_unit, profile.period_type) {
            let from = profile.strings.text(period_type.unit);
            let (period, _) = unit::scaled(profile.period, &from, &String::from_utf8_lossy(wanted));
            profile.period = unit::to_integer(period);
            period_type.unit = string(profile, period_type.unit, wanted)?;
            profile.period_type = Some(period_type);
        }
        Ok(scale::scale_types(profile, &ratios, self.rules))
    }
}

fn not_found(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    format!("{name:?} sample type is not found in profile")
}

/// A row for `text`: that of `known` where it is the same.
fn string(profile: &mut Profile, known: StringId, text: &[u8]) -> Result<StringId, String> {
    if profile.strings.bytes(known) == text {
        return Ok(known);
    }
    let id = profile.strings.push(text);
    id.ok_or_else(|| super::tables::TOO_LARGE.to_owned())
}

fn find<'a>(header: &'a Header, (name, nth): &(Vec<u8>, usize)) -> Option<&'a Type> {
    header
        .types
        .iter()
        .filter(|(kind, _)| kind == name)
        .nth(*nth)
}

const NOTHING_COMMON: &str = "profiles have empty common sample type list";

/// pprof counts how often a name occurs, and takes it for common where that is as often as there
/// are profiles.
fn types_by_name(headers: &[Header]) -> Result<Vec<(Vec<u8>, usize)>, String> {
    let mut times: HashMap<&[u8], usize> = HashMap::new();
    for (kind, _) in headers.iter().flat_map(|h| &h.types) {
        *times.entry(kind).or_default() += 1;
    }
    let first = headers.first().map_or(&[][..], |h| &h.types);
    let is_common = |kind: &&Vec<u8>| times.get(kind.as_slice()) == Some(&headers.len());
    let common: Vec<&Vec<u8>> = first
        .iter()
        .map(|(kind, _)| kind)
        .filter(is_common)
        .collect();
    if common.is_empty() {
        return Err(NOTHING_COMMON.to_owned());
    }
    for header in headers {
        let kinds: HashSet<&Vec<u8>> = header.types.iter().map(|(kind, _)| kind).collect();
        let is_missing = |name: &&&Vec<u8>| !kinds.contains(**name);
        if let Some(missing) = common.iter().find(is_missing) {
            return Err(not_found(missing));
        }
    }
    Ok(common.into_iter().map(|kind| (kind.clone(), 0)).collect())
}

/// The first of a name goes with the first of that name in the other profiles, and so on.
fn types_by_place(
    headers: &[Header],
    remarks: &mut Vec<Diagnostic>,
) -> Result<Vec<(Vec<u8>, usize)>, String> {
    let Some((first, others)) = headers.split_first() else {
        return Err(NOTHING_COMMON.to_owned());
    };
    let names: Vec<HashSet<_>> = others
        .iter()
        .map(|h| h.names().into_iter().collect())
        .collect();
    let is_common = |name: &(&[u8], usize)| names.iter().all(|names| names.contains(name));
    let common: Vec<_> = first.names().into_iter().filter(is_common).collect();
    if common.is_empty() {
        return Err(NOTHING_COMMON.to_owned());
    }
    if common.iter().any(|&(_, nth)| nth > 0) {
        remarks.push(Diagnostic::note(
            "Several sample types have the same name; pprof would leave them out.",
        ));
    }
    let owned = |(name, nth): (&[u8], usize)| (name.to_vec(), nth);
    Ok(common.into_iter().map(owned).collect())
}

/// The finest unit of compatible types; `None` where there is nothing to compare.
fn finest(types: &[&Type]) -> Result<Option<Vec<u8>>, String> {
    let Some((&first, others)) = types.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return Ok(None);
    };
    let mut finest = first;
    for &other in others {
        if !is_compatible(finest, other) {
            return Err(format!(
                "incompatible types: {} {}",
                shown(finest),
                shown(other)
            ));
        }
        if factor(&other.1, &finest.1) < 1.0 {
            finest = other;
        }
    }
    Ok(Some(finest.1.clone()))
}

/// The same but for a plural s, and units that can be converted.
fn is_compatible(a: &Type, b: &Type) -> bool {
    let singular = |name: &[u8]| name.strip_suffix(b"s").unwrap_or(name).to_vec();
    let text = String::from_utf8_lossy;
    singular(&a.0) == singular(&b.0)
        && (a.1 == b.1 || unit::is_convertible(&text(&a.1), &text(&b.1)))
}

/// How many of unit `to` are one of unit `from`.
fn factor(from: &[u8], to: &[u8]) -> f64 {
    let text = String::from_utf8_lossy;
    unit::scaled(1, &text(from), &text(to)).0
}
