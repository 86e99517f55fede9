//go:build cgo

// Package native is what the shop does in C.
package native

/*
static int tax(int cents) { return cents * 19 / 100; }
*/
import "C"

// Tax adds the tax of prices up.
//
// Planted, I05: a call into C for each price.
func Tax(cents []int) (sum int) {
	for _, c := range cents {
		sum += int(C.tax(C.int(c)))
	}
	return sum
}
