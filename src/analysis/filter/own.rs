//! Only some functions: what is left of stacks when the frames of all others are taken away.

use super::hide::{HIDDEN, Kinds, SHOWN, hide_locations, is_without_lines, keep_lines};
use crate::model::{FunctionId, Profile};

/// One of its frames counts.
const COUNTED: Kinds = 1;

/// Takes the frames away that `keeps` does not hold for, also those without a function. What they
/// cost goes to the caller that stays, as with pprof's `hide`; but a sample without any frame that
/// stays keeps its place, with an empty stack, so that totals are those of the profile. Says per
/// stack whether one of its frames `counts`.
pub fn keep_functions(
    profile: &mut Profile,
    keeps: impl Fn(FunctionId) -> bool,
    counts: impl Fn(FunctionId) -> bool,
) -> Vec<bool> {
    let mut kinds = Vec::with_capacity(profile.locations.len());
    for at in 0..profile.locations.len() {
        let location = profile.locations[at];
        let lines = profile.lines_of(&location);
        let counted = lines.iter().any(|line| counts(line.function));
        keep_lines(profile, at, |profile, row| {
            keeps(profile.lines[row as usize].function)
        });
        let is_left = !is_without_lines(&profile.locations[at]);
        kinds.push(Kinds::from(counted) * COUNTED | if is_left { SHOWN } else { HIDDEN });
    }
    let kinds = hide_locations(profile, &kinds, &|_| true);
    kinds.iter().map(|kind| kind & COUNTED != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::test_profile;
    use crate::analysis::{NodeOptions, Nodes, Selection, Tree, flat_cum};

    /// What is left of a profile when only functions of package `m` stay: its nodes narrowed to it.
    fn own(text: &str) -> (Profile, Nodes, Vec<bool>) {
        let whole = test_profile(text);
        let mut left = whole.clone();
        let is_own = |function: FunctionId| {
            let name = whole.functions[function.index()].name;
            whole.strings.bytes(name).starts_with(b"m.")
        };
        let has_own = keep_functions(&mut left, is_own, is_own);
        let nodes = Nodes::new(&whole, &NodeOptions::default());
        let nodes = nodes.narrowed(&whole, &left).unwrap();
        (left, nodes, has_own)
    }

    #[test]
    fn the_cost_of_others_goes_to_the_caller_that_stays_and_nothing_is_lost() {
        // 1: in a library that m.a calls. 2: in m.b, which a library calls for m.a. 4: in m.c, which
        // was inlined into a library. 8: in the runtime alone. 16: in no frame at all.
        let (left, nodes, has_own) = own("go.start;m.a;lib.x 1\n\
             go.start;m.a;lib.x;m.b 2\n\
             go.start;m.a;lib.y~m.c~lib.z 4\n\
             go.gc;[kernel] 8\n- 16");
        assert_eq!(has_own, [true, true, true, false, false]);
        let selection = Selection::all(&left, 0);
        assert_eq!(selection.total, 31);
        let sums = flat_cum(&left, &nodes, &selection, None);
        let of = |name: &str| {
            let ids = 0..nodes.len() as u32;
            let mut ids = ids.map(crate::analysis::NodeId);
            let id = ids.find(|&id| nodes.printable_text(id) == name).unwrap();
            (sums.flat[id.index()], sums.cum[id.index()])
        };
        assert_eq!(of("m.a"), (1, 7));
        assert_eq!(of("m.b"), (2, 2));
        assert_eq!(of("m.c"), (4, 4));
        for other in ["go.start", "lib.x", "lib.y", "lib.z", "go.gc", "[kernel]"] {
            assert_eq!(of(other), (0, 0), "{other}");
        }
    }

    #[test]
    fn the_root_of_the_tree_is_all_of_the_profile() {
        let (left, nodes, _) = own("go.start;m.a;lib.x 1\ngo.gc 8");
        let selection = Selection::all(&left, 0);
        for inverted in [false, true] {
            let tree = Tree::new(&left, &nodes, &selection, inverted);
            let view = tree.view(&left, &nodes);
            assert_eq!(view.cum(crate::analysis::NodeRef::ROOT), 9);
            assert_eq!(view.rows(), 2);
        }
    }
}
