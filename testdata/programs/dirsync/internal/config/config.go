// Package config reads and writes the manifest of a synced tree.
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"
)

// Entry describes one file of the manifest.
type Entry struct {
	Path     string            `json:"path"`
	Sum      string            `json:"sum"`
	Size     int               `json:"size"`
	Mode     uint32            `json:"mode"`
	Modified time.Time         `json:"modified"`
	Attrs    map[string]string `json:"attrs,omitempty"`
}

// Manifest is what one side knows about its tree.
type Manifest struct {
	Version int      `json:"version"`
	Root    string   `json:"root"`
	Ignore  []string `json:"ignore"`
	Entries []Entry  `json:"entries"`
}

// ErrVersion is returned for a manifest of another version.
var ErrVersion = errors.New("unsupported manifest version")

// Encode writes the manifest, entries sorted by path.
func (m *Manifest) Encode() ([]byte, error) {
	sort.Slice(m.Entries, func(i, j int) bool { return m.Entries[i].Path < m.Entries[j].Path })
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return buf.Bytes(), nil
}

// Decode reads a manifest and checks it.
func Decode(data []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("decode manifest: %w", err)
	}
	if m.Version != 1 {
		return nil, ErrVersion
	}
	if err := m.validate(); err != nil {
		return nil, err
	}
	return &m, nil
}

func (m *Manifest) validate() error {
	seen := make(map[string]bool)
	for _, e := range m.Entries {
		key := fmt.Sprintf("%s@%s", e.Path, e.Sum)
		if seen[key] {
			return fmt.Errorf("%s: listed twice", e.Path)
		}
		seen[key] = true
		if e.Size < 0 {
			return fmt.Errorf("%s: negative size %d", e.Path, e.Size)
		}
	}
	return nil
}
