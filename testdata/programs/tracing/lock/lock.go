// Package lock has a catalogue that everybody changes.
package lock

import (
	"sync"
	"time"

	"example.com/tracing/burn"
)

type catalogue struct {
	mu      sync.Mutex
	entries [64]int
}

func (c *catalogue) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	burn.Spin(80 * time.Microsecond)
	c.entries[n%len(c.entries)]++
}

// Convoy changes the catalogue from eight goroutines.
//
// Planted, lock-convoy: each holds the lock for a little and comes back at
// once, so all of them stand in line.
func Convoy(until func() bool) {
	var c catalogue
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			c.fill(i, until)
		}(i)
	}
	wg.Wait()
}

func (c *catalogue) fill(n int, until func() bool) {
	for !until() {
		burn.Spin(5 * time.Microsecond)
		c.add(n)
	}
}
