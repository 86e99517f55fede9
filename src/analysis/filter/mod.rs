//! pprof's filters: what is left of a profile under `focus`, `ignore`, `hide`, `show`,
//! `show_from`, `tagfocus`, `tagignore`, `tagshow`, `taghide` and `prune_from`, in that order.
//!
//! Filters look at locations as the file has them, with all inlined lines, file names and
//! binaries, whatever the granularity of the report. The result is a profile of its own that
//! shares the large tables with the original; nothing is parsed again, and rows keep their ids:
//! stack `i` of the result is what is left of stack `i`.

mod hide;
mod missing_mapping;
mod names;
mod own;
mod pattern;
mod steps;
mod tag_frames;
mod tags;

pub use missing_mapping::add_missing_mapping;
pub(super) use names::keep_samples;
pub use own::keep_functions;
pub use pattern::{Pattern, PatternError};
pub use steps::{
    Applied, Kind as StepKind, Place, Step, StepError, apply_steps, frame_keys, step_errors,
};
use tag_frames::MAX_FRAMES;
pub use tag_frames::{TagNames, add_tag_frames};

use super::Options;
use crate::model::Profile;
use tags::TagFilter;
pub(super) use tags::key_range;

/// The filters of [`Options`], compiled.
#[derive(Debug, Default)]
pub struct Filters {
    focus: Option<Pattern>,
    ignore: Option<Pattern>,
    hide: Option<Pattern>,
    show: Option<Pattern>,
    show_from: Option<Pattern>,
    tagfocus: Option<TagFilter>,
    tagignore: Option<TagFilter>,
    tagshow: Option<Pattern>,
    taghide: Option<Pattern>,
    prune_from: Option<Pattern>,
    remarks: Vec<String>,
}

/// An option whose value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Name of the option.
    pub option: &'static str,
    /// What is wrong with its expression.
    pub error: PatternError,
}

impl std::fmt::Display for FilterError {
    /// pprof's wording: `parsing focus regexp: error parsing regexp: missing closing ): ...`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "parsing {} regexp: {}", self.option, self.error)
    }
}

impl std::error::Error for FilterError {}

impl Filters {
    /// Compiles the filters that are given. The first bad one is the error, in pprof's order.
    /// `profile` tells the units of numeric labels.
    pub fn new(options: &Options, profile: &Profile) -> Result<Self, FilterError> {
        let mut filters = Self {
            focus: pattern("focus", &options.focus)?,
            ignore: pattern("ignore", &options.ignore)?,
            hide: pattern("hide", &options.hide)?,
            show: pattern("show", &options.show)?,
            show_from: pattern("show_from", &options.show_from)?,
            ..Self::default()
        };
        let mut remarks = Vec::new();
        filters.tagfocus = TagFilter::new("tagfocus", &options.tagfocus, profile, &mut remarks)?;
        filters.tagignore = TagFilter::new("tagignore", &options.tagignore, profile, &mut remarks)?;
        filters.prune_from = pattern("prune_from", &options.prune_from)?;
        filters.tagshow = pattern("tagshow", &options.tagshow)?;
        filters.taghide = pattern("taghide", &options.taghide)?;
        filters.remarks = remarks;
        Ok(filters)
    }

    /// True when lines of locations may go, not only samples.
    pub fn change_locations(&self) -> bool {
        let some = [&self.hide, &self.show, &self.show_from, &self.prune_from];
        some.iter().any(|filter| filter.is_some())
    }

    /// What is left of `profile`; and pprof's remarks: how an expression was understood, and which
    /// ones matched nothing.
    pub fn apply(&self, profile: &mut Profile) -> Vec<String> {
        let mut remarks = self.remarks.clone();
        let mut warn = |given: bool, matched: bool, option: &str| {
            if given && !matched {
                remarks.push(format!("{option} expression matched no samples"));
            }
        };
        let by_name = names::filter_by_name(profile, self);
        warn(self.focus.is_some(), by_name.focus, "Focus");
        warn(self.ignore.is_some(), by_name.ignore, "Ignore");
        warn(self.hide.is_some(), by_name.hide, "Hide");
        warn(self.show.is_some(), by_name.show, "Show");
        let show_from = self.show_from.as_ref();
        let matched = show_from.is_some_and(|pattern| names::show_from(profile, pattern));
        warn(show_from.is_some(), matched, "ShowFrom");
        let by_tag = tags::filter_by_tag(profile, self);
        warn(self.tagfocus.is_some(), by_tag.0, "TagFocus");
        warn(self.tagignore.is_some(), by_tag.1, "TagIgnore");
        let labels = tags::filter_labels(profile, self);
        warn(self.tagshow.is_some(), labels.0, "TagShow");
        warn(self.taghide.is_some(), labels.1, "TagHide");
        if let Some(pattern) = &self.prune_from {
            names::prune_from(profile, pattern);
        }
        remarks
    }
}

/// `None` for an empty expression.
fn pattern(option: &'static str, text: &str) -> Result<Option<Pattern>, FilterError> {
    if text.is_empty() {
        return Ok(None);
    }
    match Pattern::new(text) {
        Ok(pattern) => Ok(Some(pattern)),
        Err(error) => Err(FilterError { option, error }),
    }
}

#[cfg(test)]
mod tests;
