package billing

import "testing"

// Planted, N02 and N03: faster and with two allocations less than as many as
// there are rows, with the tag tuned.
func BenchmarkExport(b *testing.B) {
	rows := Rows(300)
	b.ReportAllocs()
	for b.Loop() {
		if Export(rows) == "" {
			b.Fatal("nothing was written")
		}
	}
}

// The same code with and without the tag.
func BenchmarkPositive(b *testing.B) {
	rows := Rows(300)
	b.ReportAllocs()
	for b.Loop() {
		if len(Positive(rows)) == 0 {
			b.Fatal("nothing is positive")
		}
	}
}

// Planted, N04: without a loop, whatever it takes is divided by the number of
// iterations, which grows until it is a billion.
func BenchmarkPurchases(b *testing.B) {
	if len(Purchases(Rows(20_011))) == 0 {
		b.Fatal("nothing was bought")
	}
}
