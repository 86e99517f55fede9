//! What Go says of more than two hundred expressions.

use super::Pattern;

/// Written by a program of ten lines around Go 1.27.3's `regexp.Compile` and `MatchString`.
const GO: &str = include_str!("go.tsv");

/// Where we differ on purpose: classes that need tables of Unicode, and letters beyond ASCII
/// under `(?i)`.
const WITHOUT_TABLES: [&str; 5] = [r"\pN", r"\p{Greek}", r"\p{^Greek}", r"\PN", "(?i)é"];

fn unquoted(json: &str) -> String {
    serde_json::from_str(json).unwrap()
}

#[test]
fn expressions_mean_what_they_mean_in_go() {
    let lines = GO.lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<&str> = lines.collect();
    let end = lines.iter().position(|line| line.is_empty()).unwrap();
    let texts: Vec<String> = lines[..end].iter().map(|line| unquoted(line)).collect();
    let mut wrong = Vec::new();
    for line in &lines[end + 1..] {
        let (expression, expected) = line.split_once('\t').unwrap();
        let expression = unquoted(expression);
        let found = match Pattern::new(&expression) {
            Ok(pattern) => {
                let bit = |text: &String| {
                    if pattern.is_match(text.as_bytes()) {
                        '1'
                    } else {
                        '0'
                    }
                };
                texts.iter().map(bit).collect()
            }
            Err(error) => error.to_string(),
        };
        if found != expected && !WITHOUT_TABLES.contains(&&*expression) {
            wrong.push(format!("{expression}\n  Go   {expected}\n  here {found}"));
        }
    }
    assert!(lines.len() - end > 200);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_needs_tables_is_refused_by_name() {
    for expression in [r"\pN", r"[a\p{Greek}]"] {
        let error = Pattern::new(expression).unwrap_err().to_string();
        assert!(
            error.contains("classes of Unicode are not supported here: `\\p"),
            "{error}"
        );
    }
}

#[test]
fn errors_have_a_place() {
    for (expression, at) in [
        ("(a", 2),
        ("ab)", 2),
        ("a**", 1),
        ("x[z-a]", 2),
        ("[a", 2),
        (r"ab\", 3),
    ] {
        assert_eq!(Pattern::new(expression).unwrap_err().at, at, "{expression}");
    }
}

#[test]
fn bytes_that_are_no_text_are_a_character_each() {
    // Go 1.27.3: regexp.MatchString("^..$", "\xff\xfe") and the two others are true.
    for (expression, text) in [
        ("^..$", &b"\xff\xfe"[..]),
        ("^a.b$", b"a\xe4b"),
        ("^[^a]$", b"\xe4"),
    ] {
        assert!(
            Pattern::new(expression).unwrap().is_match(text),
            "{expression}"
        );
    }
}

#[test]
fn deep_and_large_expressions_are_refused() {
    let deep = "(".repeat(5000) + &")".repeat(5000);
    assert!(
        Pattern::new(&deep)
            .unwrap_err()
            .reason
            .starts_with("expression nests too deeply")
    );
    let wide = "a".to_owned() + &"(?i)*".repeat(5000);
    assert!(
        Pattern::new(&wide)
            .unwrap_err()
            .reason
            .starts_with("expression nests too deeply")
    );
    let large = "(?:\\w{1000}|.{1000})".repeat(200);
    assert!(
        Pattern::new(&large)
            .unwrap_err()
            .reason
            .starts_with("expression too large")
    );
}
