//! Results as documents and as the Go tools' texts.
//!
//! A report is built in two steps: [`build`] runs the analyses and lays their results out as a
//! [`Document`] of plain sections and blocks; [`Document::to_html`], [`Document::to_markdown`]
//! and [`Document::to_json`] only dress it. Nothing here reads a clock, so the same input gives
//! the same bytes.

pub mod benchstat;
mod build;
pub mod csv;
mod document;
mod figure;
pub mod gotrace;
mod html;
mod json;
mod json_trace;
mod markdown;
pub mod pprof;

pub use build::{ReportFile, ReportOptions, Unreadable, build, compare_files};
pub use document::{
    Block, Column, Document, FileEntry, List, Mark, Run, SCHEMA, Section, Table, Text, clean,
};
pub use figure::Svg;
pub use json::{
    FUNCTION_LIMIT, FileNumbers, FunctionNumbers, MechanismNumbers, PathNumbers, SampleTypeNumbers,
    StepNumbers, TYPE_LIMIT,
};
pub use json_trace::{GROUP_LIMIT, GroupNumbers, PoolNumbers, SpreadNumbers, TraceNumbers};

/// A document made of hostile text, for the renderers' tests.
#[cfg(test)]
mod samples {
    use super::*;

    pub(super) const EVIL: &str = "a<script>alert(1)</script>|`x`\\|\"'><img src=x onerror=alert(2)>\r\n# h\x07\u{202e}txt@v1";

    pub(super) fn hostile() -> Document {
        let mut table = Table::new(EVIL, [Column::code(EVIL), Column::number(EVIL)]);
        let mark = Mark {
            color: "#000000".to_owned(),
            hatched: true,
            share: 0.5,
        };
        table.part(mark, [EVIL, EVIL]);
        let text = Text::from(EVIL).code(EVIL).strong(EVIL);
        let mut section = Section::new("evil", EVIL, 2);
        section.push(text.clone());
        section.push(table);
        section.push(List::ordered([text.clone()]));
        section.push(Block::code(EVIL));
        section.push(Block::figure(EVIL, figure::bar(&[], EVIL)));
        section.missing(EVIL, EVIL);
        section.note(text);
        Document {
            schema: SCHEMA,
            generator: EVIL.to_owned(),
            title: EVIL.to_owned(),
            notes: EVIL.to_owned(),
            files: vec![FileEntry {
                name: EVIL.to_owned(),
                kind: "cpu".to_owned(),
                kind_label: "CPU profile".to_owned(),
            }],
            sections: vec![section],
            numbers: Vec::new(),
            findings: crate::findings::Findings::default(),
        }
    }
}
