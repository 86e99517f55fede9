//go:build tuned

package billing

import "strings"

// Export writes the rows as comma separated values.
func Export(rows []Row) string {
	var out strings.Builder
	out.Grow(32 * (len(rows) + 1))
	out.WriteString("sku,cents\n")
	for _, r := range rows {
		out.WriteString(r.SKU)
		out.WriteByte(',')
		out.WriteString(r.Price)
		out.WriteByte('\n')
	}
	return out.String()
}
