// Package burn spends time on a processor.
package burn

import "time"

// Spin calculates for about d. Asking for the time makes no system call, so a trace shows nothing of it.
func Spin(d time.Duration) uint64 {
	x := uint64(88172645463325252)
	for end := time.Now().Add(d); time.Now().Before(end); {
		for i := 0; i < 100; i++ {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
	}
	return x
}
