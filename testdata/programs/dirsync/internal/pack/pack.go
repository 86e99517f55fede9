// Package pack writes the files of a plan into one compressed stream.
package pack

import (
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"example.com/dirsync/internal/tree"
)

// Writer packs files: a length-prefixed header and the contents, gzipped.
type Writer struct {
	zip  *gzip.Writer
	log  io.Writer
	size int64
}

// NewWriter packs to dst; a line per file goes to log, unbuffered, so each
// costs one system call when log is a file.
func NewWriter(dst, log io.Writer) *Writer {
	return &Writer{zip: gzip.NewWriter(dst), log: log}
}

// Add appends one file.
func (w *Writer) Add(f *tree.File) error {
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:4], uint32(len(f.Path)))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(f.Data)))
	for _, part := range [][]byte{head[:], []byte(f.Path), f.Data} {
		n, err := w.zip.Write(part)
		w.size += int64(n)
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	_, err := fmt.Fprintf(w.log, "%s %o %d %s\n", f.ModTime.Format("2006-01-02T15:04:05"), f.Mode, len(f.Data), f.Path)
	return err
}

// Close ends the stream and returns the number of bytes packed.
func (w *Writer) Close() (int64, error) { return w.size, w.zip.Close() }
