//go:build go1.25

package main

import (
	"io"
	"runtime/trace"
	"time"
)

func init() {
	snapshot = func(age time.Duration) (func(io.Writer) error, error) {
		recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: age, MaxBytes: 64 << 20})
		write := func(w io.Writer) error {
			defer recorder.Stop()
			_, err := recorder.WriteTo(w)
			return err
		}
		return write, recorder.Start()
	}
}
