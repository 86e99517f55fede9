// Package cache is a cache whose entries expire.
package cache

import (
	"sync"
	"time"
)

type entry[V any] struct {
	value   V
	expires time.Time
}

// TTL maps keys to values that live for a fixed time. One lock guards all of
// it, so every worker of a scan meets here.
type TTL[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]entry[V]
	life    time.Duration
	limit   int
	stop    chan struct{}
	Hits    int
	Misses  int
}

// New makes a cache and starts its janitor; Close stops that.
func New[K comparable, V any](life time.Duration, limit int) *TTL[K, V] {
	c := &TTL[K, V]{entries: make(map[K]entry[V]), life: life, limit: limit, stop: make(chan struct{})}
	go c.janitor()
	return c
}

// GetOrCompute returns the value of key, computing it when it is not there.
// The lock is held while it computes: simple, and a convoy.
func (c *TTL[K, V]) GetOrCompute(key K, compute func() V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok && time.Now().Before(e.expires) {
		c.Hits++
		return e.value
	}
	c.Misses++
	value := compute()
	if len(c.entries) >= c.limit {
		c.evict(len(c.entries) / 4)
	}
	c.entries[key] = entry[V]{value: value, expires: time.Now().Add(c.life)}
	return value
}

// evict rebuilds the map without n of its entries.
func (c *TTL[K, V]) evict(n int) {
	kept := make(map[K]entry[V])
	for k, e := range c.entries {
		if n > 0 {
			n--
			continue
		}
		kept[k] = e
	}
	c.entries = kept
}

func (c *TTL[K, V]) janitor() {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case now := <-tick.C:
			c.expire(now)
		}
	}
}

func (c *TTL[K, V]) expire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, e := range c.entries {
		if now.After(e.expires) {
			delete(c.entries, k)
		}
	}
}

// Len is the number of entries, expired ones included.
func (c *TTL[K, V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries)
}

// Close stops the janitor.
func (c *TTL[K, V]) Close() { close(c.stop) }
