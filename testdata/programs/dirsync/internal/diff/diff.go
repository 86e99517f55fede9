// Package diff compares two scans and two texts.
package diff

import (
	"fmt"
	"sort"
	"strings"
)

// Kind says what happened to a file.
type Kind int

// The kinds of change, in the order a plan applies them.
const (
	Removed Kind = iota
	Changed
	Added
)

func (k Kind) String() string { return [...]string{"removed", "changed", "added"}[k] }

// Change is one difference between two scans.
type Change struct {
	Kind     Kind
	Path     string
	Old, New string
}

// Scan maps a path to the sum of its contents.
type Scan map[string]string

// Compare lists the differences from old to new.
func Compare(old, new Scan) []Change {
	var changes []Change
	for p, sum := range old {
		other, ok := new[p]
		switch {
		case !ok:
			changes = append(changes, Change{Kind: Removed, Path: p, Old: sum})
		case other != sum:
			changes = append(changes, Change{Kind: Changed, Path: p, Old: sum, New: other})
		}
	}
	for p, sum := range new {
		if _, ok := old[p]; !ok {
			changes = append(changes, Change{Kind: Added, Path: p, New: sum})
		}
	}
	// The key is rebuilt for each comparison: n log n Sprintfs.
	sort.Slice(changes, func(i, j int) bool {
		a := fmt.Sprintf("%d/%s", changes[i].Kind, changes[i].Path)
		b := fmt.Sprintf("%d/%s", changes[j].Kind, changes[j].Path)
		return a < b
	})
	return changes
}

// Lines is a unified-looking diff of two texts by longest common subsequence.
func Lines(old, new string) string {
	a, b := strings.Split(old, "\n"), strings.Split(new, "\n")
	return script(a, b, table(a, b))
}

// table holds the length of the longest common subsequence of a[i:] and b[j:].
func table(a, b []string) [][]int {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	return length
}
