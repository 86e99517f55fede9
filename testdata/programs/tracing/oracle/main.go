//go:build oracle

// Command oracle says as JSON what a trace has in it, by Go's own reader. It imports
// internal/trace, so it is built as a part of it, which needs no change of GOROOT:
//
//	go build -tags oracle -overlay OVERLAY -o oracle internal/trace/oracle
//
// where OVERLAY is {"Replace": {"$GOROOT/src/internal/trace/oracle/NAME.go": "…/oracle/NAME.go", …}}.
// `cargo xtask golden --trace` and capture.sh do that.
//
//	oracle FILE           everything, as JSON
//	oracle -lines FILE    the canonical line of each event, see canonical.go
//	oracle -facts GROUP,… FILE
//	                      a sentence of the whole and one for each of the groups, for a manifest
//
// The members of the JSON object:
//
//	file, start, end, error  name; times of the first and last event; why reading ended early
//	events, kinds            how many events there are, and of each kind
//	hash                     FNV-1a of all canonical lines, and of the first 1000, 2000, …
//	n_goroutines, n_tasks    how many there are
//	goroutines               trace.Summarizer's statistics of each, by id
//	groups                   name -> number of goroutines, sum of their execution time
//	tasks, regions           the same summary's, see tasks.go
//	mmu                      mutator utilisation, see mmu.go: our own, and "go" for what Go computes
//	facts                    spans of states and what else findings are about, see facts.go
//
// All times are nanoseconds, as the trace has them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"internal/trace"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

func main() {
	lines := flag.Bool("lines", false, "print the canonical lines")
	facts := flag.String("facts", "", "print sentences of these groups, separated by commas; - for none")
	flag.Parse()
	// A Sync event prints when it was by the clock on the wall.
	time.Local = time.UTC
	events, ended := read(flag.Arg(0))
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	switch {
	case *lines:
		var buf []byte
		for i := range events {
			buf = canonical(buf[:0], &events[i])
			out.Write(buf)
		}
	case *facts != "":
		f := gather(events)
		fmt.Fprint(out, f.sentence())
		for _, group := range strings.Split(*facts, ",") {
			if group != "-" {
				fmt.Fprint(out, "; ", f.groupSentence(group))
			}
		}
		fmt.Fprintln(out)
	default:
		answer := report(events)
		answer["file"] = filepath.Base(flag.Arg(0))
		answer["error"] = fmt.Sprint(ended)
		if err := json.NewEncoder(out).Encode(answer); err != nil {
			fatal(err)
		}
	}
}

// read gives all events, and what ended it if that was not the end.
func read(path string) (events []trace.Event, ended error) {
	f, err := os.Open(path)
	if err != nil {
		fatal(err)
	}
	defer f.Close()
	reader, err := trace.NewReader(bufio.NewReader(f))
	if err != nil {
		fatal(err)
	}
	for {
		event, err := reader.ReadEvent()
		if err == io.EOF {
			return events, nil
		}
		if err != nil {
			return events, err
		}
		events = append(events, event)
	}
}

func report(events []trace.Event) map[string]any {
	kinds := map[string]int{}
	summarizer := trace.NewSummarizer()
	for i := range events {
		kinds[events[i].Kind().String()]++
		summarizer.Event(&events[i])
	}
	summary := summarizer.Finalize()
	answer := map[string]any{
		"events": len(events),
		"kinds":  kinds,
		"hash":   hashed(events),
	}
	if len(events) == 0 {
		return answer
	}
	start, end := events[0].Time(), events[len(events)-1].Time()
	answer["start"], answer["end"] = start, end
	answer["n_goroutines"], answer["n_tasks"] = len(summary.Goroutines), len(summary.Tasks)
	answer["goroutines"], answer["groups"] = goroutines(summary)
	answer["tasks"], answer["regions"] = tasks(summary, start, end)
	answer["mmu"] = utilisation(events)
	answer["facts"] = gather(events)
	return answer
}

// goroutineStats is what Go sums up for one goroutine.
type goroutineStats struct {
	ID     trace.GoID `json:"id"`
	Name   string     `json:"name"`
	Create trace.Time `json:"create"`
	Start  trace.Time `json:"start"`
	End    trace.Time `json:"end"`
	stats
	Regions int `json:"regions,omitempty"`
}

type stats struct {
	Total        time.Duration            `json:"total"`
	Exec         time.Duration            `json:"exec"`
	Sched        time.Duration            `json:"sched"`
	Syscall      time.Duration            `json:"syscall"`
	SyscallBlock time.Duration            `json:"syscall_block"`
	Unknown      time.Duration            `json:"unknown"`
	Block        map[string]time.Duration `json:"block,omitempty"`
	Range        map[string]time.Duration `json:"range,omitempty"`
}

func statsOf(s trace.GoroutineExecStats) stats {
	return stats{
		Total:        s.TotalTime,
		Exec:         s.ExecTime,
		Sched:        s.SchedWaitTime,
		Syscall:      s.SyscallTime,
		SyscallBlock: s.SyscallBlockTime,
		Unknown:      s.UnknownTime(),
		Block:        s.BlockTimeByReason,
		Range:        s.RangeTime,
	}
}

func goroutines(summary *trace.Summary) (list []goroutineStats, groups map[string][2]int64) {
	groups = map[string][2]int64{}
	for _, g := range summary.Goroutines {
		list = append(list, goroutineStats{
			ID:     g.ID,
			Name:   g.Name,
			Create: g.CreationTime,
			Start:  g.StartTime,
			End:    g.EndTime,
			stats:  statsOf(g.GoroutineExecStats),

			Regions: len(g.Regions),
		})
		group := groups[g.Name]
		groups[g.Name] = [2]int64{group[0] + 1, group[1] + int64(g.ExecTime)}
	}
	sort.Slice(list, func(i, k int) bool { return list[i].ID < list[k].ID })
	return list, groups
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}
