// Package journal writes down what happened.
package journal

import (
	"log/slog"
	"runtime"
	"time"
)

// Sold logs a sale.
//
// Planted, I11: a record with its place in the source for every article.
func Sold(log *slog.Logger, sku string, cents int64, took time.Duration) {
	log.Info("sold", "sku", sku, "cents", cents, "took", took, "till", 4)
}

// Span is a stretch of work with a name.
type Span struct {
	File string
	Line int
}

// Begin begins a span.
//
// Planted, I12: the caller's place is looked up each time.
func Begin() Span {
	_, file, line, _ := runtime.Caller(1)
	return Span{file, line}
}

// Latencies are sums of durations.
type Latencies struct{ Sum [16]time.Duration }

// Measure times the summing of every single value.
//
// Planted, I14: the clock is read twice for each value.
func (l *Latencies) Measure(values []int) (sum int) {
	for i, v := range values {
		start := time.Now()
		sum += v
		l.Sum[i%len(l.Sum)] += time.Since(start)
	}
	return sum
}
