package flow

import (
	"sync"
	"time"
)

// Retry looks for work again and again, by many goroutines that sleep.
//
// Planted, I15: thousands of timers fire each second.
func Retry(goroutines int, pause time.Duration, until func() bool) {
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for !until() {
				time.Sleep(pause)
			}
		})
	}
	wg.Wait()
}

// Tick does a little work and sleeps.
//
// Planted, M05: nearly all of the time nothing runs.
func Tick(pause time.Duration, until func() bool) (sum int) {
	for !until() {
		time.Sleep(pause)
		for i := range 6_000_000 {
			sum += i & sum
		}
	}
	return sum
}
