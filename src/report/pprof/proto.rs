//! `-proto`: what the filters leave, as a profile that can be opened again.

use std::borrow::Cow;

use super::Prepared;
use crate::analysis::Options;
use crate::formats;
use crate::model::Profile;
use crate::unit::to_integer;

/// The profile as `profile.pb.gz`, values divided by what `divide_by` says and truncated.
#[expect(
    clippy::float_cmp,
    reason = "pprof leaves alone what would be divided by exactly 1"
)]
pub(super) fn proto(prepared: &Prepared) -> Result<Vec<u8>, String> {
    let options = &prepared.options;
    let mut profile = aggregated(&prepared.profile, options);
    let ratio = 1.0 / options.divide_by;
    if ratio > 0.0 && ratio != 1.0 {
        for value in &mut profile.to_mut().samples.values {
            *value = to_integer(*value as f64 * ratio);
        }
    }
    packed(&profile)
}

/// A profile as `profile.pb.gz`.
pub(super) fn packed(profile: &Profile) -> Result<Vec<u8>, String> {
    formats::gzip(&formats::encode(profile)).map_err(|error| error.to_string())
}

/// A profile at addresses, for reports that print locations themselves: under `noinlines` a
/// location keeps its outermost line only, and its column only where columns are asked for.
pub(super) fn aggregated<'a>(profile: &'a Profile, options: &Options) -> Cow<'a, Profile> {
    if !options.noinlines {
        return Cow::Borrowed(profile);
    }
    let mut profile = profile.clone();
    for location in &mut profile.locations {
        let (from, to) = location.lines;
        location.lines.0 = from.max(to.saturating_sub(1));
    }
    if !options.showcolumns {
        profile.lines.iter_mut().for_each(|line| line.column = 0);
    }
    for mapping in &mut profile.mappings {
        mapping.has[3] = false;
    }
    Cow::Owned(profile)
}
