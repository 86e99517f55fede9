//! The commands that record such results again.

use crate::analysis::bench::Recipe;
use crate::analysis::file_name;
use crate::findings::quoted_pattern;
use crate::report::build::shell_word;

/// Benchmarks that a command names; of more it runs all.
const NAMED: usize = 12;

/// What to run for a file of results: what each command is for, and itself. Empty where the file
/// has none.
pub fn commands(file: &str, recipe: &Recipe) -> Vec<(String, String)> {
    if recipe.benchmarks.is_empty() {
        return Vec::new();
    }
    let pattern = match recipe.benchmarks.len() {
        0..=NAMED => {
            let names: Vec<String> = recipe
                .benchmarks
                .iter()
                .map(|name| format!("Benchmark{}", quoted_pattern(name)))
                .collect();
            match names.as_slice() {
                [one] => format!("^{one}$"),
                several => format!("^({})$", several.join("|")),
            }
        }
        _ => ".".to_owned(),
    };
    // Fewer than 6 runs have no interval.
    let count = recipe.count.max(6);
    let mut command = format!(
        "go test -run='^$' -bench={} -count={count}",
        shell_word(&pattern)
    );
    if recipe.benchmem {
        command.push_str(" -benchmem");
    }
    if let Some(iterations) = recipe.iterations {
        command.push_str(&format!(" -benchtime={iterations}x"));
    }
    if !recipe.cpu.is_empty() {
        command.push_str(&format!(" -cpu={}", shell_word(&recipe.cpu.join(","))));
    }
    for package in &recipe.packages {
        command.push(' ');
        command.push_str(&shell_word(package));
    }
    let base = file_name(file);
    command.push_str(&format!(" | tee {}", shell_word(base)));
    vec![(format!("Records {base} again"), command)]
}
