//! S: strings, formatting, parsing.

use super::super::rule::{Look, NOTHING, RULE, Rule, Severity, Signature};
use super::LOGGING;
use crate::model::Kind;
use Severity::{Critical, High, Info, Low, Medium};

const BOTH: &[Kind] = &[Kind::Cpu, Kind::Allocs];
/// What most of these cause.
const ALLOCATING: &[&str] = &["A04", "A01", "A02", "A03", "A05", "D06"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "S01",
        name: "string-concat-in-loop",
        title: "Strings are joined piece by piece",
        look: Look::Stacks(Signature {
            boundary: "runtime.concatstring# runtime.concatstrings runtime.concatbyte# runtime.concatbytes",
            without: "fmt.* encoding/*",
            ..NOTHING
        }),
        removable: 0.8,
        why: "Each + makes a new string and copies both sides; in a loop the copying grows with the square of the length.",
        guard: "A single a + b + c is one allocation and already the best way.",
        now: &[
            "In {site} collect into a strings.Builder with Grow(n), or strings.Join a slice of parts.",
        ],
        later: &["golangci-lint with perfsprint and gocritic finds joins in loops."],
        snippet: Some((
            "s := \"\"\nfor _, p := range parts {\n\ts += p\n}",
            "var b strings.Builder\nb.Grow(total)\nfor _, p := range parts {\n\tb.WriteString(p)\n}\ns := b.String()",
        )),
        falsifier: "The line joins a fixed number of strings once.",
        refs: &["pkg.go.dev/strings#Builder"],
        explains: ALLOCATING,
        ..RULE
    },
    Rule {
        id: "S02",
        name: "string-bytes-conversion",
        title: "Strings and byte slices are converted back and forth",
        look: Look::Stacks(Signature {
            boundary: "runtime.{slicebytetostring,stringtoslicebyte,slicerunetostring,stringtoslicerune,intstring}",
            without: "fmt.* strconv.*",
            ..NOTHING
        }),
        ladder: &[
            (0.03, Info),
            (0.05, Low),
            (0.10, Medium),
            (0.20, High),
            (0.40, Critical),
        ],
        removable: 0.8,
        why: "A conversion between string and []byte copies and allocates, unless the compiler sees that the result is only compared, ranged over or looked up.",
        guard: "m[string(b)], comparisons and range over []byte(s) cost nothing and never appear here.",
        now: &[
            "Stay in one representation around {site}: package bytes has the twins of package strings, and AppendX functions write into a []byte.",
            "Write strings with io.StringWriter (WriteString) instead of Write([]byte(s)).",
        ],
        later: &["unsafe.String only where the bytes provably never change again."],
        snippet: Some(("w.Write([]byte(s))", "io.WriteString(w, s)")),
        falsifier: "go build -gcflags=-m says that the conversion does not escape and is elided.",
        refs: &["go.dev/wiki/CompilerOptimizations"],
        explains: ALLOCATING,
        ..RULE
    },
    Rule {
        id: "S03",
        name: "fmt-hot",
        title: "fmt formats on a hot path",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "fmt.{Sprintf,Sprint,Sprintln,Fprintf,Fprint,Fprintln,Appendf,Append,Appendln,Sscanf,Sscan,Fscanf,Fscan}",
            without: LOGGING,
            ..NOTHING
        }),
        removable: 0.7,
        why: "Package fmt boxes its arguments into interfaces, interprets the format and reflects on values: several allocations and many calls for what a typed append does directly.",
        guard: "Error paths, names of tests and the output of a command line tool are not hot.",
        now: &[
            "For simple verbs in {site}: strconv.AppendInt/AppendFloat into a reused []byte, string concatenation, or a strings.Builder.",
            "For a type's own text: implement AppendText or String without fmt.",
        ],
        later: &["The perfsprint linter replaces Sprintf where something cheaper does the same."],
        snippet: Some((
            "key := fmt.Sprintf(\"%s:%d\", name, id)",
            "key := name + \":\" + strconv.Itoa(id)",
        )),
        falsifier: "The calls are on a path that runs rarely; the share is that of a start-up.",
        refs: &["github.com/catenacyber/perfsprint"],
        explains: &[
            "A04", "A01", "A02", "A03", "A05", "D04", "S02", "S08", "D06", "D03",
        ],
        ..RULE
    },
    Rule {
        id: "S04",
        name: "regexp-compile-hot",
        title: "Regular expressions are compiled over and over",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "regexp.{compile,Compile,MustCompile,CompilePOSIX,MustCompilePOSIX,MatchString,Match,MatchReader} regexp/syntax.{Parse,Compile}",
            with: "regexp.compile regexp/syntax.{Parse,Compile,compile,parse}",
            without: "runtime.doInit*",
            ..NOTHING
        }),
        ladder: &[(0.01, Medium), (0.05, High)],
        removable: 0.95,
        why: "Compiling parses the pattern and builds a program: thousands of times the cost of a match on a short text.",
        guard: "Compiling at start-up (package variables, init) is right and is not counted.",
        now: &[
            "Compile once: move the call in {site} to a package variable, var re = regexp.MustCompile(…).",
            "For patterns that come at run time keep a bounded map from pattern to *Regexp. A *Regexp may be used by many goroutines at once; it needs no pool.",
        ],
        later: &["staticcheck SA6000 finds regexp.Match in loops."],
        snippet: Some((
            "func valid(s string) bool {\n\tre := regexp.MustCompile(`^[a-z]+$`)\n\treturn re.MatchString(s)\n}",
            "var validRE = regexp.MustCompile(`^[a-z]+$`)\n\nfunc valid(s string) bool {\n\treturn validRE.MatchString(s)\n}",
        )),
        falsifier: "The patterns differ at every call.",
        refs: &["staticcheck.dev/docs/checks#SA6000"],
        explains: &[
            "A04", "A01", "A02", "A03", "A05", "D03", "D10", "S06", "D06", "D01", "D02",
        ],
        ..RULE
    },
    Rule {
        id: "S05",
        name: "regexp-match-hot",
        title: "Matching regular expressions takes much of the time",
        look: Look::Stacks(Signature {
            any: "regexp.(*Regexp).{tryBacktrack,backtrack,doExecute,doOnePass} regexp.(*machine).* regexp.(*bitState).*",
            ..NOTHING
        }),
        removable: 0.6,
        why: "Go's engine is linear but simulates many states per byte: ten to a hundred times the cost of a plain search.",
        guard: "Unavoidable where users supply the patterns.",
        now: &[
            "In {site} test for a literal first (strings.Contains, HasPrefix), and only match what passes.",
            "For fixed shapes use strings.Cut, Fields or a small hand-written scanner; anchor patterns (^…) and avoid leading .*.",
        ],
        later: &["FindIndex on []byte instead of FindString saves the copies."],
        snippet: Some((
            "if re.MatchString(line) {",
            "if strings.Contains(line, \"ERROR\") && re.MatchString(line) {",
        )),
        falsifier: "A benchmark with the literal test in front is no faster.",
        refs: &["pkg.go.dev/regexp"],
        explains: &["A04"],
        ..RULE
    },
    Rule {
        id: "S06",
        name: "string-churn",
        title: "Texts are taken apart and rebuilt with many small strings",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "{strings,bytes}.{Split,SplitN,SplitAfter,genSplit,Fields,FieldsFunc,ToLower,ToUpper,ReplaceAll,Replace,Title,Map,Repeat} bufio.(*Scanner).Text",
            without: "regexp* fmt.* encoding/* net/http.*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.6,
        why: "Split, Fields, ToLower and Replace allocate their results each time; in a loop that is most of the work.",
        guard: "Where the parts are kept, somebody has to make them.",
        now: &[
            "In {site} walk with strings.Cut, or strings.SplitSeq and FieldsSeq (Go 1.24), which make no slice.",
            "Compare with strings.EqualFold instead of lowering both sides; use Scanner.Bytes where the text is not kept.",
        ],
        later: &[
            "Reuse one strings.Replacer; staticcheck SA6005 finds comparisons of lowered strings.",
        ],
        snippet: Some((
            "for _, f := range strings.Split(line, \",\") {",
            "for f := range strings.SplitSeq(line, \",\") { // Go 1.24",
        )),
        falsifier: "All parts are stored and used later.",
        refs: &[
            "pkg.go.dev/strings#SplitSeq",
            "staticcheck.dev/docs/checks#SA6005",
        ],
        explains: ALLOCATING,
        ..RULE
    },
    Rule {
        id: "S07",
        name: "json-hot",
        title: "JSON takes much of the time",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "encoding/json.* encoding/json/*",
            ..NOTHING
        }),
        ladder: &[(0.08, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.45,
        why: "encoding/json reflects on every value; decoding into any or map[string]any also allocates for each element.",
        guard: "From Go 1.27 on the first version's API runs on the second version's engine, so names differ.",
        now: &[
            "In {site} decode into structs rather than any or map[string]any, and use a Decoder on the stream instead of reading everything first.",
            "Reuse buffers, drop MarshalIndent for machines, and cache what is encoded again and again.",
        ],
        later: &[
            "Generated code or a binary format where it stays hot; MarshalJSONTo (Go 1.27) for the hottest types.",
        ],
        snippet: Some((
            "var v map[string]any\njson.Unmarshal(data, &v)",
            "var v struct {\n\tName string `json:\"name\"`\n}\njson.Unmarshal(data, &v)",
        )),
        falsifier: "A benchmark of the call with a prepared struct is no faster.",
        refs: &["go.dev/blog/jsonv2-exp"],
        explains: &[
            "A04", "A01", "A02", "A03", "A05", "S08", "S02", "D03", "D10", "D06", "D01", "D02",
            "S03",
        ],
        ..RULE
    },
    Rule {
        id: "S08",
        name: "reflection-hot",
        title: "Reflection is used on a hot path",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "reflect.* encoding/gob.* encoding/binary.{Read,Write,Append,Size} encoding/binary.(*decoder).* encoding/binary.(*encoder).* encoding/xml.* encoding/asn1.*",
            without: "encoding/json* fmt.* text/template* html/template* runtime.doInit*",
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High), (0.40, Critical)],
        removable: 0.6,
        why: "Each reflective access checks types at run time, and often allocates to put a value into an interface.",
        guard: "Under JSON, templates and fmt it is their cost and not counted here.",
        now: &[
            "Replace encoding/binary.Read in {site} by binary.LittleEndian.Uint32 and the like on a []byte; compare with slices.Equal or == instead of reflect.DeepEqual.",
            "Look up fields and methods once per type and keep the result.",
        ],
        later: &["Generics or generated code for the types in question."],
        snippet: Some((
            "binary.Read(r, binary.LittleEndian, &header)",
            "io.ReadFull(r, buf[:])\nheader.Size = binary.LittleEndian.Uint32(buf[0:])",
        )),
        falsifier: "A typed version in a benchmark is no faster.",
        refs: &["pkg.go.dev/encoding/binary"],
        explains: &["A04", "A01", "A02", "A03", "A05", "D04", "D06"],
        ..RULE
    },
    Rule {
        id: "S09",
        name: "reparse-template-or-config",
        title: "Templates or configuration are parsed again and again",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "text/template.(*Template).{Parse,ParseFiles,ParseGlob,AddParseTree} html/template.(*Template).{Parse,ParseFiles,AddParseTree} text/template/parse.* gopkg.in/yaml* sigs.k8s.io/yaml* github.com/goccy/go-yaml* github.com/BurntSushi/toml* github.com/pelletier/go-toml* encoding/gob.NewEncoder encoding/gob.NewDecoder",
            without: "runtime.doInit* text/template.(*state).* text/template.(*Template).Execute* html/template.(*Template).Execute*",
            ..NOTHING
        }),
        ladder: &[(0.03, Medium), (0.10, High)],
        removable: 0.9,
        why: "What is parsed does not change between the calls, so the result could be kept.",
        guard: "Once at start-up, or in a command that ends at once, it is right.",
        now: &[
            "Parse once and keep the result: a package variable, or sync.OnceValue around what {site} parses.",
        ],
        later: &["Reload on change of the file instead of on every use."],
        snippet: Some((
            "t := template.Must(template.New(\"row\").Parse(text))\nt.Execute(w, row)",
            "var rowTemplate = template.Must(template.New(\"row\").Parse(text))\n…\nrowTemplate.Execute(w, row)",
        )),
        falsifier: "The text is another one at every call.",
        refs: &["pkg.go.dev/text/template"],
        explains: &[
            "A04", "A01", "A02", "A05", "S08", "S03", "D03", "D01", "D02",
        ],
        ..RULE
    },
    Rule {
        id: "S10",
        name: "time-format-parse",
        title: "Times are formatted or parsed on a hot path",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "time.{Parse,ParseInLocation,parse,parseRFC3339*,parseStrictRFC3339*} time.Time.{Format,AppendFormat,appendFormat,appendFormatRFC3339,String} time.(*Time).UnmarshalJSON",
            without: LOGGING,
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High)],
        removable: 0.7,
        why: "Layouts are interpreted at every call, and each call allocates its result.",
        guard: "Inside logging it is the logger's cost.",
        now: &[
            "In {site} use time.RFC3339 or RFC3339Nano, which have a fast path, AppendFormat into a reused buffer, or remember the text of the current second.",
        ],
        later: &["Pass times as numbers between components."],
        snippet: Some((
            "s := t.Format(\"2006-01-02 15:04:05\")",
            "buf = t.AppendFormat(buf[:0], time.RFC3339)",
        )),
        falsifier: "A benchmark of the call is below the cost of the rest.",
        refs: &["pkg.go.dev/time#Time.AppendFormat"],
        explains: ALLOCATING,
        ..RULE
    },
    Rule {
        id: "S11",
        name: "error-construction-hot",
        title: "Errors are made on a hot path",
        kinds: BOTH,
        look: Look::Stacks(Signature {
            any: "fmt.Errorf errors.{New,Join} github.com/pkg/errors.* strconv.{syntaxError,rangeError,toError,cloneString}",
            without: LOGGING,
            ..NOTHING
        }),
        ladder: &[(0.05, Low), (0.10, Medium), (0.20, High)],
        removable: 0.8,
        why: "Errors as ordinary results cost formatting and allocation every time, and a captured stack in some libraries.",
        guard: "Where the input really is that broken.",
        now: &[
            "Return package-level sentinel errors from {site}, wrap with %w only at boundaries, and check the input before parsing it where failing is normal.",
        ],
        later: &["Avoid wrappers that capture stacks on paths that fail often."],
        snippet: Some((
            "return fmt.Errorf(\"not found: %s\", key)",
            "var ErrNotFound = errors.New(\"not found\")\n…\nreturn ErrNotFound",
        )),
        falsifier: "The errors are rare in normal operation.",
        refs: &["pkg.go.dev/errors"],
        explains: &["A04", "A01", "A05", "S03", "I12", "D04"],
        ..RULE
    },
    Rule {
        id: "S12",
        name: "content-sniffing",
        title: "Content is sniffed over and over",
        look: Look::Stacks(Signature {
            any: "net/http.DetectContentType net/http/internal.{DetectContentType,textSig*} net/http/internal.(*exactSig).match net/http/internal.(*htmlSig).match net/http.{textSig*} net/http.(*exactSig).match net/http.(*htmlSig).match",
            ..NOTHING
        }),
        ladder: &[(0.03, Low), (0.10, Medium), (0.20, High)],
        removable: 0.8,
        why: "Detection compares the head with every signature in turn.",
        guard: "Once per upload it is cheap.",
        now: &[
            "Look at no more than 512 bytes in {site}, test bytes.IndexByte(head, 0) first when the question is only “is it binary”, and keep the answer per file (path, size, time).",
        ],
        later: &["Take the type from the name or the sender where that is trusted."],
        falsifier: "Each content is seen once.",
        refs: &["mimesniff.spec.whatwg.org"],
        ..RULE
    },
];
