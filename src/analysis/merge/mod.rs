//! Several profiles as one, and one profile less another: pprof's Merge, unit unification, Scale
//! and Normalize.
//!
//! This is analysis and not model: units have to be known. [`Merger`] takes profiles one after
//! the other, so that what is in memory is the result and one input. What has to be known of all
//! of them before the first one is added, which sample types they share and in which units, is
//! told by their [`Header`]s as [`Common`].

mod common;
mod labels;
mod merger;
mod scale;
mod stacks;
mod tables;
#[cfg(test)]
mod tests;

pub use common::{Common, Header};
pub use merger::Merger;
pub use scale::{diff, mark_base, normalize, scale_types, subtrahend};

use crate::error::Diagnostic;
use crate::model::Profile;

/// Whether pprof's losses are wanted, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeRules {
    /// Do exactly what pprof does. Otherwise what it loses is kept: profiles that do not say what
    /// their period counts can be merged; sample types that bear one name are told apart by their
    /// order; a sample that is zero in the columns whose unit changes stays for the others;
    /// locations that differ in the column of an inlined call stay apart; a profile without a time
    /// does not hide that of another; what is subtracted keeps all its bits.
    pub exact: bool,
}

impl MergeRules {
    /// pprof's.
    pub const EXACT: Self = Self { exact: true };
    /// Without pprof's losses.
    pub const CORRECTED: Self = Self { exact: false };
}

/// A merged profile, and where it is not what pprof would make of it.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// The profile.
    pub profile: Profile,
    /// Remarks.
    pub diagnostics: Vec<Diagnostic>,
}

/// Merges profiles that are all at hand. A single one only loses what pprof takes from it, its
/// rows stay as they are. The error is pprof's sentence.
pub fn merge(mut profiles: Vec<Profile>, rules: MergeRules) -> Result<Merged, String> {
    let headers: Vec<Header> = profiles.iter().map(Header::of).collect();
    let common = Common::of(&headers, rules)?;
    let mut diagnostics = common.remarks().to_vec();
    if let [only] = profiles.as_mut_slice() {
        diagnostics.extend(common.conform(only)?);
        let profile = std::mem::take(only);
        return Ok(Merged {
            profile,
            diagnostics,
        });
    }
    let mut merger = Merger::new(rules);
    for mut profile in profiles {
        diagnostics.extend(common.conform(&mut profile)?);
        merger.add(&profile)?;
    }
    let mut merged = merger.finish()?;
    merged.diagnostics.splice(0..0, diagnostics);
    Ok(merged)
}

/// The profile without what its samples do not refer to, equal samples summed, zero ones dropped
/// and ids renumbered: pprof's Compact.
pub fn compact(profile: &Profile, rules: MergeRules) -> Result<Profile, String> {
    let mut merger = Merger::new(rules);
    merger.add(profile)?;
    Ok(merger.finish()?.profile)
}
