//go:build cgo

package main

import "example.com/labelled/native"

func init() {
	workloads["cgo"] = func() func(func() bool) {
		cents := make([]int, 1000)
		return func(until func() bool) {
			for !until() {
				sink += native.Tax(cents)
			}
		}
	}
}
