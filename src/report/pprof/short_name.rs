//! Function names short enough for a box.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

/// The rules: what is matched of a name, and which group of it stays.
struct Rules {
    /// `/v2` and up, as an element of an import path.
    version: Option<Regex>,
    /// Go, Java and C++, in this order; the first that matches decides.
    languages: Vec<Regex>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    version: compiled(r"^([^\n]*?)/v(?:[2-9]|[1-9][0-9]+)([./][^\n]*)$"),
    languages: [
        // Elements of an import path, then what has a dot in it.
        r"^(?:[-.0-9A-Za-z_]+/)+([^.]+\.[^\n]+)",
        // Packages in small letters, then Class.method; arguments follow, or nothing.
        r"^(?:[a-z]\w*\.)*([A-Z][\w$]*\.(?:<init>|[a-z][\w$]*(?:\$[0-9]+)?))(?:\(|$)",
        // Name spaces, then Class::method with its template arguments.
        r"^(?:[A-Za-z_]\w*::)+(_*[A-Z]\w*::~?[A-Za-z_]\w*(?:<[^\n]*>)?)",
    ]
    .into_iter()
    .filter_map(compiled)
    .collect(),
});

fn compiled(pattern: &str) -> Option<Regex> {
    // The patterns are our own; a test sees to it that all of them are valid.
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

/// A function's name as pprof's pictures show it: without import path, package or name space.
pub(super) fn shortened(name: &[u8]) -> Cow<'_, [u8]> {
    let name = name
        .strip_prefix(b"(anonymous namespace)::")
        .unwrap_or(name);
    let versioned = RULES.version.as_ref().and_then(|rule| rule.captures(name));
    let name: Cow<'_, [u8]> = match versioned {
        Some(found) => Cow::Owned([&found[1], &found[2]].concat()),
        None => Cow::Borrowed(name),
    };
    let found = RULES.languages.iter().find_map(|rule| {
        let group = rule.captures(&name)?.get(1)?;
        Some(group.range())
    });
    match (found, name) {
        (Some(range), Cow::Borrowed(name)) => Cow::Borrowed(&name[range]),
        (Some(range), Cow::Owned(name)) => Cow::Owned(name[range].to_vec()),
        (None, name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_valid() {
        assert!(RULES.version.is_some());
        assert_eq!(RULES.languages.len(), 3);
    }

    #[test]
    fn names_lose_what_stands_before_them() {
        for (name, short) in [
            // Go: import paths and their versions.
            ("main.work", "main.work"),
            ("net/http.(*conn).serve", "http.(*conn).serve"),
            ("example.com/team/tool.Run", "tool.Run"),
            ("example.com/tool/v3.Run.func1", "tool.Run.func1"),
            ("example.com/tool/v3/inner.Run", "inner.Run"),
            ("example.com/tool/v1/inner.Run", "inner.Run"),
            ("example.com/tool/v1.Run", "v1.Run"),
            ("example.com/tool/v12.Run", "tool.Run"),
            (
                "slices.SortFunc[example.com/a.T]",
                "slices.SortFunc[example.com/a.T]",
            ),
            (
                "a/b.(*T).(encoding/json.encode)-fm",
                "b.(*T).(encoding/json.encode)-fm",
            ),
            ("path/without", "path/without"),
            // Java: packages and arguments.
            ("java.util.HashMap.put(Object, Object)", "HashMap.put"),
            ("com.example.Main.<init>(int)", "Main.<init>"),
            ("com.example.Main.lambda$0", "Main.lambda$0"),
            ("com.example.Main", "com.example.Main"),
            // C++: name spaces.
            ("std::chrono::Clock::now", "Clock::now"),
            ("(anonymous namespace)::run", "run"),
            ("(anonymous namespace)::Pool::~Pool()", "Pool::~Pool()"),
            ("app::Pool::~Pool()", "Pool::~Pool"),
            ("app::_Impl::at<int, 3>(long)", "_Impl::at<int, 3>"),
            ("app::detail::run", "app::detail::run"),
        ] {
            let found = shortened(name.as_bytes()).into_owned();
            assert_eq!(String::from_utf8_lossy(&found), short, "{name}");
        }
    }
}
