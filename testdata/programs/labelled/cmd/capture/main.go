// Command capture runs one workload, in which one problem is planted, and
// writes the profiles that show it:
//
//	capture -o DIR NAME PROFILE...
//
// PROFILE is cpu; heaps, which is three of them as heap1 to heap3; texts, which is
// two dumps of goroutines as goroutine1 and goroutine2; mutex; or any of allocs, heap, block, goroutine, goroutineleak, and text, which is the
// goroutines as text.
// CPU time is measured alone, so that it does not hold the cost of the other
// profilers, unless -block says so.
package main

import (
	"flag"
	"log"
	"net/http/httptest"
	httppprof "net/http/pprof"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	out     = flag.String("o", ".", "directory to write to")
	as      = flag.String("as", "", "name of the files, if not that of the workload")
	seconds = flag.Float64("cpu", 2.3, "seconds of CPU time to spend in the workload")
	limit   = flag.Duration("limit", 25*time.Second, "when to end a workload that spends less")
	block   = flag.Int("block", 0, "block profile rate for a CPU profile")
	live    = flag.Int("live", 64, "MiB that a CPU profile's program holds, as a service does: collections are rare then")
)

func main() {
	flag.Parse()
	log.SetFlags(0)
	name, kinds := flag.Arg(0), flag.Args()[1:]
	prepare, ok := workloads[name]
	if !ok {
		log.Fatalf("no workload %q", name)
	}
	for _, kind := range kinds {
		switch kind {
		case "allocs", "heap", "heaps":
			runtime.MemProfileRate = 32 << 10
		case "block":
			runtime.SetBlockProfileRate(1)
		case "mutex":
			runtime.SetMutexProfileFraction(1)
		}
	}
	if *block > 0 {
		runtime.SetBlockProfileRate(*block)
	}
	if *as != "" {
		name = *as
	}
	var held []byte
	if kinds[0] == "cpu" {
		held = make([]byte, *live<<20)
	}
	work := prepare()
	switch kinds[0] {
	case "cpu":
		measure(name, work)
	case "heaps":
		for _, file := range []string{"heap1.pb.gz", "heap2.pb.gz", "heap3.pb.gz"} {
			work(spent(*seconds, *limit))
			snapshot(name, file, "heap", 0)
		}
	case "texts":
		for _, file := range []string{"goroutine1.txt", "goroutine2.txt"} {
			work(spent(*seconds, *limit))
			snapshot(name, file, "goroutine", 2)
		}
	case "mutex":
		contention(name, work)
	default:
		work(spent(*seconds, *limit))
		for _, kind := range kinds {
			if kind == "text" {
				snapshot(name, "goroutine.txt", "goroutine", 2)
			} else {
				snapshot(name, kind+".pb.gz", kind, 0)
			}
		}
	}
	runtime.KeepAlive(held)
}

func measure(name string, work func(until func() bool)) {
	f := create(name, "cpu.pb.gz")
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}
	work(spent(*seconds, *limit))
	pprof.StopCPUProfile()
}

func contention(name string, work func(until func() bool)) {
	f := create(name, "mutex.pb.gz")
	defer f.Close()
	var over atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		delta(f, "mutex")
		over.Store(true)
	})
	work(over.Load)
	wg.Wait()
}

// delta writes what a server answers that is asked for a profile of two
// seconds: unlike a profile since the start of the program it has a duration.
func delta(f *os.File, kind string) {
	answer := httptest.NewRecorder()
	httppprof.Handler(kind).ServeHTTP(answer, httptest.NewRequest("GET", "/debug/pprof/"+kind+"?seconds=2", nil))
	if _, err := f.Write(answer.Body.Bytes()); err != nil {
		log.Fatal(err)
	}
}

func snapshot(name, file, profile string, debug int) {
	runtime.GC()
	runtime.GC()
	f := create(name, file)
	defer f.Close()
	if err := pprof.Lookup(profile).WriteTo(f, debug); err != nil {
		log.Fatal(err)
	}
}

func create(name, file string) *os.File {
	f, err := os.Create(filepath.Join(*out, name+"."+file))
	if err != nil {
		log.Fatal(err)
	}
	return f
}

// spent is true when the program has used so much CPU time, or when the limit
// is over. Asking costs no more than a load, and nobody waits for a channel,
// which a block profile would hold.
func spent(seconds float64, limit time.Duration) func() bool {
	start, used := time.Now(), cpuTime()
	var over atomic.Bool
	go func() {
		for cpuTime()-used < seconds && time.Since(start) < limit {
			time.Sleep(10 * time.Millisecond)
		}
		over.Store(true)
	}()
	return over.Load
}

func cpuTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
