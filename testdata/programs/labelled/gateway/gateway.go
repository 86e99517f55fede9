// Package gateway asks other shops.
package gateway

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

// Shop answers any request with a few bytes.
func Shop() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "in stock") })
}

// Asker asks a shop.
type Asker struct {
	client *http.Client
	url    string
}

// NewAsker asks a plain shop.
//
// Planted, I06: no connection is used twice.
func NewAsker(server *httptest.Server) *Asker {
	return &Asker{&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, server.URL}
}

// NewSecureAsker asks a shop by TLS.
//
// Planted, I07: a handshake for each question.
func NewSecureAsker(server *httptest.Server) *Asker {
	client := server.Client()
	client.Transport.(*http.Transport).DisableKeepAlives = true
	return &Asker{client, server.URL}
}

// InStock asks one question.
func (a *Asker) InStock() (int64, error) {
	answer, err := a.client.Get(a.url)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	return io.Copy(io.Discard, answer.Body)
}

// Peek asks whether there is an answer at all.
//
// Planted, R04: the body is neither read nor closed, so the connection and its
// two goroutines stay.
func (a *Asker) Peek() (bool, error) {
	answer, err := a.client.Get(a.url)
	if err != nil {
		return false, err
	}
	return answer.StatusCode == http.StatusOK, nil
}

// NewPeeker asks a shop whose answers are too long to be read ahead.
func NewPeeker() (*Asker, *httptest.Server) {
	long := make([]byte, 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(long) }))
	return &Asker{&http.Client{Transport: &http.Transport{}}, server.URL}, server
}
