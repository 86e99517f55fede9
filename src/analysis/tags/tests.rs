use super::*;
use crate::analysis::testing::{intern, test_profile};
use crate::analysis::{Filters, Options};

fn names(profile: &Profile, key: &TagKey) -> Vec<(String, i64)> {
    let text = |value: &TagValue| value.name.text(profile, &key.unit, "minimum");
    let values = key.values.iter();
    values.map(|value| (text(value), value.value)).collect()
}

fn pairs(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter()
        .map(|&(name, value)| (name.to_owned(), value))
        .collect()
}

#[test]
fn a_key_has_what_its_samples_have_and_the_rest_is_untagged() {
    let profile = test_profile(
        "main;a 4 [tenant=north stage=scan]
         main;b 3 [tenant=south]
         main;c 2 [tenant=north]
         main 1",
    );
    let tags = tags(&profile, 0, "minimum");
    assert_eq!(tags.time, None);
    let [tenant, stage] = tags.keys.as_slice() else {
        panic!("two keys, not {}", tags.keys.len());
    };
    // 4 + 3 + 2 of 10, and 4 of 10.
    assert_eq!((tenant.total, tenant.tagged, tenant.untagged), (9, 9, 1));
    assert_eq!((stage.total, stage.tagged, stage.untagged), (4, 4, 6));
    assert_eq!(
        names(&profile, tenant),
        pairs(&[("north", 6), ("south", 3)])
    );
    assert!(tenant.numbers.is_none() && tenant.has_texts() && !tenant.several);
}

#[test]
fn a_sample_with_several_values_counts_for_each_of_them_and_once_for_the_key() {
    let profile = test_profile("a 5 [k=x k=y]\nb 5 [k=x]\nc 10");
    let tags = tags(&profile, 0, "minimum");
    let key = &tags.keys[0];
    assert_eq!(names(&profile, key), pairs(&[("x", 10), ("y", 5)]));
    assert_eq!((key.total, key.tagged, key.untagged), (15, 10, 10));
    assert!(key.several);
}

#[test]
fn a_string_that_the_file_holds_twice_is_one_key_and_one_value() {
    let mut profile = test_profile("a 1 [k=x]\nb 2 [k=x]");
    let (key, value) = (intern(&mut profile, b"k"), intern(&mut profile, b"x"));
    profile.samples.labels[1].key = key;
    profile.samples.labels[1].str = value;
    let tags = tags(&profile, 0, "minimum");
    assert_eq!(tags.keys.len(), 1);
    assert_eq!(names(&profile, &tags.keys[0]), pairs(&[("x", 3)]));
}

#[test]
fn values_are_by_weight_then_name_and_can_be_looked_for() {
    let profile = test_profile("a 1 [k=beta]\nb 1 [k=Alpha]\nc 5 [k=gamma]");
    let key = &tags(&profile, 0, "minimum").keys[0].clone();
    let rows = |wanted: Wanted<'_>| -> Vec<String> {
        let rows = key.rows(&profile, &wanted).into_iter();
        rows.map(|row| key.values[row as usize].name.text(&profile, "", ""))
            .collect()
    };
    assert_eq!(rows(Wanted::default()), ["gamma", "Alpha", "beta"]);
    let by_name = Wanted {
        by_name: true,
        ..Wanted::default()
    };
    assert_eq!(rows(by_name), ["Alpha", "beta", "gamma"]);
    let reversed = Wanted {
        reversed: true,
        ..by_name
    };
    assert_eq!(rows(reversed), ["gamma", "beta", "Alpha"]);
    let search = Wanted {
        search: "ALPH",
        ..Wanted::default()
    };
    assert_eq!(rows(search), ["Alpha"]);
}

#[test]
fn numbers_that_print_alike_are_one_value() {
    // 10 240 and 10 241 bytes are 10kB; 10 300 ÷ 1024 = 10.06.
    let profile = test_profile("a 1 [bytes=10240]\nb 2 [bytes=10241]\nc 4 [bytes=10300]");
    let key = &tags(&profile, 0, "minimum").keys[0].clone();
    assert_eq!(names(&profile, key), pairs(&[("10.06kB", 4), ("10kB", 3)]));
    assert_eq!(key.values[1].name, TagName::Numbers(10240, 10241));
}

#[test]
fn statistics_are_weighted_by_value() {
    // Sums up to each number: 1, 5, 10, 20 of 20. Half is 10, nine tenths are 18.
    let profile = test_profile("a 1 [bytes=1]\nb 4 [bytes=64]\nc 5 [bytes=100]\nd 10 [bytes=5000]");
    let key = &tags(&profile, 0, "minimum").keys[0].clone();
    let numbers = key.numbers.clone().expect("numbers");
    let found = (numbers.min, numbers.median, numbers.p90, numbers.max);
    assert_eq!(found, (1, 100, 5000, 5000));
    let bucket = |low, high, value| Bucket { low, high, value };
    let buckets = &numbers.buckets;
    // 1, 2..3, 4..7, … 4096..8191.
    assert_eq!(buckets.len(), 13);
    assert_eq!(buckets[0], bucket(1, 1, 1));
    assert_eq!(buckets[6], bucket(64, 127, 9));
    assert_eq!(buckets[12], bucket(4096, 8191, 10));
    assert_eq!(buckets.iter().map(|b| b.value).sum::<i64>(), 20);
}

#[test]
fn other_units_go_by_one_two_five_and_what_is_close_together_evenly() {
    let profile = test_profile("a 1 [depth=-3]\nb 2 [depth=0]\nc 3 [depth=7]\nd 4 [depth=30]");
    let key = &tags(&profile, 0, "minimum").keys[0].clone();
    let buckets = key.numbers.clone().expect("numbers").buckets;
    let ends: Vec<(i64, i64)> = buckets.iter().map(|b| (b.low, b.high)).collect();
    let expected = [(-3, -1), (0, 0), (1, 1), (2, 4), (5, 9), (10, 19), (20, 49)];
    assert_eq!(ends, expected);

    let close = test_profile("a 1 [port=8080]\nb 2 [port=8081]\nc 3 [port=8090]");
    let key = &tags(&close, 0, "minimum").keys[0].clone();
    let buckets = key.numbers.clone().expect("numbers").buckets;
    // A span of 10 in steps of 1.
    assert_eq!(buckets.len(), 11);
    let last = Bucket {
        low: 8090,
        high: 8090,
        value: 3,
    };
    assert_eq!(buckets.last(), Some(&last));
}

#[test]
fn the_last_bucket_keeps_the_largest_number_that_there_is() {
    // 2^63 − 1 as a float is 2^63, and the bucket's end lies beyond it. A span of 2^20 in steps of
    // 50 000: 21 buckets, or 22 where the first step is cut.
    let most = i64::MAX;
    let text = format!("a 1 [depth={}]\nb 2 [depth={most}]", most - (1 << 20));
    let profile = test_profile(&text);
    let key = &tags(&profile, 0, "minimum").keys[0].clone();
    let buckets = key.numbers.clone().expect("numbers").buckets;
    assert!((21..=22).contains(&buckets.len()), "{}", buckets.len());
    assert_eq!(buckets.last().map(|last| last.high), Some(most));
    assert_eq!(buckets.iter().map(|b| b.value).sum::<i64>(), 3);
    for bucket in buckets {
        let range = number_range(b"depth", bucket.low, bucket.high, "depth").expect("a range");
        assert_eq!(kept(&profile, &range), bucket.value, "{range}");
    }
}

/// What a filter keeps of the first sample type.
fn kept(profile: &Profile, tagfocus: &str) -> i64 {
    let options = Options {
        tagfocus: tagfocus.to_owned(),
        ..Options::default()
    };
    let filters = Filters::new(&options, profile).expect("a filter");
    let mut left = profile.clone();
    filters.apply(&mut left);
    left.samples.values.iter().sum()
}

#[test]
fn expressions_keep_their_value_and_nothing_else() {
    let mut profile = test_profile("a 1 [k=x]\nb 2 [k=x]\nc 4 [k=x]\nd 8 [k=x]\ne 16 [k=x]");
    let values = ["a.b,c", "a=b", "axb,c", "^a$", "1:5"];
    for (i, value) in values.into_iter().enumerate() {
        profile.samples.labels[i].str = intern(&mut profile, value.as_bytes());
    }
    for key in ["k", "a=b", "a,b=c", ""] {
        let id = intern(&mut profile, key.as_bytes());
        for label in &mut profile.samples.labels {
            label.key = id;
        }
        for (i, value) in values.into_iter().enumerate() {
            let expression = exact_text(key.as_bytes(), value.as_bytes()).expect("UTF-8");
            assert_eq!(kept(&profile, &expression), 1 << i, "{expression}");
        }
        let any = any_value(key.as_bytes(), true, None).expect("UTF-8");
        assert_eq!(kept(&profile, &any), 31, "{any}");
    }
    assert_eq!(exact_text(b"k", b"\xff"), None);
    assert_eq!(number_range(b"a=b", 1, 2, "bytes"), None);
}

#[test]
fn ranges_are_in_the_unit_of_the_key() {
    let profile = test_profile("a 1 [bytes=16]\nb 2 [bytes=31]\nc 4 [bytes=32]\nd 8 [depth=16]");
    for (key, low, high, unit, expected, value) in [
        ("bytes", 16, 31, "bytes", "bytes=16B:31B", 3),
        ("bytes", 32, 32, "bytes", "bytes=32B", 4),
        ("depth", 16, 31, "depth", "depth=16:31", 8),
    ] {
        let range = number_range(key.as_bytes(), low, high, unit).expect("a range");
        assert_eq!(range, expected);
        assert_eq!(kept(&profile, &range), value, "{range}");
    }
    let any = any_value(b"bytes", false, Some("bytes")).expect("a range");
    assert_eq!(kept(&profile, &any), 7);
    assert_eq!(any_value(b"k", true, Some("bytes")), None);
}

/// Samples of value 1, 2, 4, … at these times since 1970 in ns.
fn timed(times: &[i64]) -> Profile {
    let line = |(i, time): (usize, &i64)| format!("f{i} {} [end_timestamp_ns={time}]\n", 1 << i);
    let text: String = times.iter().enumerate().map(line).collect();
    test_profile(&text)
}

#[test]
fn slices_hold_what_their_filter_keeps_also_beyond_what_a_float_tells_apart() {
    // Beyond 2^60 floats are 256 apart: times that differ by less fall together, for the slice and
    // for its filter alike.
    let start = 1_700_000_000_123_456_789;
    let times = [0, 1, 100, 255, 256, 300, 511, 512, 700, 1000, 2047, 4095];
    let profile = timed(&times.map(|offset| start + offset));
    let key = time_key(&profile).expect("times");
    assert_eq!((key.epoch, key.nanos), (true, 1));
    for count in [1, 2, 3, 5, 7, 16, 4096] {
        let line = timeline(&profile, &key, 0, count);
        assert!(line.slices.len() <= count as usize);
        let sum: i64 = line.slices.iter().map(|slice| slice.value).sum();
        assert_eq!(sum, (1 << times.len()) - 1);
        for slice in &line.slices {
            let range = number_range(&key.key, slice.low, slice.high, &key.unit);
            let range = range.expect("a range");
            assert_eq!(kept(&profile, &range), slice.value, "{count}: {range}");
            assert_eq!(key.range_of(&range), Some((slice.low, slice.high)));
        }
    }
}

#[test]
fn slices_are_those_of_the_whole_and_samples_without_a_time_are_summed_apart() {
    let profile =
        test_profile("a 1 [timestamp_ms=0]\nb 2 [timestamp_ms=40]\nc 4 [timestamp_ms=99]\nd 8");
    let key = time_key(&profile).expect("times");
    assert_eq!((key.epoch, key.nanos), (false, 1_000_000));
    let line = timeline(&profile, &key, 0, 10);
    let slices: Vec<i64> = line.slices.iter().map(|slice| slice.value).collect();
    assert_eq!(slices, [1, 0, 0, 0, 2, 0, 0, 0, 0, 4]);
    assert_eq!((line.slices[4].low, line.slices[4].high), (40, 49));
    assert_eq!(line.untimed, 8);
    assert_eq!(key.text(40, 99), "40ms");
}

#[test]
fn what_is_no_time_makes_no_strip() {
    for (label, is_time) in [
        ("end_timestamp_ns=1700000000000000000", true),
        ("timestamp=1700000000", true),
        ("Timestamp=1700000000000", true),
        ("time=1700000000000000", true),
        ("timestamp_us=12", true),
        // A duration as likely as not; a number of no year; another key; a text.
        ("time_ns=1500", false),
        ("timestamp=12", false),
        ("timestamp_ns=-5", false),
        ("bytes=1700000000", false),
        ("timestamp=noon", false),
    ] {
        let profile = test_profile(&format!("a 1 [{label}]"));
        assert_eq!(has_times(&profile), is_time, "{label}");
        assert_eq!(time_key(&profile).is_some(), is_time, "{label}");
    }
    // The end of a sample is the better time, wherever it stands.
    let both = test_profile("a 1 [timestamp_ms=1 end_timestamp_ms=2]");
    assert_eq!(time_key(&both).expect("times").key, b"end_timestamp_ms");
}

#[test]
fn times_of_day_are_as_exact_as_the_span_calls_for() {
    // date -u -d @1700000000 +%T → 22:13:20.
    let time = 1_700_000_000_123_456_789;
    for (span, text) in [
        (1_000, "22:13:20.123456789"),
        (5_000_000, "22:13:20.123456"),
        (30_000_000_000, "22:13:20.123"),
        (3_600_000_000_000, "22:13:20"),
        (90_000_000_000_000, "2023-11-14 22:13"),
    ] {
        assert_eq!(clock(time, span), text, "{span}");
    }
    assert_eq!(clock(0, 3_600_000_000_000), "00:00:00");
}

#[test]
fn a_filter_in_another_unit_is_told_in_the_keys() {
    let mut profile = test_profile("a 1 [timestamp=5000]\nb 1 [timestamp=9000]");
    let unit = intern(&mut profile, b"milliseconds");
    for label in &mut profile.samples.labels {
        label.unit = unit;
    }
    let key = time_key(&profile).expect("times");
    assert_eq!(key.range_of("timestamp=6s:8s"), Some((6000, 8000)));
    assert_eq!(key.range_of("timestamp=6000ms:"), Some((6000, i64::MAX)));
    assert_eq!(key.range_of("timestamp=^6$"), None);
    assert_eq!(key.range_of("other=6s:8s"), None);
}
