//! The report as one HTML file: readable offline, without a script or a request.
//!
//! Everything from a file or its author passes through maud's escaping; the only markup taken
//! as it is are the pictures of [`figure`](super::figure). The file's own policy forbids scripts
//! and requests, so the browser enforces what this module promises.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Column, Document, List, Mark, Run, Section, Table, Text, clean};
use crate::analysis::package_of;

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                      base-uri 'none'; form-action 'none'";

/// Light and dark by the reader's system, black on white on paper.
const STYLE: &str = include_str!("report.css");

impl Document {
    /// The document as one self-contained HTML file: no script, no reference to another file.
    pub fn to_html(&self) -> String {
        let title = clean(&self.title);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content=(clean(&self.generator));
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#content" { "Skip to content" }
                    div.page {
                        (self.masthead(&title))
                        (contents(&self.sections))
                        main #content { @for s in &self.sections { (section(s)) } }
                        footer { "Written by " (clean(&self.generator)) "." }
                    }
                }
            }
        }
        .into_string()
    }

    fn masthead(&self, title: &str) -> Markup {
        html! {
            header {
                h1 { (title) }
                @if !self.files.is_empty() {
                    p.from {
                        "From "
                        @for (i, file) in self.files.iter().enumerate() {
                            @if i > 0 { ", " }
                            code { (clean(&file.name)) } " (" (clean(&file.kind_label)) ")"
                        }
                    }
                }
                @if !self.notes.trim().is_empty() {
                    div.notes { @for p in paragraphs(&self.notes) { p { (p) } } }
                }
            }
        }
    }
}

/// The notes cut at empty lines, each paragraph on one line.
pub(crate) fn paragraphs(notes: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in notes.lines().map(|l| clean(l.trim())) {
        let last = paragraphs
            .last_mut()
            .expect("never empty: begins with one, is only pushed to");
        match (line.is_empty(), last.is_empty()) {
            (true, false) => paragraphs.push(String::new()),
            (true, true) => {}
            (false, true) => *last = line,
            (false, false) => *last = format!("{last} {line}"),
        }
    }
    paragraphs.retain(|p| !p.is_empty());
    paragraphs
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Contents" {
            h2 { "Contents" }
            ol {
                @for (at, chapter) in sections.iter().enumerate().filter(|(_, s)| s.level <= 2) {
                    li {
                        a href={ "#" (chapter.id) } { (clean(&chapter.title)) }
                        (subcontents(&sections[at + 1..]))
                    }
                }
            }
        }
    }
}

/// The sections of one chapter: those up to the next chapter.
fn subcontents(after: &[Section]) -> Markup {
    let end = after
        .iter()
        .position(|s| s.level <= 2)
        .unwrap_or(after.len());
    let sections: Vec<&Section> = after[..end].iter().filter(|s| s.level == 3).collect();
    html! {
        @if !sections.is_empty() {
            ol { @for s in sections { li { a href={ "#" (s.id) } { (clean(&s.title)) } } } }
        }
    }
}

fn section(section: &Section) -> Markup {
    let title = clean(&section.title);
    html! {
        @match section.level {
            0..=2 => h2 id=(section.id) { (title) },
            3 => h3 id=(section.id) { (title) },
            _ => h4 id=(section.id) { (title) },
        }
        @for b in &section.blocks { (block(b)) }
    }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p { (runs(&text.runs)) } },
        Block::Table(t) => table(t),
        Block::List(l) => list(l),
        Block::Code { text, .. } => html! { pre tabindex="0" { code { (lines(text)) } } },
        Block::Figure { caption, svg } => html! {
            figure {
                div.scroll tabindex="0" role="group" aria-label=(clean(caption)) {
                    (PreEscaped(svg.as_str()))
                }
                figcaption { (clean(caption)) }
            }
        },
        Block::Missing { text, command } => html! {
            div.missing {
                p { (clean(text)) }
                @if !command.is_empty() { pre tabindex="0" { code { (lines(command)) } } }
            }
        },
        Block::Note(text) => note(text),
    }
}

fn note(text: &Text) -> Markup {
    html! { p.note { (runs(&text.runs)) } }
}

/// Cleans line by line, so that the line breaks stay.
pub(crate) fn lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

fn runs(runs: &[Run]) -> Markup {
    html! {
        @for run in runs {
            @if run.code { code { (clean(&run.text)) } }
            @else if run.strong { strong { (clean(&run.text)) } }
            @else { (clean(&run.text)) }
        }
    }
}

fn list(list: &List) -> Markup {
    let items = html! { @for item in &list.runs { li { (runs(item)) } } };
    html! {
        @if list.ordered { ol { (items) } } @else { ul { (items) } }
    }
}

fn table(table: &Table) -> Markup {
    let caption = clean(&table.caption);
    let marked = table.marks.len() == table.rows.len();
    html! {
        figure.t {
            // Outside the table, so that it wraps where the table scrolls.
            @if !caption.is_empty() { figcaption { (caption) } }
            div.scroll tabindex="0" role="group" aria-label=(caption) {
                table {
                    thead { tr { @for c in &table.columns { (heading(c)) } } }
                    tbody {
                        @for (i, row) in table.rows.iter().enumerate() {
                            (table_row(table, row, if marked { table.marks.get(i) } else { None }))
                        }
                    }
                }
            }
        }
    }
}

fn heading(column: &Column) -> Markup {
    html! { th scope="col" class=[column.numeric.then_some("n")] { (clean(&column.label)) } }
}

/// A mark stands in the first cell.
fn table_row(table: &Table, row: &[String], mark: Option<&Mark>) -> Markup {
    html! {
        tr {
            @for (at, (column, text)) in table.columns.iter().zip(row).enumerate() {
                @if let (0, Some(mark)) = (at, mark) { td.m { (swatch(mark)) (clean(text)) } }
                @else { (cell(column, text)) }
            }
        }
    }
}

fn cell(column: &Column, text: &str) -> Markup {
    html! {
        @if column.numeric { td.n { (number(text)) } }
        @else if column.symbol { td { code { (symbol(text)) } } }
        @else if column.code { td { code { (breakable(&clean(text))) } } }
        @else { td.w { (breakable(&clean(text))) } }
    }
}

/// A number with its unit set lighter.
fn number(text: &str) -> Markup {
    let text = clean(text);
    let unit = text
        .rfind(|c: char| c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    html! { (text[..unit]) @if unit < text.len() { span.u { (text[unit..]) } } }
}

/// A function name with its package set lighter.
fn symbol(text: &str) -> Markup {
    let text = clean(text);
    let package = package_of(text.as_bytes()).len();
    let cut = if package > 0 && package < text.len() {
        package + 1
    } else {
        0
    };
    match (text.get(..cut), text.get(cut..)) {
        (Some(dim), Some(rest)) if cut > 0 => {
            html! { span.u { (breakable(dim)) } wbr; (breakable(rest)) }
        }
        _ => breakable(&text),
    }
}

/// Text that may break after a slash.
fn breakable(text: &str) -> Markup {
    html! {
        @for (i, piece) in text.split_inclusive('/').enumerate() {
            @if i > 0 { wbr; }
            (piece)
        }
    }
}

fn swatch(mark: &Mark) -> Markup {
    html! {
        svg.swatch viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" {
            rect width="10" height="10" fill=(mark.color) {}
            @if mark.hatched {
                path d="M0 10L10 0M0 5L5 0M5 10L10 5" stroke="#15181c" stroke-opacity=".5" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{EVIL, hostile};
    use super::*;

    #[test]
    fn hostile_text_never_becomes_markup() {
        let html = hostile().to_html();
        assert!(!html.to_lowercase().contains("<script"));
        assert!(
            !html.contains("<img"),
            "EVIL holds an img element with a handler"
        );
        assert!(html.contains("&lt;script&gt;"), "the name itself is shown");
        assert!(!html.contains('\u{202e}') && !html.contains('\u{7}'));
        assert!(EVIL.contains("<script>") && EVIL.contains("<img"));
    }

    #[test]
    fn nothing_is_loaded_from_anywhere() {
        let html = hostile().to_html();
        for loads in ["@import", "url(", "<link", "<iframe", "<object", "<base"] {
            assert!(!html.contains(loads), "{loads}");
        }
        for tag in html
            .split('<')
            .skip(1)
            .map(|t| t.split('>').next().unwrap())
        {
            // Attribute names: what stands outside the quotes.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(!names.contains("src") && !names.contains(" on"), "{tag}");
        }
        for href in html.split("href=\"").skip(1) {
            assert!(href.starts_with('#'), "{}", &href[..20]);
        }
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn contents_name_every_chapter_and_section_once() {
        let sections = [
            Section::new("a", "A", 2),
            Section::new("a-1", "A one", 3),
            Section::new("a-1-x", "deep", 4),
            Section::new("b", "B", 2),
        ];
        let html = contents(&sections).into_string();
        let order: Vec<&str> = html
            .split("href=\"#")
            .skip(1)
            .map(|h| h.split('"').next().unwrap())
            .collect();
        assert_eq!(order, ["a", "a-1", "b"]);
    }

    #[test]
    fn units_and_packages_are_set_lighter() {
        assert_eq!(
            number("12.50MB").into_string(),
            "12.50<span class=\"u\">MB</span>"
        );
        assert_eq!(number("7").into_string(), "7");
        assert_eq!(number("").into_string(), "");
        assert_eq!(
            symbol("encoding/json.(*Decoder).Decode").into_string(),
            "<span class=\"u\">encoding/<wbr>json.</span><wbr>(*Decoder).Decode"
        );
        assert_eq!(symbol("memeqbody").into_string(), "memeqbody");
        assert_eq!(
            symbol("ä/ö.ü").into_string(),
            "<span class=\"u\">ä/<wbr>ö.</span><wbr>ü"
        );
    }

    #[test]
    fn notes_are_paragraphs() {
        assert_eq!(paragraphs("a\nb\n\n\n c \r\n"), ["a b", "c"]);
        assert!(paragraphs(" \n\n").is_empty());
    }
}
