// Package sessions remembers customers.
package sessions

// Session is what is known of a customer.
type Session struct {
	ID      int
	Basket  []int64
	Journey [24]int64
}

// Tracker knows all sessions.
type Tracker struct{ open map[int]*Session }

// NewTracker knows nobody.
func NewTracker() *Tracker { return &Tracker{open: map[int]*Session{}} }

// Open opens a session.
//
// Planted, H01: nothing ever closes one.
func (t *Tracker) Open(id int) *Session {
	s := &Session{ID: id, Basket: make([]int64, 48)}
	t.open[id] = s
	return s
}

// Catalogue is all articles at once.
type Catalogue struct{ pages [][]byte }

// Load loads pages of 64 KiB.
//
// Planted, H02: nearly all memory in use is held by this one function.
func (c *Catalogue) Load(pages int) {
	for range pages {
		c.pages = append(c.pages, make([]byte, 64<<10))
	}
}

// PageCache remembers rendered pages.
type PageCache struct{ pages map[int][]byte }

// NewPageCache remembers nothing yet.
func NewPageCache() *PageCache { return &PageCache{pages: map[int][]byte{}} }

// Remember keeps a page.
//
// Planted, H05: a cache without a bound, of which nothing is freed.
func (c *PageCache) Remember(id int) []byte {
	page, ok := c.pages[id]
	if !ok {
		page = make([]byte, 2048)
		page[0] = byte(id)
		c.pages[id] = page
	}
	return page
}

// Scratch fills a buffer that is thrown away.
//
// Planted, H08: the most of what is allocated, and none of it lives.
func Scratch(id int) []byte {
	b := make([]byte, 3000)
	b[id%len(b)] = byte(id)
	return b
}
