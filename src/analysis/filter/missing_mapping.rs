//! The mapping of profiles that have none.

use crate::model::{Mapping, MappingId, Profile};

/// Puts all locations of a profile without mappings into one without a name, as pprof does before
/// it looks at filters: the mapping shows in the raw text, and an expression that matches the
/// empty text matches every location in it.
pub fn add_missing_mapping(profile: &mut Profile) {
    if !profile.mappings.is_empty() {
        return;
    }
    profile.mappings.push(Mapping {
        id: 1,
        ..Mapping::default()
    });
    for location in &mut profile.locations {
        location.mapping = Some(MappingId(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::test_profile;

    #[test]
    fn only_profiles_without_mappings_get_one() {
        let mut profile = test_profile("main;f 1");
        assert!(profile.mappings.is_empty());
        add_missing_mapping(&mut profile);
        assert_eq!(profile.mappings.len(), 1);
        let mapped = |profile: &Profile| {
            let mut locations = profile.locations.iter();
            locations.all(|location| location.mapping == Some(MappingId(0)))
        };
        assert!(mapped(&profile));
        add_missing_mapping(&mut profile);
        assert_eq!(profile.mappings.len(), 1);
    }
}
