//! What goroutines add to the common tables: groups with what they wait for, since when, who
//! started them.

use super::super::document::{Column, Section, Table};
use super::study::View;
use crate::analysis::goroutines::{GoroutineGroup, Site, goroutines};
use crate::analysis::{short_place, short_symbol};
use crate::unit;

/// Groups that are listed.
const GROUPS: usize = 12;

/// The table of one goroutine profile or dump; nothing for another kind.
pub(super) fn groups_table(section: &mut Section, view: &View<'_>) {
    let Some(found) = goroutines(view.profile, &view.study.classes) else {
        return;
    };
    let caption = format!(
        "Groups of goroutines with one stack, {} of {}; {}",
        found.groups.len().min(GROUPS),
        unit::count(found.groups.len() as u64),
        view.source()
    );
    let columns = [
        Column::number("count"),
        Column::text("waits for"),
        Column::code("at"),
        Column::code("started by"),
        Column::number("minutes"),
        Column::number("objects"),
        Column::text("note"),
    ];
    let mut table = Table::new(&caption, columns);
    for group in found.groups.iter().take(GROUPS) {
        table.row(row(group));
    }
    section.push(table);
}

fn row(group: &GoroutineGroup) -> [String; 7] {
    let ages = group.ages.map_or_else(String::new, |ages| {
        if ages.min == ages.max {
            ages.max.to_string()
        } else {
            format!("{}–{}", ages.min, ages.max)
        }
    });
    let distinct = match group.receivers.distinct {
        0 => String::new(),
        n => unit::count(n as u64),
    };
    let note = match group.leaked {
        0 => group.role_text.to_owned(),
        n => format!("{} proved leaked", unit::signed_count(n)),
    };
    [
        unit::signed_count(group.count),
        group.wait_text.clone(),
        group.user.as_ref().map_or_else(String::new, place),
        group
            .created_by
            .first()
            .map_or_else(String::new, |(site, _)| place(site)),
        ages,
        distinct,
        note,
    ]
}

/// `cache.New cache/cache.go:12`, without the directories of the import path.
fn place(site: &Site) -> String {
    let name = short_symbol(&site.function);
    match short_place(&site.file, site.line).as_str() {
        "" => name.to_owned(),
        place => format!("{name} {place}"),
    }
}
