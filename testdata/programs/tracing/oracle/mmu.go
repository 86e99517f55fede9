//go:build oracle

package main

import (
	"cmp"
	"fmt"
	"internal/trace"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// windows are the lengths that the minimum utilisation is given for.
var windows = []time.Duration{
	100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second,
}

// What keeps a P from the program.
type class uint

const (
	// gcSTW is a stop of the world whose name has "GC" in it. It takes all Ps.
	gcSTW class = 1 << iota
	// otherSTW is any other stop of the world. It takes all Ps.
	otherSTW
	// background is a mark worker, dedicated or fractional, from its label until it stops running.
	// Idle ones take nothing.
	background
	// assist is a goroutine in a mark assist while it is running.
	assist
	// sweep is a sweep on the P.
	sweep
)

// flags are the sets that series are made of, by their names in the output.
var flags = []struct {
	name    string
	classes class
}{
	{"stw", gcSTW},
	{"all-stw", gcSTW | otherSTW},
	{"sweep", sweep},
	{"stw|background", gcSTW | background},
	{"stw|background|assist", gcSTW | background | assist},
	{"stw|background|assist|sweep", gcSTW | background | assist | sweep},
}

// activity is that a P, or all of them, is kept from the program for a while.
type activity struct {
	class    class
	proc     trace.ProcID
	from, to trace.Time
}

// usage is what a trace says about that.
type usage struct {
	// start is when the number of Ps is known first, end the last event. A series is between them.
	start, end trace.Time
	procs      []procCount
	activities []activity
}

type procCount struct {
	time trace.Time
	n    int
}

// occupied replays the states of goroutines. What the first generation finds to be in progress has
// been so since the start.
func occupied(events []trace.Event) (u usage) {
	type running struct {
		since trace.Time
		proc  trace.ProcID
	}
	type stop struct {
		class class
		since trace.Time
	}
	var (
		run     = map[trace.GoID]running{}
		assists = map[trace.GoID]trace.Time{}
		workers = map[trace.GoID]trace.Time{}
		sweeps  = map[trace.ProcID]trace.Time{}
		stops   = map[trace.GoID]stop{}
		first   = true
	)
	add := func(class class, proc trace.ProcID, from, to trace.Time) {
		u.activities = append(u.activities, activity{class, proc, from, to})
	}
	pause := func(g trace.GoID, now trace.Time) {
		r, ok := run[g]
		if !ok {
			return
		}
		if since, ok := assists[g]; ok {
			add(assist, r.proc, max(since, r.since), now)
		}
		if since, ok := workers[g]; ok {
			add(background, r.proc, max(since, r.since), now)
		}
		delete(run, g)
		delete(workers, g)
	}
	for i := range events {
		event := &events[i]
		now := event.Time()
		u.end = now
		switch event.Kind() {
		case trace.EventSync:
			first = event.Sync().N == 1
		case trace.EventMetric:
			if m := event.Metric(); m.Name == "/sched/gomaxprocs:threads" {
				u.procs = append(u.procs, procCount{now, int(m.Value.Uint64())})
			}
		case trace.EventLabel:
			l := event.Label()
			if l.Label == "GC (dedicated)" || l.Label == "GC (fractional)" {
				workers[l.Resource.Goroutine()] = now
			}
		case trace.EventRangeBegin, trace.EventRangeActive:
			since := now
			if event.Kind() == trace.EventRangeActive {
				if !first {
					break
				}
				since = math.MinInt64
			}
			switch r := event.Range(); {
			case r.Name == "GC mark assist":
				assists[r.Scope.Goroutine()] = since
			case r.Name == "GC incremental sweep":
				sweeps[r.Scope.Proc()] = since
			case strings.HasPrefix(r.Name, "stop-the-world"):
				c := otherSTW
				if strings.Contains(r.Name, "GC") {
					c = gcSTW
				}
				stops[r.Scope.Goroutine()] = stop{c, since}
			}
		case trace.EventRangeEnd:
			switch r := event.Range(); {
			case r.Name == "GC mark assist":
				g := r.Scope.Goroutine()
				if at, ok := run[g]; ok {
					add(assist, at.proc, max(assists[g], at.since), now)
				}
				delete(assists, g)
			case r.Name == "GC incremental sweep":
				p := r.Scope.Proc()
				if since, ok := sweeps[p]; ok {
					add(sweep, p, since, now)
				}
				delete(sweeps, p)
			case strings.HasPrefix(r.Name, "stop-the-world"):
				g := r.Scope.Goroutine()
				if s, ok := stops[g]; ok {
					add(s.class, trace.NoProc, s.since, now)
				}
				delete(stops, g)
			}
		case trace.EventStateTransition:
			transition := event.StateTransition()
			if transition.Resource.Kind != trace.ResourceGoroutine {
				break
			}
			g := transition.Resource.Goroutine()
			from, to := transition.Goroutine()
			if from == to {
				break
			}
			pause(g, now)
			if to == trace.GoRunning {
				since := now
				if first && from == trace.GoUndetermined {
					since = math.MinInt64
				}
				run[g] = running{since, event.Proc()}
			}
		}
	}
	for g := range run {
		pause(g, u.end)
	}
	for p, since := range sweeps {
		add(sweep, p, since, u.end)
	}
	for _, s := range stops {
		add(s.class, trace.NoProc, s.since, u.end)
	}
	if len(u.procs) > 0 {
		u.start = u.procs[0].time
	}
	return u
}

// series is the utilisation as a function of time: constant from each point to the next, the last
// one until the end. Two neighbours differ.
type series struct {
	points []trace.MutatorUtil
	end    int64
	// areas is the integral up to each point.
	areas []float64
}

func (s *series) add(at trace.Time, value float64) {
	if n := len(s.points); n > 0 && s.points[n-1].Util == value {
		return
	}
	s.points = append(s.points, trace.MutatorUtil{Time: int64(at), Util: value})
}

// of counts the Ps that one of classes keeps.
func (u usage) of(classes class) *series {
	type change struct {
		time trace.Time
		proc trace.ProcID
		by   int
	}
	var changes []change
	for _, a := range u.activities {
		from, to := max(a.from, u.start), min(a.to, u.end)
		if a.class&classes != 0 && from < to {
			changes = append(changes, change{from, a.proc, 1}, change{to, a.proc, -1})
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.time, b.time) })
	s := &series{end: int64(u.end)}
	kept, stopped := map[trace.ProcID]int{}, 0
	procs, n := u.procs, 0
	for len(changes) > 0 || len(procs) > 0 {
		var now trace.Time = math.MaxInt64
		if len(changes) > 0 {
			now = changes[0].time
		}
		if len(procs) > 0 {
			now = min(now, procs[0].time)
		}
		for len(procs) > 0 && procs[0].time == now {
			n, procs = procs[0].n, procs[1:]
		}
		for len(changes) > 0 && changes[0].time == now {
			if changes[0].proc == trace.NoProc {
				stopped += changes[0].by
			} else {
				kept[changes[0].proc] += changes[0].by
			}
			changes = changes[1:]
		}
		taken := 0
		for p, count := range kept {
			if count > 0 && int(p) < n {
				taken++
			}
		}
		if stopped > 0 {
			taken = n
		}
		if int64(now) < s.end {
			s.add(now, 1-float64(taken)/float64(n))
		}
	}
	s.integrate()
	return s
}

func (s *series) integrate() {
	area := 0.0
	for i, point := range s.points {
		if i > 0 {
			last := s.points[i-1]
			area += last.Util * float64(point.Time-last.Time)
		}
		s.areas = append(s.areas, area)
	}
}

// until is the integral from the first point to a time.
func (s *series) until(at int64) float64 {
	i, found := slices.BinarySearchFunc(s.points, at, func(p trace.MutatorUtil, t int64) int { return cmp.Compare(p.Time, t) })
	if !found {
		i--
	}
	return s.areas[i] + s.points[i].Util*float64(at-s.points[i].Time)
}

func (s *series) mean() float64 {
	return s.until(s.end) / float64(s.end-s.points[0].Time)
}

// lowest is the smallest mean of all windows of a length. It is one that starts or ends at a point.
// Where there is less than one window, all there is is the window.
func (s *series) lowest(window time.Duration) float64 {
	start := s.points[0].Time
	length := min(int64(window), s.end-start)
	least := 1.0
	try := func(from int64) {
		if from >= start && from+length <= s.end {
			least = min(least, (s.until(from+length)-s.until(from))/float64(length))
		}
	}
	try(s.end - length)
	for _, point := range s.points {
		try(point.Time)
		try(point.Time - length)
	}
	return max(least, 0)
}

type utilisationOf struct {
	// Points is how often it changes, the start being the first.
	Points int      `json:"points"`
	Mean   float64  `json:"mean"`
	Lowest []lowest `json:"mmu"`
}

type lowest struct {
	Window time.Duration `json:"w"`
	MMU    float64       `json:"mmu"`
}

func (s *series) summary() utilisationOf {
	answer := utilisationOf{Points: len(s.points), Mean: s.mean()}
	for _, w := range windows {
		answer.Lowest = append(answer.Lowest, lowest{w, s.lowest(w)})
	}
	return answer
}

// utilisation is our own for each of flags, and Go's for those in which it is right. It is empty
// where the number of Ps is not known.
func utilisation(events []trace.Event) map[string]any {
	answer := map[string]any{}
	u := occupied(events)
	if len(u.procs) == 0 || u.start == u.end {
		return answer
	}
	own := map[string]utilisationOf{}
	for _, f := range flags {
		own[f.name] = u.of(f.classes).summary()
		answer[f.name] = own[f.name]
	}
	ofGo := map[string]utilisationOf{}
	for name, flag := range map[string]trace.UtilFlags{"stw": trace.UtilSTW, "sweep": trace.UtilSweep} {
		theirs := utilisationByGo(events, flag)
		ofGo[name] = theirs
		if !u.stoppedAtStart() {
			compare(name, own[name], theirs)
		}
	}
	answer["go"] = ofGo
	return answer
}

// stoppedAtStart is whether the number of Ps is known first while the world is stopped, as in traces
// of version 1. Go then sees the end of that stop but not its beginning, and no stop after it.
func (u usage) stoppedAtStart() bool {
	return slices.ContainsFunc(u.activities, func(a activity) bool {
		return a.class == gcSTW && a.from < u.start && a.to > u.start
	})
}

// utilisationByGo is what trace.MutatorUtilizationV2 and trace.MMUCurve give.
func utilisationByGo(events []trace.Event, flag trace.UtilFlags) utilisationOf {
	all := trace.MutatorUtilizationV2(events, flag)
	points := all[0]
	s := &series{end: points[len(points)-1].Time}
	for _, point := range points[:len(points)-1] {
		s.add(trace.Time(point.Time), point.Util)
	}
	s.integrate()
	answer := utilisationOf{Points: len(s.points), Mean: s.mean()}
	curve := trace.NewMMUCurve(all)
	for _, w := range windows {
		answer.Lowest = append(answer.Lowest, lowest{w, curve.MMU(w)})
	}
	return answer
}

// compare complains of differences.
func compare(name string, own, theirs utilisationOf) {
	same := own.Points == theirs.Points && near(own.Mean, theirs.Mean)
	for i := range own.Lowest {
		same = same && near(own.Lowest[i].MMU, theirs.Lowest[i].MMU)
	}
	if !same {
		fmt.Fprintf(os.Stderr, "oracle: %s is not as Go has it:\n%v\n%v\n", name, own, theirs)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
