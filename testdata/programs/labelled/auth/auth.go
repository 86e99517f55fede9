// Package auth makes codes for customers.
package auth

import (
	"crypto/rand"
	"math/big"
)

const letters = "abcdefghjkmnpqrstuvwxyz23456789"

// Jitter returns numbers by which retries are spread.
//
// Planted, I09: secret randomness, a letter at a time, for what is no secret.
func Jitter(n int) ([]byte, error) {
	code := make([]byte, n)
	for i := range code {
		k, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return nil, err
		}
		code[i] = letters[k.Int64()]
	}
	return code, nil
}
