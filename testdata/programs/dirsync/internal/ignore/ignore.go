// Package ignore decides which paths a sync leaves out.
package ignore

import (
	"regexp"
	"strings"
)

// Rule is one line of an ignore file. A leading "!" takes a path back in.
type Rule struct {
	Pattern string
	Negate  bool
	re      *regexp.Regexp
}

// Rules are tried in order; the last match decides.
type Rules []*Rule

// Parse reads an ignore file; blank lines and comments are skipped.
func Parse(text string) Rules {
	var rules Rules
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		rule := &Rule{Pattern: strings.TrimPrefix(line, "!"), Negate: strings.HasPrefix(line, "!")}
		rules = append(rules, rule)
	}
	return rules
}

// Match reports whether p is left out.
func (rules Rules) Match(p string) bool {
	out := false
	for _, rule := range rules {
		if rule.matches(p) {
			out = !rule.Negate
		}
	}
	return out
}

// expression turns a glob into a regular expression.
func (r *Rule) expression() string {
	var b strings.Builder
	b.WriteString(`(?:^|/)`)
	for i := 0; i < len(r.Pattern); i++ {
		switch c := r.Pattern[i]; c {
		case '*':
			if strings.HasPrefix(r.Pattern[i:], "**") {
				b.WriteString(`.*`)
				i++
			} else {
				b.WriteString(`[^/]*`)
			}
		case '?':
			b.WriteString(`[^/]`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	b.WriteString(`(?:/|$)`)
	return b.String()
}
