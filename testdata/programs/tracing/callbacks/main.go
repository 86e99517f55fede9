//go:build cgo

// Command callbacks records a trace of threads that C started and that call
// back into Go: callbacks -o FILE. Their goroutines come and go with the calls.
package main

/*
#cgo LDFLAGS: -pthread
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

extern int scanned(int thread, int page);

// A scanner calls back for each page.
static void *scan(void *argument) {
	int thread = (int)(intptr_t)argument;
	for (int page = 0; page < 12; page++) {
		usleep(2000);
		if (scanned(thread, page) < 0)
			break;
	}
	return NULL;
}

static void start(int thread) {
	pthread_t id;
	if (pthread_create(&id, NULL, scan, (void *)(intptr_t)thread) == 0)
		pthread_detach(id);
}

static int rest(int microseconds) { return usleep(microseconds); }

// A call from Go that calls back on the same thread.
static int scan_here(int page) { return scanned(-1, page); }
*/
import "C"

import (
	"context"
	"flag"
	"log"
	"os"
	"runtime/trace"
	"time"
)

const (
	threads = 6
	pages   = 12
)

var found = make(chan int)

//export scanned
func scanned(thread, page C.int) C.int {
	defer trace.StartRegion(context.Background(), "page").End()
	if thread < 0 {
		return page
	}
	if page%4 == 3 {
		time.Sleep(time.Millisecond)
	}
	found <- int(page)
	return 0
}

func main() {
	out := flag.String("o", "out.trace", "file to write")
	flag.Parse()
	log.SetFlags(0)
	f, err := os.Create(*out)
	check(err)
	check(trace.Start(f))
	for i := 0; i < threads; i++ {
		C.start(C.int(i))
	}
	go func() {
		for i := 0; i < 20; i++ {
			C.rest(500)
			C.scan_here(C.int(i))
		}
		found <- 0
	}()
	for i := 0; i < threads*pages+1; i++ {
		<-found
	}
	trace.Stop()
	check(f.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
