// Package memory allocates faster than the collector likes.
package memory

import (
	"runtime"
	"sync"
	"time"
)

// entry is what a table refers to.
type entry struct {
	table *table
	word  string
}

// table is large, so that there is much to mark but little to sweep: the sweeper would fill the
// trace, as it yields after every ten spans.
type table [8192]*entry

var (
	entries [512]entry
	live    []*table
)

//go:noinline
func newTable(n int) *table {
	t := new(table)
	for i := range t {
		t[i] = &entries[(i+n)%len(entries)]
	}
	return t
}

// Hold makes the heap that each collection marks: 384 tables, 24 MiB.
func Hold() {
	for i := 0; i < 384; i++ {
		live = append(live, newTable(i))
	}
}

// Assist builds indexes and drops them.
//
// Planted, gc-assist: two goroutines allocate so much under GOGC=10 that they
// have to mark themselves.
func Assist(until func() bool) {
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			index(until)
		}()
	}
	wg.Wait()
	runtime.KeepAlive(live)
}

func index(until func() bool) {
	for n := 0; !until(); n++ {
		runtime.KeepAlive(newTable(n))
	}
}

var kept [8][]byte

// Frequent reads blocks into new buffers.
//
// Planted, gc-frequent: some 120 MB in a second, with a heap of less than 4 MB. The
// collections are short, as there is nothing to mark.
func Frequent(until func() bool) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for i := 0; !until(); {
		<-tick.C
		for n := 0; n < 4; n++ {
			kept[i%len(kept)] = make([]byte, 64<<10)
			i++
		}
	}
}
