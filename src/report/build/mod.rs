//! The analyses laid out as a document.
use super::document::Document;
use crate::error::Diagnostic;
use crate::model::{Kind, Profile};

/// One file of the report.
#[derive(Clone, Copy, Debug)]
pub struct ReportFile<'a> {
    /// Name as opened; the report shows it as the source of its numbers.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub profile: &'a Profile,
    /// What reading it had to say.
    pub diagnostics: &'a [Diagnostic],
}

/// A file that was meant for the report but could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    /// Name as opened.
    pub name: String,
    /// Why, in one line.
    pub reason: String,
}

/// What the author adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOptions {
    /// Title; empty gives the default.
    pub title: String,
    /// Free text under the title; paragraphs are separated by empty lines.
    pub notes: String,
    /// Named under *Limits*.
    pub unreadable: Vec<Unreadable>,
}

/// x
pub fn build(_files: &[ReportFile<'_>], _options: &ReportOptions) -> Document { todo!() }
