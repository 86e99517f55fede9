// Package steady does useful work without a problem: sums and fingerprints of
// columns that are there already, by as many goroutines as there are processors.
package steady

import "sync"

// Column is a column of a table.
type Column struct {
	Values []int64
	Sum    int64
	Print  uint64
	Bins   [64]int64
}

// Columns makes n columns of the given length.
func Columns(n, length int) []Column {
	columns := make([]Column, n)
	for i := range columns {
		columns[i].Values = make([]int64, length)
		for j := range columns[i].Values {
			columns[i].Values[j] = int64(i*j ^ j>>3)
		}
	}
	return columns
}

// Summarise sums up columns, each goroutine those that lie a step apart.
func Summarise(columns []Column, goroutines int, until func() bool) {
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for !until() {
				for i := g; i < len(columns); i += goroutines {
					columns[i].total()
					columns[i].fingerprint()
					columns[i].spread()
				}
			}
		})
	}
	wg.Wait()
}

//go:noinline
func (c *Column) total() {
	var sum int64
	for _, v := range c.Values {
		sum += v
	}
	c.Sum = sum
}

//go:noinline
func (c *Column) fingerprint() {
	print := uint64(14695981039346656037)
	for _, v := range c.Values {
		print = (print ^ uint64(v)) * 1099511628211
	}
	c.Print = print
}

//go:noinline
func (c *Column) spread() {
	for _, v := range c.Values {
		c.Bins[uint64(v*2654435761)>>58]++
	}
}
