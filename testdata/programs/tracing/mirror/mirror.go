// Package mirror keeps a copy of a directory tree at the other end of a
// connection, in all the ways in which goroutines wait for each other.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"log"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"sync"
	"time"

	"example.com/tracing/burn"
)

const (
	directories = 5
	files       = 6
	workers     = 3
)

// mirror is the side that has the tree.
type mirror struct {
	root    string
	cache   *cache
	index   *index
	paths   chan entry
	results chan result
	pause   *pause
	// service is a task that begins before the trace and ends in it.
	service *trace.Task
	context context.Context
	conn    net.Conn
}

type entry struct {
	ctx  context.Context
	path string
}

type result struct {
	path string
	sum  uint32
	err  error
}

var running *mirror

// Prepare makes the tree and starts what is there before the trace is.
func Prepare() {
	m := &mirror{
		cache:   newCache(),
		index:   newIndex(),
		paths:   make(chan entry, 4),
		results: make(chan result),
		pause:   newPause(),
	}
	var err error
	m.root, err = os.MkdirTemp("", "mirror")
	check(err)
	for d := 0; d < directories; d++ {
		directory := filepath.Join(m.root, fmt.Sprintf("part%d", d))
		check(os.Mkdir(directory, 0o755))
		for f := 0; f < files; f++ {
			name := filepath.Join(directory, fmt.Sprintf("file%d", f))
			check(os.WriteFile(name, make([]byte, (1+f)*2<<10), 0o644))
		}
	}
	m.conn = m.connect()
	m.context, m.service = trace.NewTask(context.Background(), "service")
	for i := 0; i < workers; i++ {
		go m.work()
	}
	for i := 0; i < 2; i++ {
		go m.pause.watch()
	}
	go forever()
	go never(nil)
	running = m
}

// Run copies the tree again and again.
func Run(until func() bool) {
	m := running
	var others sync.WaitGroup
	for _, task := range []func(func() bool){m.supervise, m.index.fill, m.yield, m.ring} {
		others.Add(1)
		go func(task func(func() bool)) {
			defer others.Done()
			task(until)
		}(task)
	}
	for n := 0; !until(); n++ {
		m.pass(n)
	}
	m.service.End()
	others.Wait()
	close(m.paths)
	check(m.conn.Close())
	check(os.RemoveAll(m.root))
	// Neither of the two ends before the trace.
	ctx, _ := trace.NewTask(m.context, "unfinished")
	trace.StartRegion(ctx, "unfinished")
}

// pass copies the tree once.
func (m *mirror) pass(n int) {
	ctx, task := trace.NewTask(m.context, "pass")
	defer task.End()
	trace.Logf(ctx, "pass", "number %d of \"%s\"\tstarts", n, filepath.Base(m.root))
	go m.scan(ctx)
	trace.WithRegion(ctx, "collect", func() { m.collect(ctx) })
	trace.WithRegion(ctx, "compare", func() { m.compare(ctx) })
	names(m.cache)
	time.Sleep(12 * time.Millisecond)
}

// scan names the files of the tree.
func (m *mirror) scan(ctx context.Context) {
	defer trace.StartRegion(ctx, "scan").End()
	err := filepath.WalkDir(m.root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			_, err = d.Info()
			m.paths <- entry{ctx, path}
		}
		return err
	})
	check(err)
}

func (m *mirror) work() {
	for e := range m.paths {
		m.results <- m.read(e)
	}
}

// read sums up a file, if it is not in the cache.
func (m *mirror) read(e entry) (r result) {
	ctx, task := trace.NewTask(e.ctx, "file")
	defer task.End()
	r.path = e.path
	trace.WithRegion(ctx, "file", func() {
		if sum, ok := m.cache.get(e.path); ok {
			trace.Log(ctx, "cache", "hit")
			r.sum = sum
			return
		}
		var data []byte
		trace.WithRegion(ctx, "read", func() { data, r.err = os.ReadFile(e.path) })
		trace.WithRegion(ctx, "sum", func() {
			burn.Spin(80 * time.Microsecond)
			r.sum = crc32.ChecksumIEEE(data)
			m.cache.put(e.path, r.sum)
		})
		trace.Logf(ctx, "size", "%d bytes", len(data))
	})
	return r
}

// collect sends the sums to the other side.
func (m *mirror) collect(ctx context.Context) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for left := directories * files; left > 0; {
		select {
		case r := <-m.results:
			check(r.err)
			m.send(r.sum)
			left--
		case <-tick.C:
			m.pause.lift()
		}
	}
}

// compare looks at the directories at once.
func (m *mirror) compare(ctx context.Context) {
	var wg sync.WaitGroup
	for i := 0; i < directories; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			// This region ends with its goroutine.
			trace.StartRegion(ctx, "directory")
			m.cache.count(i)
		}(i)
	}
	wg.Wait()
	// A goroutine that a timer starts.
	lifted := make(chan bool)
	time.AfterFunc(time.Millisecond, func() { lifted <- true })
	select {
	case <-lifted:
	case <-time.After(time.Second):
		check(errors.New("no timer"))
	}
}

// supervise changes the number of processors and counts the memory.
func (m *mirror) supervise(until func() bool) {
	var stats runtime.MemStats
	for n := 0; !until(); n++ {
		time.Sleep(20 * time.Millisecond)
		runtime.ReadMemStats(&stats)
		runtime.GOMAXPROCS([]int{3, 5, 1}[n%3])
		// One processor not for long: the sweeper would fill the trace, as it yields where none is idle.
		time.Sleep(2 * time.Millisecond)
		runtime.GOMAXPROCS(4)
	}
}

// yield lets others go first.
func (m *mirror) yield(until func() bool) {
	for !until() {
		time.Sleep(2 * time.Millisecond)
		for i := 0; i < 3; i++ {
			runtime.Gosched()
		}
	}
}

// ring hands a token around from a thread of its own.
func (m *mirror) ring(until func() bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	there, back := make(chan int), make(chan int)
	go func() {
		for n := range there {
			back <- n + 1
		}
	}()
	for n := 0; !until(); {
		there <- n
		n = <-back
		time.Sleep(3 * time.Millisecond)
	}
	close(there)
}

func forever() { select {} }

func never(silent chan int) { <-silent }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
