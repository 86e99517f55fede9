// Package system waits for what is outside of the scheduler, and for the scheduler itself.
package system

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"syscall"
	"time"

	"example.com/tracing/burn"
)

// Park starts 400 goroutines that wait for requests.
func Park() {
	requests := make(chan int)
	for i := 0; i < 400; i++ {
		go serve(requests)
	}
}

func serve(requests <-chan int) {
	for range requests {
		burn.Spin(time.Millisecond)
	}
}

// Stop counts memory and goroutines all the time.
//
// Planted, stw: the world stops for each count, and there is one after the
// other while a goroutine calculates.
func Stop(until func() bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for !until() {
			burn.Spin(time.Millisecond)
		}
	}()
	for !until() {
		count()
		time.Sleep(3 * time.Millisecond)
	}
	wg.Wait()
}

func count() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if err := pprof.Lookup("goroutine").WriteTo(io.Discard, 0); err != nil {
		log.Fatal(err)
	}
}

// Read reads what other programs write into pipes.
//
// Planted, syscall-bound: three goroutines block in read, which keeps a thread
// each, one of them once for 120 ms; another one flushes a file all the time.
func Read(until func() bool) {
	var readers sync.WaitGroup
	var ends []int
	for i := 0; i < 3; i++ {
		var p [2]int
		// Not by os.Pipe, which would wait in the poller.
		check(syscall.Pipe(p[:]))
		ends = append(ends, p[1])
		readers.Add(1)
		go func() {
			defer readers.Done()
			receive(p[0])
		}()
	}
	readers.Add(1)
	go func() {
		defer readers.Done()
		flush(until)
	}()
	for i := 0; !until(); i++ {
		time.Sleep(3 * time.Millisecond)
		if i == 10 {
			time.Sleep(120 * time.Millisecond)
		}
		_, err := syscall.Write(ends[i%len(ends)], make([]byte, 512))
		check(err)
	}
	for _, end := range ends {
		check(syscall.Close(end))
	}
	readers.Wait()
}

func receive(pipe int) {
	buf := make([]byte, 512)
	for {
		n, err := syscall.Read(pipe, buf)
		check(err)
		if n == 0 {
			return
		}
		burn.Spin(50 * time.Microsecond)
	}
}

func flush(until func() bool) {
	f, err := os.CreateTemp("", "journal")
	check(err)
	defer os.Remove(f.Name())
	defer f.Close()
	for i := 0; !until(); i++ {
		_, err := fmt.Fprintln(f, "entry", i)
		check(err)
		check(f.Sync())
		burn.Spin(time.Millisecond)
	}
}

// Ask asks a slow server.
//
// Planted, network-wait: four goroutines wait for answers over TCP, which take
// 8 ms each.
func Ask(until func() bool) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go accept(listener)
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			query(listener.Addr().String(), until)
		}()
	}
	wg.Wait()
	check(listener.Close())
}

func query(address string, until func() bool) {
	conn, err := net.Dial("tcp", address)
	check(err)
	defer conn.Close()
	buf := make([]byte, 64)
	for !until() {
		_, err := conn.Write(buf)
		check(err)
		_, err = io.ReadFull(conn, buf)
		check(err)
		burn.Spin(100 * time.Microsecond)
	}
}

func accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go answer(conn)
	}
}

func answer(conn net.Conn) {
	defer conn.Close()
	buf := make([]byte, 64)
	for {
		if _, err := io.ReadFull(conn, buf); err != nil {
			return
		}
		time.Sleep(8 * time.Millisecond)
		if _, err := conn.Write(buf); err != nil {
			return
		}
	}
}

// Crowd calculates in ten goroutines, while another one has to answer soon.
//
// Planted, sched-latency: there is one processor, so whoever wants to run waits
// for the time slices of all others.
func Crowd(until func() bool) {
	var wg sync.WaitGroup
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			calculate(until)
		}()
	}
	beat(until)
	wg.Wait()
}

func calculate(until func() bool) {
	for !until() {
		burn.Spin(20 * time.Millisecond)
	}
}

func beat(until func() bool) {
	for !until() {
		time.Sleep(5 * time.Millisecond)
		burn.Spin(20 * time.Microsecond)
	}
}

// Idle does a little now and then. Nothing is planted.
func Idle(until func() bool) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !until() {
		<-tick.C
		burn.Spin(100 * time.Microsecond)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
