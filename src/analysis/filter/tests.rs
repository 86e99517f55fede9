use proptest::prelude::*;

use super::*;
use crate::analysis::testing::test_profile;
use crate::analysis::{Granularity, NodeOptions, Nodes, Selection, Tree, flat_cum};
use crate::model::StackId;

/// What is left of a profile, as text: a line per sample, root first, and the remarks.
fn left(text: &str, set: impl Fn(&mut Options)) -> (Vec<String>, Vec<String>) {
    let mut profile = test_profile(text);
    let mut options = Options::default();
    set(&mut options);
    let filters = Filters::new(&options, &profile).unwrap();
    let remarks = filters.apply(&mut profile);
    let lines = (0..profile.samples.len()).map(|i| {
        let stack = profile.samples.stacks[i];
        format!("{} {}", names(&profile, stack), profile.value(i, 0))
    });
    (lines.collect(), remarks)
}

fn names(profile: &Profile, stack: StackId) -> String {
    let mut frames = Vec::new();
    for location in profile.stacks.get(stack).iter().rev() {
        let location = profile.locations[location.index()];
        for line in profile.lines_of(&location).iter().rev() {
            let function = profile.functions[line.function.index()];
            frames.push(profile.strings.text(function.name).into_owned());
        }
    }
    frames.join(";")
}

const STACKS: &str = "main;a;b 1\nmain;a;c 2\nmain;d 4";

#[test]
fn focus_and_ignore_decide_on_samples() {
    let focus = left(STACKS, |o| o.focus = "a".to_owned());
    // `main` has an a, too.
    assert_eq!(focus.0, ["main;a;b 1", "main;a;c 2", "main;d 4"]);
    let focus = left(STACKS, |o| o.focus = "^a$".to_owned());
    assert_eq!(focus.0, ["main;a;b 1", "main;a;c 2"]);
    let both = left(STACKS, |o| {
        o.focus = "^a$".to_owned();
        o.ignore = "b".to_owned();
    });
    assert_eq!(both.0, ["main;a;c 2"]);
    let nothing = left(STACKS, |o| o.focus = "x".to_owned());
    assert!(nothing.0.is_empty());
    assert_eq!(nothing.1, ["Focus expression matched no samples"]);
}

#[test]
fn hidden_lines_leave_the_rest_of_their_location() {
    let hide = left("main;a~b~c;d 1", |o| o.hide = "b".to_owned());
    assert_eq!(hide.0, ["main;a;c;d 1"]);
    let show = left("main;a~b~c;d 1\nmain 2", |o| o.show = "^[ad]$".to_owned());
    assert_eq!(show.0, ["a;d 1"]);
}

#[test]
fn show_from_cuts_above_the_outermost_match_and_prune_from_below_the_innermost() {
    let text = "main;a;b~c;a;d 1\nmain;d 2";
    let show_from = left(text, |o| o.show_from = "^[ac]$".to_owned());
    // As in pprof, a location that matches loses the lines above the match wherever it stands.
    assert_eq!(show_from.0, ["a;c;a;d 1"]);
    let show_from = left(text, |o| o.show_from = "^c$".to_owned());
    assert_eq!(show_from.0, ["c;a;d 1"]);
    let prune_from = left(text, |o| o.prune_from = "^b$".to_owned());
    assert_eq!(prune_from.0, ["main;a;b 1", "main;d 2"]);
}

#[test]
fn tags_match_by_range_and_by_expression() {
    let text = "m 1 [bytes=1024 user=ann]\nm 2 [bytes=2048 user=bob]\nm 4 [user=annabel]\nm 8";
    let of = |tagfocus: &str| {
        let (lines, remarks) = left(text, |o| tagfocus.clone_into(&mut o.tagfocus));
        let sum = lines
            .iter()
            .map(|l| l[2..].parse::<i64>().unwrap())
            .sum::<i64>();
        (sum, remarks.len())
    };
    assert_eq!(of("1kb"), (1, 1));
    assert_eq!(of("1kb:"), (3, 1));
    assert_eq!(of("bytes=:2kb"), (3, 1));
    assert_eq!(of("1:2048b"), (0, 1)); // read as an expression, which matches nothing
    assert_eq!(of("ann"), (5, 0));
    assert_eq!(of("user=ann,bob"), (7, 0)); // with a key: any
    assert_eq!(of("ann,bel"), (4, 0)); // without: all
    assert_eq!(of("use=ann"), (0, 1));
}

/// Stacks of a few functions, some inlined into others, with labels.
fn profiles() -> impl Strategy<Value = String> {
    let frame = prop::sample::select(vec!["a", "b", "c", "a~b", "b~c~a", "d", "[lib.so]"]);
    let stack = prop::collection::vec(frame, 1..6).prop_map(|frames| frames.join(";"));
    let label = prop::sample::select(vec!["", " [k=x]", " [k=y n=3]", " [n=8]"]);
    let line = (stack, 0..9_i64, label);
    let line = line.prop_map(|(stack, value, label)| format!("{stack} {value}{label}"));
    prop::collection::vec(line, 1..8).prop_map(|lines| lines.join("\n"))
}

fn expression() -> impl Strategy<Value = String> {
    let some = vec!["", "a", "b|d", "^c$", "lib", "."];
    prop::sample::select(some).prop_map(str::to_owned)
}

fn tag_expression() -> impl Strategy<Value = String> {
    let some = vec!["", "x", "k=y", "n=2:4", "k"];
    prop::sample::select(some).prop_map(str::to_owned)
}

/// All of pprof's filters at random.
fn options() -> impl Strategy<Value = Options> {
    let names = prop::array::uniform6(expression());
    let tags = prop::array::uniform2(tag_expression());
    (names, tags).prop_map(
        |([focus, ignore, hide, show, show_from, prune_from], tags)| {
            let [tagfocus, tagignore] = tags;
            Options {
                focus,
                ignore,
                prune_from,
                hide,
                show,
                show_from,
                tagfocus,
                tagignore,
                ..Options::default()
            }
        },
    )
}

/// What is left, for comparing.
fn left_by(text: &str, steps: &[Options]) -> Vec<(String, i64)> {
    let mut profile = test_profile(text);
    for options in steps {
        let filters = Filters::new(options, &profile).unwrap();
        filters.apply(&mut profile);
    }
    let samples = 0..profile.samples.len();
    samples
        .map(|i| {
            (
                names(&profile, profile.samples.stacks[i]),
                profile.value(i, 0),
            )
        })
        .collect()
}

/// Only the filters that `keep` names.
fn only(options: &Options, keep: &[&str]) -> Options {
    let mut left = Options::default();
    let mut given = options.clone();
    for name in keep {
        let text = given.filter_mut(name).map(std::mem::take);
        if let (Some(to), Some(text)) = (left.filter_mut(name), text) {
            *to = text;
        }
    }
    left
}

proptest! {
    #[test]
    fn filters_are_the_steps_that_pprof_takes_in_their_order(
        text in profiles(),
        options in options(),
    ) {
        let steps = [
            &["focus", "ignore", "hide", "show"][..],
            &["show_from"],
            &["tagfocus", "tagignore"],
            &["prune_from"],
        ]
        .map(|names| only(&options, names));
        prop_assert_eq!(left_by(&text, &[options]), left_by(&text, &steps));
    }

    #[test]
    fn filters_that_only_drop_samples_may_come_in_any_order(
        text in profiles(),
        options in options(),
    ) {
        let steps = ["focus", "ignore", "tagfocus", "tagignore"].map(|name| only(&options, &[name]));
        let mut backwards = steps.clone();
        backwards.reverse();
        prop_assert_eq!(left_by(&text, &steps), left_by(&text, &backwards));
    }

    #[test]
    fn what_is_left_sums_up(text in profiles(), options in options()) {
        let mut profile = test_profile(&text);
        let before = Selection::all(&profile, 0).total;
        Filters::new(&options, &profile).unwrap().apply(&mut profile);
        crate::model::check::check(&profile).unwrap();
        let selection = Selection::all(&profile, 0);
        prop_assert!(selection.total <= before);
        let nodes = Nodes::new(&profile, &options.node_options());
        let sums = flat_cum(&profile, &nodes, &selection, None);
        let flat: i64 = sums.flat.iter().sum();
        // Filters leave no stack without a frame, so every value is somebody's own.
        let framed = |i: &usize| !profile.stacks.get(profile.samples.stacks[*i]).is_empty();
        let all: i64 = (0..profile.samples.len()).filter(framed).map(|i| profile.value(i, 0)).sum();
        prop_assert_eq!(flat, all);
        for (flat, cum) in sums.flat.iter().zip(&sums.cum) {
            prop_assert!(flat <= cum && *cum <= selection.total);
        }
    }

    #[test]
    fn nodes_that_lost_lines_are_those_of_what_is_left(
        text in profiles(),
        options in options(),
        granularity in prop::sample::select(vec![Granularity::Functions, Granularity::Lines]),
    ) {
        let before = test_profile(&text);
        let mut after = before.clone();
        Filters::new(&options, &after).unwrap().apply(&mut after);
        let by = NodeOptions { granularity, ..NodeOptions::default() };
        let fresh = Nodes::new(&after, &by);
        let whole = Nodes::new(&before, &by);
        // What the tree of the whole file finds out about its stacks is what the next one begins with.
        Tree::new(&before, &whole, &Selection::all(&before, 0), false);
        let narrowed = whole.narrowed(&before, &after).unwrap();
        let names = |nodes: &Nodes, stack| -> Vec<Vec<String>> {
            let locations = after.stacks.get(stack).iter();
            let frames = locations.map(|l| nodes.frames(l.index()));
            frames.map(|f| f.iter().map(|&n| nodes.printable_text(n)).collect()).collect()
        };
        for &stack in &after.samples.stacks {
            prop_assert_eq!(names(&fresh, stack), names(&narrowed, stack));
        }
        let rows = |nodes: &Nodes| {
            let tree = Tree::new(&after, nodes, &Selection::all(&after, 0), false);
            tree.view(&after, nodes).rows()
        };
        // The root, and the frames of the deepest stack.
        let frames = |stack| names(&fresh, stack).iter().map(Vec::len).sum::<usize>() as u32;
        let weighs = |i: &usize| after.value(*i, 0) != 0;
        let samples = (0..after.samples.len()).filter(weighs);
        let deepest = samples.map(|i| frames(after.samples.stacks[i])).max();
        prop_assert_eq!(rows(&narrowed), deepest.unwrap_or(0) + 1);
        prop_assert_eq!(rows(&fresh), deepest.unwrap_or(0) + 1);
        for inverted in [false, true] {
            prop_assert_eq!(boxes(&after, &fresh, inverted), boxes(&after, &narrowed, inverted));
        }
    }
}

/// Every box of the tree: the names that lead to it, its value, and whether it can be found again.
pub(super) fn boxes(profile: &Profile, nodes: &Nodes, inverted: bool) -> Vec<(String, i64, bool)> {
    let selection = Selection::all(profile, 0);
    let tree = Tree::new(profile, nodes, &selection, inverted);
    let view = tree.view(profile, nodes);
    let mut open = vec![(String::new(), view.root())];
    let mut found = Vec::new();
    while let Some((path, at)) = open.pop() {
        let name = view.frame(at).map(|node| nodes.printable_text(node));
        let path = format!("{path};{}", name.unwrap_or_default());
        found.push((
            path.clone(),
            view.cum(at),
            view.find(&view.id(at)) == Some(at),
        ));
        open.extend(view.children(at).map(|child| (path.clone(), child)));
    }
    found
}

#[test]
fn a_location_without_frames_does_not_make_up_for_one_with_two() {
    // Six locations; without x there are six frames, for a~b has two.
    let before = test_profile("main;a~b;x;y;z 1\nmain;a~b;x;w 2");
    let options = Options {
        hide: "^x$".to_owned(),
        ..Options::default()
    };
    let mut after = before.clone();
    Filters::new(&options, &after).unwrap().apply(&mut after);
    let nodes = Nodes::new(&before, &NodeOptions::default());
    let nodes = nodes.narrowed(&before, &after).unwrap();
    assert!(!nodes.one_to_one());
    let mut paths: Vec<(String, i64, bool)> = boxes(&after, &nodes, false);
    paths.sort();
    let last = |i: usize| (paths[i].0.as_str(), paths[i].1, paths[i].2);
    assert_eq!(last(4), (";;main;a;b;w", 2, true));
    assert_eq!(last(6), (";;main;a;b;y;z", 1, true));
    assert_eq!(paths.len(), 7);
}
