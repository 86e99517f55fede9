// Package render writes the plan of a sync for people.
package render

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"

	"example.com/dirsync/internal/diff"
)

const page = `{{define "row"}}{{.Kind | printf "%-8s"}} {{.Path}}{{if .Old}} {{short .Old}}{{end}}{{if .New}} -> {{short .New}}{{end}}
{{end}}# Sync plan for {{.Root | upper}}
{{range .Groups}}
## {{.Title}} ({{len .Changes}})
{{range .Changes}}{{template "row" .}}{{end}}{{end}}
Total: {{.Total}} changes
`

type group struct {
	Title   string
	Changes []diff.Change
}

// Plan renders the changes grouped by top-level directory. The template is
// parsed anew for every plan.
func Plan(root string, changes []diff.Change) (string, error) {
	t, err := template.New("plan").Funcs(template.FuncMap{
		"upper": strings.ToUpper,
		"short": func(sum string) string { return sum[:min(8, len(sum))] },
	}).Parse(page)
	if err != nil {
		return "", fmt.Errorf("parse plan template: %w", err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{"Root": root, "Groups": grouped(changes), "Total": len(changes)})
	return out.String(), err
}

func grouped(changes []diff.Change) []group {
	var groups []group
	at := make(map[string]int)
	for _, c := range changes {
		top, _, _ := strings.Cut(c.Path, "/")
		i, ok := at[top]
		if !ok {
			i = len(groups)
			at[top] = i
			groups = append(groups, group{Title: top})
		}
		groups[i].Changes = append(groups[i].Changes, c)
	}
	return groups
}
