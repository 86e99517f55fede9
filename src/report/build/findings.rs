//! What the rules say, as parts of the report: the list of bottlenecks, what a change could give,
//! what to change at which line and how to check it, what was looked for in vain.

use super::super::document::{Block, Column, List, Section, Table, Text};
use crate::findings::{Finding, Findings, Severity};

/// Findings in the list of bottlenecks, and with recommendations of their own.
const LISTED: usize = 12;
/// Sites of a finding in its recommendation.
const SITES: usize = 3;

/// One or two sentences on all of it, gravest first.
pub(super) fn verdict(findings: &Findings) -> Vec<Text> {
    let mut texts = Vec::new();
    let grave = |f: &&Finding| f.severity >= Severity::Low;
    let all = &findings.findings;
    if all.iter().find(grave).is_none() {
        texts.push(Text::from(
            "Nothing above information was found by the rules; what was looked for stands under “Checked, not found”.",
        ));
    } else {
        texts.push(Text::default().strong(&counts(findings)).plain("."));
    }
    for finding in all.iter().filter(|f| is_warning(f)) {
        texts.push(
            Text::default()
                .strong(&finding.title)
                .plain(": ")
                .plain(&finding.main().metric.text)
                .plain(" (")
                .code(&finding.main().name)
                .plain("). What follows is to be read with that in mind."),
        );
    }
    texts
}

/// Speaks against taking the rest at its word.
fn is_warning(finding: &Finding) -> bool {
    matches!(finding.rule.id, "M01" | "M02" | "M03") && finding.severity >= Severity::Medium
}

/// `6 findings: 2 high, 1 medium, 3 low`.
fn counts(findings: &Findings) -> String {
    let counts = findings.counts().into_iter();
    let grave: Vec<(Severity, usize)> = counts.filter(|(s, _)| *s > Severity::Info).collect();
    let total: usize = grave.iter().map(|(_, count)| count).sum();
    let parts = grave
        .iter()
        .map(|(severity, count)| format!("{count} {}", severity.name()));
    format!(
        "{}: {}",
        crate::unit::plural(total as u64, "finding"),
        parts.collect::<Vec<_>>().join(", ")
    )
}

/// True when a finding warns of this file: its own remarks would only repeat it.
pub(super) fn warns_of(findings: &Findings, file: &str) -> bool {
    let mut warnings = findings.findings.iter().filter(|f| is_warning(f));
    warnings.any(|f| f.evidence.iter().any(|e| e.name == file))
}

/// The table of bottlenecks; `None` when nothing above information was found.
pub(super) fn bottlenecks(findings: &Findings) -> Option<Table> {
    let caption = "What was found, gravest first; what follows from something else stands below it";
    let columns = [
        Column::text("#"),
        Column::text("Severity"),
        Column::text("What"),
        Column::text("Value"),
        Column::number("95% interval"),
        Column::code("Where"),
        Column::text("Confidence"),
    ];
    let mut table = Table::new(caption, columns);
    let mut number = 0;
    for row in findings.outline().into_iter().take(LISTED) {
        let finding = &findings.findings[row.at];
        let label = if row.depth == 0 {
            number += 1;
            number.to_string()
        } else {
            "↳".to_owned()
        };
        table.row([
            label,
            finding.severity.name().to_owned(),
            format!("{} ({})", finding.title, finding.rule.id),
            value(finding),
            finding.main().metric.interval_text(),
            place(finding),
            format!(
                "{}, {}",
                finding.confidence.name(),
                finding.main().samples_text()
            ),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The metric, with what other files of the run say.
fn value(finding: &Finding) -> String {
    let texts: Vec<&str> = finding
        .evidence
        .iter()
        .map(|e| e.metric.text.as_str())
        .collect();
    texts.join("; ")
}

fn place(finding: &Finding) -> String {
    let Some(site) = finding.site() else {
        return String::new();
    };
    match site.place().as_str() {
        "" => site.short().to_owned(),
        place => format!("{} {place}", site.short()),
    }
}

/// What changes could give at most.
pub(super) fn impact(findings: &Findings) -> Vec<Text> {
    let causes = findings
        .findings
        .iter()
        .filter(|f| f.explained_by.is_none());
    let worth = causes.filter(|f| f.severity > Severity::Info);
    worth
        .filter_map(|finding| {
            let gain = finding.potential_text();
            if gain.is_empty() {
                return None;
            }
            let text = Text::default().plain(&format!("{}: ", finding.title));
            let text = match finding.site() {
                Some(site) => text.plain("in ").code(site.short()).plain(" "),
                None => text,
            };
            Some(text.plain(&format!(
                "{gain} ({}, removable part {:.0}%).",
                finding.main().metric.text,
                finding.rule.removable() * 100.0
            )))
        })
        .take(LISTED)
        .collect()
}

/// A section for each cause: what was seen, what to change, how to check it.
pub(super) fn immediate(findings: &Findings) -> Vec<Section> {
    let causes = findings.outline().into_iter().filter(|row| row.depth == 0);
    let numbered = (1..).zip(causes).take(LISTED);
    numbered
        .map(|(number, row)| recommendation(number, findings, &findings.findings[row.at]))
        .collect()
}

fn recommendation(number: usize, findings: &Findings, finding: &Finding) -> Section {
    let title = format!("{number}. {}", finding.title);
    let mut section = Section::new(format!("finding-{number}"), &title, 4);
    section.push(seen(finding));
    for effect in finding
        .explains
        .iter()
        .filter_map(|&at| findings.findings.get(at))
    {
        let text = Text::from("It explains: ")
            .plain(&effect.title)
            .plain(&format!(" ({}, {}).", effect.rule.id, value(effect)));
        let remedy = effect.now().into_iter().next();
        section.push(
            match remedy.filter(|_| effect.severity >= Severity::Medium) {
                Some(remedy) => text.plain(" ").plain(&remedy),
                None => text,
            },
        );
    }
    section.push(Text::from("Why it costs: ").plain(finding.rule.why));
    section.push(List::ordered(finding.now().into_iter().map(Text::from)));
    if let Some((before, after)) = finding.rule.snippet {
        section.push("The change in general form, not your code:");
        section.push(Block::Code {
            text: difference(before, after),
            language: "diff",
        });
    }
    section.push(Text::default().strong("Verify: ").plain(&finding.verify()));
    section.push(
        Text::default()
            .strong("It is wrong if: ")
            .plain(finding.rule.falsifier),
    );
    let limits = finding.all_limits();
    if !limits.is_empty() {
        section.push(Text::default().strong("Limits: ").plain(&limits.join(" ")));
    }
    section
}

/// What was seen, where, and how sure that is.
fn seen(finding: &Finding) -> Text {
    let main = finding.main();
    let mut text = Text::default()
        .strong(finding.severity.name())
        .plain(", confidence ")
        .plain(finding.confidence.name())
        .plain(": ")
        .strong(&main.metric.text);
    let range = finding.main().metric.interval_text();
    if !range.is_empty() {
        text = text.plain(&format!(" [{range}, {}]", main.samples_text()));
    }
    text = text.plain(" in ").code(&main.name);
    for (at, site) in main.places.iter().take(SITES).enumerate() {
        text = text
            .plain(if at == 0 { "; most at " } else { ", then " })
            .code(site.short());
        if !site.place().is_empty() {
            text = text.plain(" ").code(&site.place());
        }
        text = text.plain(&format!(" ({})", site.value));
    }
    text = text.plain(".");
    for note in &main.notes {
        text = text.plain(" ").plain(note);
    }
    for other in &finding.evidence[1..] {
        text = text
            .plain(" Also ")
            .plain(&other.metric.text)
            .plain(" in ")
            .code(&other.name)
            .plain(".");
    }
    text
}

/// Lines taken away and lines put in.
fn difference(before: &str, after: &str) -> String {
    let removed = before.lines().map(|line| format!("- {line}"));
    let added = after.lines().map(|line| format!("+ {line}"));
    let lines: Vec<String> = removed.chain(added).collect();
    // A tab is no text of a document.
    lines.join("\n").replace('\t', "    ")
}

/// What keeps the findings away for good, each once.
pub(super) fn long_term(findings: &Findings) -> Vec<Text> {
    let mut said: Vec<&str> = Vec::new();
    let mut texts = Vec::new();
    let causes = findings
        .findings
        .iter()
        .filter(|f| f.explained_by.is_none());
    for finding in causes.filter(|f| f.severity > Severity::Info) {
        for &later in finding.rule.later {
            if !said.contains(&later) {
                said.push(later);
                texts
                    .push(Text::from(finding.say(later)).plain(&format!(" ({})", finding.rule.id)));
            }
        }
    }
    texts
}

/// Information: worth knowing, nothing to do at once.
pub(super) fn information(findings: &Findings) -> Option<List> {
    let infos = findings
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Info);
    let texts: Vec<Text> = infos
        .map(|f| {
            Text::default()
                .plain(&format!(
                    "{} ({}): {} in ",
                    f.title,
                    f.rule.id,
                    f.main().metric.text
                ))
                .code(&f.main().name)
                .plain(".")
        })
        .collect();
    (!texts.is_empty()).then(|| List::bullets(texts))
}

/// What was looked for in vain, and what nobody could look for.
pub(super) fn checked(findings: &Findings) -> Section {
    let mut section = Section::new("checked", "Checked, not found", 3);
    if findings.checked.is_empty() {
        section.push("No question could be answered with no.");
    } else {
        let columns = [
            Column::text("Question"),
            Column::text("Value"),
            Column::number("would fire from"),
            Column::code("source"),
            Column::text("rule"),
        ];
        let mut table = Table::new("Questions answered with no", columns);
        for check in &findings.checked {
            table.row([
                check.question,
                &check.value,
                &check.threshold,
                &check.file,
                check.rule,
            ]);
        }
        section.push(table);
    }
    for open in &findings.not_assessable {
        section.missing(
            &format!("{} Not assessable: it needs {}.", open.question, open.needs),
            open.command,
        );
    }
    section
}
