//go:build tuned

package ignore

import (
	"regexp"
	"sync"
)

var compiling sync.Mutex

// matches compiles the pattern once.
func (r *Rule) matches(p string) bool {
	compiling.Lock()
	if r.re == nil {
		r.re = regexp.MustCompile(r.expression())
	}
	re := r.re
	compiling.Unlock()
	return re.MatchString(p)
}
