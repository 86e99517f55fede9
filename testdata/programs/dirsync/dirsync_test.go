package dirsync

import (
	"bytes"
	"context"
	"io"
	"testing"

	"example.com/dirsync/internal/config"
	"example.com/dirsync/internal/diff"
	"example.com/dirsync/internal/digest"
	"example.com/dirsync/internal/ignore"
	"example.com/dirsync/internal/tree"
)

var shape = tree.Shape{Depth: 3, DirsPerDir: 4, FilesPerDir: 8, MinSize: 256, MaxSize: 4096}

func TestSyncFindsEveryChange(t *testing.T) {
	old := tree.Generate(1, shape)
	new := old.Mutate(2, 10)
	s := New(2, io.Discard)
	defer s.Close()
	res, err := s.Sync(context.Background(), old, new, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Changes) == 0 || len(res.Patches) == 0 || res.Packed == 0 {
		t.Fatalf("a mutated tree gave %d changes, %d patches, %d bytes", len(res.Changes), len(res.Patches), res.Packed)
	}
	same, err := s.Sync(context.Background(), old, old, io.Discard)
	if err != nil || len(same.Changes) != 0 {
		t.Fatalf("a tree against itself gave %d changes, error %v", len(same.Changes), err)
	}
}

func TestIgnore(t *testing.T) {
	rules := ignore.Parse(DefaultIgnore)
	for p, want := range map[string]bool{"a/b.o": true, "a/b.go": false, "x.log": true, "audit_x.log": false, "a/vendor/b.go": true} {
		if rules.Match(p) != want {
			t.Errorf("Match(%q) is not %v", p, want)
		}
	}
}

func BenchmarkSync(b *testing.B) {
	old := tree.Generate(1, shape)
	new := old.Mutate(2, 10)
	s := New(2, io.Discard)
	defer s.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if _, err := s.Sync(context.Background(), old, new, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIgnore(b *testing.B) {
	rules := ignore.Parse(DefaultIgnore)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		rules.Match("gateway00/vault03/invoice_order.go")
	}
}

func BenchmarkLines(b *testing.B) {
	f := tree.Generate(3, tree.Shape{FilesPerDir: 1, MinSize: 4096, MaxSize: 4096})
	g := f.Mutate(4, 1)
	var old, new string
	f.Walk(func(x *tree.File) error { old = string(x.Data); return nil })
	g.Walk(func(x *tree.File) error { new = string(x.Data); return nil })
	b.SetBytes(int64(len(old)))
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		diff.Lines(old, new)
	}
}

func BenchmarkBlocks(b *testing.B) {
	old := bytes.Repeat([]byte("gateway = 17\n"), 4096)
	new := append([]byte("header\n"), old...)
	b.SetBytes(int64(len(new)))
	for i := 0; i < b.N; i++ {
		digest.Match(old, new, 512)
	}
}

func BenchmarkManifest(b *testing.B) {
	m := &config.Manifest{Version: 1, Root: "/srv/tree"}
	tree.Generate(1, shape).Walk(func(f *tree.File) error {
		m.Entries = append(m.Entries, config.Entry{Path: f.Path, Sum: digest.Sum(f.Data), Size: len(f.Data), Modified: f.ModTime})
		return nil
	})
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		data, err := m.Encode()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := config.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
