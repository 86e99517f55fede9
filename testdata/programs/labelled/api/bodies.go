package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"text/template"
)

// Body is the body of an order.
var Body = []byte(`{"id":4711,"customer":"ann","lines":[{"sku":"a-1","quantity":2,"cents":399},{"sku":"b-7","quantity":1,"cents":1250}],"notes":["ring twice","no bags"],"paid":true}`)

// Customer takes the customer out of an order.
//
// Planted, S07: decoded into maps of any for one field of it.
func Customer(body []byte) string {
	var order map[string]any
	if err := json.Unmarshal(body, &order); err != nil {
		return ""
	}
	name, _ := order["customer"].(string)
	return name
}

const letter = `Dear {{.Name}}, {{if .Items}}you ordered {{range .Items}}{{.}}, {{end}}{{else}}nothing{{end}}
Yours, {{.Shop | printf "%s"}}
`

// Letter writes a letter to a customer.
//
// Planted, S09: the template is parsed for each letter.
func Letter(w io.Writer, name string, items []string) error {
	t, err := template.New("letter").Parse(letter)
	if err != nil {
		return err
	}
	return t.Execute(w, map[string]any{"Name": name, "Items": items, "Shop": "north"})
}

// ErrInvalid is wrapped by what Quantity returns.
var ErrInvalid = errors.New("invalid field")

// Quantity reads a field that is often empty or a word.
//
// Planted, S11: two errors are made where the answer is only whether it is a number.
func Quantity(field string) (int, error) {
	n, err := strconv.Atoi(field)
	if err != nil {
		return 0, fmt.Errorf("quantity %q: %w", field, errors.Join(ErrInvalid, err))
	}
	return n, nil
}

// Binary tells whether an upload is no text.
//
// Planted, S12: the type of the same bytes is guessed for each question.
func Binary(upload []byte) bool {
	return http.DetectContentType(upload) != "text/plain; charset=utf-8"
}
