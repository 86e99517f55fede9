#!/bin/sh
# Makes testdata/goroutines again: capture.sh [GO]
# Addresses and numbers of goroutines differ from run to run; tests count and group. The binary is
# built with -trimpath and run elsewhere, so that no path of this machine gets into the files.
set -eu
go=${1:-go}
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../goroutines
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$here"
# With cgo the runtime does not look for deadlocks.
CGO_ENABLED=0 GOTOOLCHAIN=local "$go" build -trimpath -o "$work/goroutines" .
cd "$work"
./goroutines "$out"
GOTRACEBACK=all ./goroutines deadlock 2> "$out/deadlock.txt" || true
GOTRACEBACK=system ./goroutines deadlock 2> "$out/deadlock-system.txt" || true
