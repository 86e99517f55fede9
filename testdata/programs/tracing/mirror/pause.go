package mirror

import "sync"

// pause is a condition that is lifted now and then.
type pause struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newPause() *pause {
	p := &pause{}
	p.cond = sync.NewCond(&p.mu)
	return p
}

func (p *pause) watch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for last := p.n; ; last = p.n {
		for p.n == last {
			p.cond.Wait()
		}
	}
}

func (p *pause) lift() {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
	p.cond.Broadcast()
}
