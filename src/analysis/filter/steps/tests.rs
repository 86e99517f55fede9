use proptest::prelude::*;

use super::*;
use crate::analysis::filter::tests::boxes;
use crate::analysis::testing::test_profile;
use crate::analysis::{Granularity, NodeOptions, Nodes, Selection, Tree};
use crate::model::StackId;
use crate::model::check::check;

/// `kind text` per step.
fn steps(text: &[&str]) -> Vec<Step> {
    let step = |line: &&str| {
        let (kind, text) = line.split_once(' ').unwrap();
        Step {
            kind: Kind::named(kind).unwrap(),
            text: text.to_owned(),
        }
    };
    text.iter().map(step).collect()
}

fn done(profile: &mut Profile, list: &[&str]) -> Result<Applied, StepError> {
    let classes = Classes::new(profile);
    let applied = apply_steps(profile, &steps(list), "minimum", TagNames::Values, &classes)?;
    check(profile).unwrap();
    Ok(applied)
}

/// What is left, a line per sample: root first, `~` before an inlined frame.
fn left(text: &str, list: &[&str]) -> Vec<String> {
    let mut profile = test_profile(text);
    done(&mut profile, list).unwrap();
    lines(&profile)
}

fn lines(profile: &Profile) -> Vec<String> {
    let of = |i: usize| {
        let stack = profile.samples.stacks[i];
        format!("{} {}", names(profile, stack), profile.value(i, 0))
    };
    (0..profile.samples.len()).map(of).collect()
}

fn names(profile: &Profile, stack: StackId) -> String {
    let locations = profile.stacks.get(stack).iter().rev();
    let texts = locations.map(|location| {
        let location = profile.locations[location.index()];
        if let Some(mapping) = location.mapping {
            let file = profile.mappings[mapping.index()].filename;
            return format!("[{}]", profile.strings.text(file));
        }
        let lines = profile.lines_of(&location).iter().rev();
        let names = lines.map(|line| {
            let function = profile.functions[line.function.index()];
            profile.strings.text(function.name).into_owned()
        });
        names.collect::<Vec<_>>().join("~")
    });
    texts.collect::<Vec<_>>().join(";")
}

/// Recursion (`f`), an inlined call (`a~b`), a binary without names.
const STACKS: &str = "main;f;a~b;f;c 1\nmain;g;a~b 2\nmain;h 4\nmain;g;[libc.so] 8";

#[test]
fn focus_function_makes_the_outermost_match_the_root_also_inside_a_location() {
    assert_eq!(left(STACKS, &["focus_function ^f$"]), ["f;a~b;f;c 1"]);
    assert_eq!(left(STACKS, &["focus_function ^b$"]), ["b;f;c 1", "b 2"]);
    assert_eq!(left(STACKS, &["focus_function libc"]), ["[libc.so] 8"]);
    // pprof's show_from takes `a` away from the location wherever that stands; here it is another
    // location in the second stack than in the first.
    let text = "main;a~b 1\na~b;a~b 2";
    assert_eq!(left(text, &["focus_function ^b$"]), ["b 1", "b;a~b 2"]);
}

#[test]
fn merge_function_gives_the_cost_to_the_caller_and_drops_what_has_none() {
    let merged = left(STACKS, &["merge_function ^(f|b)$"]);
    assert_eq!(
        merged,
        ["main;a;c 1", "main;g;a 2", "main;h 4", "main;g;[libc.so] 8"]
    );
    assert_eq!(left("f;f 1\nmain;f 2", &["merge_function ^f$"]), ["main 2"]);
    // The middle of three inlined frames: the other two stay in one location.
    assert_eq!(left("m;a~b~c 1", &["merge_function ^b$"]), ["m;a~c 1"]);
}

#[test]
fn collapse_function_takes_away_what_it_calls() {
    let collapsed = left(STACKS, &["collapse_function ^(a|g)$"]);
    assert_eq!(
        collapsed,
        ["main;f;a 1", "main;g 2", "main;h 4", "main;g 8"]
    );
}

#[test]
fn collapse_recursion_goes_on_at_the_first_call() {
    let text = "main;f;g;f;h 1\nmain;f;f;k 2\nmain;f;g 4\nx;y;x;y 8";
    let of_f = left(text, &["collapse_recursion ^f$"]);
    assert_eq!(
        of_f,
        ["main;f;h 1", "main;f;k 2", "main;f;g 4", "x;y;x;y 8"]
    );
    // x;y, then x again: what was after it is forgotten, so that the second y is the first again.
    let of_all = left(text, &["collapse_recursion ."]);
    assert_eq!(of_all, ["main;f;h 1", "main;f;k 2", "main;f;g 4", "x;y 8"]);
    let direct = left(text, &["collapse_direct ."]);
    assert_eq!(
        direct,
        ["main;f;g;f;h 1", "main;f;k 2", "main;f;g 4", "x;y;x;y 8"]
    );
}

#[test]
fn collapse_package_makes_one_frame_of_a_run() {
    let text =
        "main.main;x/json.Marshal;x/json.enc~x/json.str;fmt.Sprint;x/json.str 1\nmain.main 2";
    let collapsed = left(text, &["collapse_package ^x/json$"]);
    assert_eq!(
        collapsed,
        ["main.main;x/json.*;fmt.Sprint;x/json.* 1", "main.main 2"]
    );
    let all = left(text, &["collapse_package ."]);
    assert_eq!(all, ["main.*;x/json.*;fmt.*;x/json.* 1", "main.* 2"]);
}

#[test]
fn samples_are_chosen_by_their_leaf_and_dropped_by_any_frame() {
    assert_eq!(left(STACKS, &["focus_self ^b$"]), ["main;g;a~b 2"]);
    assert_eq!(left(STACKS, &["focus_self libc"]), ["main;g;[libc.so] 8"]);
    assert_eq!(
        left(STACKS, &["drop_samples ^a$"]),
        ["main;h 4", "main;g;[libc.so] 8"]
    );
}

#[test]
fn focus_category_leaves_frames_of_a_class() {
    let text = "runtime.main@/go/src/runtime/proc.go:1;main.main@/app/main.go:1;\
                fmt.Println@/go/src/fmt/print.go:1 1\n\
                runtime.gcBgMarkWorker@/go/src/runtime/mgc.go:1 2";
    assert_eq!(left(text, &["focus_category std"]), ["fmt.Println 1"]);
    let both = left(text, &["focus_category runtime,std"]);
    assert_eq!(
        both,
        ["runtime.main;fmt.Println 1", "runtime.gcBgMarkWorker 2"]
    );
    let wrong = done(&mut test_profile(text), &["focus_category std,gc"]).unwrap_err();
    assert_eq!((wrong.step, wrong.error.at), (Some(0), 4));
    assert!(wrong.error.reason.contains("no category is called gc"));
}

/// The place of a box that is named by the frames from the beginning of the tree.
fn place(profile: &Profile, path: &[&str], inverted: bool) -> String {
    let nodes = Nodes::new(profile, &NodeOptions::default());
    let selection = Selection::all(profile, 0);
    let tree = Tree::new(profile, &nodes, &selection, inverted);
    let view = tree.view(profile, &nodes);
    let mut at = view.root();
    for name in path {
        let is_it = |&child: &_| {
            view.frame(child)
                .is_some_and(|f| nodes.printable_text(f) == *name)
        };
        at = view.children(at).find(is_it).unwrap();
    }
    let place = Place::of(&view, at, NodeOptions::default()).unwrap();
    assert_eq!(Place::parse(&place.to_string()), Ok(place.clone()));
    place.to_string()
}

#[test]
fn a_place_of_the_tree_is_focused_or_merged_and_nothing_else() {
    let text = "main;f;g 1\nmain;g;f;g 2\nmain;f;a~b;c 4";
    let of = |kind: &str, path: &[&str], inverted: bool| {
        let mut profile = test_profile(text);
        let step = format!("{kind} {}", place(&profile, path, inverted));
        let applied = done(&mut profile, &[&step]).unwrap();
        (lines(&profile), applied.labels[0].1.clone())
    };
    let (subtree, label) = of("focus_subtree", &["main", "f"], false);
    assert_eq!(subtree, ["f;g 1", "f;a~b;c 4"]);
    assert_eq!(label, "main › f");
    assert_eq!(
        of("focus_subtree", &["main", "f", "a", "b"], false).0,
        ["b;c 4"]
    );
    let (merged, _) = of("merge_node", &["main", "f"], false);
    assert_eq!(merged, ["main;g 1", "main;g;f;g 2", "main;a~b;c 4"]);
    assert_eq!(
        of("merge_node", &["main", "f", "a"], false).0[2],
        "main;f;b;c 4"
    );
    // From the leaves: g called by f becomes the leaf f.
    assert_eq!(
        of("focus_subtree", &["g", "f"], true).0,
        ["main;f 1", "main;g;f 2"]
    );
    let (merged, _) = of("merge_node", &["g", "f"], true);
    assert_eq!(merged, ["main;g 1", "main;g;g 2", "main;f;a~b;c 4"]);
}

#[test]
fn a_place_that_is_not_there_is_refused() {
    let mut profile = test_profile(STACKS);
    let there = place(&profile, &["main", "h"], false);
    for wrong in [
        "",
        "1",
        "1+0,functions,0",
        "1+1",
        "1+1,words,00000000",
        "99+1,functions,00000000",
        "0+99,functions,00000000",
        "0+1,functions,00000000",
    ] {
        let step = format!("merge_node {wrong}");
        let error = done(&mut profile.clone(), &[&step]).unwrap_err();
        assert_eq!(error.step, Some(0), "{wrong}");
    }
    let step = format!("focus_subtree {there}");
    // h is gone by then.
    let error = done(&mut profile, &["ignore ^h$", "hide ^main$", &step]).unwrap_err();
    assert_eq!(error.step, Some(2));
}

#[test]
fn filters_in_pprofs_order_are_one_stage_and_others_follow_each_other() {
    let text = "main;a;b 1\nmain;c 2";
    // At once: b is in focus although it is hidden.
    assert_eq!(left(text, &["focus ^b$", "hide ^b$"]), ["main;a 1"]);
    // One after the other: after hiding there is no b to focus on.
    assert!(left(text, &["hide ^b$", "focus ^b$"]).is_empty());
    assert_eq!(left(text, &["ignore ^c$", "ignore ^b$"]), [""; 0]);
}

#[test]
fn every_bad_step_is_told_of_and_those_around_it_are_not() {
    let profile = test_profile(STACKS);
    let list = steps(&["focus a(", "merge_node x", "hide b", "drop_samples ["]);
    let errors = step_errors(&profile, &list, "minimum", &Classes::new(&profile));
    let of: Vec<_> = errors.iter().map(|error| error.step).collect();
    assert_eq!(of, [Some(0), Some(1), Some(3)]);
}

#[test]
fn what_matches_nothing_is_remarked_upon() {
    let mut profile = test_profile(STACKS);
    let applied = done(
        &mut profile,
        &["merge_function zzz", "collapse_package zzz"],
    )
    .unwrap();
    assert_eq!(
        applied.remarks,
        [
            "MergeFunction expression matched no samples",
            "CollapsePackage expression matched no samples"
        ]
    );
    assert_eq!(lines(&profile), lines(&test_profile(STACKS)));
}

/// The frames of a stack, `~` and `;` alike: what a frame-wise rule written down plainly gives.
fn plainly(stack: &[u8], kind: Kind, wanted: u8) -> Option<Vec<u8>> {
    let first = stack.iter().position(|&f| f == wanted);
    Some(match (kind, first) {
        (Kind::FocusFunction, at) => stack[at?..].to_vec(),
        (Kind::DropSamples, Some(_)) => return None,
        (Kind::CollapseFunction, Some(at)) => stack[..=at].to_vec(),
        (Kind::MergeFunction, Some(_)) => {
            let rest: Vec<u8> = stack.iter().copied().filter(|&f| f != wanted).collect();
            if rest.is_empty() {
                return None;
            }
            rest
        }
        (Kind::CollapseRecursion, Some(at)) => {
            let last = stack.iter().rposition(|&f| f == wanted)?;
            [&stack[..=at], &stack[last + 1..]].concat()
        }
        (Kind::CollapseDirect, Some(_)) => {
            let mut left = stack.to_vec();
            left.dedup_by(|inner, outer| inner == outer && *inner == wanted);
            left
        }
        (Kind::FocusSelf, _) if stack.last() != Some(&wanted) => return None,
        _ => stack.to_vec(),
    })
}

/// Stacks of frames that each may be inlined into the one before it.
fn stacks() -> impl Strategy<Value = Vec<Vec<(u8, bool)>>> {
    prop::collection::vec(prop::collection::vec((0u8..4, any::<bool>()), 1..9), 1..6)
}

/// As `test_profile` reads them, with powers of two for values.
fn text_of(stacks: &[Vec<(u8, bool)>], name: impl Fn(u8) -> String) -> String {
    let mut text = String::new();
    for (i, stack) in stacks.iter().enumerate() {
        for (at, &(frame, inlined)) in stack.iter().enumerate() {
            text.push_str(match (at, inlined) {
                (0, _) => "",
                (_, true) => "~",
                _ => ";",
            });
            text.push_str(&name(frame));
        }
        text.push_str(&format!(" {}\n", 1 << i));
    }
    text
}

proptest! {
    #[test]
    fn transforms_do_what_the_plain_rule_says(stacks in stacks(), wanted in 0u8..4) {
        let name = |f: u8| char::from(b'a' + f);
        let text = text_of(&stacks, |f| name(f).to_string());
        for kind in [
            Kind::FocusFunction, Kind::DropSamples, Kind::CollapseFunction, Kind::MergeFunction,
            Kind::CollapseRecursion, Kind::CollapseDirect, Kind::FocusSelf,
        ] {
            let step = format!("{} ^{}$", kind.name(), name(wanted));
            let left = left(&text, &[&step]);
            let left: Vec<String> = left.iter().map(|line| line.replace(['~', ';'], "")).collect();
            let expected = stacks.iter().enumerate().filter_map(|(i, stack)| {
                let frames: Vec<u8> = stack.iter().map(|&(f, _)| f).collect();
                let frames = plainly(&frames, kind, wanted)?;
                let text: String = frames.iter().map(|&f| name(f)).collect();
                Some(format!("{text} {}", 1 << i))
            });
            let expected: Vec<String> = expected.collect();
            prop_assert_eq!(left, expected, "{}", kind.name());
        }
    }
    #[test]
    fn runs_of_a_package_become_one_frame(stacks in stacks(), both in any::<bool>()) {
        // Two functions of each of two packages.
        let name = |f: u8| ["p/a.f", "p/a.g", "q.f", "q.g"][f as usize].to_owned();
        let step = if both { "collapse_package ." } else { "collapse_package ^q$" };
        let left = left(&text_of(&stacks, name), &[step]);
        let left: Vec<String> = left.iter().map(|line| line.replace('~', ";")).collect();
        let expected = stacks.iter().enumerate().map(|(i, stack)| {
            let of = |f: u8| match f {
                0 | 1 if both => "p/a.*".to_owned(),
                2 | 3 => "q.*".to_owned(),
                _ => name(f),
            };
            let mut names: Vec<String> = stack.iter().map(|&(f, _)| of(f)).collect();
            names.dedup_by(|inner, outer| inner == outer && inner.ends_with('*'));
            format!("{} {}", names.join(";"), 1 << i)
        });
        prop_assert_eq!(left, expected.collect::<Vec<_>>());
    }

    #[test]
    fn nodes_of_what_steps_leave_are_those_of_the_profile(
        stacks in stacks(),
        list in prop::collection::vec((prop::sample::select(Kind::ALL.to_vec()), 0u8..4), 1..4),
        granularity in prop::sample::select(vec![Granularity::Functions, Granularity::Lines]),
        noinlines in any::<bool>(),
    ) {
        let name = |f: u8| ["p/a.f", "p/a.g", "q.f", "q.g"][f as usize].to_owned();
        let before = test_profile(&text_of(&stacks, name));
        let list: Vec<Step> = list
            .iter()
            .filter(|(kind, _)| !kind.is_frame_of_label())
            .map(|&(kind, f)| {
                let text = match kind {
                    Kind::FocusCategory => "main,thirdparty".to_owned(),
                    Kind::CollapsePackage => "^q$".to_owned(),
                    _ => format!("^{}$", name(f)),
                };
                Step { kind, text }
            })
            .filter(|step| !matches!(step.kind, Kind::FocusSubtree | Kind::MergeNode))
            .collect();
        let mut after = before.clone();
        let classes = Classes::new(&before);
        apply_steps(&mut after, &list, "minimum", TagNames::Values, &classes).unwrap();
        check(&after).unwrap();
        let by = NodeOptions { granularity, noinlines, ..NodeOptions::default() };
        // Functions that stand for packages are new, and a line may be new in a location of its own.
        let may_be_new = granularity == Granularity::Lines
            || noinlines
            || list.iter().any(|step| step.kind == Kind::CollapsePackage);
        let whole = Nodes::new(&before, &by);
        // What the tree of the whole file finds out about its stacks is what the next one begins with.
        Tree::new(&before, &whole, &Selection::all(&before, 0), false);
        let Some(narrowed) = whole.narrowed(&before, &after) else {
            prop_assert!(may_be_new);
            return Ok(());
        };
        let fresh = Nodes::new(&after, &by);
        for &stack in &after.samples.stacks {
            for location in after.stacks.get(stack) {
                let names = |nodes: &Nodes| -> Vec<String> {
                    let frames = nodes.frames(location.index()).iter();
                    frames.map(|&node| nodes.printable_text(node)).collect()
                };
                prop_assert_eq!(names(&narrowed), names(&fresh));
            }
        }
        let rows = |nodes: &Nodes| {
            let tree = Tree::new(&after, nodes, &Selection::all(&after, 0), false);
            tree.view(&after, nodes).rows()
        };
        prop_assert_eq!(rows(&narrowed), rows(&fresh));
        for inverted in [false, true] {
            prop_assert_eq!(boxes(&after, &narrowed, inverted), boxes(&after, &fresh, inverted));
        }
    }
}

/// A location with calls `f0` to `f{n}`, of which every stack leaves others: what is left is written
/// anew for each, so that n stacks need about n²/2 lines.
fn many_parts(n: usize) -> String {
    let inlined: Vec<String> = (0..n).map(|i| format!("f{i}")).collect();
    let inlined = inlined.join("~");
    let stack = |i| format!("f{i};{inlined};end 1\n");
    (0..n).map(stack).collect()
}

#[test]
fn what_is_left_of_inlined_calls_has_a_limit() {
    // Of 50 calls the stacks leave at most 50 × 50 lines; of 400, 400 × 400 ÷ 2 are more than 65,536.
    assert!(
        done(
            &mut test_profile(&many_parts(50)),
            &["collapse_recursion ."]
        )
        .is_ok()
    );
    let error = done(
        &mut test_profile(&many_parts(400)),
        &["collapse_recursion ."],
    );
    assert_eq!(error.map_err(|error| error.step).err(), Some(None));
}

#[test]
fn what_one_step_makes_of_locations_does_not_pile_up() {
    // A location of seven, without the outermost in one stack and with it in the other.
    let mut profile = test_profile("m;a~b~c~d~e~f~g 1\na;a~b~c~d~e~f~g 2");
    let before = profile.locations.len();
    let twice: Vec<&str> = vec!["collapse_direct ."; 40];
    done(&mut profile, &twice).unwrap();
    assert_eq!(lines(&profile), ["m;a~b~c~d~e~f~g 1", "a;b~c~d~e~f~g 2"]);
    assert_eq!(profile.locations.len(), before + 1);
}

#[test]
fn a_function_inlined_here_and_called_there_is_one_node_without_inlines() {
    // Without inlines h~g~f is h. In focus on g the first stack is g~f, which is g: 1 + 2.
    let before = test_profile("main;h~g~f 1\nmain;g 2\nmain;f 4");
    let by = NodeOptions {
        noinlines: true,
        ..NodeOptions::default()
    };
    let mut after = before.clone();
    done(&mut after, &["focus_function ^g$"]).unwrap();
    let nodes = Nodes::new(&before, &by).narrowed(&before, &after).unwrap();
    let boxes = boxes(&after, &nodes, false);
    assert_eq!(
        boxes,
        [(";".to_owned(), 3, true), (";;g".to_owned(), 3, true)]
    );
}

#[test]
fn a_step_that_no_sample_is_left_for_says_so() {
    let mut profile = test_profile("main;a;b 1\nmain;c 2");
    // `a` is there, but never at the end; and after dropping it, no stack with it is in use.
    let applied = done(&mut profile, &["focus_self ^c$", "merge_function ^a$"]).unwrap();
    assert_eq!(
        applied.remarks,
        ["MergeFunction expression matched no samples"]
    );
    let mut profile = test_profile("main;a;b 1\nmain;c 2");
    let applied = done(&mut profile, &["focus_self ^a$"]).unwrap();
    assert_eq!(applied.remarks, ["FocusSelf expression matched no samples"]);
}
