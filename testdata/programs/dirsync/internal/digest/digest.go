// Package digest names contents: a strong sum for whole files, rolling sums
// for the blocks of a changed one.
package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
)

// Sum is the hex SHA-256 of data.
func Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Quick is a cheap sum for "did this change at all".
func Quick(data []byte) uint32 { return crc32.ChecksumIEEE(data) }

// Rolling is the weak checksum of a sliding window.
type Rolling struct {
	a, b   uint32
	window []byte
	at     int
}

// NewRolling starts with the first block.
func NewRolling(block []byte) *Rolling {
	r := &Rolling{window: append([]byte(nil), block...)}
	for i, c := range block {
		r.a += uint32(c)
		r.b += uint32(len(block)-i) * uint32(c)
	}
	return r
}

// Roll moves the window by one byte.
func (r *Rolling) Roll(in byte) {
	out := r.window[r.at]
	r.window[r.at] = in
	r.at++
	if r.at == len(r.window) {
		r.at = 0
	}
	r.a += uint32(in) - uint32(out)
	r.b += r.a - uint32(len(r.window))*uint32(out)
}

// Value is the current checksum.
func (r *Rolling) Value() uint32 { return r.a&0xffff | r.b<<16 }

// Block is a run of bytes both sides have.
type Block struct {
	OldAt, NewAt, Len int
}

// Match finds the blocks of old that occur anywhere in new, as rsync does:
// weak sums in a table, strong sums to be sure.
func Match(old, new []byte, size int) []Block {
	if len(old) < size || len(new) < size {
		return nil
	}
	weak := make(map[uint32][]int)
	for at := 0; at+size <= len(old); at += size {
		key := NewRolling(old[at : at+size]).Value()
		weak[key] = append(weak[key], at)
	}
	var found []Block
	roll := NewRolling(new[:size])
	for at := 0; ; {
		if oldAt, ok := confirm(weak[roll.Value()], old, new[at:at+size]); ok {
			found = append(found, Block{OldAt: oldAt, NewAt: at, Len: size})
			at += size
			if at+size > len(new) {
				return found
			}
			roll = NewRolling(new[at : at+size])
			continue
		}
		if at+size >= len(new) {
			return found
		}
		roll.Roll(new[at+size])
		at++
	}
}

func confirm(candidates []int, old, block []byte) (int, bool) {
	if len(candidates) == 0 {
		return 0, false
	}
	want := sha256.Sum256(block)
	for _, at := range candidates {
		if sha256.Sum256(old[at:at+len(block)]) == want {
			return at, true
		}
	}
	return 0, false
}
