// Package pool hands jobs to workers: too slowly, too many, unevenly, and as it should be.
package pool

import (
	"sync"
	"time"

	"example.com/tracing/burn"
)

// job is a file to be packed, which takes so long.
type job struct {
	directory int
	cost      time.Duration
}

type pool struct {
	jobs chan job
	wg   sync.WaitGroup
}

func (p *pool) start(workers int) {
	for i := 0; i < workers; i++ {
		p.wg.Add(1)
		go p.work(p.jobs)
	}
}

func (p *pool) work(jobs <-chan job) {
	defer p.wg.Done()
	for j := range jobs {
		pack(j)
	}
}

func pack(j job) { burn.Spin(j.cost) }

// Starved packs what a slow listing names.
//
// Planted, pool-starved: one goroutine asks for one name after the other, and
// four workers wait for it.
func Starved(until func() bool) {
	p := &pool{jobs: make(chan job)}
	p.start(4)
	for i := 0; !until(); i++ {
		p.jobs <- list(i)
	}
	close(p.jobs)
	p.wg.Wait()
}

// list asks another machine for the next name.
func list(i int) job {
	time.Sleep(3 * time.Millisecond)
	return job{i % 7, 200 * time.Microsecond}
}

// Saturated packs what three listings name.
//
// Planted, pool-saturated: two workers on four processors, always busy; the
// queue is always full and the listings wait to send.
func Saturated(until func() bool) {
	p := &pool{jobs: make(chan job, 16)}
	p.start(2)
	var listings sync.WaitGroup
	for i := 0; i < 3; i++ {
		listings.Add(1)
		go func(i int) {
			defer listings.Done()
			p.name(i, until)
		}(i)
	}
	listings.Wait()
	close(p.jobs)
	p.wg.Wait()
}

func (p *pool) name(directory int, until func() bool) {
	for !until() {
		p.jobs <- job{directory, 600 * time.Microsecond}
	}
}

// Imbalanced has a worker for each part of the directories.
//
// Planted, pool-imbalanced: of five workers, one has seven of eight files, as
// almost all are in one directory. It has no more than it can do.
func Imbalanced(until func() bool) {
	const workers = 5
	var p pool
	var parts [workers]chan job
	for i := range parts {
		parts[i] = make(chan job, 8)
		p.wg.Add(1)
		go p.work(parts[i])
	}
	for i := 0; !until(); i++ {
		directory := 2
		if i%8 == 0 {
			directory = i / 8
		}
		parts[directory%workers] <- job{directory, 500 * time.Microsecond}
	}
	for _, part := range parts {
		close(part)
	}
	p.wg.Wait()
}

// Healthy packs a steady stream of files.
//
// Nothing is planted: two workers on two processors are busy for about half of
// the time, evenly, and nobody waits for them.
func Healthy(until func() bool) {
	p := &pool{jobs: make(chan job, 64)}
	p.start(2)
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	for !until() {
		<-tick.C
		for i := 0; i < 10; i++ {
			p.jobs <- job{i, 400 * time.Microsecond}
		}
	}
	close(p.jobs)
	p.wg.Wait()
}
