//go:build go1.23

package mirror

import "iter"

// names goes through the paths by coroutines: to the end, and not.
func names(c *cache) (longest int) {
	paths := func(yield func(string) bool) {
		for _, path := range c.paths() {
			if !yield(path) {
				return
			}
		}
	}
	next, stop := iter.Pull(paths)
	defer stop()
	for {
		path, ok := next()
		if !ok {
			break
		}
		longest = max(longest, len(path))
	}
	some, stop := iter.Pull(paths)
	defer stop()
	some()
	return longest
}
