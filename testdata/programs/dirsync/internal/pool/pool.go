// Package pool runs one function over many items with a few workers.
package pool

import (
	"context"
	"runtime/pprof"
	"sync"
)

// Map applies fn to every item with n workers and returns the results in the
// order of the items. The goroutines carry the label stage.
func Map[T, R any](ctx context.Context, stage string, n int, items []T, fn func(context.Context, T) R) []R {
	type job struct {
		at   int
		item T
	}
	jobs := make(chan job)
	out := make([]R, len(items))
	var wg sync.WaitGroup
	for w := 0; w < n; w++ {
		wg.Add(1)
		go pprof.Do(ctx, pprof.Labels("stage", stage), func(ctx context.Context) {
			defer wg.Done()
			for j := range jobs {
				out[j.at] = fn(ctx, j.item)
			}
		})
	}
	for i, item := range items {
		jobs <- job{at: i, item: item}
	}
	close(jobs)
	wg.Wait()
	return out
}

// Reduce folds the results of Map into one value.
func Reduce[R, A any](results []R, zero A, add func(A, R) A) A {
	acc := zero
	for _, r := range results {
		acc = add(acc, r)
	}
	return acc
}
