//! What is asked of results: which of them, in which tables, rows and columns.

use std::fmt;

use crate::gotext::quoted;

use super::keys::{Excluded, Field, FieldOrder, Filter, Key, KeyError, projection};

/// How results are chosen and grouped, as benchstat's flags of these names say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grouping<'a> {
    /// A table for each value of these keys, and for each unit.
    pub table: &'a str,
    /// A row for each value of these.
    pub row: &'a str,
    /// A column for each value of these; the first column of a table is what others are compared
    /// with.
    pub col: &'a str,
    /// Differences in these keys separate nothing.
    pub ignore: &'a str,
    /// What is looked at.
    pub filter: &'a str,
}

impl Default for Grouping<'_> {
    /// As benchstat without flags.
    fn default() -> Self {
        Self {
            table: ".config",
            row: ".fullname",
            col: ".file",
            ignore: "",
            filter: "*",
        }
    }
}

/// A filter or projection that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupingError {
    /// Which it is, as the flag is called: `filter`, `table`, `row`, `col`, `ignore`.
    pub flag: &'static str,
    /// What is wrong with it.
    pub error: KeyError,
}

impl fmt::Display for GroupingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parsing -{}: {}", self.flag, self.error)
    }
}

impl std::error::Error for GroupingError {}

/// A grouping that was read.
#[derive(Clone, Debug)]
pub struct Projections {
    pub(super) table: Vec<Field>,
    pub(super) row: Vec<Field>,
    pub(super) column: Vec<Field>,
    pub(super) filter: Filter,
    /// Keys whose values are filtered by a fixed order.
    pub(super) fixed: Vec<(Key, Vec<Vec<u8>>)>,
    /// What full names are told without, as it is a key of its own.
    pub(super) excluded: Excluded,
    /// What `.config` is told without.
    pub(super) named: Vec<Vec<u8>>,
    /// No projection names `.config`, so differences in it inside a cell are told.
    pub(super) config_is_left: bool,
    /// The same for `.fullname`.
    pub(super) full_name_is_left: bool,
}

impl Projections {
    /// Reads a grouping.
    pub fn new(grouping: &Grouping<'_>) -> Result<Self, GroupingError> {
        let wrong = |flag| move |error| GroupingError { flag, error };
        let filter = Filter::new(grouping.filter).map_err(wrong("filter"))?;
        let table = projection(grouping.table).map_err(wrong("table"))?;
        let row = projection(grouping.row).map_err(wrong("row"))?;
        let column = projection(grouping.col).map_err(wrong("col"))?;
        let ignored = projection(grouping.ignore).map_err(wrong("ignore"))?;
        let mut new = Self {
            table,
            row,
            column,
            filter,
            fixed: Vec::new(),
            excluded: Excluded::default(),
            named: Vec::new(),
            config_is_left: true,
            full_name_is_left: true,
        };
        let all = [&new.table, &new.row, &new.column, &ignored];
        for field in all.into_iter().flatten() {
            let Some(key) = &field.key else {
                new.config_is_left = false;
                continue;
            };
            if let FieldOrder::Fixed(values) = &field.order {
                new.fixed.push((key.clone(), values.clone()));
            }
            new.excluded.add(key);
            match key {
                Key::FullName => new.full_name_is_left = false,
                Key::Config(name) => new.named.push(name.clone()),
                _ => {}
            }
        }
        Ok(new)
    }

    /// Whether results are filtered.
    pub(super) fn filters(&self) -> bool {
        !self.fixed.is_empty() || !self.filter.is_everything()
    }

    /// What no projection names: where results of one cell differ in it, they may be of different
    /// things.
    pub(super) fn rest(&self) -> Vec<Field> {
        let mut rest = Vec::new();
        let mut add = |name: &[u8], key| {
            rest.push(Field {
                name: name.to_vec(),
                key,
                order: FieldOrder::First,
            });
        };
        if self.config_is_left {
            add(b".config", None);
        }
        if self.full_name_is_left {
            add(b".fullname", Some(Key::FullName));
        }
        rest
    }

    /// By package and full name, whatever else differs, with a column for each file.
    pub fn by_package() -> Self {
        let field = |name: &[u8], key| Field {
            name: name.to_vec(),
            key: Some(key),
            order: FieldOrder::First,
        };
        Self {
            table: Vec::new(),
            row: vec![
                field(b"pkg", Key::Config(b"pkg".to_vec())),
                field(b".fullname", Key::FullName),
            ],
            column: vec![field(b".file", Key::File)],
            filter: Filter::everything(),
            fixed: Vec::new(),
            excluded: Excluded::default(),
            named: vec![b"pkg".to_vec()],
            config_is_left: false,
            full_name_is_left: false,
        }
    }
}

/// The keys of a projection as they are written, without their orders; none of one that cannot be
/// read.
pub fn words_of(text: &str) -> Vec<String> {
    let fields = projection(text).unwrap_or_default().into_iter();
    fields
        .map(|field| String::from_utf8_lossy(&field.name).into_owned())
        .collect()
}

/// A text as filters and projections write it: in quotation marks where it would be something else.
pub fn filter_word(text: &str) -> String {
    let is_bare = |c: char| !c.is_whitespace() && !c.is_control() && !"():@,\"\\".contains(c);
    let is_taken = matches!(text, "" | "AND" | "OR") || text.starts_with(['-', '*', '/']);
    match !is_taken && text.chars().all(is_bare) {
        true => text.to_owned(),
        // A quotation mark after a backslash ends nothing, even where that stands for itself.
        false => quoted(text.as_bytes())
            .replace("\\\\", "\\x5c")
            .replace("\\\"", "\\x22"),
    }
}
