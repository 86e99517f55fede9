//go:build oracle

package main

import (
	"fmt"
	"internal/trace"
	"maps"
	"slices"
	"strings"
	"time"
)

// facts are computed from the events alone, without trace.Summarizer. A span of a state is from
// entering to leaving it; it begins or ends with the trace where that is all that is known, and
// counts nevertheless.
type facts struct {
	Wall time.Duration `json:"wall"`
	// Procs is the greatest number of Ps, ProcTime the sum of all Ps' time, Running that of all
	// goroutines' running.
	Procs    int           `json:"procs"`
	ProcTime time.Duration `json:"proc_time"`
	Running  time.Duration `json:"running"`
	// Cycles is how many mark phases begin or are there at the start.
	Cycles  int               `json:"cycles"`
	Stops   map[string]*spans `json:"stops"`
	Created int               `json:"created"`
	Ended   int               `json:"ended"`
	Groups  map[string]*group `json:"groups"`
}

// group is of the goroutines with the same root function.
type group struct {
	Goroutines int `json:"goroutines"`
	// Most is how many there are at once, Left how many at the end.
	Most int `json:"most"`
	Left int `json:"left"`
	// Life is the time for which they exist.
	Life time.Duration `json:"life"`
	// Spans are by state; Waiting has its reason after a colon.
	Spans map[string]*spans `json:"spans"`
	// Assist is the time in mark assists, AssistRunning what of it they are running.
	Assist        time.Duration `json:"assist"`
	AssistRunning time.Duration `json:"assist_running"`
	// Busiest is the greatest running time of one goroutine.
	Busiest time.Duration `json:"busiest"`
	// Held are the goroutines that are waiting at the end, by reason.
	Held map[string]int `json:"held,omitempty"`
}

// spans are counted; percentiles are the smallest span that is not shorter than so many of them.
type spans struct {
	Count int           `json:"count"`
	Total time.Duration `json:"total"`
	P50   time.Duration `json:"p50"`
	P99   time.Duration `json:"p99"`
	Max   time.Duration `json:"max"`

	all []time.Duration
}

func (s *spans) finish() {
	slices.Sort(s.all)
	s.Count = len(s.all)
	for _, span := range s.all {
		s.Total += span
	}
	s.P50 = s.all[(len(s.all)*50+99)/100-1]
	s.P99 = s.all[(len(s.all)*99+99)/100-1]
	s.Max = s.all[len(s.all)-1]
}

func record(m map[string]*spans, name string, span time.Duration) {
	if m[name] == nil {
		m[name] = &spans{}
	}
	m[name].all = append(m[name].all, span)
}

// life is what is known of one goroutine.
type life struct {
	name        string
	born, since trace.Time
	state       string
	spans       []span
	assist      trace.Time
	assisting   bool
	assisted    time.Duration
	assistedRun time.Duration
	dead        bool
}

type span struct {
	state    string
	from, to trace.Time
}

func (l *life) leave(now trace.Time) {
	l.spans = append(l.spans, span{l.state, l.since, now})
	if l.assisting && l.state == "Running" {
		l.assistedRun += now.Sub(max(l.since, l.assist))
	}
	l.since = now
}

func gather(events []trace.Event) *facts {
	f := &facts{Stops: map[string]*spans{}, Groups: map[string]*group{}}
	if len(events) == 0 {
		return f
	}
	start, end := events[0].Time(), events[len(events)-1].Time()
	f.Wall = end.Sub(start)
	lives := map[trace.GoID]*life{}
	var all []*life
	stops := map[trace.GoID]trace.Time{}
	procs, procsSince := 0, start
	for i := range events {
		event := &events[i]
		now := event.Time()
		switch event.Kind() {
		case trace.EventMetric:
			if m := event.Metric(); m.Name == "/sched/gomaxprocs:threads" {
				n := int(m.Value.Uint64())
				if procs == 0 {
					procs = n
				}
				f.ProcTime += time.Duration(procs) * now.Sub(procsSince)
				procs, procsSince = n, now
				f.Procs = max(f.Procs, n)
			}
		case trace.EventRangeBegin, trace.EventRangeActive:
			r := event.Range()
			begin := event.Kind() == trace.EventRangeBegin
			switch {
			case strings.HasPrefix(r.Name, "GC concurrent"):
				if begin || f.Cycles == 0 {
					f.Cycles++
				}
			case strings.HasPrefix(r.Name, "stop-the-world"):
				stops[r.Scope.Goroutine()] = now
			case r.Name == "GC mark assist":
				if l := lives[r.Scope.Goroutine()]; l != nil && !l.assisting {
					l.assisting, l.assist = true, now
					if !begin {
						l.assist = start
					}
				}
			}
		case trace.EventRangeEnd:
			r := event.Range()
			switch {
			case strings.HasPrefix(r.Name, "stop-the-world"):
				record(f.Stops, r.Name, now.Sub(stops[r.Scope.Goroutine()]))
			case r.Name == "GC mark assist":
				if l := lives[r.Scope.Goroutine()]; l != nil && l.assisting {
					l.endAssist(now)
				}
			}
		case trace.EventStateTransition:
			t := event.StateTransition()
			if t.Resource.Kind != trace.ResourceGoroutine {
				break
			}
			from, to := t.Goroutine()
			if from == to {
				break
			}
			l := lives[t.Resource.Goroutine()]
			switch from {
			case trace.GoUndetermined:
				l = &life{born: start, since: start}
			case trace.GoNotExist:
				l = &life{born: now, since: now}
				f.Created++
			default:
				l.leave(now)
			}
			if from == trace.GoUndetermined || from == trace.GoNotExist {
				lives[t.Resource.Goroutine()] = l
				all = append(all, l)
			}
			if l.name == "" {
				for frame := range t.Stack.Frames() {
					l.name = frame.Func
				}
			}
			l.state = to.String()
			if to == trace.GoWaiting {
				l.state += ":" + t.Reason
			}
			if to == trace.GoNotExist {
				f.Ended++
				l.dead = true
				delete(lives, t.Resource.Goroutine())
			}
		}
	}
	f.ProcTime += time.Duration(procs) * end.Sub(procsSince)
	for _, l := range all {
		f.count(l, end)
	}
	f.finish(all, end)
	return f
}

func (l *life) endAssist(now trace.Time) {
	l.assisted += now.Sub(l.assist)
	if l.state == "Running" {
		l.assistedRun += now.Sub(max(l.since, l.assist))
	}
	l.assisting = false
}

func (f *facts) count(l *life, end trace.Time) {
	g := f.Groups[l.name]
	if g == nil {
		g = &group{Spans: map[string]*spans{}, Held: map[string]int{}}
		f.Groups[l.name] = g
	}
	g.Goroutines++
	if l.assisting {
		l.endAssist(end)
	}
	if !l.dead {
		g.Left++
		l.spans = append(l.spans, span{l.state, l.since, end})
		l.since = end
		if reason, waiting := strings.CutPrefix(l.state, "Waiting:"); waiting {
			g.Held[reason]++
		}
	}
	g.Life += l.since.Sub(l.born)
	g.Assist += l.assisted
	g.AssistRunning += l.assistedRun
	var running time.Duration
	for _, s := range l.spans {
		record(g.Spans, s.state, s.to.Sub(s.from))
		if s.state == "Running" {
			running += s.to.Sub(s.from)
		}
	}
	f.Running += running
	g.Busiest = max(g.Busiest, running)
}

func (f *facts) finish(all []*life, end trace.Time) {
	type edge struct {
		at trace.Time
		by int
	}
	edges := map[string][]edge{}
	for _, l := range all {
		edges[l.name] = append(edges[l.name], edge{l.born, 1})
		if l.dead {
			edges[l.name] = append(edges[l.name], edge{l.since, -1})
		}
	}
	for name, list := range edges {
		slices.SortStableFunc(list, func(a, b edge) int { return int(a.at - b.at) })
		now := 0
		for _, e := range list {
			now += e.by
			f.Groups[name].Most = max(f.Groups[name].Most, now)
		}
	}
	for _, s := range f.Stops {
		s.finish()
	}
	for _, g := range f.Groups {
		for _, s := range g.Spans {
			s.finish()
		}
	}
}

// sentence says what is known of the whole.
func (f *facts) sentence() string {
	var stopped, longest time.Duration
	for _, s := range f.Stops {
		stopped += s.Total
		longest = max(longest, s.Max)
	}
	return fmt.Sprintf("%s, %d Ps %s busy, %d GC cycles (%.1f/s), world stopped %s (longest %s), %d goroutines created, %d ended",
		short(f.Wall), f.Procs, share(f.Running, f.ProcTime), f.Cycles, float64(f.Cycles)/f.Wall.Seconds(),
		share(stopped, f.Wall), short(longest), f.Created, f.Ended)
}

// groupSentence says what is known of a group.
func (f *facts) groupSentence(name string) string {
	g := f.Groups[name]
	if g == nil {
		return "no " + name
	}
	text := fmt.Sprintf("%s: %d goroutines", name, g.Goroutines)
	for _, state := range slices.SortedFunc(maps.Keys(g.Spans), func(a, b string) int {
		return int(g.Spans[b].Total - g.Spans[a].Total)
	}) {
		s := g.Spans[state]
		text += fmt.Sprintf(", %s %s (%d, p50 %s, p99 %s, max %s)",
			strings.Replace(strings.ToLower(state), "waiting:", "", 1), share(s.Total, g.Life), s.Count,
			short(s.P50), short(s.P99), short(s.Max))
	}
	if g.Assist > 0 {
		text += fmt.Sprintf(", assists %s (%s of running)", share(g.Assist, g.Life), share(g.AssistRunning, g.Spans["Running"].Total))
	}
	if running := g.Spans["Running"]; running != nil && g.Goroutines > 1 {
		text += fmt.Sprintf(", busiest %.2f of the mean", float64(g.Busiest)*float64(g.Goroutines)/float64(running.Total))
	}
	return text + fmt.Sprintf(", %d left", g.Left)
}

func share(part, whole time.Duration) string {
	if whole == 0 {
		return "0%"
	}
	return fmt.Sprintf("%.2f%%", 100*float64(part)/float64(whole))
}

func short(d time.Duration) string { return fmt.Sprintf("%.3f ms", d.Seconds()*1e3) }
