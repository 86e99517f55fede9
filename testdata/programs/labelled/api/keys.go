// Package api is what the shop does for each request.
package api

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Request is one request to the shop.
type Request struct {
	Tenant string
	Path   string
	ID     int
	Line   string
}

// Requests returns n requests.
func Requests(n int) []Request {
	list := make([]Request, n)
	for i := range list {
		list[i] = Request{
			Tenant: "north",
			Path:   "/v1/orders/4711/items",
			ID:     i,
			Line:   "2026-03-01T12:30:45Z;north;mail=ann@example.com;card=4111-1111-1111-1111;total=17.20;GET;200;ok",
		}
	}
	return list
}

// ShardKey names the shard that a request belongs to.
//
// Planted, S03: formatting where joining would do.
func ShardKey(r *Request) string {
	return fmt.Sprintf("%s:%s:%d", r.Tenant, r.Path, r.ID)
}

// Routed tells whether a request is about orders.
//
// Planted, S04: the expression is compiled for each request.
func Routed(r *Request) bool {
	ok, _ := regexp.MatchString(`^/v[0-9]+/orders/([0-9]{1,8})/(items|notes)$`, r.Path)
	return ok
}

var card = regexp.MustCompile(`([0-9]{4}[- ]?){3}[0-9]{4}|[a-z.]+@[a-z.]+\.(com|org)`)

// Sensitive counts what must not be logged of a request.
//
// Planted, S05: a backtracking expression over each line.
func Sensitive(r *Request) int {
	n := 0
	rest := r.Line
	for {
		at := card.FindStringIndex(rest)
		if at == nil {
			return n
		}
		n++
		rest = rest[at[1]:]
	}
}

// Status finds the status of a logged line.
//
// Planted, S06: all fields are cut out and turned to upper case for one of them.
func Status(line string) bool {
	fields := strings.Split(strings.ToUpper(line), ";")
	return len(fields) > 6 && strings.ToLower(fields[len(fields)-1]) == "ok"
}

// Age tells how old a logged line is.
//
// Planted, S10: a layout read anew for each line.
func Age(line string, now time.Time) time.Duration {
	at, err := time.Parse("2006-01-02T15:04:05Z0700", line[:20])
	if err != nil {
		return 0
	}
	return now.Sub(at)
}
