//go:build !tuned

package ignore

import "regexp"

// matches compiles the pattern for every path it is asked about: the kind of
// line that is invisible in review and half of a CPU profile.
func (r *Rule) matches(p string) bool {
	re, err := regexp.Compile(r.expression())
	if err != nil {
		return false
	}
	return re.MatchString(p)
}
