use super::super::testing::test_profile;
use super::*;

#[test]
fn lines_are_counted_in_their_frame_or_in_the_callers() {
    // Lines stand innermost first: main.g, main.f; the row after them is of another location.
    let profile = test_profile("main.f@m.go:3~main.g@m.go:8;main.h@m.go:9 1");
    let location = profile.stacks.get(StackId(0))[1].index();
    let (start, _) = profile.locations[location].lines;
    let found = |noinlines| {
        let options = NodeOptions {
            noinlines,
            ..NodeOptions::default()
        };
        let nodes = Nodes::new(&profile, &options);
        [start, start + 1, start + 2].map(|row| {
            let (node, row) = nodes.frame_of_line(&profile, location, row)?;
            Some((nodes.printable_text(node), row - start))
        })
    };
    let (f, g) = ("main.f".to_owned(), "main.g".to_owned());
    assert_eq!(found(false), [Some((g, 0)), Some((f.clone(), 1)), None]);
    assert_eq!(found(true), [Some((f.clone(), 1)), Some((f, 1)), None]);
}

#[test]
fn packages_end_at_the_first_dot_after_the_last_slash() {
    assert_eq!(
        package_of(b"encoding/json.(*Decoder).Decode"),
        b"encoding/json"
    );
    assert_eq!(package_of(b"main.main.func1"), b"main");
    assert_eq!(
        package_of(b"slices.SortFunc[go.shape.[]example.com/a/b.T]"),
        b"slices"
    );
    assert_eq!(
        package_of(b"gopkg.in/yaml%2ev3.Unmarshal"),
        b"gopkg.in/yaml%2ev3"
    );
    assert_eq!(package_of(b"memeqbody"), b"");
    for (name, package) in [
        ("net/http.(*conn).serve", "net/http"),
        ("example.com/a/b.T.M", "example.com/a/b"),
        ("example.com/a.b/c.F", "example.com/a.b/c"),
        ("main.init.0", "main"),
        ("main.(*T[go.shape.int]).M", "main"),
        ("example.com/g.F[example.com/h.T]", "example.com/g"),
        ("type:.eq.example.com/a.T", "type:.eq.example.com/a"),
        ("", ""),
        (".f", ""),
    ] {
        let found = package_of(name.as_bytes());
        assert_eq!(String::from_utf8_lossy(found), package, "{name}");
    }
}
