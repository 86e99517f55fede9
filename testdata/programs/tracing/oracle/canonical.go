//go:build oracle

package main

import (
	"fmt"
	"hash/fnv"
	"internal/trace"
	"strconv"
	"strings"
)

// Between two checkpoints there are so many events.
const checkpoint = 1000

// canonical appends the canonical line of an event, with its end of line:
//
//	HEAD[ TransitionStack=FRAMES][ Stack=FRAMES]\n
//
// HEAD is the first line of what Event.String prints, which is also the first line of the event in
// `go tool trace -d=parsed`, with the times of clock snapshots in UTC. FRAMES is
//
//	FUNC@0xPC FILE:LINE;FUNC@0xPC FILE:LINE;…
//
// from the leaf to the root, PC in small hexadecimal digits without leading zeroes, LINE in decimal;
// names as they are, not quoted. TransitionStack is the stack of the goroutine whose state changes
// (StateTransition.Stack), Stack the one of the event itself. A part without frames is left out.
//
// HEAD is
//
//	M=THREAD P=PROC G=GOROUTINE KIND Time=TIME DETAILS
//
// where what there is none of is -1 and the goroutine and P are those before the event. DETAILS by
// KIND, with a space before each; QUOTED is as strconv.Quote has it:
//
//	Sync               N=NUMBER, and if there is a snapshot: Trace=TIME Mono=NS Wall=RFC3339-WITH-NS
//	Metric             Name=QUOTED Value=Value{Uint64(NUMBER)}
//	Label              Label=QUOTED Resource=RESOURCE
//	StackSample        -
//	RangeBegin/Active  Name=QUOTED Scope=RESOURCE
//	RangeEnd           Name=QUOTED Scope=RESOURCE Attributes=[QUOTED=Value{Uint64(NUMBER)} …]
//	TaskBegin/End      ID=NUMBER Parent=NUMBER Type=QUOTED
//	RegionBegin/End    Task=NUMBER Type=QUOTED
//	Log                Task=NUMBER Category=QUOTED Message=QUOTED
//	StateTransition    GoID=NUMBER OLD->NEW Reason=QUOTED, or ProcID=NUMBER OLD->NEW Reason=QUOTED
//	Experimental       Name=NAME Args=[NAME=Value{Uint64(NUMBER)}, …]
//
// RESOURCE is Goroutine(ID), Proc(ID) or None. Wall has as many digits after the point as it needs,
// and a Z.
func canonical(buf []byte, event *trace.Event) []byte {
	head, _, _ := strings.Cut(event.String(), "\n")
	buf = append(buf, head...)
	if event.Kind() == trace.EventStateTransition {
		buf = frames(buf, " TransitionStack=", event.StateTransition().Stack)
	}
	buf = frames(buf, " Stack=", event.Stack())
	return append(buf, '\n')
}

func frames(buf []byte, before string, stack trace.Stack) []byte {
	if stack == trace.NoStack {
		return buf
	}
	for frame := range stack.Frames() {
		buf = append(buf, before...)
		before = ";"
		buf = append(buf, frame.Func...)
		buf = append(buf, "@0x"...)
		buf = strconv.AppendUint(buf, frame.PC, 16)
		buf = append(buf, ' ')
		buf = append(buf, frame.File...)
		buf = append(buf, ':')
		buf = strconv.AppendUint(buf, frame.Line, 10)
	}
	return buf
}

// hashes is what a reader can compare itself with, without a file of all lines.
type hashes struct {
	// All is the FNV-1a hash, of 64 bits, of all canonical lines, in hexadecimal digits.
	All string `json:"all"`
	// Every is how many events there are between checkpoints.
	Every int `json:"every"`
	// Checkpoints has the running hash after 1000, 2000, … events.
	Checkpoints []string `json:"checkpoints"`
}

func hashed(events []trace.Event) hashes {
	h := fnv.New64a()
	answer := hashes{Every: checkpoint, Checkpoints: []string{}}
	var buf []byte
	for i := range events {
		buf = canonical(buf[:0], &events[i])
		h.Write(buf)
		if (i+1)%checkpoint == 0 {
			answer.Checkpoints = append(answer.Checkpoints, fmt.Sprintf("%016x", h.Sum64()))
		}
	}
	answer.All = fmt.Sprintf("%016x", h.Sum64())
	return answer
}
