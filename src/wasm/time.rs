//! The strip of time over the views: what samples have over time, or the profiles of one process.

use std::rc::Rc;

use super::dto::{FileInfo, Query, Step};
use super::dto_tags::{TagRange, TimeSlot, TimeStrip};
use super::filtered::{able, filter};
use super::tags::{heights, sum};
use super::workspace::{Loaded, SessionFile, Workspace};
use crate::analysis::merge::{Common, Header, MergeRules, Merger};
use crate::analysis::tags::{Bucket, TimeKey, Timeline, clock, number_range, time_key, timeline};
use crate::analysis::{Selection, is_snapshot};
use crate::error::Diagnostic;
use crate::formats::{Opened, OpenedProfile};
use crate::model::Profile;
use crate::unit;

/// Slices that a strip has at most: more than a screen has pixels.
const MAX_SLICES: u32 = 8192;
/// Files of a process that are shown.
const MAX_FILES: usize = 1000;
/// Nanoseconds; times within it are told by their seconds.
const HOUR: i64 = 3_600_000_000_000;

/// The strip that was asked for last: a pointer that moves over it asks again and again.
#[derive(Debug, Default)]
pub(super) struct Strip {
    pub(super) last: Option<(Query, u32, Rc<Times>)>,
    /// That of files, by their ids, whichever of them is shown.
    pub(super) files: Option<(Query, Vec<u32>, Rc<Moments>)>,
}

/// A file's samples over time.
#[derive(Debug)]
pub(super) struct Times {
    key: TimeKey,
    line: Timeline,
    total: i64,
    unit_name: String,
}

/// The files of a process, by time.
#[derive(Debug, Default)]
pub(super) struct Moments {
    all: Vec<Moment>,
    /// Without some of the steps.
    is_without: bool,
}

/// A file of a process at its time.
#[derive(Debug)]
struct Moment {
    file: u32,
    loaded: Rc<Loaded>,
    time: i64,
    duration: i64,
    /// What the steps leave of it, but for one of a range of time.
    value: i64,
    /// All of it.
    total: i64,
}

impl Workspace {
    /// What is shown over time, in at most `slices` slices where samples bear times. Nothing where
    /// neither they nor the files of the session tell any.
    pub fn time_strip(&mut self, query: &Query, slices: u32) -> Result<TimeStrip, String> {
        if let Some(times) = self.times(query, slices)? {
            return Ok(times.strip(query));
        }
        let moments = self.moments(query)?;
        if moments.all.len() < 2 {
            return Ok(TimeStrip::default());
        }
        let mut strip = strip_of(&moments);
        let shown = self.file(query.file);
        let parts = shown.map_or(&[][..], |file| &file.info.parts);
        let place = |file: &u32| moments.all.iter().position(|moment| moment.file == *file);
        let places: Vec<usize> = parts.iter().filter_map(place).collect();
        let ends = places.iter().min().zip(places.iter().max());
        strip.chosen = ends.map_or_else(Vec::new, |(&a, &b)| vec![a as u32, b as u32]);
        Ok(strip)
    }

    /// What some neighbouring slots of [`Self::time_strip`] have.
    pub fn time_range(
        &mut self,
        query: &Query,
        slices: u32,
        first: u32,
        last: u32,
    ) -> Result<TagRange, String> {
        let range = first as usize..=last as usize;
        if let Some(times) = self.times(query, slices)? {
            let slices = times.line.slices.get(range);
            return slices
                .and_then(|slices| times.range(slices))
                .ok_or_else(|| "no such time".to_owned());
        }
        let moments = self.moments(query)?;
        let all = sum_of(&moments.all, |moment| moment.total);
        let chosen = moments.all.get(range).unwrap_or_default();
        range_of(chosen, all, query).ok_or_else(|| "no such files".to_owned())
    }

    /// Adds the sum of some files of one process to the session. The error is a sentence: fewer
    /// than two files, files that cannot be added up, or a sum that is too large.
    pub fn merge_files(&mut self, files: &[u32]) -> Result<FileInfo, String> {
        let loaded: Result<Vec<Rc<Loaded>>, String> =
            files.iter().map(|&id| self.loaded(id).cloned()).collect();
        let loaded = loaded?;
        let (Some(first), Some(last)) = (loaded.first(), loaded.last()) else {
            return Err("no files to merge".to_owned());
        };
        if loaded.len() < 2 {
            return Err("merging takes two files or more".to_owned());
        }
        let rules = MergeRules::CORRECTED;
        let headers: Vec<Header> = loaded
            .iter()
            .map(|file| Header::of(&file.profile))
            .collect();
        let common = Common::of(&headers, rules)?;
        let mut diagnostics = common.remarks().to_vec();
        let mut merger = Merger::new(rules);
        for file in &loaded {
            let mut profile = (*file.profile).clone();
            diagnostics.extend(common.conform(&mut profile)?);
            merger.add(&profile)?;
        }
        let merged = merger.finish()?;
        diagnostics.extend(merged.diagnostics);
        let names: Vec<&str> = loaded.iter().map(|file| short(&file.name)).collect();
        diagnostics.push(Diagnostic::note(format!(
            "The sum of {}.",
            names.join(", ")
        )));
        let name = format!("merged: {} … {}", short(&first.name), short(&last.name));
        let kind = first.kind;
        let opened = Opened {
            name,
            size: 0,
            raw_size: 0,
            containers: Vec::new(),
            result: Ok(OpenedProfile {
                kind,
                profile: merged.profile,
                diagnostics,
            }),
        };
        Ok(self.add_sum(opened, files))
    }

    /// A file's samples over time: all that the other filters leave. `None` where they bear no time.
    fn times(&mut self, query: &Query, slices: u32) -> Result<Option<Rc<Times>>, String> {
        let slices = slices.clamp(1, MAX_SLICES);
        let loaded = Rc::clone(self.loaded(query.file)?);
        if !self.is_timed(query.file) {
            return Ok(None);
        }
        if let Some((known, count, times)) = &self.strip.last
            && *count == slices
            && *known == untimed(query, &times.key).0
        {
            return Ok(Some(Rc::clone(times)));
        }
        let Some(key) = time_key(&loaded.profile) else {
            return Ok(None);
        };
        self.loaded_with_type(query)?;
        let sample_type = query.sample as usize;
        let plain = untimed(query, &key).0;
        let filtered = self.cache.filtered(&loaded, &plain)?;
        let times = Rc::new(Times {
            line: timeline(&filtered.profile, &key, sample_type, slices),
            key,
            total: Selection::total_of(&loaded.profile, sample_type).0,
            unit_name: loaded.profile.unit_name(sample_type),
        });
        self.strip.last = Some((plain, slices, Rc::clone(&times)));
        Ok(Some(times))
    }

    fn is_timed(&self, file: u32) -> bool {
        self.file(file).is_some_and(|known| known.info.timed)
    }

    /// The files of the process that the query's file is of, by time.
    fn moments(&mut self, query: &Query) -> Result<Rc<Moments>, String> {
        self.loaded_with_type(query)?;
        let own = self.file(query.file);
        let process = own.map_or("", |file| file.info.process.as_str());
        if process.is_empty() {
            return Ok(Rc::default());
        }
        let is_part =
            |file: &&SessionFile| file.info.process == process && file.info.parts.is_empty();
        let same = self.all_files().iter().filter(is_part);
        let readable = same.filter_map(|file| {
            let loaded = Rc::clone(file.loaded.as_ref()?);
            // Those of one process have the same types, unless a file says otherwise.
            let has_type = (query.sample as usize) < loaded.profile.sample_types.len();
            has_type.then_some((file.info.id, loaded))
        });
        let files: Vec<(u32, Rc<Loaded>)> = readable.take(MAX_FILES).collect();
        let ids: Vec<u32> = files.iter().map(|(id, _)| *id).collect();
        // Nothing else of a query leaves samples out.
        let asked = Query {
            sample: query.sample,
            unit: query.unit.clone(),
            main: query.main.clone(),
            steps: query.steps.clone(),
            ..Query::default()
        };
        if let Some((known, of, moments)) = &self.strip.files
            && (known, of) == (&asked, &ids)
        {
            return Ok(Rc::clone(moments));
        }
        let moments = Rc::new(moments_of(&files, all_untimed(&asked, &files))?);
        self.strip.files = Some((asked, ids, Rc::clone(&moments)));
        Ok(moments)
    }
}

/// What the steps leave of each file. Files stand beside each other to be compared: a step that one of
/// them cannot take, as places of a call tree are of one file, is left aside for all.
fn moments_of(files: &[(u32, Rc<Loaded>)], mut query: Query) -> Result<Moments, String> {
    let asked = query.steps.len();
    let mut all = loop {
        let moments = files.iter().map(|(file, loaded)| {
            let made = moment(*file, loaded, &query);
            made.map_err(|reason| (loaded, reason))
        });
        match moments.collect::<Result<Vec<Moment>, _>>() {
            Ok(all) => break all,
            Err((loaded, reason)) => {
                let name = short(&loaded.name);
                query = able(loaded, &query).ok_or_else(|| format!("{name}: {reason}"))?;
            }
        }
    };
    all.sort_by_key(|moment| (moment.time, moment.file));
    Ok(Moments {
        all,
        is_without: query.steps.len() < asked,
    })
}

/// The query without filters of time, by the key of whichever of the files has times.
fn all_untimed(query: &Query, files: &[(u32, Rc<Loaded>)]) -> Query {
    if !query.steps.iter().any(|step| step.kind == "tagfocus") {
        return query.clone();
    }
    let keys = files.iter();
    let keys = keys.filter_map(|(_, loaded)| time_key(&loaded.profile));
    keys.fold(query.clone(), |plain, key| untimed(&plain, &key).0)
}

fn moment(file: u32, loaded: &Rc<Loaded>, query: &Query) -> Result<Moment, String> {
    let sample_type = query.sample as usize;
    let total_of = |profile: &Profile| Selection::total_of(profile, sample_type).0;
    let profile = &loaded.profile;
    let total = total_of(profile);
    let value = if query.steps.is_empty() {
        total
    } else {
        total_of(&filter(loaded, query)?.profile)
    };
    Ok(Moment {
        file,
        time: profile.time_nanos,
        duration: profile.duration_nanos.max(0),
        value,
        total,
        loaded: Rc::clone(loaded),
    })
}

/// The end of a path.
fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The query without its filter of time, and what that leaves, if it has one.
fn untimed(query: &Query, key: &TimeKey) -> (Query, Option<(i64, i64)>) {
    let mut plain = Query {
        base: None,
        ..query.clone()
    };
    let of_time = |step: &Step| (step.kind == "tagfocus").then(|| key.range_of(&step.text))?;
    let range = query.steps.iter().find_map(of_time);
    plain.steps.retain(|step| of_time(step).is_none());
    (plain, range)
}

impl Times {
    fn strip(&self, query: &Query) -> TimeStrip {
        let slices = &self.line.slices;
        let count = slices.len() as f64;
        let slots = heights(slices).into_iter().enumerate();
        let span = self.key.span();
        let unlabelled = match self.line.untimed {
            0 => String::new(),
            value => format!(
                "; {} ({}) is in samples without a time",
                unit::label(value, &self.unit_name),
                unit::percent(value, self.total)
            ),
        };
        let key = String::from_utf8_lossy(&self.key.key);
        let clock = if self.key.epoch { ", in UTC" } else { "" };
        TimeStrip {
            source: "labels".to_owned(),
            about: format!("When samples were taken, by their label {key}{clock}{unlabelled}"),
            start: self.key.text(self.key.first, span),
            end: self.key.text(self.key.last, span),
            slots: slots
                .map(|(at, height)| TimeSlot {
                    left: at as f64 / count,
                    width: 1.0 / count,
                    height,
                    file: 0,
                })
                .collect(),
            chosen: untimed(query, &self.key)
                .1
                .and_then(|range| chosen(slices, range))
                .unwrap_or_default(),
            unmergeable: String::new(),
        }
    }

    fn range(&self, slices: &[Bucket]) -> Option<TagRange> {
        let (first, last) = slices.first().zip(slices.last())?;
        let value = sum(slices);
        let length = self.key.nanos_of(last.high.saturating_sub(first.low));
        let ends = [first.low, last.high].map(|time| self.key.text(time, self.key.span()));
        let range = number_range(&self.key.key, first.low, last.high, &self.key.unit);
        Some(TagRange {
            name: format!("{} to {} ({})", ends[0], ends[1], unit::label(length, "ns")),
            value: unit::label(value, &self.unit_name),
            pct: unit::percent(value, self.total),
            expression: range.unwrap_or_default(),
        })
    }
}

/// The first and the last slice that reach into a range.
fn chosen(slices: &[Bucket], (low, high): (i64, i64)) -> Option<Vec<u32>> {
    let first = slices.iter().position(|slice| slice.high >= low)?;
    let last = slices.iter().rposition(|slice| slice.low <= high)?;
    (first <= last).then(|| vec![first as u32, last as u32])
}

fn sum_of(moments: &[Moment], of: impl Fn(&Moment) -> i64) -> i64 {
    moments.iter().map(of).fold(0, i64::wrapping_add)
}

/// Begin and end of some files, ns since 1970.
fn extent(moments: &[Moment]) -> (i64, i64) {
    let start = moments.iter().map(|moment| moment.time).min();
    let end = moments
        .iter()
        .map(|moment| moment.time.saturating_add(moment.duration))
        .max();
    (start.unwrap_or(0), end.unwrap_or(0))
}

fn strip_of(moments: &Moments) -> TimeStrip {
    let without = if moments.is_without {
        "; without steps that not all of them can take"
    } else {
        ""
    };
    let moments = &moments.all;
    let (start, end) = extent(moments);
    let span = end.saturating_sub(start).max(1);
    let share = |nanos: i64| unit::share(nanos, span);
    let most = moments.iter().map(|moment| moment.value).max().unwrap_or(0);
    let slot = |moment: &Moment| TimeSlot {
        left: share(moment.time.saturating_sub(start)),
        width: share(moment.duration),
        height: unit::share(moment.value, most),
        file: moment.file,
    };
    let is_moment = |moment: &Moment| is_snapshot(&moment.loaded.profile);
    TimeStrip {
        source: "files".to_owned(),
        about: format!(
            "{} of one program, by the time they began, in UTC{without}",
            unit::plural(moments.len() as u64, "profile")
        ),
        start: clock(start, span),
        end: clock(end, span),
        slots: moments.iter().map(slot).collect(),
        chosen: Vec::new(),
        unmergeable: if moments.iter().any(is_moment) {
            "These profiles tell what there is at a moment, or was since the start: sums of them mean nothing"
                .to_owned()
        } else {
            String::new()
        },
    }
}

fn range_of(moments: &[Moment], all: i64, query: &Query) -> Option<TagRange> {
    let first = moments.first()?;
    let (start, end) = extent(moments);
    let span = end.saturating_sub(start);
    let what = match moments {
        [one] => short(&one.loaded.name).to_owned(),
        several => unit::plural(several.len() as u64, "profile"),
    };
    let value = sum_of(moments, |moment| moment.value);
    let unit_name = first.loaded.profile.unit_name(query.sample as usize);
    let when = if span == 0 {
        clock(start, HOUR)
    } else {
        format!("{} to {}", clock(start, span), clock(end, span))
    };
    Some(TagRange {
        name: format!("{what}, {when}"),
        value: unit::label(value, &unit_name),
        pct: unit::percent(value, all),
        expression: String::new(),
    })
}
