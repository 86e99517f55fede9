//go:build oracle

package main

import (
	"cmp"
	"internal/trace"
	"slices"
	"time"
)

// task is a user task. Begin and End are null where the trace has no such event; Duration is then
// counted from the start or to the end of the trace.
type task struct {
	ID         trace.TaskID   `json:"id"`
	Name       string         `json:"name"`
	Parent     *trace.TaskID  `json:"parent"`
	Begin      *trace.Time    `json:"begin"`
	End        *trace.Time    `json:"end"`
	Duration   time.Duration  `json:"dur"`
	Complete   bool           `json:"complete"`
	Logs       int            `json:"logs"`
	Regions    int            `json:"regions"`
	Goroutines []trace.GoID   `json:"goroutines"`
	Children   []trace.TaskID `json:"children,omitempty"`
}

// region is a user region on a goroutine. Regions that a goroutine has by being started in one have
// no name and "inherited". Begin and End are null where the trace has no such event: then Duration
// is counted from its start or to its end. The end of a goroutine is an end, too. The statistics are
// those of the goroutine in between.
type region struct {
	Goroutine trace.GoID    `json:"g"`
	Task      trace.TaskID  `json:"task"`
	Name      string        `json:"name"`
	Inherited bool          `json:"inherited,omitempty"`
	Begin     *trace.Time   `json:"begin"`
	End       *trace.Time   `json:"end"`
	Duration  time.Duration `json:"dur"`
	stats
}

func tasks(summary *trace.Summary, start, end trace.Time) (list []task, regions []region) {
	for _, t := range summary.Tasks {
		one := task{
			ID:       t.ID,
			Name:     t.Name,
			Begin:    timeOf(t.Start),
			End:      timeOf(t.End),
			Complete: t.Complete(),
			Logs:     len(t.Logs),
			Regions:  len(t.Regions),
		}
		one.Duration = between(one.Begin, one.End, start, end)
		if t.Parent != nil {
			one.Parent = &t.Parent.ID
		}
		for id := range t.Goroutines {
			one.Goroutines = append(one.Goroutines, id)
		}
		for _, child := range t.Children {
			one.Children = append(one.Children, child.ID)
		}
		slices.Sort(one.Goroutines)
		slices.Sort(one.Children)
		list = append(list, one)
	}
	for _, g := range summary.Goroutines {
		for _, r := range g.Regions {
			one := region{
				Goroutine: g.ID,
				Task:      r.TaskID,
				Name:      r.Name,
				Inherited: r.Start != nil && r.Start.Kind() == trace.EventStateTransition,
				Begin:     timeOf(r.Start),
				End:       timeOf(r.End),
				stats:     statsOf(r.GoroutineExecStats),
			}
			one.Duration = between(one.Begin, one.End, start, end)
			regions = append(regions, one)
		}
	}
	slices.SortFunc(list, func(a, b task) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(regions, func(a, b region) int {
		return cmp.Or(
			cmp.Compare(a.Goroutine, b.Goroutine),
			compareTimes(a.Begin, b.Begin),
			compareTimes(a.End, b.End),
			cmp.Compare(a.Name, b.Name),
		)
	})
	return list, regions
}

// compareTimes has what is not there first.
func compareTimes(a, b *trace.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

func timeOf(event *trace.Event) *trace.Time {
	if event == nil {
		return nil
	}
	t := event.Time()
	return &t
}

func between(begin, end *trace.Time, first, last trace.Time) time.Duration {
	if begin != nil {
		first = *begin
	}
	if end != nil {
		last = *end
	}
	return last.Sub(first)
}
