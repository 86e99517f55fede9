//! To whom a stack's cost belongs: its leaf, the runtime function called from outside the
//! runtime, the nearest user frame, and the library in between.
//!
//! A leaf tells *how* time was spent, the boundary *why*, the nearest user frame *who* caused it.
//! Everything that depends on a location alone is computed once per location, so that a stack
//! costs a few table look-ups until its nearest user frame is found.

use super::{Class, Classes, NodeId, Nodes};
use crate::model::{FunctionId, LocationId, Profile, StackId};

/// No function or line.
const NONE: u32 = u32::MAX;

/// What a location contributes to a walk from the leaf.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// Union of the marks of the lines inside the innermost user line, of all without one.
    marks: u64,
    /// Innermost line that is not folded.
    leaf_row: u32,
    /// Outermost function of the run of runtime lines that begins at the innermost line.
    run: u32,
    /// Outermost library function inside the innermost line of the program's own code.
    library: u32,
    /// The same inside the innermost user line.
    inner_library: u32,
    /// Innermost line of the program's own code.
    main_row: u32,
    /// Innermost line of own or third-party code.
    user_row: u32,
    /// Innermost line that is neither runtime nor folded.
    outside_row: u32,
    /// All lines are runtime or folded.
    runtime_only: bool,
}

/// Answers for one stack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attribution {
    /// Innermost frame that is not folded.
    pub(crate) leaf: Option<Place>,
    /// The runtime function called directly from outside the runtime.
    pub(crate) boundary: Option<FunctionId>,
    /// Union of the marks below the nearest own or third-party frame.
    pub(crate) marks: u64,
    /// Nearest user frame: the first of the program's own code from the leaf, else the first of
    /// a third party, else the first outside the runtime.
    pub(crate) user: Option<Place>,
    /// Outermost library function that the nearest user frame called into.
    pub(crate) library: Option<FunctionId>,
}

/// A line of a location on a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) location: LocationId,
    /// Row of `Profile::lines`.
    pub(crate) row: u32,
}

impl Place {
    /// The function at this place.
    pub(crate) fn function(self, profile: &Profile) -> FunctionId {
        profile.lines[self.row as usize].function
    }

    /// The innermost frame of a location, for stacks on which no line counts.
    pub(crate) fn innermost(location: LocationId) -> Self {
        Self {
            location,
            row: NONE,
        }
    }

    /// The node that stands for this line; `None` for a row that is not the location's.
    pub(crate) fn node(self, profile: &Profile, nodes: &Nodes) -> Option<NodeId> {
        let location = self.location.index();
        if self.row == NONE {
            return nodes.frames(location).last().copied();
        }
        let frame = nodes.frame_of_line(profile, location, self.row);
        frame.map(|(node, _)| node)
    }
}

/// The walker: per-location facts of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Attributor<'a> {
    profile: &'a Profile,
    facts: Vec<Facts>,
}

impl<'a> Attributor<'a> {
    /// Prepares all locations. `marks` gives each function bits that [`Attribution::marks`]
    /// collects; an empty slice gives none.
    pub(crate) fn new(profile: &'a Profile, classes: &Classes, marks: &[u64]) -> Self {
        let folded: Vec<bool> = profile
            .functions
            .iter()
            .map(|f| classes.is_go() && is_folded(profile.strings.bytes(f.name)))
            .collect();
        let tables = Tables {
            profile,
            classes,
            marks,
            folded: &folded,
        };
        let facts = (0..profile.locations.len())
            .map(|l| tables.facts(l))
            .collect();
        Self { profile, facts }
    }

    /// The innermost frame of a stack that is not folded.
    pub(crate) fn leaf(&self, stack: StackId) -> Option<Place> {
        let locations = self.profile.stacks.get(stack).iter();
        let mut rows = locations.map(|&l| (l, self.facts[l.index()].leaf_row));
        let (location, row) = rows.find(|&(_, row)| row != NONE)?;
        Some(Place { location, row })
    }

    /// Walks one stack from its leaf.
    pub(crate) fn attribute(&self, stack: StackId) -> Attribution {
        let locations = self.profile.stacks.get(stack);
        let mut found = Attribution::default();
        let (mut library, mut inner_library) = (NONE, NONE);
        let (mut user, mut outside): (Option<Place>, Option<Place>) = (None, None);
        let mut in_run = true;
        for &location in locations {
            let facts = &self.facts[location.index()];
            let place = |row: u32| (row != NONE).then_some(Place { location, row });
            if in_run {
                found.boundary = function(facts.run).or(found.boundary);
                in_run = facts.runtime_only;
            }
            found.leaf = found.leaf.or(place(facts.leaf_row));
            if user.is_none() {
                found.marks |= facts.marks;
                inner_library = if facts.inner_library == NONE {
                    inner_library
                } else {
                    facts.inner_library
                };
                user = place(facts.user_row);
            }
            library = if facts.library == NONE {
                library
            } else {
                facts.library
            };
            outside = outside.or(place(facts.outside_row));
            if facts.main_row != NONE {
                found.user = place(facts.main_row);
                found.library = function(library);
                return found;
            }
        }
        found.library = function(if user.is_some() {
            inner_library
        } else {
            library
        });
        found.user = user.or(outside);
        found
    }
}

fn function(id: u32) -> Option<FunctionId> {
    (id != NONE).then_some(FunctionId(id))
}

struct Tables<'a> {
    profile: &'a Profile,
    classes: &'a Classes,
    marks: &'a [u64],
    folded: &'a [bool],
}

impl Tables<'_> {
    fn facts(&self, location: usize) -> Facts {
        let (start, end) = self.profile.locations[location].lines;
        let mut facts = Facts {
            marks: 0,
            leaf_row: NONE,
            run: NONE,
            library: NONE,
            inner_library: NONE,
            main_row: NONE,
            user_row: NONE,
            outside_row: NONE,
            runtime_only: start != end,
        };
        for row in start..end {
            self.add(&mut facts, row);
        }
        facts
    }

    /// Takes in the next line, going outwards.
    fn add(&self, facts: &mut Facts, row: u32) {
        let function = self.profile.lines[row as usize].function;
        if self.folded[function.index()] {
            return;
        }
        let class = self.classes.of(function);
        let is_runtime = class == Class::Runtime;
        let is_user = matches!(class, Class::Main | Class::ThirdParty);
        if facts.leaf_row == NONE {
            facts.leaf_row = row;
        }
        if facts.user_row == NONE {
            facts.marks |= self.marks.get(function.index()).copied().unwrap_or(0);
            if is_user {
                facts.user_row = row;
            } else if !is_runtime {
                facts.inner_library = function.0;
            }
        }
        if facts.main_row == NONE {
            if class == Class::Main {
                facts.main_row = row;
            } else if !is_runtime {
                facts.library = function.0;
            }
        }
        if !is_runtime {
            facts.runtime_only = false;
            if facts.outside_row == NONE {
                facts.outside_row = row;
            }
        } else if facts.runtime_only {
            facts.run = function.0;
        }
    }
}

/// Frames that are plumbing between a caller and what it runs: their cost is the caller's.
pub(crate) fn is_folded(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 9] = [
        b"runtime.asyncPreempt",
        b"runtime.asyncPreempt2",
        b"runtime.goexit",
        b"runtime.main",
        b"runtime.systemstack",
        b"runtime.systemstack_switch",
        b"runtime.mcall",
        b"reflect.Value.call",
        b"runtime/pprof.Do",
    ];
    NAMES.contains(&name) || is_reflect_call(name) || is_go_wrapper(name)
}

/// `runtime.call16` … `runtime.call1073741824`: reflect's trampolines.
fn is_reflect_call(name: &[u8]) -> bool {
    let size = name.strip_prefix(b"runtime.call").unwrap_or_default();
    !size.is_empty() && size.iter().all(u8::is_ascii_digit)
}

/// `pkg.f.gowrap1`: the closure that a `go` statement with arguments is turned into.
fn is_go_wrapper(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && name[..name.len() - digits].ends_with(b".gowrap")
}

#[cfg(test)]
mod tests {
    use super::super::testing::test_profile;
    use super::*;

    fn name(profile: &Profile, function: Option<FunctionId>) -> String {
        function.map_or_else(String::new, |f| {
            profile
                .strings
                .text(profile.functions[f.index()].name)
                .into_owned()
        })
    }

    fn attribute(text: &str) -> (String, String, String, String) {
        let profile = test_profile(text);
        let classes = Classes::new(&profile);
        let found = Attributor::new(&profile, &classes, &[]).attribute(StackId(0));
        let [user, leaf] = [found.user, found.leaf].map(|p| p.map(|p| p.function(&profile)));
        let names = [leaf, found.boundary, user, found.library].map(|f| name(&profile, f));
        let [leaf, boundary, user, library] = names;
        (leaf, boundary, user, library)
    }

    fn strings(a: &str, b: &str, c: &str, d: &str) -> (String, String, String, String) {
        (a.into(), b.into(), c.into(), d.into())
    }

    #[test]
    fn boundary_is_the_runtime_function_called_from_outside() {
        let found = attribute(
            "runtime.main;main.main;main.add;runtime.growslice;runtime.mallocgc;runtime.memclrNoHeapPointers 1",
        );
        let expected = strings(
            "runtime.memclrNoHeapPointers",
            "runtime.growslice",
            "main.add",
            "",
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn preemption_is_folded_into_the_interrupted_caller() {
        let found = attribute("runtime.main;main.main;main.busy;runtime.asyncPreempt 1");
        assert_eq!(found, strings("main.busy", "", "main.busy", ""));
    }

    #[test]
    fn library_is_what_the_nearest_own_frame_called() {
        let found = attribute("main.main;fmt.Sprintf;fmt.(*pp).doPrintf;strconv.AppendInt 1");
        assert_eq!(
            found,
            strings("strconv.AppendInt", "", "main.main", "fmt.Sprintf")
        );
    }

    #[test]
    fn own_code_wins_over_third_party_code_below_it() {
        let found = attribute(
            "main.main;github.com/x/y.F@/home/me/go/pkg/mod/github.com/x/y@v1.0.0/y.go:1;sort.Slice 1",
        );
        assert_eq!(
            found,
            strings("sort.Slice", "", "main.main", "github.com/x/y.F")
        );
    }

    #[test]
    fn inlined_frames_count_as_frames() {
        // The lock is inlined into its caller: one location, two lines.
        let found = attribute("main.main;main.work~sync.(*Mutex).Lock 1");
        assert_eq!(
            found,
            strings("sync.(*Mutex).Lock", "", "main.work", "sync.(*Mutex).Lock")
        );
    }

    #[test]
    fn code_called_back_by_the_runtime_is_the_users() {
        // The deferred function does the work; the marks of deferreturn must not reach it.
        let profile =
            test_profile("main.main;main.f;runtime.deferreturn;main.f.func1;strings.Repeat 1");
        let classes = Classes::new(&profile);
        let marks: Vec<u64> = profile
            .functions
            .iter()
            .map(|f| u64::from(profile.strings.bytes(f.name) == b"runtime.deferreturn"))
            .collect();
        let found = Attributor::new(&profile, &classes, &marks).attribute(StackId(0));
        assert_eq!(found.marks, 0);
        assert_eq!(
            name(&profile, found.user.map(|p| p.function(&profile))),
            "main.f.func1"
        );
    }

    #[test]
    fn folded_names() {
        for name in [
            "runtime.call32",
            "main.main.gowrap12",
            "runtime.goexit",
            "reflect.Value.call",
        ] {
            assert!(is_folded(name.as_bytes()), "{name}");
        }
        for name in [
            "runtime.callers",
            "runtime.call",
            "main.gowrap",
            "runtime.mallocgc",
        ] {
            assert!(!is_folded(name.as_bytes()), "{name}");
        }
    }
}
