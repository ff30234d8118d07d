// Reads dashboards (JSON, in files whose names are given) and groups of alert rules (JSON lines on standard input) as
// Grafana's own types: no unknown field, none missing, none of a wrong type, no value out of range.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/alerting"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

type resource interface {
	UnmarshalJSONStrict(raw []byte) error
	Validate() error
}

func main() {
	plugins.RegisterDefaultPlugins()
	valid := true
	check := func(name string, raw []byte, into resource) {
		for _, err := range []error{into.UnmarshalJSONStrict(raw), into.Validate()} {
			// Without a fault it is a list that is empty, and not nil.
			if err != nil && err.Error() != "" {
				valid = false
				fmt.Printf("%s: %v\n", name, err)
			}
		}
	}
	for _, file := range os.Args[1:] {
		raw, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		check(file, raw, &dashboard.Dashboard{})
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for group := 1; lines.Scan(); group++ {
		check(fmt.Sprintf("group %d", group), lines.Bytes(), &alerting.RuleGroup{})
	}
	if !valid {
		os.Exit(1)
	}
	fmt.Println("valid")
}
