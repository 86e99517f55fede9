package mirror

import (
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"example.com/tracing/burn"
)

// cache forgets every third sum.
type cache struct {
	mu   sync.RWMutex
	sums map[string]uint32
	// statistics has a lock of its own, which is held too long.
	statistics struct {
		mu   sync.Mutex
		hits int
	}
}

func newCache() *cache { return &cache{sums: map[string]uint32{}} }

func (c *cache) get(path string) (sum uint32, ok bool) {
	c.mu.RLock()
	sum, ok = c.sums[path]
	c.mu.RUnlock()
	c.statistics.mu.Lock()
	defer c.statistics.mu.Unlock()
	burn.Spin(20 * time.Microsecond)
	c.statistics.hits++
	return sum, ok && c.statistics.hits%3 != 0
}

func (c *cache) put(path string, sum uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	burn.Spin(30 * time.Microsecond)
	c.sums[path] = sum
}

// count is how many sums there are of a directory.
func (c *cache) count(directory int) (n int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	burn.Spin(30 * time.Microsecond)
	for path := range c.sums {
		if strings.HasSuffix(filepath.Dir(path), string(rune('0'+directory))) {
			n++
		}
	}
	return n
}

func (c *cache) paths() (paths []string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for path := range c.sums {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
}
