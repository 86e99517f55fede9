//! The report as an inert document: sections of blocks, without any markup.
//!
//! The renderers ([`html`](super::html), [`markdown`](super::markdown),
//! [`json`](super::json)) and the page draw the same document. Text is plain text; where a word
//! should look like code, [`Text`] says so beside the plain form.
//!
//! Names come from files and are hostile until shown: everything that goes through the
//! constructors here is made visible and harmless by [`clean`].

use std::fmt::Write as _;

use serde::Serialize;

use super::figure::Svg;
use super::json::FileNumbers;
use crate::findings::Findings;

/// Version of the JSON form; raised when a field changes its meaning or goes away.
pub const SCHEMA: u32 = 1;

/// Longest name in a document, in characters; longer ones lose their beginning.
pub(crate) const NAME_LIMIT: usize = 300;

/// A whole report. Serialises to the JSON export.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// [`SCHEMA`].
    pub schema: u32,
    /// What wrote it, e.g. `dropprof 0.1.0`.
    pub generator: String,
    /// Title.
    pub title: String,
    /// Free text of the author; paragraphs are separated by empty lines. May be empty.
    pub notes: String,
    /// What it was made from, in order.
    pub files: Vec<FileEntry>,
    /// The text.
    pub sections: Vec<Section>,
    /// The numbers behind the text as exact integers, one entry per file, in the same order.
    pub numbers: Vec<FileNumbers>,
    /// What the rules found, in the form of `dropprof findings -json`.
    pub findings: Findings,
}

/// A file that the report was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileEntry {
    /// Name as opened.
    pub name: String,
    /// `cpu`, `heap`, `allocs`, `goroutine`, `goroutineleak`, `block`, `mutex`, `threadcreate`
    /// or `custom`.
    pub kind: String,
    /// The kind in words.
    pub kind_label: String,
}

/// A heading and what stands under it, up to the next heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// Unique in the document; letters, digits and `-` only.
    pub id: String,
    /// Heading.
    pub title: String,
    /// 2 for a chapter, 3 for a section, 4 for a file's part of a section.
    pub level: u8,
    /// Content; empty where only smaller headings follow.
    pub blocks: Vec<Block>,
}

/// One piece of content. In JSON the field `type` tells which.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// A table.
    Table(Table),
    /// A list.
    List(List),
    /// Lines to copy, in a monospace face.
    Code {
        /// The lines, without a newline at the end.
        text: String,
        /// What they are: `sh` or `diff`.
        language: &'static str,
    },
    /// A picture.
    Figure {
        /// Under the picture: what it shows, its source, what was merged.
        caption: String,
        /// The picture as an SVG element: no script, style, link or reference in it.
        svg: Svg,
    },
    /// Something this report could hold but does not.
    Missing {
        /// What is missing and what would fill it.
        text: String,
        /// The command that records it.
        command: String,
    },
    /// A remark on how far the numbers can be trusted.
    Note(Text),
}

/// Plain text, and the same text cut into runs where parts of it look different.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// All of it.
    pub text: String,
    /// The same in pieces: their texts joined give `text`.
    pub runs: Vec<Run>,
}

/// A piece of text of one look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The piece.
    pub text: String,
    /// A name or command, to be set in a monospace face.
    pub code: bool,
    /// To be set strong.
    pub strong: bool,
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct List {
    /// Numbered.
    pub ordered: bool,
    /// The items as plain text.
    pub items: Vec<String>,
    /// The items in runs, in the same order.
    pub runs: Vec<Vec<Run>>,
}

/// A table. Every row has one cell per column.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What it shows and its source.
    pub caption: String,
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// The rows, top to bottom.
    pub rows: Vec<Vec<String>>,
    /// One per row where rows are parts of a whole; else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Heading.
    pub label: String,
    /// Cells are numbers: aligned to the right.
    pub numeric: bool,
    /// Cells are names: set in a monospace face.
    pub code: bool,
    /// Cells are names of functions: the package may be set lighter.
    pub symbol: bool,
}

/// How a row that is part of a whole is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mark {
    /// Colour of the part in the figure, `#rrggbb`.
    pub color: String,
    /// Drawn hatched in the figure.
    pub hatched: bool,
    /// Part of the whole, 0..1.
    #[serde(skip)]
    pub share: f64,
}

impl Section {
    /// A section without content.
    pub fn new(id: impl Into<String>, title: &str, level: u8) -> Self {
        Self {
            id: id.into(),
            title: clean(title),
            level,
            blocks: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, block: impl Into<Block>) {
        self.blocks.push(block.into());
    }

    pub(crate) fn note(&mut self, text: impl Into<Text>) {
        self.blocks.push(Block::Note(text.into()));
    }

    pub(crate) fn missing(&mut self, text: &str, command: &str) {
        self.blocks.push(Block::Missing {
            text: clean(text),
            command: command.to_owned(),
        });
    }
}

impl Block {
    pub(crate) fn code(text: impl Into<String>) -> Self {
        Self::Code {
            text: text.into(),
            language: "sh",
        }
    }

    pub(crate) fn figure(caption: &str, svg: Svg) -> Self {
        Self::Figure {
            caption: clean(caption),
            svg,
        }
    }
}

impl From<Text> for Block {
    fn from(text: Text) -> Self {
        Self::Paragraph(text)
    }
}

impl From<&str> for Block {
    fn from(text: &str) -> Self {
        Self::Paragraph(text.into())
    }
}

impl From<String> for Block {
    fn from(text: String) -> Self {
        Self::Paragraph(text.as_str().into())
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<List> for Block {
    fn from(list: List) -> Self {
        Self::List(list)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::default().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl Text {
    /// The same text with `piece` after it.
    #[must_use]
    pub fn plain(self, piece: &str) -> Self {
        self.run(clean(piece), false, false)
    }

    /// The same text with a name or command after it; a long one is shortened from the left.
    #[must_use]
    pub fn code(self, piece: &str) -> Self {
        self.run(name(piece), true, false)
    }

    /// The same text with a strong piece after it.
    #[must_use]
    pub fn strong(self, piece: &str) -> Self {
        self.run(clean(piece), false, true)
    }

    fn run(mut self, text: String, code: bool, strong: bool) -> Self {
        if !text.is_empty() {
            self.text.push_str(&text);
            self.runs.push(Run { text, code, strong });
        }
        self
    }
}

impl List {
    /// A numbered list.
    pub fn ordered(items: impl IntoIterator<Item = Text>) -> Self {
        Self {
            ordered: true,
            ..Self::bullets(items)
        }
    }

    /// A list with bullets.
    pub fn bullets(items: impl IntoIterator<Item = Text>) -> Self {
        let mut list = Self::default();
        for item in items {
            list.items.push(item.text);
            list.runs.push(item.runs);
        }
        list
    }
}

impl Column {
    /// A column of words.
    pub fn text(label: &str) -> Self {
        Self {
            label: clean(label),
            ..Self::default()
        }
    }

    /// A column of numbers.
    pub fn number(label: &str) -> Self {
        Self {
            numeric: true,
            ..Self::text(label)
        }
    }

    /// A column of names of files or places.
    pub fn code(label: &str) -> Self {
        Self {
            code: true,
            ..Self::text(label)
        }
    }

    /// A column of names of functions.
    pub fn symbol(label: &str) -> Self {
        Self {
            symbol: true,
            ..Self::code(label)
        }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(caption: &str, columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            caption: clean(caption),
            columns: columns.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Adds a row; cells are cleaned, missing ones are empty, surplus ones are dropped.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut row: Vec<String> = cells
            .into_iter()
            .take(self.columns.len())
            .map(|c| name(c.as_ref()))
            .collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Adds a row that is part of a whole.
    pub fn part<S: AsRef<str>>(&mut self, mark: Mark, cells: impl IntoIterator<Item = S>) {
        self.row(cells);
        self.marks.push(mark);
    }
}

/// A name from a file, clean and at most [`NAME_LIMIT`] characters: the end is what tells
/// functions and files apart, so the beginning goes.
pub(crate) fn name(text: &str) -> String {
    shorten(text, NAME_LIMIT)
}

/// The last `limit` characters of `text`, clean, with `…` for what went.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    let start = text.char_indices().rev().nth(limit.saturating_sub(1));
    match start {
        Some((at, _)) if at > 0 => {
            let kept = &text[at..];
            let first = kept.chars().next().map_or(0, char::len_utf8);
            format!("…{}", clean(&kept[first..]))
        }
        _ => clean(text),
    }
}

/// Text on one line, with what cannot be seen made visible: control characters as the pictures
/// of Unicode's block U+2400, characters that reorder or hide text as `⟨U+202E⟩`.
///
/// XML forbids most control characters even when escaped, and a name with a right-to-left
/// override could pass for another one.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\x1f' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}')),
            '\x7f' => out.push('\u{2421}'),
            _ if is_invisible(c) => {
                let _ = write!(out, "⟨U+{:04X}⟩", c as u32);
            }
            _ => out.push(c),
        }
    }
    out
}

/// C1 controls, marks and overrides of direction, zero-width characters, line separators,
/// byte order mark, tags and noncharacters that XML refuses.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_characters_become_visible() {
        assert_eq!(clean("a\nb\x1b[31m\x7f"), "a␊b␛[31m␡");
        assert_eq!(clean("x\u{202e}y\u{85}"), "x⟨U+202E⟩y⟨U+0085⟩");
        assert_eq!(clean("Ünïcödé 世界"), "Ünïcödé 世界");
    }

    #[test]
    fn long_names_lose_their_beginning() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "…cdefg");
        assert_eq!(shorten("äöüäöü", 3), "…öü");
        assert_eq!(shorten("", 3), "");
        assert_eq!(name(&"x".repeat(1_000_000)).chars().count(), NAME_LIMIT);
    }

    #[test]
    fn runs_join_to_the_text() {
        let text = Text::from("Look at ")
            .code("main.f")
            .plain(": ")
            .strong("42 %");
        assert_eq!(text.text, "Look at main.f: 42 %");
        assert_eq!(
            text.runs
                .iter()
                .map(|r| r.text.as_str())
                .collect::<String>(),
            text.text
        );
        assert!(text.runs[1].code && text.runs[3].strong);
    }

    #[test]
    fn rows_have_one_cell_per_column() {
        let mut table = Table::new("t", [Column::text("a"), Column::number("b")]);
        table.row(["1", "2", "3"]);
        table.row(["1"]);
        assert_eq!(table.rows, [["1", "2"], ["1", ""]]);
    }

    #[test]
    fn blocks_serialise_as_tagged_camel_case() {
        let json = |b: Block| serde_json::to_value(b).unwrap();
        assert_eq!(
            json("a".into()),
            serde_json::json!({"type": "paragraph", "text": "a",
                "runs": [{"text": "a", "code": false, "strong": false}]})
        );
        assert_eq!(
            json(Block::Missing {
                text: "t".into(),
                command: "c".into()
            }),
            serde_json::json!({"type": "missing", "text": "t", "command": "c"})
        );
        let table = json(Table::new("cap", [Column::number("n")]).into());
        assert_eq!(table["type"], "table");
        assert_eq!(table["columns"][0]["numeric"], true);
        let list = json(List::ordered(["x".into()]).into());
        assert_eq!(
            (&list["ordered"], &list["items"][0]),
            (&true.into(), &"x".into())
        );
    }
}
