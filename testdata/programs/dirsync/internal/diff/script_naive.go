//go:build !tuned

package diff

// script walks the table and joins the edit script line by line, copying
// everything written so far each time.
func script(a, b []string, length [][]int) string {
	out := ""
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out += "  " + a[i] + "\n"
			i++
			j++
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			out += "- " + a[i] + "\n"
			i++
		default:
			out += "+ " + b[j] + "\n"
			j++
		}
	}
	return out
}
