// Package stock knows how many articles there are.
package stock

import (
	"slices"
	"sync"
)

// Counter counts articles behind one lock.
type Counter struct {
	mu    sync.Mutex
	count [64]int
}

// Take takes an article.
//
// Planted, C03: many goroutines, one lock, very short holds.
func (c *Counter) Take(i int) {
	c.mu.Lock()
	for k := range 8 {
		c.count[(i+k)%len(c.count)]--
	}
	c.mu.Unlock()
}

// Shelf is read much and hardly written.
type Shelf struct {
	mu    sync.RWMutex
	count [64]int
}

// Look reads one count.
//
// Planted, C04: the reader's lock costs more than what it guards.
func (s *Shelf) Look(i int) int {
	s.mu.RLock()
	n := s.count[i%len(s.count)]
	s.mu.RUnlock()
	return n
}

// Set writes one count.
//
// Planted, B03: only written by many, so that writers queue behind writers.
func (s *Shelf) Set(i, n int) {
	s.mu.Lock()
	for range 200 {
		s.count[i%len(s.count)] += n
	}
	s.mu.Unlock()
}

// Ledger is an ordered list behind a lock.
type Ledger struct {
	mu      sync.Mutex
	amounts []int
}

// NewLedger has n amounts.
func NewLedger(n int) *Ledger { return &Ledger{amounts: make([]int, n)} }

// Post adds an amount.
//
// Planted, B01 in a mutex profile and B02 in a block profile: everything is
// put in order again while the lock is held.
func (l *Ledger) Post(amount int) {
	l.mu.Lock()
	l.amounts[amount%len(l.amounts)] = amount
	slices.Sort(l.amounts)
	l.mu.Unlock()
}

// Prices are set far more often than they are read.
type Prices struct{ m sync.Map }

// Set sets a price.
//
// Planted, C09: a sync.Map that is mostly written.
func (p *Prices) Set(article, cents int) { p.m.Store(article, cents) }

// Get reads a price.
func (p *Prices) Get(article int) int {
	cents, _ := p.m.Load(article)
	n, _ := cents.(int)
	return n
}

// Board is the whole stock, 512 KiB of it.
type Board struct {
	cells []int64
	view  []int64
}

// NewBoard makes a board.
func NewBoard() *Board { return &Board{make([]int64, 1<<16), make([]int64, 1<<16)} }

// Level reads one cell.
//
// Planted, D06: all cells are copied to read one.
func (b *Board) Level(i int) int64 {
	copy(b.view, b.cells)
	return b.view[i%len(b.view)]
}
