#!/bin/sh
# Makes the captured profiles again: capture.sh [GO]
# Values differ from run to run, so goldens have to be made anew afterwards:
# cargo xtask golden. The binary is built with -trimpath and run from /tmp,
# so that no path of this machine gets into the files.
set -eu
go=${1:-go}
here=$(cd "$(dirname "$0")" && pwd)
profiles=$here/../pprof/dirsync
suite=$here/../suite
demo=$here/../../www/public/demo
mkdir -p "$profiles" "$suite" "$demo" /tmp/dirsync-tuned

cd "$here/dirsync"
GOTOOLCHAIN=local "$go" build -trimpath -o /tmp/dirsync-capture/dirsync ./cmd/capture
GOTOOLCHAIN=local "$go" build -trimpath -tags tuned -o /tmp/dirsync-tuned/dirsync ./cmd/capture

/tmp/dirsync-capture/dirsync -cpu -for 12s -o "$demo"
/tmp/dirsync-tuned/dirsync -cpu -for 12s -o /tmp/dirsync-tuned
mv /tmp/dirsync-tuned/cpu.pb.gz "$demo/cpu-tuned.pb.gz"
/tmp/dirsync-capture/dirsync -for 6s -o "$profiles"
mv "$profiles/heap.pb.gz" "$demo/heap.pb.gz"
/tmp/dirsync-capture/dirsync -text -mutexfraction 100 -for 1s -o "$suite"
"$go" test -run '^$' -bench . -count 6 . > "$suite/bench.txt"
rm -r /tmp/dirsync-capture /tmp/dirsync-tuned
