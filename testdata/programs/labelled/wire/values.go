package wire

import (
	"errors"
	"sync"
)

// Recorder keeps the last values of messages, of whatever type.
type Recorder struct {
	ring []any
	next int
}

// NewRecorder keeps n values.
func NewRecorder(n int) *Recorder { return &Recorder{ring: make([]any, n)} }

// Record keeps a latency and a size.
//
// Planted, D04: each number is put into an interface, which allocates it.
func (r *Recorder) Record(latency float64, size int) {
	r.ring[r.next] = latency
	r.ring[r.next+1] = size
	r.next = (r.next + 2) % len(r.ring)
}

// Filter lets messages through that have one of some values.
type Filter struct{ Values []any }

// Matches tells whether a value is one of the filter's.
//
// Planted, D12: interfaces are compared one by one.
func (f *Filter) Matches(value any) bool {
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

// Accounts are locked one by one.
type Accounts struct {
	locks   []sync.Mutex
	balance []int64
}

// NewAccounts makes n accounts.
func NewAccounts(n int) *Accounts {
	return &Accounts{locks: make([]sync.Mutex, n), balance: make([]int64, n)}
}

// Credit adds an amount to all accounts.
//
// Planted, D07: what is deferred in the loop piles up until the function ends.
func (a *Accounts) Credit(amount int64) {
	for i := range a.locks {
		a.locks[i].Lock()
		defer a.locks[i].Unlock()
		a.balance[i] += amount
	}
}

var errShort = errors.New("message is too short")

// Kind reads the kind of a message.
//
// Planted, D08: short messages are no exception, but are handled as one.
func Kind(message []byte) (kind byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			kind, err = 0, r.(error)
		}
	}()
	return mustKind(message), nil
}

func mustKind(message []byte) byte {
	if len(message) < 8 {
		panic(errShort)
	}
	return message[7]
}
