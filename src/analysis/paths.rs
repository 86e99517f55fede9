//! File paths as pprof shows them.

/// The name of a file without its folders, whichever system wrote them.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Go's `filepath.Base` for a non-empty path.
pub(crate) fn base_name(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&b| b != b'/').map_or(0, |i| i + 1);
    if end == 0 {
        return b"/";
    }
    let start = path[..end]
        .iter()
        .rposition(|&b| b == b'/')
        .map_or(0, |i| i + 1);
    &path[start..end]
}

/// Go's `filepath.Clean` on Unix, for a non-empty path: `//`, `.` and inner `..` removed.
pub(crate) fn clean_path(path: &[u8]) -> Vec<u8> {
    let rooted = path.first() == Some(&b'/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(&last) if last != b".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// The last two elements of a path: enough to find the file, short enough for a table.
pub(crate) fn short_path(path: &str) -> &str {
    let mut slashes = path.rmatch_indices(['/', '\\']).map(|(at, _)| at);
    match slashes.nth(1) {
        Some(at) => &path[at + 1..],
        None => path,
    }
}

/// `dir/file.go:12`; without a line the file alone, and empty without a file.
pub(crate) fn short_place(file: &str, line: i64) -> String {
    match line {
        1.. if !file.is_empty() => format!("{}:{line}", short_path(file)),
        _ => short_path(file).to_owned(),
    }
}

/// The name under which a source file is shown: without what pprof trims unasked, the working
/// directory of the process that was built or profiled, then cleaned; empty stays empty.
pub(crate) fn source_path(file: &[u8]) -> Vec<u8> {
    const TRIMMED: [&[u8]; 2] = [b"/proc/self/cwd/./", b"/proc/self/cwd/"];
    let rest = TRIMMED.iter().find_map(|prefix| file.strip_prefix(*prefix));
    match rest.unwrap_or(file) {
        b"" => Vec::new(),
        path => clean_path(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_cleans_them() {
        // Left to right as documented for path/filepath.Clean.
        for (path, clean) in [
            ("a//b", "a/b"),
            ("./a/../b/.", "b"),
            ("/../a", "/a"),
            ("../a", "../a"),
            ("a/..", "."),
            ("/", "/"),
        ] {
            assert_eq!(clean_path(path.as_bytes()), clean.as_bytes(), "{path}");
        }
    }

    #[test]
    fn source_files_lose_the_working_directory() {
        // go tool pprof -files, see testdata/golden/pprof/handmade/cwd-prefix.
        for (file, shown) in [
            ("/proc/self/cwd/./pkg/a.go", "pkg/a.go"),
            ("/proc/self/cwd/pkg/./b.go", "pkg/b.go"),
            ("/proc/self/cwd/../g.go", "../g.go"),
            ("/proc/self/cwdx/c.go", "/proc/self/cwdx/c.go"),
            ("/proc/self/cwd", "/proc/self/cwd"),
            ("/proc/self/cwd/", ""),
            ("", ""),
        ] {
            assert_eq!(source_path(file.as_bytes()), shown.as_bytes(), "{file}");
        }
    }

    #[test]
    fn paths_keep_their_last_two_elements() {
        assert_eq!(short_path("/usr/src/a/b.go"), "a/b.go");
        assert_eq!(short_path("b.go"), "b.go");
        assert_eq!(short_path("a/b.go"), "a/b.go");
        assert_eq!(short_path("C:\\x\\y\\z.go"), "y\\z.go");
        assert_eq!(short_place("/x/a/b.go", 7), "a/b.go:7");
        assert_eq!(short_place("/x/a/b.go", 0), "a/b.go");
        assert_eq!(short_place("", 7), "");
    }

    #[test]
    fn base_names_ignore_trailing_slashes() {
        assert_eq!(base_name(b"/usr/lib/libc.so.6"), b"libc.so.6");
        assert_eq!(base_name(b"dir/"), b"dir");
        assert_eq!(base_name(b"///"), b"/");
    }
}
