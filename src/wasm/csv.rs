//! The tables of the page as CSV: numbers as they are, with their units in the headings.

use super::compare::Asked;
use super::dto::{FrameName, Query, TableOrder};
use super::dto_export::CsvRequest;
use super::goroutines::{By, gathered, place, searched, source, with_all_frames};
use super::growth::{Followed, Names, facts};
use super::query::Analysis;
use super::workspace::Workspace;
use crate::analysis::goroutines::GoroutineGroup;
use crate::analysis::{NodeId, TopRow, neighbours};
use crate::report::csv::Csv;
use crate::unit;

impl Workspace {
    /// A table of the page with all of its rows, also those that a view cuts off. `top`, `allocations`
    /// and `compare` stand in the order asked for and as its search leaves them, `growth` as its search
    /// leaves it; goroutines stand in groups, in the order of the view's rows; callers and callees and
    /// hot paths stand as the analysis has them. The error is a sentence.
    pub fn table_csv(&mut self, query: &Query, request: &CsvRequest) -> Result<Vec<u8>, String> {
        if request.table == "growth" {
            return Ok(growth(&self.followed(query)??, &request.order.search).finish());
        }
        let analysis = self.analysis(query)?;
        let csv = match request.table.as_str() {
            "top" => top(&analysis, request),
            "allocations" => allocations(&analysis, request)?,
            "callers" => callers(&analysis, request)?,
            "compare" => compare(&analysis, request)?,
            "goroutines" => {
                let analysis = self.analysis(&with_all_frames(query))?;
                goroutines(&analysis, &request.order)?
            }
            "hotpaths" => hot_paths(&analysis),
            other => return Err(format!("there is no table {other}")),
        };
        Ok(csv.finish())
    }
}

/// The columns that tell a row, the same in every table of functions.
const NAME: [&str; 3] = ["name", "file", "line"];

fn push_node(csv: &mut Csv, analysis: &Analysis, node: NodeId) {
    push_name(csv, &analysis.name(node));
}

fn push_name(csv: &mut Csv, name: &FrameName) {
    csv.text(&name.full);
    csv.text(&name.file);
    csv.number(&known(name.line as i64));
}

/// A line number; 0 is none.
fn known(line: i64) -> String {
    match line {
        0 => String::new(),
        line => line.to_string(),
    }
}

fn top(analysis: &Analysis, request: &CsvRequest) -> Csv {
    let of = |unit_name: &str| match analysis.has_means() {
        true => format!("{unit_name} per event"),
        false => unit_name.to_owned(),
    };
    let unit_name = of(&analysis.unit_name);
    let others = analysis.table_others();
    let mut headings = vec![
        format!("flat ({unit_name})"),
        "flat (percent)".to_owned(),
        "sum (percent)".to_owned(),
        format!("cum ({unit_name})"),
        "cum (percent)".to_owned(),
        "inline".to_owned(),
    ];
    for other in others {
        for side in ["flat", "cum"] {
            headings.push(format!("{} {side} ({})", other.name, other.unit_name));
        }
    }
    let headings = headings.iter().map(String::as_str);
    let mut csv = Csv::new(NAME.into_iter().chain(headings));
    let total = analysis.selection.total;
    let mut sum = 0_i64;
    for &at in analysis
        .ordered_rows(&analysis.order(&request.order))
        .iter()
    {
        let row: TopRow = analysis.rows()[at as usize];
        let shown = analysis.shown_row(&row);
        sum = sum.wrapping_add(row.flat);
        push_node(&mut csv, analysis, row.node);
        csv.number(&shown.flat.to_string());
        csv.percent(unit::share(row.flat, total));
        csv.percent(unit::share(sum, total));
        csv.number(&shown.cum.to_string());
        csv.percent(unit::share(row.cum, total));
        csv.text(row.inline.name());
        for other in others {
            for column in [&other.sums.flat, &other.sums.cum] {
                csv.number(&column[row.node.index()].to_string());
            }
        }
        csv.end_row();
    }
    csv
}

fn allocations(analysis: &Analysis, request: &CsvRequest) -> Result<Csv, String> {
    let table = analysis.allocations().map_err(str::to_owned)?;
    let headings: Vec<String> = (table.columns.iter())
        .map(|column| format!("{} ({})", column.key(), column.unit()))
        .collect();
    let mut csv = Csv::new(NAME.into_iter().chain(headings.iter().map(String::as_str)));
    let order = analysis.order_of_sites(table, &request.order);
    for &at in analysis.ordered_sites(table, &order).iter() {
        let site = &table.sites[at as usize];
        csv.text(&analysis.name(site.node).full);
        csv.text(&site.file);
        csv.number(&known(site.line));
        for &column in &table.columns {
            csv.number(&table.digits(at as usize, column));
        }
        csv.end_row();
    }
    Ok(csv)
}

fn callers(analysis: &Analysis, request: &CsvRequest) -> Result<Csv, String> {
    let asked = u32::try_from(request.node).map_err(|_| "no function is selected")?;
    let node = analysis.node(asked)?;
    let near = neighbours(
        analysis.profile(),
        &analysis.nodes,
        &analysis.selection,
        node,
    );
    let value = format!("value ({})", analysis.unit_name);
    let headings = ["relation", value.as_str(), "value (percent)", "inline"];
    let mut csv = Csv::new(NAME.into_iter().chain(headings));
    let mut row = |node: NodeId, relation: &str, value: i64, inline: bool| {
        push_node(&mut csv, analysis, node);
        csv.text(relation);
        csv.number(&value.to_string());
        csv.percent(unit::share(value, near.cum));
        csv.text(if inline { "inline" } else { "" });
        csv.end_row();
    };
    for caller in &near.callers {
        row(caller.node, "caller", caller.weight, caller.inline);
    }
    row(node, "function", near.cum, false);
    for callee in &near.callees {
        row(callee.node, "callee", callee.weight, callee.inline);
    }
    Ok(csv)
}

fn compare(analysis: &Analysis, request: &CsvRequest) -> Result<Csv, String> {
    let comparison = analysis.comparison()?;
    let asked = Asked::of(&request.order);
    let unit_name = &comparison.unit;
    let way = match comparison.per() {
        "" => unit_name.clone(),
        "share" => "share".to_owned(),
        per => format!("{unit_name} {per}"),
    };
    let headings = [
        format!("baseline ({unit_name})"),
        format!("this file ({unit_name})"),
        format!("baseline compared ({way})"),
        format!("this file compared ({way})"),
        format!("difference ({way})"),
        "difference (percent of the baseline)".to_owned(),
        "significance".to_owned(),
        "p".to_owned(),
    ];
    let mut csv = Csv::new(NAME.into_iter().chain(headings.iter().map(String::as_str)));
    let rows = comparison.rows(asked.measure);
    for &at in analysis
        .compared_rows(comparison, &request.order, asked)
        .iter()
    {
        let row = &rows[at as usize];
        push_node(&mut csv, analysis, row.node);
        csv.number(&row.value.base.to_string());
        csv.number(&row.value.new.to_string());
        let sides = [comparison.base_of(row.value), comparison.new_of(row.value)];
        for value in sides.into_iter().chain([comparison.delta(row.value)]) {
            csv.number(&value.to_string());
        }
        // What was nothing before has no share of it.
        match sides[0] == 0.0 {
            true => csv.number(""),
            false => csv.percent(comparison.change(row.value)),
        }
        csv.text(row.verdict.significance.label());
        csv.number(
            &row.verdict
                .p
                .map_or_else(String::new, |p| format!("{p:.3e}")),
        );
        csv.end_row();
    }
    Ok(csv)
}

/// Sites whose names have a text in them, in whatever case: that is what the view's search looks for.
fn growth(followed: &Followed, search: &str) -> Csv {
    let Followed {
        found,
        files,
        analysis,
        unit_name,
        ..
    } = followed;
    let amounts = (files.iter()).map(|(_, name)| format!("{name} ({unit_name})"));
    let others = [
        format!("delta ({unit_name})"),
        format!("standard error of delta ({unit_name})"),
        "sampled at the end (count)".to_owned(),
        "delta of objects (count)".to_owned(),
        format!("growth per minute ({unit_name})"),
        "what holds".to_owned(),
    ];
    let headings: Vec<String> = amounts.chain(others).collect();
    let mut csv = Csv::new(NAME.into_iter().chain(headings.iter().map(String::as_str)));
    let names = Names::new(analysis);
    let search = search.to_lowercase();
    for site in &found.sites {
        let name = names.of(analysis, &site.name);
        if !name.full.to_lowercase().contains(&search) {
            continue;
        }
        push_name(&mut csv, &name);
        for amount in site.amounts.iter().chain([&site.delta]) {
            csv.number(&amount.to_string());
        }
        // Where everything was counted there is neither an error nor a sample.
        let is_sampled = site.error > 0.0;
        for estimate in [Some(site.error), site.seen.last().copied()] {
            let estimate = estimate.filter(|_| is_sampled);
            csv.number(&estimate.map_or_else(String::new, rounded));
        }
        let objects = site.objects.first().zip(site.objects.last());
        let objects = objects.map(|(first, last)| last.wrapping_sub(*first));
        csv.number(&objects.map_or_else(String::new, |n| n.to_string()));
        csv.number(&site.slope.map_or_else(String::new, rounded));
        csv.text(&facts(site).join(", "));
        csv.end_row();
    }
    csv
}

/// An estimate without digits that mean nothing: four of them, and all before the point.
fn rounded(estimate: f64) -> String {
    if estimate == 0.0 {
        return "0".to_owned();
    }
    let before = estimate.abs().log10().floor() as i32;
    let places = (3 - before).clamp(0, 12) as usize;
    let text = format!("{estimate:.places$}");
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

/// A line for each group, with its whole stack. Where the view's rows are made of something else than
/// stacks, each line says which row it is a part of.
fn goroutines(analysis: &Analysis, order: &TableOrder) -> Result<Csv, String> {
    let all = analysis.goroutines().ok_or("this file has no goroutines")?;
    let by = By::of(&order.column);
    let (pattern, _) = searched(&order.search);
    let of_row = (by != By::Stack).then_some(["row", "row (count)"]);
    let of_group = [
        "count",
        "waits for",
        "function",
        "place",
        "created by",
        "shortest wait (minutes)",
        "median wait (minutes)",
        "longest wait (minutes)",
        "leaked (count)",
        "role",
        "stack",
    ];
    let mut csv = Csv::new(of_row.into_iter().flatten().chain(of_group));
    for row in gathered(analysis.profile(), all, by, pattern.as_ref()) {
        for &at in &row.groups {
            if of_row.is_some() {
                csv.text(&row.key);
                csv.number(&row.count.to_string());
            }
            push_group(&mut csv, analysis, &all.groups[at as usize]);
        }
    }
    Ok(csv)
}

fn push_group(csv: &mut Csv, analysis: &Analysis, group: &GoroutineGroup) {
    let profile = analysis.profile();
    csv.number(&group.count.to_string());
    csv.text(&group.wait_text);
    let user = group.user.as_ref();
    csv.text(user.map_or("", |site| &site.function));
    csv.text(&user.map_or_else(String::new, source));
    let creators: Vec<String> = (group.created_by.iter())
        .map(|(site, count)| format!("{} × {count}", place(site)))
        .collect();
    csv.text(&creators.join("; "));
    let ages = group.ages.as_ref();
    for age in [
        ages.map(|a| a.min),
        ages.map(|a| a.median),
        ages.map(|a| a.max),
    ] {
        csv.number(&age.map_or_else(String::new, |minutes| minutes.to_string()));
    }
    csv.number(&group.leaked.to_string());
    csv.text(group.role_text);
    let frames: Vec<_> = (group.stack.iter().rev())
        .map(|frame| profile.functions.get(frame.function.index()))
        .map(|function| function.map_or_else(Default::default, |f| profile.strings.text(f.name)))
        .collect();
    csv.text(&frames.join(";"));
    csv.end_row();
}

fn hot_paths(analysis: &Analysis) -> Csv {
    let unit_name = &analysis.unit_name;
    let own = [
        "path".to_owned(),
        "step".to_owned(),
        format!("flat ({unit_name})"),
        format!("cum ({unit_name})"),
        "cum (percent)".to_owned(),
        "frames left out before".to_owned(),
    ];
    let mut csv = Csv::new(NAME.into_iter().chain(own.iter().map(String::as_str)));
    for (path, found) in (1..).zip(analysis.hot_paths(analysis.tree(false))) {
        for (number, step) in (1..).zip(&found.steps) {
            push_node(&mut csv, analysis, step.node);
            let (path, number): (usize, usize) = (path, number);
            csv.number(&path.to_string());
            csv.number(&number.to_string());
            csv.number(&step.flat.to_string());
            csv.number(&step.cum.to_string());
            csv.percent(unit::share(step.cum, analysis.selection.total));
            csv.number(&step.folded_count.to_string());
            csv.end_row();
        }
    }
    csv
}
