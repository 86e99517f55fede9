//! What is left of a profile, step by step: pprof's filters and the transforms beyond them, in the
//! order in which a person put them.
//!
//! pprof has one order for its filters, and decides focus, ignore, hide and show for each location
//! at once. Filters that stand in that order, each once, are therefore one stage, done exactly as
//! pprof does it; where the list departs from the order, the next stage begins. Labels become
//! frames before all else, wherever those steps stand, as in pprof.

mod cut;
mod fold;
mod place;
mod recursion;
mod rewrite;
mod transform;

#[cfg(test)]
mod tests;

pub use place::Place;

use std::ops::Range;

use super::{Filters, Pattern, PatternError, TagNames, add_tag_frames};
use crate::analysis::{Classes, Options};
use crate::model::{FunctionId, Profile};
use fold::Twin;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// What a step does. pprof's filters come first, in pprof's order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)+
        }

        impl Kind {
            /// All of them, in this order.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Name; of a filter that of pprof's option.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

kinds! {
    /// Keeps samples with a location that matches.
    Focus = "focus",
    /// Drops samples with a location that matches.
    Ignore = "ignore",
    /// Takes the frames away that match.
    Hide = "hide",
    /// Keeps only the frames that match.
    Show = "show",
    /// Takes the frames above the outermost match away, and samples without one.
    ShowFrom = "show_from",
    /// Takes the frames below the first match from the leaf away.
    PruneFrom = "prune_from",
    /// Keeps samples with a label that matches.
    TagFocus = "tagfocus",
    /// Drops samples with a label that matches.
    TagIgnore = "tagignore",
    /// Keeps the labels whose key matches.
    TagShow = "tagshow",
    /// Takes the labels away whose key matches.
    TagHide = "taghide",
    /// Makes frames at the root of the values of labels.
    TagRoot = "tagroot",
    /// Makes frames at the leaf of the values of labels.
    TagLeaf = "tagleaf",
    /// Makes the outermost match of a stack its root; samples without one go.
    FocusFunction = "focus_function",
    /// Keeps the samples that go through a [`Place`], which becomes the root (of an inverted tree:
    /// the leaf).
    FocusSubtree = "focus_subtree",
    /// Keeps the samples whose innermost frame matches.
    FocusSelf = "focus_self",
    /// Keeps only the frames of some classes of code; samples without one go.
    FocusCategory = "focus_category",
    /// Takes the frames away that match; their cost goes to the caller.
    MergeFunction = "merge_function",
    /// Takes the frame of a [`Place`] away.
    MergeNode = "merge_node",
    /// Takes away what the outermost match calls: its cost becomes the match's own.
    CollapseFunction = "collapse_function",
    /// Makes one frame of each run of frames of one package.
    CollapsePackage = "collapse_package",
    /// What a function does after calling itself, over whatever others, it does from its first call.
    CollapseRecursion = "collapse_recursion",
    /// Makes one frame of calls of a function by itself.
    CollapseDirect = "collapse_direct",
    /// Drops samples with a frame that matches.
    DropSamples = "drop_samples",
}

impl Kind {
    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// One of pprof's filters.
    pub fn is_filter(self) -> bool {
        self <= Self::TagLeaf
    }

    /// It only takes samples away: frames and labels of the others stay.
    pub fn keeps_frames(self) -> bool {
        matches!(
            self,
            Self::Focus
                | Self::Ignore
                | Self::TagFocus
                | Self::TagIgnore
                | Self::FocusSelf
                | Self::DropSamples
        )
    }

    /// It does not depend on what the steps before it leave of stacks.
    pub fn is_frame_of_label(self) -> bool {
        matches!(self, Self::TagRoot | Self::TagLeaf)
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub kind: Kind,
    /// About what: an expression, keys of labels, classes of code, or a [`Place`]. Never empty.
    pub text: String,
}

/// A step that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepError {
    /// Which one, from 0; `None` when no single one is to blame.
    pub step: Option<usize>,
    /// What is wrong with its text.
    pub error: PatternError,
}

/// What is wrong, before it is said with which step.
#[derive(Debug)]
struct Trouble {
    general: bool,
    error: PatternError,
}

impl Trouble {
    fn of_text(error: PatternError) -> Self {
        Self {
            general: false,
            error,
        }
    }

    fn general(reason: String) -> Self {
        Self {
            general: true,
            error: PatternError { reason, at: 0 },
        }
    }

    fn at(self, step: usize) -> StepError {
        StepError {
            step: (!self.general).then_some(step),
            error: self.error,
        }
    }
}

/// What steps did.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Sentences about expressions: pprof's remarks, and others like them.
    pub remarks: Vec<String>,
    /// For steps whose text a person cannot read, by step: what they are about.
    pub labels: Vec<(usize, String)>,
    /// Functions that stand for others: new and old.
    pub twins: Vec<(FunctionId, FunctionId)>,
    /// Functions that labels became.
    pub label_functions: Range<usize>,
    /// Locations may have lost lines, and there may be others.
    pub other_locations: bool,
}

/// Does the steps. `unit` is that of numbers that become frames, `names` how these are called;
/// `classes` are those of the profile.
/// Stack ids stay what they are unless labels become frames.
pub fn apply_steps(
    profile: &mut Profile,
    steps: &[Step],
    unit: &str,
    names: TagNames,
    classes: &Classes,
) -> Result<Applied, StepError> {
    let mut applied = Applied::default();
    add_frames_of_labels(profile, steps, unit, names, &mut applied)?;
    let rest = (0..)
        .zip(steps)
        .filter(|(_, step)| !step.kind.is_frame_of_label());
    let rest: Vec<(usize, &Step)> = rest.collect();
    let is_one_stage =
        |a: &(usize, &Step), b: &(usize, &Step)| a.1.kind < b.1.kind && b.1.kind.is_filter();
    for stage in rest.chunk_by(is_one_stage) {
        match stage {
            [(at, step)] if !step.kind.is_filter() => {
                transform(profile, step, classes, &mut applied, *at).map_err(|t| t.at(*at))?;
            }
            _ => filter(profile, stage, &mut applied)?,
        }
    }
    Ok(applied)
}

/// The keys that all steps of a kind, [`Kind::TagRoot`] or [`Kind::TagLeaf`], make frames of, as
/// pprof's option of that name has them.
pub fn frame_keys(steps: &[Step], kind: Kind) -> String {
    let of_kind = steps.iter().filter(|step| step.kind == kind);
    let texts: Vec<&str> = of_kind.map(|step| step.text.as_str()).collect();
    texts.join(",")
}

fn add_frames_of_labels(
    profile: &mut Profile,
    steps: &[Step],
    unit: &str,
    names: TagNames,
    applied: &mut Applied,
) -> Result<(), StepError> {
    let options = Options {
        tagroot: frame_keys(steps, Kind::TagRoot),
        tagleaf: frame_keys(steps, Kind::TagLeaf),
        unit: unit.to_owned(),
        ..Options::default()
    };
    let before = profile.functions.len();
    let remarks = add_tag_frames(profile, &options, names).map_err(|reason| StepError {
        step: None,
        error: PatternError { reason, at: 0 },
    })?;
    applied.remarks.extend(remarks);
    applied.label_functions = before..profile.functions.len();
    applied.other_locations |= !options.tagroot.is_empty() || !options.tagleaf.is_empty();
    Ok(())
}

/// One stage of pprof's filters.
fn filter(
    profile: &mut Profile,
    stage: &[(usize, &Step)],
    applied: &mut Applied,
) -> Result<(), StepError> {
    let mut options = Options::default();
    for (_, step) in stage {
        if let Some(text) = options.filter_mut(step.kind.name()) {
            text.clone_from(&step.text);
        }
    }
    let filters = Filters::new(&options, profile).map_err(|error| {
        let wrong = stage
            .iter()
            .find(|(_, step)| step.kind.name() == error.option);
        StepError {
            step: wrong.map(|&(at, _)| at),
            error: error.error,
        }
    })?;
    applied.other_locations |= filters.change_locations();
    applied.remarks.extend(filters.apply(profile));
    Ok(())
}

fn transform(
    profile: &mut Profile,
    step: &Step,
    classes: &Classes,
    applied: &mut Applied,
    at: usize,
) -> Result<(), Trouble> {
    applied.other_locations |= !step.kind.keeps_frames();
    let pattern = || Pattern::new(&step.text).map_err(Trouble::of_text);
    let matched = match step.kind {
        Kind::FocusSubtree | Kind::MergeNode => {
            let (label, any) = place::at_place(profile, step.kind, &step.text)?;
            applied.labels.push((at, label));
            any
        }
        Kind::FocusCategory => {
            let classes = classes.with_twins(profile.functions.len(), &applied.twins);
            transform::focus_category(profile, &step.text, &classes)?
        }
        Kind::CollapsePackage => {
            let twins: Vec<Twin> = fold::collapse_packages(profile, &pattern()?)?;
            let any = !twins.is_empty();
            applied.twins.extend(twins);
            any
        }
        kind => transform::transform(profile, kind, &pattern()?)?,
    };
    if !matched {
        let words = step.kind.name().split('_').map(capitalised);
        let name: String = words.collect();
        let remark = format!("{name} expression matched no samples");
        applied.remarks.push(remark);
    }
    Ok(())
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// Every step that cannot be done, each looked at by itself and without the ones before it that
/// cannot.
pub fn step_errors(
    profile: &Profile,
    steps: &[Step],
    unit: &str,
    classes: &Classes,
) -> Vec<StepError> {
    let mut errors = Vec::new();
    // Texts that say nothing need no profile to be told.
    let (mut numbers, mut left) = (Vec::new(), Vec::new());
    for (at, step) in steps.iter().enumerate() {
        match unreadable(step) {
            Some(error) => errors.push(StepError {
                step: Some(at),
                error,
            }),
            None => {
                numbers.push(at);
                left.push(step.clone());
            }
        }
    }
    while let Err(error) = apply_steps(
        &mut profile.clone(),
        &left,
        unit,
        TagNames::KeyValues,
        classes,
    ) {
        let Some(step) = error.step else {
            errors.push(error);
            break;
        };
        errors.push(StepError {
            step: Some(numbers.remove(step)),
            error: error.error,
        });
        left.remove(step);
    }
    errors.sort_by_key(|error| error.step);
    errors
}

/// What is wrong with the text of a step that takes a plain expression or a place.
fn unreadable(step: &Step) -> Option<PatternError> {
    match step.kind {
        Kind::FocusSubtree | Kind::MergeNode => Place::parse(&step.text).err(),
        Kind::FocusCategory | Kind::TagFocus | Kind::TagIgnore | Kind::TagRoot | Kind::TagLeaf => {
            None
        }
        _ => Pattern::new(&step.text).err(),
    }
}
