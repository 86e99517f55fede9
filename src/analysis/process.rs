//! Which program a profile is of.

use super::paths::base_name;
use crate::model::Profile;

/// Names the program: by the build id of its binary, else by the binary's file name; empty where
/// the profile tells neither.
pub fn program_of(profile: &Profile) -> String {
    let Some(main) = profile.mappings.first() else {
        return String::new();
    };
    let [build_id, path] = [main.build_id, main.filename].map(|id| profile.strings.bytes(id));
    let name = match (build_id, path) {
        (b"", b"") => b"",
        (b"", path) => base_name(path),
        (build_id, _) => build_id,
    };
    String::from_utf8_lossy(name).into_owned()
}

/// True for a profile that does not say how long it recorded: it tells what there was at its moment,
/// or since the start of the program.
pub fn is_snapshot(profile: &Profile) -> bool {
    profile.duration_nanos <= 0
}
