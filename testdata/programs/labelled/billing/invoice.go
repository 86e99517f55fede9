// Package billing is the part of the shop that writes invoices and adds up
// baskets.
package billing

import "strconv"

// Row is one position of an invoice.
type Row struct {
	SKU      string
	Price    string
	Quantity int
	Cents    int64
}

// Rows returns n positions.
func Rows(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		cents := i*i%10007 + 300
		rows[i] = Row{"sku-" + strconv.Itoa(i*7919%n), strconv.Itoa(cents), i % 9, int64(cents)}
	}
	return rows
}

// Positive returns the rows that cost something.
//
// Planted, D03: the result grows from nothing although its length is bounded.
func Positive(rows []Row) []Row {
	var kept []Row
	for _, r := range rows {
		if r.Cents > 0 {
			kept = append(kept, r)
		}
	}
	return kept
}
