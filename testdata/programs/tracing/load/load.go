// Package load makes as many events as the machine can, of every kind that a
// busy service makes. It is for measuring readers of traces; nothing of it is
// in testdata.
package load

import (
	"os"
	"sync"
	"time"
)

// Run calls and answers over channels, hands jobs to workers, contends for a
// lock, begins goroutines, allocates and calls the system, all without a pause.
func Run(until func() bool) {
	var all sync.WaitGroup
	start := func(n int, work func()) {
		for i := 0; i < n; i++ {
			all.Add(1)
			go func() {
				defer all.Done()
				for !until() {
					work()
				}
			}()
		}
	}
	calls, answers := make(chan int), make(chan int)
	go func() {
		for n := range calls {
			answers <- n + 1
		}
		close(answers)
	}()
	start(1, func() {
		calls <- 1
		<-answers
	})
	jobs := make(chan []byte)
	var workers sync.WaitGroup
	for i := 0; i < 8; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for job := range jobs {
				job[len(job)/2]++
			}
		}()
	}
	start(2, func() { jobs <- make([]byte, 512) })
	var lock sync.Mutex
	start(4, func() {
		lock.Lock()
		defer lock.Unlock()
		total++
	})
	start(1, func() {
		var some sync.WaitGroup
		for i := 0; i < 16; i++ {
			some.Add(1)
			go some.Done()
		}
		some.Wait()
	})
	start(1, func() {
		f, err := os.Open(os.DevNull)
		if err == nil {
			f.Close()
		}
	})
	start(1, func() { time.Sleep(50 * time.Microsecond) })
	all.Wait()
	close(calls)
	close(jobs)
	workers.Wait()
}

var total int
