// Package search is the index of the shop.
package search

// Node is a node of the index, a balanced tree.
type Node struct {
	Left, Right *Node
	Key         [2]int
}

// Build makes a tree of the given depth.
//
// Planted, A01 and A02: a tree of small objects with pointers is made anew for
// each change, by several goroutines at once, while a large one is alive.
func Build(depth, key int) *Node {
	n := &Node{Key: [2]int{key, depth}}
	if depth > 0 {
		n.Left = Build(depth-1, 2*key)
		n.Right = Build(depth-1, 2*key+1)
	}
	return n
}

// Point is a place on the map.
type Point struct{ X, Y, Z float64 }

// Middle returns the points between two lists.
//
// Planted, A04 and A05: an object of 24 bytes for each point instead of one
// slice of values.
func Middle(a, b []Point, into []*Point) []*Point {
	into = into[:0]
	for i := range a {
		into = append(into, &Point{(a[i].X + b[i].X) / 2, (a[i].Y + b[i].Y) / 2, (a[i].Z + b[i].Z) / 2})
	}
	return into
}

// Post is an entry of a feed.
type Post struct {
	newer, older *Post
	Score        int
}

// Feed is a doubly linked list of posts.
type Feed struct {
	root  Post
	posts []*Post
}

// NewFeed links n posts.
func NewFeed(n int) *Feed {
	f := &Feed{posts: make([]*Post, n)}
	f.root.newer, f.root.older = &f.root, &f.root
	for i := range f.posts {
		f.posts[i] = &Post{Score: i}
		f.link(f.posts[i])
	}
	return f
}

func (f *Feed) link(p *Post) {
	p.newer, p.older = &f.root, f.root.older
	p.newer.older, p.older.newer = p, p
}

// Touch puts posts in front, and swaps them.
//
// Planted, A03: eight pointers are written for each post, most of them while
// the collector marks.
func (f *Feed) Touch(from, n int) {
	for i := from; i < from+n; i++ {
		p := f.posts[i%len(f.posts)]
		p.newer.older, p.older.newer = p.older, p.newer
		f.link(p)
		j, k := i%len(f.posts), (i*31+7)%len(f.posts)
		f.posts[j], f.posts[k] = f.posts[k], f.posts[j]
	}
}

// Depth returns the longest way down a chain of nodes.
//
// Planted, M04: deeper than the 64 frames a CPU profile keeps.
func Depth(n *Node) int {
	if n == nil {
		return 0
	}
	work := 0
	for i := range 400 {
		work += n.Key[i&1] * i
	}
	return Depth(n.Left) + 1 + work&0
}

// Chain makes a tree that is a chain.
func Chain(n int) *Node {
	var top *Node
	for i := range n {
		top = &Node{Left: top, Key: [2]int{i, i}}
	}
	return top
}
