// Package flow moves orders between goroutines.
package flow

import "sync"

// Order is what moves.
type Order struct{ ID, Cents int }

// Sum adds orders up that workers hand over.
//
// Planted, C05: one order at a time through channels without a buffer. With
// the block profiler on at full rate this is M02.
func Sum(n, workers int, until func() bool) (sum int) {
	orders, sums := make(chan Order), make(chan int)
	for range workers {
		go func() {
			part := 0
			for o := range orders {
				part += o.Cents
			}
			sums <- part
		}()
	}
	for !until() {
		for i := range n {
			orders <- Order{i, i}
		}
	}
	close(orders)
	for range workers {
		sum += <-sums
	}
	return sum
}

// Poll waits for an order.
//
// Planted, C06: asks again and again instead of waiting.
func Poll(orders <-chan Order, until func() bool) (sum int) {
	for !until() {
		for range 100 {
			select {
			case o := <-orders:
				sum += o.Cents
			default:
			}
		}
	}
	return sum
}

// Merge takes orders of two shops until it is stopped.
//
// Planted, C07: a select of three cases for each order.
func Merge(north, south <-chan Order, stop <-chan struct{}) (sum int) {
	for {
		select {
		case o := <-north:
			sum += o.Cents
		case o := <-south:
			sum += o.Cents
		case <-stop:
			return sum
		}
	}
}

// Feed sends orders until it is stopped.
func Feed(orders chan<- Order, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case orders <- Order{i, i}:
		case <-stop:
			return
		}
	}
}

// Apply changes each total by a goroutine of its own.
//
// Planted, C08: a goroutine for an addition.
func Apply(totals []int) {
	var wg sync.WaitGroup
	for i := range totals {
		wg.Go(func() { totals[i] += i })
	}
	wg.Wait()
}

// Nest walks down a category tree in a goroutine for each item.
//
// Planted, D09: each goroutine starts with a small stack and grows it.
func Nest(items, depth int) (sum int) {
	sums := make([]int, items)
	var wg sync.WaitGroup
	for i := range items {
		wg.Go(func() { sums[i] = descend(depth, i) })
	}
	wg.Wait()
	for _, s := range sums {
		sum += s
	}
	return sum
}

//go:noinline
func descend(depth, item int) int {
	var path [64]int
	path[depth%len(path)] = item
	if depth == 0 {
		return path[item%len(path)]
	}
	return descend(depth-1, item) + path[depth%len(path)]
}

// Dispatch hands orders to slow workers.
//
// Planted, B04: the producer waits, as the workers are too few.
func Dispatch(workers int, work func(Order), until func() bool) {
	orders := make(chan Order)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for o := range orders {
				work(o)
			}
		})
	}
	for i := 0; !until(); i++ {
		orders <- Order{i, i}
	}
	close(orders)
	wg.Wait()
}
