//! The small profile with labels and inlined calls that targets of questions ask about.

use std::sync::OnceLock;

use dropprof::formats::{OpenOptions, open};
use dropprof::model::Profile;

pub fn profile() -> &'static Profile {
    static PROFILE: OnceLock<Profile> = OnceLock::new();
    PROFILE.get_or_init(|| {
        let bytes = include_bytes!("../../testdata/command/mem.pb");
        let mut opened = open("mem.pb", bytes, OpenOptions::default());
        opened
            .pop()
            .expect("a file")
            .result
            .expect("a profile")
            .profile
    })
}
