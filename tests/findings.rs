//! What fires and what must not: on profiles with one planted problem each, and, where it is
//! present, on a folder of foreign ones.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read the files that they are about"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dropprof::analysis::Classes;
use dropprof::findings::{Finding, Findings, Input, Severity, examine};
use dropprof::formats::{OpenOptions, Opened, open};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Opens files as one session and examines it.
fn findings_of(folder: &Path, names: &[&str]) -> Findings {
    let opened: Vec<Opened> = names
        .iter()
        .flat_map(|name| {
            let bytes = fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
            open(name, &bytes, OpenOptions::default())
        })
        .collect();
    let profiles: Vec<_> = opened
        .iter()
        .filter_map(|file| {
            let opened = file.result.as_ref().ok()?;
            Some((file, opened, Classes::new(&opened.profile)))
        })
        .collect();
    let inputs: Vec<Input<'_>> = profiles
        .iter()
        .map(|(file, opened, classes)| Input {
            name: &file.name,
            kind: opened.kind,
            profile: &opened.profile,
            classes,
        })
        .collect();
    examine(&inputs)
}

/// One line of a manifest: see `testdata/README.md`.
struct Case<'a> {
    files: Vec<&'a str>,
    must: Vec<&'a str>,
    top: &'a str,
    must_not: Vec<&'a str>,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let list = |text: &'a str| -> Vec<&'a str> {
            text.split([',', ' '])
                .filter(|t| !t.is_empty() && *t != "-")
                .collect()
        };
        Self {
            files: list(next()),
            must: list(next()),
            top: next(),
            must_not: list(next()),
        }
    }

    /// What is wrong with what was found.
    fn judge(&self, found: &Findings) -> Vec<String> {
        let ids: Vec<String> = found
            .findings
            .iter()
            .map(|f| format!("{}:{}", f.rule.id, f.severity.name()))
            .collect();
        let mut wrong = Vec::new();
        for id in &self.must {
            if !found.findings.iter().any(|f| f.rule.id == *id) {
                wrong.push(format!("{id} does not fire"));
            }
        }
        for pattern in &self.must_not {
            for finding in found.findings.iter().filter(|f| is_meant(pattern, f)) {
                let metric = &finding.main().metric.text;
                wrong.push(format!(
                    "{} fires ({metric}), against {pattern}",
                    finding.rule.id
                ));
            }
        }
        let first = found.findings.first().map_or("", |f| f.rule.id);
        if !matches!(self.top, "" | "-") && first != self.top {
            wrong.push(format!("{} is not first", self.top));
        }
        let files = self.files.join(" ");
        wrong
            .into_iter()
            .map(|what| format!("{files}: {what}; found {}", ids.join(" ")))
            .collect()
    }
}

/// `S03`, `S*`, `*`: rules that must not fire; with `>info` or another severity behind it, not more
/// gravely than that.
fn is_meant(pattern: &str, finding: &Finding) -> bool {
    let (ids, above) = match pattern.split_once('>') {
        Some((ids, name)) => (ids, Severity::named(name)),
        None => (pattern, None),
    };
    let matches = match ids.strip_suffix('*') {
        Some(start) => finding.rule.id.starts_with(start),
        None => finding.rule.id == ids,
    };
    matches && above.is_none_or(|above| finding.severity > above)
}

#[test]
fn planted_problems_are_found_and_nothing_else() {
    let folder = root().join("testdata/findings");
    let manifest = fs::read_to_string(folder.join("manifest.tsv")).expect("the manifest");
    let lines = manifest
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    let (mut wrong, mut rules) = (Vec::new(), BTreeMap::new());
    for case in lines.map(Case::parse) {
        wrong.extend(case.judge(&findings_of(&folder, &case.files)));
        for id in case.must {
            *rules.entry(id.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        rules.len() >= 30,
        "only {} rules have a fixture",
        rules.len()
    );
}

/// Files of labelled programs of others, built by three Go versions: rules that must fire where
/// there are enough samples, and that must not.
const LAB: [(&str, &str, &str); 47] = [
    ("gcpressure.cpu", "A04", "S* C*"),
    ("concat.cpu", "S01", "I* C01>info"),
    ("conv.cpu", "S02", "I* C01>info"),
    ("sprintf.cpu", "S03", "I* C01>info"),
    ("boxing.cpu", "D04", "I* C01>info"),
    ("slicegrow.cpu", "D03", "I* C01>info A08"),
    ("cond.cpu", "D05", "I* C01>info"),
    ("regexp.cpu", "S04", "S05"),
    ("regexprun.cpu", "S05", "S04"),
    ("json.cpu", "S07", ""),
    ("reflect.cpu", "S08", ""),
    ("sortslice.cpu", "D10", ""),
    ("slog.cpu", "I11", ""),
    ("mapgrow.cpu", "D01", ""),
    ("mapread.cpu", "D02", "D01>low"),
    ("syncmap.cpu", "C09", ""),
    ("smallwrites.cpu", "I01", ""),
    ("walk.cpu", "I03", ""),
    ("walkdir.cpu", "I02", "I03"),
    ("readall.allocs", "I13", ""),
    ("timenow.cpu", "I14", ""),
    ("timeafter.cpu", "I15", ""),
    ("sleepers.cpu", "I15", ""),
    ("sleepers.heap", "", "H09"),
    ("chancontend.cpu", "C05", "C03"),
    ("selectloop.cpu", "C07", "C03"),
    ("spinselect.cpu", "C06", "C03"),
    ("gospawn.cpu", "C08", "C03"),
    ("mutex.mutex", "B01", ""),
    ("mutex.block", "B02", ""),
    ("mutex.cpu", "", "C03>info"),
    ("rwmutex.block", "B03", ""),
    ("rwmutex.mutex", "B03", ""),
    ("rwmutex.cpu", "C04", ""),
    ("morestack.cpu", "D09", ""),
    ("deferloop.cpu", "D07", ""),
    ("forcegc.cpu", "A08", "A08>info A01>medium"),
    ("memclr.cpu", "A07", "A01>medium"),
    ("memclr.allocs", "A07", ""),
    ("gzip.cpu", "I10", ""),
    ("callers.cpu", "I12", ""),
    ("single.cpu", "M05", "*>medium"),
    ("idle.cpu", "M01", "*>medium"),
    ("sha.cpu", "I08", "*>info"),
    ("iface.cpu", "", "*>medium"),
    ("bigcopy.cpu", "", "*>medium"),
    ("runtimelock.cpu", "I15", ""),
];

/// The same of the standard library's workloads, of one version.
const LAB_LIBRARY: [(&str, &str, &str); 12] = [
    ("tls.cpu", "I07", ""),
    ("httpserve.cpu", "I06", ""),
    ("panic.cpu", "D08", ""),
    ("stack.cpu", "I12", ""),
    ("ctxval.cpu", "D11", ""),
    ("detect.cpu", "S12", ""),
    ("binaryread.cpu", "S08", ""),
    ("template.cpu", "S09", ""),
    ("errors.cpu", "S11", ""),
    ("exec.cpu", "I04", ""),
    ("timefmt.cpu", "S10", ""),
    ("toLower.cpu", "S06", ""),
];

/// A folder of foreign profiles beside the project, where there is one.
fn lab() -> Option<PathBuf> {
    let folder = root().join("../shared/corpus/lab");
    folder.is_dir().then_some(folder)
}

#[test]
fn labelled_programs_of_others() {
    let Some(lab) = lab() else {
        return;
    };
    let mut wrong = Vec::new();
    let mut tried = 0;
    let library = LAB_LIBRARY.iter().map(|row| ("p127-stdlib", row));
    let versions = ["p122", "p124", "p127"];
    let all = versions
        .iter()
        .flat_map(|&v| LAB.iter().map(move |row| (v, row)));
    for (folder, (file, must, must_not)) in all.chain(library) {
        let folder = lab.join(folder);
        if !folder.join(file).is_file() {
            continue;
        }
        let found = findings_of(&folder, &[file]);
        // What was recorded on a machine with little time to give holds too few samples.
        let few = found
            .findings
            .iter()
            .any(|f| f.rule.id == "M01" && f.severity > Severity::Info);
        tried += 1;
        // Four of 46 samples are in what was planted there: too few to say anything about it.
        let lost = folder.ends_with("p127") && *file == "memclr.cpu";
        let must = if few {
            "M01"
        } else if lost {
            ""
        } else {
            must
        };
        let case = Case {
            files: vec![file],
            must: must.split(' ').filter(|t| !t.is_empty()).collect(),
            top: "",
            must_not: must_not.split(' ').filter(|t| !t.is_empty()).collect(),
        };
        let judged = case.judge(&found).into_iter();
        wrong.extend(judged.map(|what| format!("{}/{what}", folder.display())));
    }
    assert!(tried > 100, "only {tried} files");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The ids that fire at or above a severity.
fn fired(found: &Findings, least: Severity) -> Vec<&'static str> {
    let grave = found.findings.iter().filter(|f| f.severity >= least);
    grave.map(|f| f.rule.id).collect()
}

#[test]
fn the_demonstration_of_a_real_program() {
    let Some(folder) = lab().map(|lab| lab.join("gobroadcast-demo")) else {
        return;
    };
    let files = ["cpu.prof", "allocs.prof", "heap.prof", "goroutine2.txt"];
    let found = findings_of(&folder, &files);
    let high = fired(&found, Severity::High);
    for id in ["M03", "I09", "A05", "R03", "H06"] {
        assert!(high.contains(&id), "{id}: {high:?}");
    }
    assert!(fired(&found, Severity::Medium).contains(&"A04"));
    let janitors = found
        .findings
        .iter()
        .find(|f| f.rule.id == "R03")
        .expect("janitors");
    // The number of goroutines in the dump that run TTLCache's cleanup.
    assert_eq!(janitors.main().samples, 964);
    // One sample in 18 ms of CPU time: nothing but that is said.
    let one = "original-demo-output/memory/final_optimization_demo/cpu.prof";
    let found = findings_of(&folder, &[one]);
    assert_eq!(fired(&found, Severity::Info), ["M01"]);
    assert!(!found.findings[0].main().metric.text.contains('%'));
}

#[test]
fn dumps_and_benchmarks_of_the_lab() {
    let Some(lab) = lab() else {
        return;
    };
    let dumps = lab.join("dumps127");
    assert!(fired(&findings_of(&dumps, &["goroutineleak.d2"]), Severity::High).contains(&"R02"));
    assert!(fired(&findings_of(&dumps, &["goroutine.d2"]), Severity::High).contains(&"R07"));
    let deadlock = findings_of(&dumps, &["crash-deadlock.txt"]);
    assert_eq!(deadlock.findings[0].rule.id, "R06");
    let bench = findings_of(&lab.join("bench"), &["after.txt", "before.txt"]);
    let ids = fired(&bench, Severity::Info);
    for id in ["N01", "N02", "N03"] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
    // Medians 30 577 and 2 937 ns: 10.4 times; the near ends of the intervals, 24.6 and 3.8 µs, 6.4.
    let change = bench
        .findings
        .iter()
        .find(|f| f.rule.id == "N02")
        .expect("a change");
    let text = &change.main().metric.text;
    assert!(
        text.contains("about 10.4 times, at least 6.4 times"),
        "{text}"
    );
    assert_eq!(change.severity, Severity::Info);
}
