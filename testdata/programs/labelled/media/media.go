// Package media handles the pictures of the shop.
package media

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"io"
	"os"
)

// Thumbnail returns the mean of some pixels of a picture.
//
// Planted, A07: four megabytes are cleared for each picture and hardly used.
func Thumbnail(seed byte) int {
	canvas := make([]byte, 4<<20)
	for i := 0; i < len(canvas); i += 1 << 16 {
		canvas[i] = seed
	}
	return int(canvas[1<<16]) + len(canvas)
}

// Packer compresses answers.
type Packer struct{ w *gzip.Writer }

// NewPacker makes a packer that is used for all answers.
func NewPacker() *Packer {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestCompression)
	return &Packer{w}
}

// Pack compresses an answer.
//
// Planted, I10: at the best level, however often the same answer is asked for.
func (p *Packer) Pack(answer []byte) error {
	p.w.Reset(io.Discard)
	if _, err := p.w.Write(answer); err != nil {
		return err
	}
	return p.w.Close()
}

// Digest names a picture by its content.
//
// Planted, I08: hashed for each request although it never changes.
func Digest(picture []byte) [sha256.Size]byte { return sha256.Sum256(picture) }

// Lines counts the lines of a file.
//
// Planted, I13: read as a whole.
func Lines(path string) (int, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return bytes.Count(b, []byte{'\n'}), nil
}
