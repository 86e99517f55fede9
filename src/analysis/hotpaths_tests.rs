use super::super::hotpath_steps::MAX_STEPS;
use super::super::testing::test_profile;
use super::super::{NodeOptions, Selection, Tree};
use super::*;

/// Value of each path and its steps as `name flat/cum`, folded names in brackets before.
fn paths(text: &str, options: &HotPathOptions) -> Vec<(i64, Vec<String>)> {
    let profile = test_profile(text);
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let selection = Selection::all(&profile, 0);
    let tree = Tree::new(&profile, &nodes, &selection, false);
    let classes = Classes::new(&profile);
    let found = hot_paths(
        &profile,
        &nodes,
        &classes,
        tree.view(&profile, &nodes),
        options,
    );
    let name = |node: NodeId| nodes.printable_text(node);
    let step = |step: &PathStep| {
        let folded: Vec<String> = step.folded.iter().map(|&n| name(n)).collect();
        let before = if folded.is_empty() {
            String::new()
        } else {
            format!("[{}] ", folded.join(" "))
        };
        format!("{before}{} {}/{}", name(step.node), step.flat, step.cum)
    };
    found
        .iter()
        .map(|path| (path.value, path.steps.iter().map(step).collect()))
        .collect()
}

fn defaults(text: &str) -> Vec<(i64, Vec<String>)> {
    paths(text, &HotPathOptions::default())
}

#[test]
fn a_path_ends_where_the_cost_is_its_own() {
    let found = defaults(
        "runtime.main;main.main;main.load;main.parse 70
         runtime.main;main.main;main.load 10
         runtime.main;main.main;main.save 20",
    );
    // 10 of its own are less than a fifth of main.load's 80: no path for them.
    assert_eq!(
        found,
        [
            (
                70,
                vec![
                    "[runtime.main] main.main 0/100".into(),
                    "main.load 10/80".into(),
                    "main.parse 70/70".into()
                ]
            ),
            (
                20,
                vec![
                    "[runtime.main] main.main 0/100".into(),
                    "main.save 20/20".into()
                ]
            ),
        ]
    );
}

#[test]
fn a_path_ends_where_the_cost_scatters() {
    // Twenty children of 5 each: none carries a tenth of main.f.
    let stacks: Vec<String> = (0..20).map(|i| format!("main.f;main.c{i} 5")).collect();
    let text = stacks.join("\n");
    assert_eq!(defaults(&text), [(100, vec!["main.f 0/100".to_owned()])]);
    // A library is left where no callee has half of it: 40, 40 and 20.
    let text = "main.f;sort.Sort;sort.heap 40\nmain.f;sort.Sort;sort.pivot 40\nmain.f;sort.Sort 20";
    let steps = vec!["main.f 0/100".to_owned(), "sort.Sort 20/100".to_owned()];
    assert_eq!(defaults(text), [(100, steps)]);
}

#[test]
fn own_code_is_followed_through_branches() {
    let text = "main.main;main.a 35\nmain.main;main.b 33\nmain.main;main.c 32";
    let values: Vec<i64> = defaults(text).iter().map(|(value, _)| *value).collect();
    assert_eq!(values, [35, 33, 32]);
}

#[test]
fn libraries_are_followed_to_the_own_code_they_call() {
    // No child has half of serve; 30 of it go through two layers to a handler.
    let found = defaults(
        "net/http.(*conn).serve;net/http.(*ServeMux).ServeHTTP;net/http.F;main.handle 30
         net/http.(*conn).serve;net/http.(*conn).finish 40
         net/http.(*conn).serve;net/http.(*conn).read 30",
    );
    let ends: Vec<(i64, &str)> = found
        .iter()
        .map(|(v, steps)| (*v, steps.last().unwrap().as_str()))
        .collect();
    let expected = [
        (40, "net/http.(*conn).finish 40/40"),
        (30, "[net/http.F] main.handle 30/30"),
        (30, "net/http.(*conn).read 30/30"),
    ];
    assert_eq!(ends.len(), 3);
    assert!(
        expected.iter().all(|e| ends
            .iter()
            .any(|(v, s)| *v == e.0 && s.ends_with(e.1.rsplit("] ").next().unwrap()))),
        "{ends:?}"
    );
}

#[test]
fn large_own_cost_beside_a_heavy_child_is_a_path() {
    let found = defaults("main.f 40\nmain.f;main.g 60");
    assert_eq!(
        found,
        [
            (60, vec!["main.f 40/100".into(), "main.g 60/60".into()]),
            (40, vec!["main.f 40/100".into()]),
        ]
    );
}

#[test]
fn paths_do_not_overlap() {
    let text = "main.f;main.g;main.h 30\nmain.f;main.g 30\nmain.f;main.i 25\nmain.f 5\nmain.z 10";
    let sum: i64 = defaults(text).iter().map(|(value, _)| value).sum();
    // 30 + 30 + 25 + 10; the 5 of main.f alone are less than a fifth of its 90.
    assert_eq!(sum, 95);
}

#[test]
fn library_frames_fold_while_the_cost_is_the_same() {
    let found = defaults(
        "main.main;encoding/json.Marshal;encoding/json.enc;reflect.F;reflect.G;runtime.mallocgc 8
         main.main;encoding/json.Marshal;encoding/json.enc;reflect.F 2",
    );
    assert_eq!(
        found[0].1,
        [
            "main.main 0/10",
            "encoding/json.Marshal 0/10",
            "[encoding/json.enc] reflect.F 2/10",
            "[reflect.G] runtime.mallocgc 8/8"
        ]
    );
}

#[test]
fn benchmark_plumbing_is_folded() {
    let found = defaults("testing.(*B).launch;testing.(*B).runN;main.BenchmarkX;main.f 3");
    assert_eq!(
        found[0].1,
        [
            "[testing.(*B).launch testing.(*B).runN] main.BenchmarkX 0/3",
            "main.f 3/3"
        ]
    );
}

#[test]
fn direct_recursion_keeps_its_first_and_last_frame() {
    let found = defaults("main.main;main.fib;main.fib;main.fib;main.fib 4");
    assert_eq!(
        found[0].1,
        [
            "main.main 0/4",
            "main.fib 0/4",
            "[main.fib main.fib] main.fib 4/4"
        ]
    );
}

#[test]
fn count_and_least_share_are_kept() {
    let text = "main.a 50\nmain.b 30\nmain.c 19\nmain.d 1";
    let options = HotPathOptions {
        count: 2,
        min_share: 0.01,
    };
    assert_eq!(paths(text, &options).len(), 2);
    let options = HotPathOptions {
        count: 10,
        min_share: 0.1,
    };
    assert_eq!(paths(text, &options).len(), 3);
    assert_eq!(defaults(text).len(), 4);
    assert!(defaults("").is_empty());
}

#[test]
fn very_deep_stacks_are_cut_in_the_middle() {
    let deep: Vec<String> = (0..5000).map(|i| format!("main.f{i}")).collect();
    let found = defaults(&format!("{} 1", deep.join(";")));
    let steps = &found[0].1;
    assert_eq!(steps.len(), MAX_STEPS);
    assert!(steps[0].starts_with("main.f0 ") && steps[63].starts_with("main.f4999 1/1"));
    // The first 32 and the last 32 are steps; f32 to f4967 lie between, 4936, of which 40 are named.
    assert!(steps[31].starts_with("main.f31 "), "{}", steps[31]);
    assert!(
        steps[32].starts_with("[main.f32 main.f33 ")
            && steps[32].contains(" main.f71] main.f4968 0/1")
    );
    let profile = test_profile(&format!("{} 1", deep.join(";")));
    let nodes = Nodes::new(&profile, &NodeOptions::default());
    let tree = Tree::new(&profile, &nodes, &Selection::all(&profile, 0), false);
    let classes = Classes::new(&profile);
    let view = tree.view(&profile, &nodes);
    let path = &hot_paths(&profile, &nodes, &classes, view, &HotPathOptions::default())[0];
    let counts: usize = path.steps.iter().map(|step| step.folded_count).sum();
    assert_eq!((path.steps[32].folded_count, counts), (4936, 4936));
    let ends: Vec<u32> = [31, 32, 63]
        .iter()
        .map(|&i: &usize| view.depth(path.steps[i].at))
        .collect();
    assert_eq!(ends, [32, 4969, 5000]);
}

#[test]
fn folds_inside_a_dropped_middle_are_counted() {
    // A hundred times a function of the program and a library frame with the same cost: the own
    // functions are steps, the library frames fold, but for each first one, which own code calls.
    let deep: Vec<String> = (0..100)
        .map(|i| format!("main.f{i};sort.a{i};sort.b{i};sort.c{i}"))
        .collect();
    let found = defaults(&format!("{} 1", deep.join(";")));
    let steps = &found[0].1;
    // 400 frames; steps are f and a of each hundred and the last c: 201. 32 + 32 remain.
    assert_eq!(steps.len(), MAX_STEPS);
    assert!(steps[31].starts_with("sort.a15 "), "{}", steps[31]);
    // The last 32 are c99, then a99, f99, … back to a84: 15 pairs and a84.
    assert!(
        steps[32].starts_with("[sort.b15 sort.c15 main.f16 sort.a16 sort.b16 "),
        "{}",
        steps[32]
    );
    assert!(steps[32].ends_with("] sort.a84 0/1"), "{}", steps[32]);
    assert_eq!(steps[32].matches(' ').count(), 40 + 1);
    assert_eq!(steps[33], "[sort.b84 sort.c84] main.f85 0/1");
    assert_eq!(steps[63], "[sort.b99] sort.c99 1/1");
}

#[test]
fn a_diff_is_followed_by_magnitude() {
    let found = defaults("main.a;main.b -70\nmain.a;main.c 30");
    assert_eq!(
        found,
        [
            (-70, vec!["main.a 0/-40".into(), "main.b -70/-70".into()]),
            (30, vec!["main.a 0/-40".into(), "main.c 30/30".into()]),
        ]
    );
}
