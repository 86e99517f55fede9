//go:build !go1.23

package mirror

// names has no coroutines before Go 1.23.
func names(c *cache) (longest int) {
	for _, path := range c.paths() {
		longest = max(longest, len(path))
	}
	return longest
}
