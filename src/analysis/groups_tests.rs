use super::super::testing::{cpu_profile, test_profile};
use super::super::{NodeOptions, Nodes, Selection};
use super::*;

struct Case {
    profile: Profile,
    nodes: Nodes,
    classes: Classes,
}

impl Case {
    fn new(profile: Profile) -> Self {
        let nodes = Nodes::new(&profile, &NodeOptions::default());
        let classes = Classes::new(&profile);
        Self {
            profile,
            nodes,
            classes,
        }
    }

    fn groups(&self, by: GroupBy, sample_type: usize) -> Groups {
        let selection = Selection::all(&self.profile, sample_type);
        groups(
            &self.profile,
            &self.nodes,
            &self.classes,
            Kind::Cpu,
            &selection,
            by,
        )
    }

    /// The key of a function's group.
    fn key_of(&self, groups: &Groups, name: &str) -> String {
        let node =
            (0..self.nodes.len()).find(|&n| self.nodes.printable_text(NodeId(n as u32)) == name);
        let place = groups.of_node[node.unwrap()] as usize;
        groups
            .shown
            .get(place)
            .map_or_else(|| "others".to_owned(), |group| group.key.clone())
    }
}

fn sums(groups: &Groups) -> Vec<(&str, i64, i64)> {
    groups
        .shown
        .iter()
        .map(|group| (group.key.as_str(), group.cum, group.flat))
        .collect()
}

#[test]
fn a_package_counts_a_stack_once() {
    // main is in all 10; strings is in 4 + 3, twice in one of them; fmt in 3.
    let case = Case::new(test_profile(
        "main.main;strings.Map;strings.grow 4\nmain.main;strings.Map;fmt.Print 3\nmain.main 3",
    ));
    let groups = case.groups(GroupBy::Package, 0);
    let expected = [("main", 10, 3), ("strings", 7, 4), ("fmt", 3, 3)];
    assert_eq!(sums(&groups), expected);
    assert_eq!(groups.others, None);
    assert_eq!(case.key_of(&groups, "strings.grow"), "strings");
}

#[test]
fn what_has_no_place_of_its_own_is_joined() {
    // Fourteen packages p01 to p14 weigh 14 to 1: the last two, 2 + 1, are the others.
    let lines: Vec<String> = (1..=14).map(|i| format!("p{i:02}.f {}", 15 - i)).collect();
    let case = Case::new(test_profile(&lines.join("\n")));
    let groups = case.groups(GroupBy::Package, 0);
    assert_eq!(groups.shown.len(), MOST_GROUPS);
    assert_eq!(groups.shown[0].key, "p01");
    let others = groups.others.as_ref().unwrap();
    assert_eq!((others.cum, others.flat), (3, 3));
    assert_eq!(case.key_of(&groups, "p13.f"), "others");
}

#[test]
fn files_are_called_by_their_ends() {
    let case = Case::new(test_profile(
        "main.main@/home/x/app/main.go:3;main.f@/home/x/app/f.go:9 5\nmain.main@/home/x/app/main.go:3 1",
    ));
    let groups = case.groups(GroupBy::File, 0);
    let expected = [("/home/x/app/main.go", 6, 1), ("/home/x/app/f.go", 5, 5)];
    assert_eq!(sums(&groups), expected);
    assert_eq!(groups.shown[0].label, "app/main.go");
}

#[test]
fn classes_keep_their_order_whatever_they_weigh() {
    let case = Case::new(test_profile(
        "runtime.main;main.main;strings.Map 8\nruntime.main;main.main 1",
    ));
    let groups = case.groups(GroupBy::Class, 0);
    let expected = [("main", 9, 1), ("std", 8, 8), ("runtime", 9, 0)];
    assert_eq!(sums(&groups), expected);
}

#[test]
fn a_function_has_the_mechanism_of_most_that_goes_through_it() {
    // Of main.main's 10 samples 7 allocate; main.work is in 3 of its own code alone.
    let case = Case::new(cpu_profile(
        "main.main;main.make;runtime.mallocgc 7\nmain.main;main.work 3",
    ));
    let groups = case.groups(GroupBy::Mechanism, 1);
    let allocation = case.key_of(&groups, "runtime.mallocgc");
    assert_eq!(case.key_of(&groups, "main.main"), allocation);
    assert_eq!(case.key_of(&groups, "main.make"), allocation);
    assert_ne!(case.key_of(&groups, "main.work"), allocation);
    // 7 and 3 samples of 10 ms.
    let values: Vec<i64> = groups.shown.iter().map(|group| group.cum).collect();
    assert_eq!(values, [70_000_000, 30_000_000]);
}
