//! The report as GitHub-flavoured Markdown, for a pull request or an issue.
//!
//! Names are set as code, which also keeps GitHub from reading `@v1` as a person and `#12` as an
//! issue. A name with a character that could end or change a code span or a table cell goes into
//! a `code` element with numeric entities instead: those are never markup. Names inside captions
//! and sentences are broken by a zero-width space where they would call a person, an issue or a
//! page: GitHub looks for those after entities are resolved, so an entity alone would not do. Only
//! the author's own words, title and notes, may do so.

use std::fmt::Write as _;

use super::document::{Block, Column, Document, List, Mark, Run, Section, Table, Text, clean};
use super::html::{lines, paragraphs};

/// Characters of the bar that is drawn for 100 %.
const BAR: f64 = 20.0;

impl Document {
    /// The document as GitHub-flavoured Markdown, without pictures: the tables beside them hold
    /// the same numbers.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {}\n", authored(&self.title));
        self.head(&mut out);
        for section in &self.sections {
            write_section(&mut out, section);
        }
        let _ = write!(out, "\n---\n\nWritten by {}.\n", words(&self.generator));
        out
    }

    fn head(&self, out: &mut String) {
        let files: Vec<String> = self
            .files
            .iter()
            .map(|f| format!("{} ({})", code(&f.name), words(&f.kind_label)))
            .collect();
        if !files.is_empty() {
            let _ = write!(out, "\nFrom {}\n", files.join(", "));
        }
        for paragraph in paragraphs(&self.notes) {
            let _ = write!(out, "\n{}\n", authored(&paragraph));
        }
    }
}

fn write_section(out: &mut String, section: &Section) {
    let hashes = "#".repeat(usize::from(section.level.clamp(2, 6)));
    let _ = write!(out, "\n{hashes} {}\n", words(&section.title));
    for block in &section.blocks {
        out.push('\n');
        write_block(out, block);
    }
}

/// Writes blocks that stand for themselves, an empty line between them.
pub(super) fn write_blocks(out: &mut String, blocks: &[Block]) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        write_block(out, block);
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Paragraph(text) => line(out, &runs(&text.runs)),
        Block::Table(t) => write_table(out, t),
        Block::List(l) => write_list(out, l),
        Block::Code { text, language } => fence(out, text, language),
        Block::Figure { caption, .. } => {
            line(
                out,
                &format!("*Picture in the HTML report: {}*", words(caption)),
            );
        }
        Block::Missing { text, command } => {
            line(out, &format!("> {}", words(text)));
            if !command.is_empty() {
                out.push('\n');
                fence(out, command, "sh");
            }
        }
        Block::Note(text) => write_note(out, text),
    }
}

fn write_note(out: &mut String, text: &Text) {
    line(out, &format!("> **Note:** {}", runs(&text.runs)));
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn write_list(out: &mut String, list: &List) {
    for (i, item) in list.runs.iter().enumerate() {
        let bullet = if list.ordered {
            format!("{}.", i + 1)
        } else {
            "-".to_owned()
        };
        let _ = writeln!(out, "{bullet} {}", runs(item));
    }
}

fn write_table(out: &mut String, table: &Table) {
    let marked = table.marks.len() == table.rows.len() && !table.marks.is_empty();
    if !table.caption.is_empty() {
        let _ = write!(out, "*{}*\n\n", words(&table.caption));
    }
    let mut labels: Vec<String> = table.columns.iter().map(|c| words(&c.label)).collect();
    let mut rules: Vec<&str> = table.columns.iter().map(rule).collect();
    if marked {
        labels.push(String::new());
        rules.push(":--");
    }
    row(out, &labels);
    row(out, &rules);
    for (i, cells) in table.rows.iter().enumerate() {
        let mut texts: Vec<String> = table
            .columns
            .iter()
            .zip(cells)
            .map(|(column, text)| cell(column, text))
            .collect();
        if marked {
            texts.push(bar(&table.marks[i]));
        }
        row(out, &texts);
    }
}

fn rule(column: &Column) -> &'static str {
    if column.numeric { "--:" } else { ":--" }
}

fn cell(column: &Column, text: &str) -> String {
    match (text.is_empty(), column.code) {
        (true, _) => String::new(),
        (false, true) => code(text),
        (false, false) => words(text),
    }
}

/// A share as blocks: `█████▌`.
fn bar(mark: &Mark) -> String {
    let halves = (mark.share.clamp(0.0, 1.0) * BAR * 2.0).round() as usize;
    let full = if mark.hatched { "▒" } else { "█" };
    format!(
        "{}{}",
        full.repeat(halves / 2),
        if halves % 2 == 1 { "▌" } else { "" }
    )
}

fn row<S: AsRef<str>>(out: &mut String, cells: &[S]) {
    for cell in cells {
        let _ = write!(out, "| {} ", cell.as_ref());
    }
    out.push_str("|\n");
}

/// A fence longer than any run of backticks inside.
fn fence(out: &mut String, text: &str, language: &str) {
    let text = lines(text);
    let mut longest = 0;
    let mut current = 0;
    for c in text.chars() {
        current = if c == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    let ticks = "`".repeat(3.max(longest + 1));
    let _ = writeln!(out, "{ticks}{language}\n{text}\n{ticks}");
}

fn runs(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        match (run.code, run.strong) {
            (true, _) => out.push_str(&code(&run.text)),
            (false, true) => emphasise(&mut out, &run.text),
            (false, false) => out.push_str(&words(&run.text)),
        }
    }
    out
}

/// Strong text; spaces at the edges stay outside, where they do not break the markup.
fn emphasise(out: &mut String, text: &str) {
    let inner = text.trim();
    let before = text.len() - text.trim_start().len();
    let after = text.len() - text.trim_end().len();
    match inner {
        "" => out.push_str(&words(text)),
        _ => {
            let _ = write!(
                out,
                "{}**{}**{}",
                " ".repeat(before.min(1)),
                words(inner),
                " ".repeat(after.min(1))
            );
        }
    }
}

/// A name as code.
fn code(name: &str) -> String {
    let name = clean(name);
    if name.is_empty() {
        return String::new();
    }
    let plain = !name.contains(['`', '|', '\\', '<', '>', '&'])
        && !name.starts_with(' ')
        && !name.ends_with(' ');
    if plain {
        return format!("`{name}`");
    }
    // What stands between the tags is Markdown like any other.
    let mut out = String::from("<code>");
    for (at, c) in name.char_indices() {
        if refers(&name[..at], &name[at..]) {
            out.push_str(BREAK);
        }
        if c.is_alphanumeric() || "/._-()[]{}:, ".contains(c) && !"[]_".contains(c) {
            out.push(c);
        } else {
            entity(&mut out, c);
        }
    }
    out.push_str("</code>");
    out
}

/// Words of a sentence that may hold names: neither markup nor a reference to anything.
fn words(text: &str) -> String {
    escaped(text, true)
}

/// The author's own words: no markup, but what they refer to is meant.
fn authored(text: &str) -> String {
    escaped(text, false)
}

/// Text with every character that could begin markup taken out of play.
fn escaped(text: &str, names: bool) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        if names && refers(&text[..i], &text[i..]) {
            out.push_str(BREAK);
        }
        match c {
            '|' | '`' | '<' | '>' | '&' | '\\' => entity(&mut out, c),
            '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            // At the beginning they would make a list, a heading or a quotation.
            '#' | '-' | '+' | '=' if i == 0 => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// A space without width, as an entity: one in a name would have been made visible.
const BREAK: &str = "&#8203;";

/// True between the two halves of `@user`, `#12`, `GH-12`, `www.…` and `https://…`.
fn refers(before: &str, after: &str) -> bool {
    let tail = &before.as_bytes()[before.len().saturating_sub(3)..];
    match after.as_bytes() {
        [b'.', ..] => tail.eq_ignore_ascii_case(b"www"),
        [b'/', b'/', ..] => tail.ends_with(b":"),
        [next, ..] if next.is_ascii_alphanumeric() => {
            tail.ends_with(b"@") || tail.ends_with(b"#") || tail.eq_ignore_ascii_case(b"gh-")
        }
        _ => false,
    }
}

fn entity(out: &mut String, c: char) {
    let _ = write!(out, "&#{};", c as u32);
}

#[cfg(test)]
mod tests {
    use super::super::samples::hostile;
    use super::*;

    #[test]
    fn names_are_code_and_odd_ones_are_entities() {
        assert_eq!(
            code("encoding/json.(*Decoder).Decode"),
            "`encoding/json.(*Decoder).Decode`"
        );
        assert_eq!(code("a|b`c"), "<code>a&#124;b&#96;c</code>");
        assert_eq!(
            code("<autogenerated>"),
            "<code>&#60;autogenerated&#62;</code>"
        );
        assert_eq!(code("a\\"), "<code>a&#92;</code>");
        assert_eq!(
            code("*|_[x](y)"),
            "<code>&#42;&#124;&#95;&#91;x&#93;(y)</code>"
        );
        assert_eq!(code(""), "");
    }

    #[test]
    fn words_cannot_begin_markup() {
        assert_eq!(
            words("# a *b* <c> | d"),
            "\\# a \\*b\\* &#60;c&#62; &#124; d"
        );
        assert_eq!(words("a\nb"), "a␊b");
    }

    #[test]
    fn words_call_nobody() {
        for (text, shown) in [
            ("source: @user/cpu.pb.gz", "source: @&#8203;user/cpu.pb.gz"),
            ("a@b.c", "a@&#8203;b.c"),
            ("fix-#12, gh-7", "fix-#&#8203;12, gh-&#8203;7"),
            ("#1", "\\#&#8203;1"),
            ("https://x.y/z", "https:&#8203;//x.y/z"),
            ("www.x.y", "www&#8203;.x.y"),
            ("a @ b # c: d/e", "a @ b # c: d/e"),
        ] {
            assert_eq!(words(text), shown);
        }
    }

    #[test]
    fn odd_names_call_nobody_either() {
        // 60 is <, 62 is >, 124 is | and 64 is @.
        for (name, shown) in [
            (
                "https://x.y/<z>",
                "<code>https:&#8203;//x.y/&#60;z&#62;</code>",
            ),
            ("www.x.y|", "<code>www&#8203;.x.y&#124;</code>"),
            ("a@b.c|", "<code>a&#64;&#8203;b.c&#124;</code>"),
        ] {
            assert_eq!(code(name), shown);
        }
    }

    #[test]
    fn only_the_author_may_call_someone() {
        let mut document = hostile();
        document.title = "For @alice".to_owned();
        document.notes = "See https://example.com/#77".to_owned();
        let name = "@bob/#77 <https://example.com> www.example.com";
        document.files[0].kind_label = name.to_owned();
        let mut section = Section::new("s", name, 2);
        section.push(name);
        section.push(Text::default().strong(name));
        section.missing(name, "");
        section.push(Table::new(name, [Column::text(name)]));
        document.sections.push(section);
        let markdown = document.to_markdown();
        assert!(markdown.starts_with("# For @alice\n"));
        assert!(markdown.contains("\nSee https://example.com/#77\n"));
        let own = markdown.replace("See https://example.com/#77", "");
        for call in ["@bob", "#77", "https://example", "www.example"] {
            assert!(!own.contains(call), "{call}: {own}");
        }
    }

    #[test]
    fn hostile_names_keep_tables_and_lines_whole() {
        // Fenced lines are literal; what is checked is everything outside.
        let markdown = hostile().to_markdown();
        let markdown: String = markdown.split("\n```").step_by(2).collect();
        assert!(!markdown.to_lowercase().contains("<script"));
        assert!(!markdown.contains("<img"));
        for table_row in markdown.lines().filter(|l| l.starts_with("| ")) {
            // Two columns and the bar: four bars of the table's own, whatever the names hold.
            assert_eq!(table_row.matches('|').count(), 4, "{table_row}");
        }
        assert!(!markdown.contains(['\u{7}', '\u{202e}', '\r']));
    }

    #[test]
    fn fences_outlast_what_they_hold() {
        let mut out = String::new();
        fence(&mut out, "a ```` b\nc\x07", "sh");
        assert_eq!(out, "`````sh\na ```` b\nc␇\n`````\n");
    }

    #[test]
    fn shares_are_drawn_in_halves_of_a_block() {
        let mark = |share, hatched| Mark {
            share,
            hatched,
            color: String::new(),
        };
        // 20 blocks are 100 %: 0.275 is five and a half.
        assert_eq!(bar(&mark(0.275, false)), "█████▌");
        assert_eq!(bar(&mark(0.05, true)), "▒");
        assert_eq!(bar(&mark(f64::NAN, false)), "");
        assert_eq!(bar(&mark(9.0, false)).chars().count(), 20);
    }

    #[test]
    fn strong_text_keeps_its_spaces_outside() {
        let mut out = String::new();
        emphasise(&mut out, " a ");
        assert_eq!(out, " **a** ");
    }
}
