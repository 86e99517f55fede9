// Package wire reads and writes the messages between shops.
package wire

import (
	"bytes"
	"encoding/binary"
	"strings"
	"sync"
)

// Header stands before each message.
type Header struct {
	Kind, Flags uint32
	Length      uint64
	Sequence    uint64
	Checksum    uint64
}

// ReadHeader decodes a header.
//
// Planted, S08: a layout that never changes is decoded by reflection.
func ReadHeader(message []byte) (h Header, err error) {
	err = binary.Read(bytes.NewReader(message), binary.LittleEndian, &h)
	return h, err
}

// Topic finds out where a message belongs.
//
// Planted, S02: the message goes from bytes to text and back.
func Topic(message []byte) []byte {
	text := string(message)
	if i := strings.IndexByte(text, ' '); i >= 0 {
		text = text[i+1:]
	}
	return []byte(text)
}

var buffers = sync.Pool{New: func() any { return make([]byte, 0, 4096) }}

// Encode packs a message and tells its length.
//
// Planted, D05: the pool holds slices, so each Put allocates their header.
func Encode(kind, sequence uint64) int {
	b := buffers.Get().([]byte)[:0]
	b = binary.LittleEndian.AppendUint64(b, kind)
	b = binary.LittleEndian.AppendUint64(b, sequence)
	n := len(b)
	buffers.Put(b)
	return n
}
