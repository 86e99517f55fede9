// Command tracing records an execution trace of one workload:
//
//	tracing [-for 300ms] [-flight 100ms] [-o FILE] NAME
//
// Builds with Go 1.21 and newer; what came later is behind build constraints.
package main

import (
	"flag"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"sync/atomic"
	"time"

	"example.com/tracing/lifetime"
	"example.com/tracing/load"
	"example.com/tracing/lock"
	"example.com/tracing/memory"
	"example.com/tracing/mirror"
	"example.com/tracing/pool"
	"example.com/tracing/system"
)

// A workload runs until it is told to end; what it left running then is still there when the trace
// ends, as in a service. Zeroes stand for what the runtime chooses.
type workload struct {
	procs, gogc int
	// samples is whether the CPU profiler runs, whose samples get into the trace.
	samples bool
	// before is done before the trace starts: what it starts is there already.
	before func()
	during func(until func() bool)
}

var workloads = map[string]workload{
	"mixed": {procs: 4, gogc: 30, samples: true, before: mirror.Prepare, during: mirror.Run},

	"pool-starved":    {procs: 4, during: pool.Starved},
	"pool-saturated":  {procs: 4, during: pool.Saturated},
	"pool-imbalanced": {procs: 4, during: pool.Imbalanced},
	"healthy":         {procs: 2, during: pool.Healthy},
	"lock-convoy":     {procs: 4, during: lock.Convoy},
	"gc-assist":       {procs: 2, gogc: 10, before: memory.Hold, during: memory.Assist},
	"gc-frequent":     {procs: 4, during: memory.Frequent},
	"stw":             {procs: 2, gogc: -1, before: system.Park, during: system.Stop},
	"syscall-bound":   {procs: 2, during: system.Read},
	"network-wait":    {procs: 2, during: system.Ask},
	"sched-latency":   {procs: 1, during: system.Crowd},
	"idle":            {procs: 2, during: system.Idle},
	"leak":            {procs: 2, during: lifetime.Leak},
	"churn":           {procs: 2, during: lifetime.Churn},

	// For measuring, and not in testdata.
	"load": {gogc: 50, samples: true, during: load.Run},
}

// snapshot is a flight recorder, where the release has one: it starts and
// gives what writes the file.
var snapshot func(age time.Duration) (write func(io.Writer) error, err error)

func main() {
	out := flag.String("o", "out.trace", "file to write")
	length := flag.Duration("for", 300*time.Millisecond, "how long the workload runs")
	flight := flag.Duration("flight", 0, "record with a flight recorder that keeps so much")
	flag.Parse()
	log.SetFlags(0)
	w, ok := workloads[flag.Arg(0)]
	if !ok {
		log.Fatalf("no workload %q", flag.Arg(0))
	}
	if w.procs > 0 {
		runtime.GOMAXPROCS(w.procs)
	}
	if w.gogc != 0 {
		debug.SetGCPercent(w.gogc)
	}
	if w.before != nil {
		w.before()
	}
	f, err := os.Create(*out)
	check(err)
	if w.samples {
		check(pprof.StartCPUProfile(io.Discard))
	}
	if *flight > 0 {
		if snapshot == nil {
			log.Fatal("this release has no flight recorder")
		}
		write, err := snapshot(*flight)
		check(err)
		w.during(after(*length))
		check(write(f))
	} else {
		check(trace.Start(f))
		w.during(after(*length))
		trace.Stop()
	}
	check(f.Close())
}

// after is true when d is over.
func after(d time.Duration) func() bool {
	var over atomic.Bool
	time.AfterFunc(d, func() { over.Store(true) })
	return over.Load
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
