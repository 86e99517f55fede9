// Package jobs runs work in the background.
package jobs

import (
	"sync"
	"time"
)

// Ask asks several suppliers and takes the first answer.
//
// Planted, R01: the answers of the others find nobody.
func Ask(suppliers int) int {
	answers := make(chan int)
	for i := range suppliers {
		go func() { answers <- i }()
	}
	return <-answers
}

// Quota is the allowance of one customer.
type Quota struct {
	mu   sync.Mutex
	left int
	stop chan struct{}
}

// NewQuota makes an allowance that refills.
//
// Planted, R03: each has a goroutine of its own, and nobody closes them.
func NewQuota(left int) *Quota {
	q := &Quota{left: left, stop: make(chan struct{})}
	go q.refill()
	return q
}

// Close ends the goroutine.
func (q *Quota) Close() { close(q.stop) }

func (q *Quota) refill() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			q.mu.Lock()
			q.left++
			q.mu.Unlock()
		case <-q.stop:
			return
		}
	}
}

// Printer is used by one at a time.
type Printer struct{ mu sync.Mutex }

// Print waits for its turn.
//
// Planted, R05, and R02 where the runtime proves it: one job holds the lock and
// waits for paper.
func (p *Printer) Print(paper <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	<-paper
}

// Mailbox has a channel that nobody made.
type Mailbox struct{ letters chan string }

// Read waits for a letter.
//
// Planted, R07: a receive from a nil channel.
func (m *Mailbox) Read() string { return <-m.letters }

// Write waits for a reader.
//
// Planted, R07: a send to a nil channel.
func (m *Mailbox) Write(letter string) { m.letters <- letter }

// Serve waits for ever.
//
// Planted, R07: a select without cases.
func Serve() { select {} }

// Transfer moves from one printer to another.
//
// Planted, R06: two transfers in opposite directions wait for each other.
func Transfer(from, to *Printer, both *sync.WaitGroup) {
	from.mu.Lock()
	defer from.mu.Unlock()
	both.Done()
	both.Wait()
	to.mu.Lock()
	defer to.mu.Unlock()
}
