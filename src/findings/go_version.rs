//! Which Go version made a profile, as far as its symbols tell: files do not say.

use crate::model::Profile;

/// Minor versions that are possible: Go 1.`least` to 1.`most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GoVersion {
    pub(super) least: u8,
    pub(super) most: u8,
}

/// Symbols that came with a version.
const CAME: [(&[u8], u8); 9] = [
    (b"runtime.mallocgcSmall", 24),
    (b"runtime.mallocgcTinySC", 27),
    (b"runtime.mallocgcSmallScanNoHeaderSC", 27),
    (b"runtime.mallocgcSmallNoScanSC", 27),
    (b"internal/runtime/maps.", 24),
    (b"internal/runtime/atomic.", 23),
    (b"internal/runtime/syscall.", 23),
    (b"internal/runtime/syscall/linux.", 26),
    (b"internal/sync.", 24),
];

/// Symbols that went with a version: the last that had them.
const WENT: [(&[u8], u8); 4] = [
    (b"runtime/internal/atomic.", 22),
    (b"runtime/internal/syscall.", 22),
    (b"runtime.evacuate_", 23),
    (b"runtime.bucketEvacuated", 23),
];

impl GoVersion {
    pub(super) fn of(profile: &Profile) -> Self {
        let mut version = Self {
            least: 0,
            most: u8::MAX,
        };
        for function in &profile.functions {
            let name = profile.strings.bytes(function.name);
            if !name.starts_with(b"runtime") && !name.starts_with(b"internal/") {
                continue;
            }
            for (start, from) in CAME {
                if name.starts_with(start) {
                    version.least = version.least.max(from);
                }
            }
        }
        for function in &profile.functions {
            let name = profile.strings.bytes(function.name);
            if !name.starts_with(b"runtime") {
                continue;
            }
            for (start, last) in WENT {
                // What is newer decides: some old names live on.
                if name.starts_with(start) && last >= version.least {
                    version.most = version.most.min(last);
                }
            }
        }
        version
    }

    /// True when a rule for the versions `from..=to` can hold.
    pub(super) fn allows(self, (from, to): (u8, u8)) -> bool {
        self.most >= from && self.least <= to
    }

    /// In words: `Go 1.27 or later`.
    pub(super) fn text(self) -> String {
        match (self.least, self.most) {
            (0, u8::MAX) => "Go version unknown".to_owned(),
            (least, u8::MAX) => format!("Go 1.{least} or later, by its symbols"),
            (0, most) => format!("Go 1.{most} or earlier, by its symbols"),
            (least, most) if least == most => format!("Go 1.{least}, by its symbols"),
            (least, most) => format!("Go 1.{least} to 1.{most}, by its symbols"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::test_profile;

    #[test]
    fn symbols_date_a_profile() {
        let version = |text: &str| GoVersion::of(&test_profile(text));
        let of = |least, most| GoVersion { least, most };
        assert_eq!(version("main.main;runtime.mallocgc 1"), of(0, u8::MAX));
        assert_eq!(
            version("main.main;runtime/internal/syscall.Syscall6 1"),
            of(0, 22)
        );
        let recent = version("main.main;internal/runtime/syscall/linux.Syscall6 1");
        assert_eq!(recent, of(26, u8::MAX));
        assert!(recent.allows((24, u8::MAX)) && !recent.allows((0, 22)));
        assert_eq!(
            version("main.f;internal/runtime/maps.newTable 1\nmain.g;runtime.evacuate_faststr 1"),
            of(24, u8::MAX)
        );
    }
}
