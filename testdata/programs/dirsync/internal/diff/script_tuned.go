//go:build tuned

package diff

import "strings"

// script walks the table and writes the edit script.
func script(a, b []string, length [][]int) string {
	var out strings.Builder
	line := func(mark, text string) {
		out.WriteString(mark)
		out.WriteString(text)
		out.WriteByte('\n')
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			line("  ", a[i])
			i++
			j++
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			line("- ", a[i])
			i++
		default:
			line("+ ", b[j])
			j++
		}
	}
	return out.String()
}
