// Package files is the part of the shop that works on a file system.
package files

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// WriteReport writes one line for each of n days.
//
// Planted, I01: a system call for each line.
func WriteReport(f *os.File, n int) error {
	if _, err := f.Seek(0, 0); err != nil {
		return err
	}
	for i := range n {
		if _, err := fmt.Fprintf(f, "day %d: %d\n", i, i*i); err != nil {
			return err
		}
	}
	return nil
}

// Reloaded tells whether one of the settings changed.
//
// Planted, I02: the file system is asked for every request.
func Reloaded(settings []string, size int64) bool {
	for _, path := range settings {
		if info, err := os.Stat(path); err != nil || info.Size() != size {
			return true
		}
	}
	return false
}

// Count counts the files below a directory.
//
// Planted, I03: Walk asks for details of each entry that nobody wants.
func Count(root string) (n int, err error) {
	err = filepath.Walk(root, func(_ string, info fs.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n++
		}
		return err
	})
	return n, err
}

// Plant makes dirs directories of each files empty files.
func Plant(root string, dirs, each int) error {
	for d := range dirs {
		dir := filepath.Join(root, fmt.Sprintf("customers-%03d", d))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for i := range each {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("order-%03d.json", i)), nil, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// Hook runs a command after a change.
//
// Planted, I04: a process for each change.
func Hook(command string) error { return exec.Command(command).Run() }
