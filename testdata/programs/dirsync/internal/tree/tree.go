// Package tree is an in-memory directory tree: what a scan of a working copy
// leaves behind, without the disk.
package tree

import (
	"fmt"
	"math/rand"
	"path"
	"sort"
	"strings"
	"time"
)

// File is one regular file with its contents.
type File struct {
	Path    string
	Mode    uint32
	ModTime time.Time
	Data    []byte
}

// Dir is a directory: files and subdirectories by base name.
type Dir struct {
	Path  string
	Files map[string]*File
	Dirs  map[string]*Dir
}

// Shape says how large a generated tree is.
type Shape struct {
	Depth, DirsPerDir, FilesPerDir int
	MinSize, MaxSize               int
}

var (
	nouns = strings.Fields("account archive audit batch billing cache catalog cluster config customer delivery digest event export feature gateway image import index invoice ledger mailer metric notice order parser payment policy queue quota region report router search session shipment stock tenant token upload user vault webhook worker")
	exts  = []string{".go", ".go", ".go", ".md", ".json", ".yaml", ".sql", ".txt", ".log", ".tmp", ".o"}
)

// Generate builds a tree that depends only on seed and shape.
func Generate(seed int64, shape Shape) *Dir {
	g := &generator{rnd: rand.New(rand.NewSource(seed)), shape: shape, clock: time.Unix(1700000000, 0).UTC()}
	return g.dir("", shape.Depth)
}

type generator struct {
	rnd   *rand.Rand
	shape Shape
	clock time.Time
}

func (g *generator) dir(at string, depth int) *Dir {
	d := &Dir{Path: at, Files: make(map[string]*File), Dirs: make(map[string]*Dir)}
	for i := 0; i < g.shape.FilesPerDir; i++ {
		name := g.noun() + "_" + g.noun() + exts[g.rnd.Intn(len(exts))]
		d.Files[name] = g.file(path.Join(at, name))
	}
	if depth == 0 {
		return d
	}
	for i := 0; i < g.shape.DirsPerDir; i++ {
		name := fmt.Sprintf("%s%02d", g.noun(), i)
		d.Dirs[name] = g.dir(path.Join(at, name), depth-1)
	}
	return d
}

func (g *generator) noun() string { return nouns[g.rnd.Intn(len(nouns))] }

func (g *generator) file(at string) *File {
	size := g.shape.MinSize + g.rnd.Intn(g.shape.MaxSize-g.shape.MinSize+1)
	data := make([]byte, 0, size+64)
	for len(data) < size {
		data = append(data, g.noun()...)
		data = append(data, " = "...)
		data = fmt.Appendf(data, "%d", g.rnd.Intn(4000))
		data = append(data, '\n')
	}
	g.clock = g.clock.Add(time.Duration(g.rnd.Intn(90)) * time.Second)
	return &File{Path: at, Mode: 0o644, ModTime: g.clock, Data: data}
}

// Walk calls visit for every file, directories in name order, depth first.
func (d *Dir) Walk(visit func(*File) error) error {
	for _, f := range sorted(d.Files) {
		if err := visit(f); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	for _, sub := range sorted(d.Dirs) {
		if err := sub.Walk(visit); err != nil {
			return err
		}
	}
	return nil
}

// sorted lists the values of m in key order.
func sorted[V any](m map[string]V) []V {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	values := make([]V, 0, len(keys))
	for _, k := range keys {
		values = append(values, m[k])
	}
	return values
}

// Mutate returns a copy of d in which about one file in every `every` was
// edited, removed or joined by a new one: the other side of a sync.
func (d *Dir) Mutate(seed int64, every int) *Dir {
	rnd := rand.New(rand.NewSource(seed))
	return d.mutate(rnd, every)
}

func (d *Dir) mutate(rnd *rand.Rand, every int) *Dir {
	out := &Dir{Path: d.Path, Files: make(map[string]*File, len(d.Files)), Dirs: make(map[string]*Dir, len(d.Dirs))}
	for _, f := range sorted(d.Files) {
		name := path.Base(f.Path)
		switch roll := rnd.Intn(every * 3); {
		case roll == 0: // removed
		case roll == 1:
			out.Files[name] = f.edited(rnd)
		case roll == 2:
			out.Files[name] = f
			out.Files["new_"+name] = &File{Path: path.Join(d.Path, "new_"+name), Mode: f.Mode, ModTime: f.ModTime, Data: f.Data}
		default:
			out.Files[name] = f
		}
	}
	for _, sub := range sorted(d.Dirs) {
		out.Dirs[path.Base(sub.Path)] = sub.mutate(rnd, every)
	}
	return out
}

func (f *File) edited(rnd *rand.Rand) *File {
	lines := strings.SplitAfter(string(f.Data), "\n")
	for i := 0; i < 1+len(lines)/12; i++ {
		at := rnd.Intn(len(lines))
		lines[at] = "edited = " + nouns[rnd.Intn(len(nouns))] + "\n"
	}
	return &File{Path: f.Path, Mode: f.Mode, ModTime: f.ModTime.Add(time.Hour), Data: []byte(strings.Join(lines, ""))}
}
