//! The language by its rules: each expectation is what `benchproc`'s documentation says, or follows
//! from how it takes expressions apart.

use super::*;

/// A result: full name, configuration, and base units with units as written.
struct Given {
    name: &'static [u8],
    config: &'static [(&'static str, &'static str)],
    units: Vec<(&'static [u8], &'static [u8])>,
}

impl Line for Given {
    fn value(&self, key: &Key) -> &[u8] {
        match key {
            Key::File => b"old.txt",
            Key::Config(name) => {
                let found = self.config.iter().find(|(key, _)| key.as_bytes() == name);
                found.map_or(&[], |(_, value)| value.as_bytes())
            }
            _ => key.of_name(self.name).unwrap_or_default(),
        }
    }

    fn units(&self) -> &[(&[u8], &[u8])] {
        &self.units
    }
}

fn given() -> Given {
    Given {
        name: b"Encode/codec=json/size=1k/raw-8",
        config: &[("goos", "linux"), ("note", "a b")],
        units: vec![(b"sec/op", b"ns/op"), (b"B/op", b"B/op")],
    }
}

fn chosen(text: &str) -> Chosen {
    Filter::new(text).expect(text).chosen(&given())
}

fn wrong(text: &str) -> (String, usize) {
    let error = Filter::new(text).expect_err(text);
    (error.reason, error.at)
}

#[test]
fn filters_choose_results() {
    for (text, whole) in [
        ("*", true),
        ("-*", false),
        (".name:Encode", true),
        (".name:Enc", false),
        (".name:/Enc/", true),
        (".name:/^nc/", false),
        (".fullname:/codec=(json|gob)\\/size=.*k/", true),
        ("/size:1k", true),
        ("/size:(2k OR 1k)", true),
        ("/size:(2k OR /[0-9]k/)", true),
        ("/gomaxprocs:8", true),
        ("/missing:\"\"", true),
        (".file:old.txt", true),
        ("goos:linux /size:1k", true),
        ("goos:linux AND /size:2k", false),
        ("/size:2k OR goos:linux", true),
        // AND binds closer.
        ("/size:2k goos:linux OR .name:Encode", true),
        ("/size:2k (goos:linux OR .name:Encode)", false),
        ("-/size:2k", true),
        ("--/size:2k", false),
        ("note:\"a b\"", true),
        ("\"note\":\"a\\x20b\"", true),
        // A hyphen and an asterisk within a word are part of it.
        (".name:En-code", false),
        ("goos:lin*x", false),
    ] {
        assert_eq!(chosen(text), Chosen::Whole(whole), "{text}");
    }
}

#[test]
fn units_choose_measurements() {
    for (text, each) in [
        (".unit:sec/op", [true, false]),
        (".unit:ns/op", [true, false]),
        ("-.unit:ns/op", [false, true]),
        (".unit:(ns/op OR B/op)", [true, true]),
        (".unit:ns/op .unit:B/op", [false, false]),
        (".name:Encode .unit:B/op", [false, true]),
        (".unit:B/op OR .name:Nope", [false, true]),
    ] {
        assert_eq!(chosen(text), Chosen::Some(each.to_vec()), "{text}");
    }
    // What decides about the whole result does so.
    assert_eq!(chosen(".unit:B/op .name:Nope"), Chosen::Whole(false));
    assert_eq!(chosen(".unit:B/op OR .name:Encode"), Chosen::Whole(true));
}

#[test]
fn mistakes_in_filters_are_told_with_their_place() {
    for (text, reason, at) in [
        ("", "expected key:value or subexpression", 0),
        ("foo", "expected key:value", 0),
        ("a:b  foo", "expected key:value", 5),
        ("a:", "expected key:value", 0),
        ("a:b)", "unexpected \")\"", 3),
        ("(a:b", "missing \")\"", 4),
        ("a:b,c:d", "unexpected \",\"", 3),
        ("a:(b c)", "value list must be separated by OR", 5),
        ("a:()", "expected value", 3),
        ("a:\"b", "missing end quote", 2),
        ("a:\"\\q\"", "bad escape sequence", 2),
        ("a:/b", "missing close \"/\"", 2),
        (
            "a:/b/c",
            "regexp must be followed by space or an operator (unescaped \"/\"?)",
            5,
        ),
        ("a:/(b/", "missing close \"/\"", 2),
        (
            "a:/*b/",
            "error parsing regexp: missing argument to repetition operator: `*`",
            2,
        ),
        (".config:x", ".config is only allowed in projections", 0),
        ("\"\":x", "key must not be empty", 0),
        ("-", "expected key:value or subexpression", 1),
    ] {
        assert_eq!(wrong(text), (reason.to_owned(), at), "{text}");
    }
    let error = Filter::new("ä:b c").expect_err("no value");
    assert_eq!(
        error.to_string(),
        "syntax error: expected key:value\n\tä:b c\n\t    ^"
    );
}

#[test]
fn what_nests_too_deeply_is_refused() {
    for open in ["(", "-"] {
        let fine =
            open.repeat(DEPTH - 1) + "a:b" + &")".repeat(if open == "(" { DEPTH - 1 } else { 0 });
        assert!(Filter::new(&fine).is_ok(), "{open}");
        let (reason, _) = wrong(&open.repeat(1_000_000));
        assert_eq!(reason, "nested too deeply");
    }
}

#[test]
fn projections_are_keys_with_orders() {
    let fields = projection(" .name, /size@num goos@alpha,pkg@(b \"a c\") .config").expect("fine");
    let orders: Vec<_> = fields.iter().map(|field| field.order.clone()).collect();
    assert_eq!(
        orders,
        [
            FieldOrder::First,
            FieldOrder::Number,
            FieldOrder::Text,
            FieldOrder::Fixed(vec![b"b".to_vec(), b"a c".to_vec()]),
            FieldOrder::First,
        ]
    );
    assert_eq!(fields[1].key, Some(Key::Part(b"size".to_vec())));
    assert_eq!(fields[4].key, None);
    assert_eq!(projection("").map(|fields| fields.len()), Ok(0));
    for (text, reason, at) in [
        (",a", "expected key", 0),
        ("a,", "expected key", 2),
        ("a@", "expected named sort order or parenthesized list", 2),
        ("a@()", "nothing to match", 3),
        ("a@(b", "missing )", 4),
        (".name@bogus", "unknown order \"bogus\"", 6),
        (".unit", ".unit is only allowed in filters", 0),
        (".config@(a)", "fixed order not allowed for .config", 8),
        ("a \"\"", "key must not be empty", 2),
        ("a:b", "expected key", 1),
    ] {
        let error = projection(text).expect_err(text);
        assert_eq!((error.reason.as_str(), error.at), (reason, at), "{text}");
    }
}

#[test]
fn keys_take_names_apart() {
    let name = b"Encode/json/size=1k/size=2/=x-16";
    let value = |key: &str| {
        let key = projection(key)
            .expect("a key")
            .remove(0)
            .key
            .expect("no group");
        String::from_utf8_lossy(key.of_name(name).expect("of the name")).into_owned()
    };
    assert_eq!(value(".name"), "Encode");
    assert_eq!(value("/size"), "1k");
    assert_eq!(value("/gomaxprocs"), "16");
    assert_eq!(value("/json"), "");
    let base = |name: &'static str| Key::Name.of_name(name.as_bytes());
    for (name, plain) in [
        ("Dash-", "Dash-"),
        ("Dash-x", "Dash-x"),
        ("A-7", "A"),
        ("-7", ""),
        ("A-7/b", "A-7"),
    ] {
        assert_eq!(base(name), Some(plain.as_bytes()), "{name}");
    }
    let procs = |name: &'static str| Key::MaxProcs.of_name(name.as_bytes());
    assert_eq!(procs("A/gomaxprocs=4"), Some(&b"4"[..]));
    assert_eq!(procs("A/gomaxprocs=4-2"), Some(&b"2"[..]));
}

#[test]
fn what_is_a_key_of_its_own_leaves_the_full_name() {
    let mut excluded = Excluded::default();
    let name = b"A/x=1/y/xx=2-8";
    let left =
        |excluded: &Excluded| String::from_utf8(full_name_without(name, excluded)).expect("text");
    assert_eq!(left(&excluded), "A/x=1/y/xx=2-8");
    excluded.add(&Key::Part(b"x".to_vec()));
    assert_eq!(left(&excluded), "A/y/xx=2-8");
    excluded.add(&Key::MaxProcs);
    assert_eq!(left(&excluded), "A/y/xx=2");
    excluded.add(&Key::Name);
    assert_eq!(left(&excluded), "*/y/xx=2");
}

#[test]
fn numbers_have_their_order() {
    let mut values = [
        "x", "1Mi", "1M", "2k", "2Ki", "512", "NaN", "1e3", "y3", "a.b", "-1",
    ];
    values.sort_by(|a, b| compare_numbers(a.as_bytes(), b.as_bytes()));
    // Unanchored: y3 is 3; a.b begins with a point that is no number, so it is none, like x.
    assert_eq!(
        values,
        [
            "-1", "y3", "512", "1e3", "2k", "2Ki", "1M", "1Mi", "NaN", "x", "a.b"
        ]
    );
}
