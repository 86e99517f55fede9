// Package lifetime has goroutines that end too late or too soon.
package lifetime

import (
	"sync"
	"time"

	"example.com/tracing/burn"
)

// Leak asks two servers and takes the first answer.
//
// Planted, leak: the slower of the two waits for ever to send its answer, and
// every tenth request leaves a goroutine that waits for nothing at all.
func Leak(until func() bool) {
	for i := 0; !until(); i++ {
		first(i)
		if i%10 == 0 {
			go watch()
		}
		time.Sleep(time.Millisecond)
	}
}

func first(n int) int {
	answers := make(chan int)
	for server := 0; server < 2; server++ {
		go ask(server, n, answers)
	}
	return <-answers
}

func ask(server, n int, answers chan<- int) {
	burn.Spin(time.Duration(20*server) * time.Microsecond)
	answers <- n
}

func watch() { select {} }

// Churn starts a goroutine for each of many small files.
//
// Planted, churn: each of them lives for a few microseconds.
func Churn(until func() bool) {
	for !until() {
		var wg sync.WaitGroup
		for i := 0; i < 16; i++ {
			wg.Add(1)
			go func() {
				defer wg.Done()
				check()
			}()
		}
		wg.Wait()
		time.Sleep(time.Millisecond)
	}
}

func check() { burn.Spin(3 * time.Microsecond) }
