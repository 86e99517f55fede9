//! What memory adds to the common tables: lines that allocate, sizes, how much survives.

use super::super::document::{Column, Mark, Section, Table, Text};
use super::super::figure::family_color;
use super::study::View;
use crate::analysis::{
    AllocationColumn, AllocationSite, Allocations, allocation_selections, allocations, short_place,
};
use crate::unit;

const SITES: usize = 10;
/// Below this many objects seen by the profiler a row is little more than chance.
const SEEN: f64 = 10.0;

/// The tables of one view of a memory profile; nothing when its columns are incomplete.
pub(super) fn allocation_tables(section: &mut Section, view: &View<'_>) {
    let profile = view.profile;
    let selections = allocation_selections(profile);
    let shown = view.selection.sample_type;
    let classes = &view.study.classes;
    let Ok(table) = allocations(profile, view.nodes, classes, &selections, shown) else {
        return;
    };
    section.push(pattern(view, &table));
    section.push(sites(view, &table));
    if !table.sizes.is_empty() {
        section.push(sizes(view, &table));
    }
    if let Some(note) = few_seen(&table) {
        section.note(note);
    }
}

/// How many, how large, how much of it stays.
fn pattern(view: &View<'_>, table: &Allocations) -> Text {
    let amount = if table.by_inuse {
        table.inuse
    } else {
        table.alloc
    };
    let what = if table.by_inuse {
        "in use"
    } else {
        "allocated"
    };
    let mut text = Text::from("Pattern: ")
        .strong(&unit::label(amount.space, "bytes"))
        .plain(&format!(
            " {what} in {} objects",
            unit::signed_count(amount.objects)
        ));
    if let Some(mean) = amount.mean() {
        text = text.plain(&format!(", {} each on average", unit::label(mean, "bytes")));
    }
    let duration = view.profile.duration_nanos;
    if !table.by_inuse && duration > 0 {
        let per_second = amount.space as f64 / (duration as f64 / 1e9);
        text = text.plain(&format!(
            ", {} per second",
            unit::label(per_second as i64, "bytes")
        ));
    }
    let has_survival = table.columns.contains(&AllocationColumn::Survival);
    if has_survival && table.alloc.space != 0 {
        text = text.plain(&format!(
            "; {} of the bytes allocated are still in use",
            unit::percent(table.inuse.space, table.alloc.space)
        ));
    }
    text.plain(&format!("; {}.", view.source()))
}

fn sites(view: &View<'_>, table: &Allocations) -> Table {
    let by_inuse = table.by_inuse;
    let space = move |site: &AllocationSite| {
        if by_inuse {
            site.inuse.space
        } else {
            site.alloc.space
        }
    };
    let column = if by_inuse {
        AllocationColumn::InuseSpace
    } else {
        AllocationColumn::AllocSpace
    };
    let order = table.order(view.nodes, Some(column), false);
    let caption = format!(
        "Lines that allocate (nearest frame outside the runtime), {} of {}; {}",
        table.sites.len().min(SITES),
        unit::count(table.sites.len() as u64),
        view.source()
    );
    let columns = [
        Column::symbol("Function"),
        Column::code("line"),
        Column::number("bytes"),
        Column::number("share"),
        Column::number("objects"),
        Column::number("mean size"),
        Column::number("still in use"),
        Column::number("objects seen"),
    ];
    let mut out = Table::new(&caption, columns);
    for &row in order.iter().take(SITES) {
        let site = &table.sites[row as usize];
        let amount = if by_inuse { site.inuse } else { site.alloc };
        let survival = match site.alloc.space {
            0 => String::new(),
            all => unit::percent(site.inuse.space, all),
        };
        out.row([
            view.name(site.node),
            place(site),
            unit::label(space(site), "bytes"),
            view.percent(space(site)),
            unit::signed_count(amount.objects),
            amount
                .mean()
                .map_or_else(String::new, |mean| unit::label(mean, "bytes")),
            survival,
            seen(site.sampled),
        ]);
    }
    out
}

fn place(site: &AllocationSite) -> String {
    short_place(&site.file, site.line)
}

fn seen(objects: f64) -> String {
    if objects <= 0.0 {
        String::new()
    } else {
        format!("{objects:.0}")
    }
}

fn sizes(view: &View<'_>, table: &Allocations) -> Table {
    let total = table
        .sizes
        .iter()
        .fold(0_i64, |sum, band| sum.wrapping_add(band.amount.space));
    let objects = table
        .sizes
        .iter()
        .fold(0_i64, |sum, band| sum.wrapping_add(band.amount.objects));
    let columns = [
        Column::text("Object size"),
        Column::number("objects"),
        Column::number("of all objects"),
        Column::number("bytes"),
        Column::number("of all bytes"),
    ];
    let mut out = Table::new(&format!("By size of object; {}", view.source()), columns);
    for (nth, band) in table.sizes.iter().enumerate() {
        let share = unit::share(band.amount.space, total).abs().min(1.0);
        let color = family_color("runtime", nth).to_owned();
        out.part(
            Mark {
                color,
                hatched: false,
                share,
            },
            [
                band.label.clone(),
                unit::signed_count(band.amount.objects),
                unit::percent(band.amount.objects, objects),
                unit::label(band.amount.space, "bytes"),
                unit::percent(band.amount.space, total),
            ],
        );
    }
    out
}

fn few_seen(table: &Allocations) -> Option<String> {
    if !table.columns.contains(&AllocationColumn::Sampled) {
        return None;
    }
    let few = table
        .sites
        .iter()
        .filter(|s| s.sampled > 0.0 && s.sampled < SEEN)
        .count();
    (few > 0).then(|| {
        format!(
            "Objects seen is how many the profiler really sampled ({:.0} in all); values are scaled \
             up from them. {few} of {} lines stand on fewer than 10: do not rank those.",
            table.sampled,
            table.sites.len()
        )
    })
}
