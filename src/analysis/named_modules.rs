//! Modules that somebody says are the program's own, and those there are to choose from.

use std::collections::BTreeMap;

use super::classify::{Class, Classes, name_and_file};
use super::main_module::module_root;
use super::names::unescape;
use super::package_of;
use crate::model::{FunctionId, Profile};

/// Modules that are taken from a list: every function is compared with each of them.
const MAX_NAMED: usize = 32;

/// Modules to choose from.
const MAX_OFFERED: usize = 200;

/// Import paths between commas, without the blanks around them; the first 32.
pub(crate) fn named_modules(list: &str) -> Vec<&str> {
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.take(MAX_NAMED).collect()
}

/// A package is below a module when it is the module's root or a directory of it.
fn is_below(package: &str, module: &str) -> bool {
    let rest = package.strip_prefix(module);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Sorts the code of programs by what somebody said instead of by files.
pub(super) fn name_modules(profile: &Profile, modules: &[&str], classes: &mut [Class]) {
    for (row, class) in classes.iter_mut().enumerate() {
        if !matches!(class, Class::Main | Class::ThirdParty | Class::Std) {
            continue;
        }
        let package = unescape(package_of(name_and_file(profile, row).0));
        if modules.iter().any(|module| is_below(&package, module)) {
            *class = Class::Main;
        } else if *class == Class::Main && package != "main" {
            *class = Class::ThirdParty;
        }
    }
}

/// Those of a list of modules that no function of the profile is below.
pub(crate) fn unmatched_modules<'a>(profile: &Profile, list: &'a str) -> Vec<&'a str> {
    let mut open = named_modules(list);
    for row in 0..profile.functions.len() {
        if open.is_empty() {
            break;
        }
        let package = unescape(package_of(name_and_file(profile, row).0));
        open.retain(|module| !is_below(&package, module));
    }
    open
}

/// The modules that functions of the program or of others belong to, those with most functions
/// first; at most 200.
pub(crate) fn modules_of(profile: &Profile, classes: &Classes) -> Vec<String> {
    let mut functions: BTreeMap<&[u8], usize> = BTreeMap::new();
    for row in 0..profile.functions.len() {
        if !matches!(
            classes.of(FunctionId(row as u32)),
            Class::Main | Class::ThirdParty
        ) {
            continue;
        }
        let root = module_root(package_of(name_and_file(profile, row).0));
        if !matches!(root, b"" | b"main" | b"command-line-arguments") {
            *functions.entry(root).or_default() += 1;
        }
    }
    let mut found: Vec<(&[u8], usize)> = functions.into_iter().collect();
    crate::sort::sort_by(&mut found, &|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let names = found.iter().take(MAX_OFFERED);
    names.map(|(root, _)| unescape(root).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::test_profile;

    const PROGRAM: &str = "main.main@/src/app/main.go:1;example.com/app/store.Get@/src/app/store/get.go:2;\
        github.com/x/y/z.F@/go/pkg/mod/github.com/x/y@v1.0.0/z/f.go:3;\
        github.com/x/yy.G@/go/pkg/mod/github.com/x/yy@v1.0.0/g.go:3;\
        strings.Index@/usr/local/go/src/strings/index.go:4;\
        runtime.memmove@/usr/local/go/src/runtime/memmove.s:5 1";

    fn class(classes: &Classes, profile: &Profile, name: &str) -> Class {
        let rows = 0..profile.functions.len() as u32;
        let mut rows = rows.filter(|&row| {
            let function = profile.functions[row as usize];
            profile.strings.text(function.name) == name
        });
        classes.of(FunctionId(rows.next().unwrap()))
    }

    #[test]
    fn functions_below_a_named_module_are_the_programs_own_and_no_others() {
        let profile = test_profile(PROGRAM);
        let guess = Classes::new(&profile);
        assert_eq!(guess.main_module(), "example.com/app");
        let named = Classes::with_module(&profile, " github.com/x/y ,");
        assert_eq!(named.main_module(), "github.com/x/y");
        for (name, was, is) in [
            ("main.main", Class::Main, Class::Main),
            ("example.com/app/store.Get", Class::Main, Class::ThirdParty),
            ("github.com/x/y/z.F", Class::ThirdParty, Class::Main),
            ("github.com/x/yy.G", Class::ThirdParty, Class::ThirdParty),
            ("strings.Index", Class::Std, Class::Std),
            ("runtime.memmove", Class::Runtime, Class::Runtime),
        ] {
            assert_eq!(class(&guess, &profile, name), was, "{name}");
            assert_eq!(class(&named, &profile, name), is, "{name}");
        }
    }

    #[test]
    fn modules_without_a_function_are_told() {
        let profile = test_profile(PROGRAM);
        let list = "github.com/x/y, github.com/x, example.com/ap,strings";
        // github.com/x is a directory above two modules; example.com/ap only begins like one.
        assert_eq!(unmatched_modules(&profile, list), ["example.com/ap"]);
        assert!(unmatched_modules(&profile, "").is_empty());
    }

    #[test]
    fn modules_to_choose_from_are_those_of_files() {
        let profile = test_profile(PROGRAM);
        let offered = modules_of(&profile, &Classes::new(&profile));
        // One function each, so by name.
        assert_eq!(
            offered,
            ["example.com/app", "github.com/x/y", "github.com/x/yy"]
        );
    }

    #[test]
    fn a_list_without_end_is_cut() {
        let list = "a,".repeat(100);
        assert_eq!(named_modules(&list).len(), MAX_NAMED);
    }
}
