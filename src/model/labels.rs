//! The order of a sample's labels.

use super::{Label, StringId, StringTable};

/// Puts labels into the order in which pprof writes them: texts before numbers, each by key;
/// several values of one key stay as they are.
pub fn sort_labels(labels: &mut [Label], strings: &StringTable) {
    let is_number = |label: &Label| label.str == StringId(0);
    labels.sort_by(|a, b| {
        let kind = is_number(a).cmp(&is_number(b));
        kind.then_with(|| strings.bytes(a.key).cmp(strings.bytes(b.key)))
    });
}
