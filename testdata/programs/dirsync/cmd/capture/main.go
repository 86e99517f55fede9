// Command capture syncs generated trees for a while and writes the profiles
// of that. CPU time is measured in a run of its own, so that it does not hold
// the cost of the other profilers.
//
//	capture -cpu -o DIR          cpu.pb.gz
//	capture -o DIR               heap, allocs, block, mutex, goroutine, threadcreate as .pb.gz
//	capture -text -o DIR         heap.pb.gz as mem.prof; goroutine, block, mutex, threadcreate as
//	                             debug=1 text under .prof names, goroutine.txt as debug=2
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"

	"example.com/dirsync"
	"example.com/dirsync/internal/tree"
)

var (
	out      = flag.String("o", ".", "directory to write to")
	duration = flag.Duration("for", 12*time.Second, "how long to sync")
	cpu      = flag.Bool("cpu", false, "write the CPU profile only")
	text     = flag.Bool("text", false, "write text where the runtime can")
	rate     = flag.Int("memrate", 16<<10, "runtime.MemProfileRate")
	fraction = flag.Int("mutexfraction", 1, "runtime.SetMutexProfileFraction")
)

func main() {
	flag.Parse()
	switch {
	case *cpu:
		f := create("cpu.pb.gz")
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
		run(*duration, func() {})
	default:
		runtime.MemProfileRate = *rate
		runtime.SetBlockProfileRate(1000)
		runtime.SetMutexProfileFraction(*fraction)
		stop := background()
		defer stop()
		run(*duration, snapshot)
	}
}

// snapshot writes the profiles other than CPU.
func snapshot() {
	runtime.GC()
	runtime.GC()
	if *text {
		write("mem.prof", "heap", 0)
		for _, name := range []string{"goroutine", "block", "mutex", "threadcreate"} {
			write(name+".prof", name, 1)
		}
		write("goroutine.txt", "goroutine", 2)
		return
	}
	for _, name := range []string{"heap", "allocs", "block", "mutex", "goroutine", "threadcreate"} {
		write(name+".pb.gz", name, 0)
	}
}

func create(name string) *os.File {
	f, err := os.Create(filepath.Join(*out, name))
	if err != nil {
		log.Fatal(err)
	}
	return f
}

func write(file, profile string, debug int) {
	f := create(file)
	defer f.Close()
	if err := pprof.Lookup(profile).WriteTo(f, debug); err != nil {
		log.Fatal(err)
	}
}

// run keeps two tenants busy until the time is up; then calls snapshot while
// what they hold is still reachable.
func run(limit time.Duration, snapshot func()) {
	deadline := time.Now().Add(limit)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		log.Fatal(err)
	}
	s := dirsync.New(3, null)
	defer s.Close()
	var wg sync.WaitGroup
	tenants := []string{"north", "south"}
	trees := make([]*tree.Dir, len(tenants))
	counts := make([]int, len(tenants))
	for i, tenant := range tenants {
		wg.Add(1)
		trees[i] = tree.Generate(int64(i), tree.Shape{Depth: 4, DirsPerDir: 3, FilesPerDir: 6, MinSize: 512, MaxSize: 9000})
		go pprof.Do(context.Background(), pprof.Labels("tenant", tenant), func(ctx context.Context) {
			defer wg.Done()
			counts[i] = tenantLoop(ctx, s, trees[i], deadline)
		})
	}
	wg.Wait()
	snapshot()
	runtime.KeepAlive(trees)
	fmt.Printf("syncs per tenant in %v: %v\n", limit, counts)
}

func tenantLoop(ctx context.Context, s *dirsync.Syncer, old *tree.Dir, deadline time.Time) int {
	n := 0
	for ; time.Now().Before(deadline); n++ {
		new := old.Mutate(int64(n), 4)
		if _, err := s.Sync(ctx, old, new, io.Discard); err != nil {
			log.Fatal(err)
		}
	}
	return n
}

// background starts goroutines of the kinds a goroutine profile should show:
// waiting in select, on a channel nobody sends to, on the network, asleep.
func background() (stop func()) {
	done := make(chan struct{})
	never := make(chan int)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	for i := 0; i < 12; i++ {
		go subscribe(never, done)
	}
	for i := 0; i < 5; i++ {
		go leakedReceive(never)
	}
	go heartbeat(done)
	return func() { close(done); l.Close() }
}

func subscribe(updates <-chan int, done <-chan struct{}) {
	for {
		select {
		case <-updates:
		case <-done:
			return
		}
	}
}

func leakedReceive(results <-chan int) { <-results }

func heartbeat(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
			time.Sleep(100 * time.Millisecond)
		}
	}
}
