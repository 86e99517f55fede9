//go:build !tuned

package billing

// Export writes the rows as comma separated values.
//
// Planted, S01: every line is joined to all lines before it, which copies them.
func Export(rows []Row) string {
	out := "sku,cents\n"
	for _, r := range rows {
		out += r.SKU + "," + r.Price + "\n"
	}
	return out
}
