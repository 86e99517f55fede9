package mirror

import (
	"fmt"
	"time"
)

// index has a heap with pointers, and drops most of what it allocates.
type index struct {
	kept []*posting
}

type posting struct {
	next  *posting
	word  string
	files []int
}

func newIndex() *index {
	x := &index{}
	for i := 0; i < 12000; i++ {
		x.kept = append(x.kept, newPosting(i, 4))
	}
	return x
}

func newPosting(n, files int) *posting {
	return &posting{word: fmt.Sprint("word", n), files: make([]int, files)}
}

// fill allocates until the collector makes it help.
func (x *index) fill(until func() bool) {
	for n := 0; !until(); n++ {
		var list *posting
		for i := 0; i < 1000; i++ {
			p := newPosting(i, 8)
			p.next = list
			list = p
		}
		x.kept[n%len(x.kept)] = list
		list.next = nil
		time.Sleep(4 * time.Millisecond)
	}
}
