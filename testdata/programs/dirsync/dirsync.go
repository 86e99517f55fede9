// Package dirsync plans and packs the synchronisation of two directory trees.
//
// It is written to be profiled: an ordinary program of ordinary size with the
// inefficiencies ordinary programs have. Build with the tag "tuned" for the
// version after somebody has read the profile.
package dirsync

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"example.com/dirsync/internal/cache"
	"example.com/dirsync/internal/config"
	"example.com/dirsync/internal/diff"
	"example.com/dirsync/internal/digest"
	"example.com/dirsync/internal/ignore"
	"example.com/dirsync/internal/pack"
	"example.com/dirsync/internal/pool"
	"example.com/dirsync/internal/render"
	"example.com/dirsync/internal/tree"
)

// DefaultIgnore is the ignore file used when a tree has none.
const DefaultIgnore = `
# build products
*.o
*.tmp
**/vendor/**
# logs, but not the audit trail
*.log
!audit_*.log
`

// Result is everything one sync produced.
type Result struct {
	Changes []diff.Change
	Plan    string
	Patches map[string]string
	Reused  int
	Packed  int64
}

// Syncer compares trees; it remembers sums between runs.
type Syncer struct {
	Workers int
	Log     io.Writer

	rules  ignore.Rules
	sums   *cache.TTL[string, string]
	mu     sync.Mutex
	kept   []*config.Manifest
	recent map[string]time.Time
}

// New makes a syncer; Close it after use.
func New(workers int, log io.Writer) *Syncer {
	return &Syncer{
		Workers: workers,
		Log:     log,
		rules:   ignore.Parse(DefaultIgnore),
		sums:    cache.New[string, string](200*time.Millisecond, 3000),
		recent:  make(map[string]time.Time),
	}
}

// Close releases the cache.
func (s *Syncer) Close() { s.sums.Close() }

// Sync plans how to turn old into new and packs what changed into dst.
func (s *Syncer) Sync(ctx context.Context, old, new *tree.Dir, dst io.Writer) (*Result, error) {
	before, err := s.scan(ctx, old)
	if err != nil {
		return nil, fmt.Errorf("scan old tree: %w", err)
	}
	after, err := s.scan(ctx, new)
	if err != nil {
		return nil, fmt.Errorf("scan new tree: %w", err)
	}
	res := &Result{Changes: diff.Compare(before.sums, after.sums)}
	if res.Plan, err = render.Plan("/srv/tree", res.Changes); err != nil {
		return nil, err
	}
	s.patch(ctx, before, after, res)
	if err := s.pack(after, res, dst); err != nil {
		return nil, err
	}
	return res, s.remember(after)
}

type scanned struct {
	files map[string]*tree.File
	sums  diff.Scan
}

// scan lists the files that are not ignored and sums them with the workers.
func (s *Syncer) scan(ctx context.Context, d *tree.Dir) (*scanned, error) {
	var files []*tree.File
	err := d.Walk(func(f *tree.File) error {
		if !s.rules.Match(f.Path) {
			files = append(files, f)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	sums := pool.Map(ctx, "scan", s.Workers, files, func(_ context.Context, f *tree.File) string {
		key := fmt.Sprintf("%s|%d|%d|%08x", f.Path, len(f.Data), f.ModTime.UnixNano(), digest.Quick(f.Data))
		return s.sums.GetOrCompute(key, func() string { return digest.Sum(f.Data) })
	})
	out := &scanned{files: make(map[string]*tree.File), sums: make(diff.Scan)}
	for i, f := range files {
		out.files[f.Path] = f
		out.sums[f.Path] = sums[i]
	}
	return out, nil
}

type patched struct {
	path, text string
	reused     int
}

// patch writes a text diff for every changed file and counts reusable blocks.
func (s *Syncer) patch(ctx context.Context, before, after *scanned, res *Result) {
	var changed []diff.Change
	for _, c := range res.Changes {
		if c.Kind == diff.Changed {
			changed = append(changed, c)
		}
	}
	patches := pool.Map(ctx, "patch", s.Workers, changed, func(_ context.Context, c diff.Change) patched {
		old, new := before.files[c.Path].Data, after.files[c.Path].Data
		p := patched{path: c.Path, text: diff.Lines(string(old), string(new))}
		for _, b := range digest.Match(old, new, 64) {
			p.reused += b.Len
		}
		s.note(c.Path)
		return p
	})
	res.Patches = make(map[string]string)
	res.Reused = pool.Reduce(patches, 0, func(n int, p patched) int {
		res.Patches[p.path] = p.text
		return n + p.reused
	})
}

// note records when a path last changed; all workers take the same lock.
func (s *Syncer) note(p string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent[strings.ToLower(p)] = time.Now()
}

func (s *Syncer) pack(after *scanned, res *Result, dst io.Writer) error {
	w := pack.NewWriter(dst, s.Log)
	for _, c := range res.Changes {
		if f, ok := after.files[c.Path]; ok {
			if err := w.Add(f); err != nil {
				return err
			}
		}
	}
	var err error
	res.Packed, err = w.Close()
	return err
}

// remember keeps the manifests of the last runs, each decoded from its own
// JSON so that later runs cannot change it. Nobody ever lets go of one.
func (s *Syncer) remember(after *scanned) error {
	m := &config.Manifest{Version: 1, Root: "/srv/tree", Ignore: strings.Fields(DefaultIgnore)}
	for p, f := range after.files {
		m.Entries = append(m.Entries, config.Entry{
			Path: p, Sum: after.sums[p], Size: len(f.Data), Mode: f.Mode, Modified: f.ModTime,
			Attrs: map[string]string{"owner": "sync", "tier": tier(len(f.Data))},
		})
	}
	data, err := m.Encode()
	if err != nil {
		return err
	}
	kept, err := config.Decode(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, kept)
	if len(s.kept) > 24 {
		s.kept = s.kept[12:]
	}
	return nil
}

func tier(size int) string {
	switch {
	case size < 1<<10:
		return "small"
	case size < 1<<12:
		return "medium"
	default:
		return "large"
	}
}
