// Command goroutines parks goroutines in every way in which they wait, and writes them down in all
// three encodings; or it crashes: goroutines DIRECTORY, goroutines deadlock.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

// ledger has a lock that is never given back.
type ledger struct {
	mu      sync.Mutex
	entries []int
}

//go:noinline
func (l *ledger) add(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, n)
}

// hold takes the lock and waits for what nobody sends.
//
//go:noinline
func (l *ledger) hold(taken chan<- bool, never <-chan bool) {
	l.mu.Lock()
	taken <- true
	<-never
	runtime.KeepAlive(l)
}

// cache has a janitor that nobody stops.
type cache struct {
	stop  chan bool
	items map[string]int
}

func newCache() *cache {
	c := &cache{stop: make(chan bool), items: map[string]int{}}
	go c.janitor()
	return c
}

//go:noinline
func (c *cache) janitor() {
	tick := time.NewTicker(time.Hour)
	for {
		select {
		case <-tick.C:
			clear(c.items)
		case <-c.stop:
			return
		}
	}
}

// deep recurses further than a dump shows.
//
//go:noinline
func deep(n int, ch <-chan int) int {
	if n == 0 {
		return <-ch
	}
	return deep(n-1, ch) + 1
}

var caches []*cache

func park() {
	never := make(chan bool)
	for range 4 {
		go func() { never <- true }()
	}
	l := &ledger{}
	taken := make(chan bool)
	go l.hold(taken, make(chan bool))
	<-taken
	for i := range 3 {
		go l.add(i)
	}
	for range 6 {
		caches = append(caches, newCache())
	}
	var read, written sync.RWMutex
	read.Lock()
	written.RLock()
	go func() { read.RLock() }()
	go func() { written.Lock() }()
	go func() { select {} }()
	go func() { var c chan int; <-c }()
	go func() { var c chan int; c <- 1 }()
	go func() { time.Sleep(time.Hour) }()
	go func() {
		c := sync.NewCond(&sync.Mutex{})
		c.L.Lock()
		c.Wait()
	}()
	go func() {
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	}()
	go func() {
		runtime.LockOSThread()
		select {
		case <-time.After(time.Hour):
		case <-make(chan int):
		}
	}()
	labels := pprof.Labels("route", "/v1/carts", "user id", "x, \"y\"")
	pprof.Do(context.Background(), labels, func(context.Context) {
		go func() { <-make(chan int) }()
	})
	go deep(120, make(chan int))
	go func() {
		var b [1]byte
		r, _, _ := os.Pipe()
		r.Read(b[:])
	}()
	serve()
}

// serve has a server with idle connections, and bodies that nobody closes.
func serve() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, 1<<16))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	go http.Serve(l, mux)
	for range 3 {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			panic(err)
		}
		var b [1]byte
		io.ReadFull(resp.Body, b[:])
	}
}

func write(dir string) error {
	for _, kind := range []string{"goroutine", "goroutineleak"} {
		for debug := range 3 {
			var b bytes.Buffer
			if err := pprof.Lookup(kind).WriteTo(&b, debug); err != nil {
				return err
			}
			name := fmt.Sprintf("%s.d%d", kind, debug)
			if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// account and its kind are locked in two orders.
type account struct{ mu sync.Mutex }

//go:noinline
func (a *account) transfer(to *account, done *sync.WaitGroup, both *sync.WaitGroup) {
	a.mu.Lock()
	both.Done()
	both.Wait()
	to.mu.Lock()
	done.Done()
}

func deadlock() {
	var a, b account
	var done, both sync.WaitGroup
	done.Add(2)
	both.Add(2)
	go a.transfer(&b, &done, &both)
	go b.transfer(&a, &done, &both)
	done.Wait()
}

func main() {
	if os.Args[1] == "deadlock" {
		deadlock()
	}
	park()
	time.Sleep(200 * time.Millisecond)
	if err := write(os.Args[1]); err != nil {
		panic(err)
	}
}
