package command

import (
	"slices"
	"strings"
	"testing"
)

func TestReorder(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "--"},
		{"serve", "serve --"},
		{"--data d serve --listen :1", "serve --data d --listen :1 --"},
		{"account create alice --password p", "account create --password p -- alice"},
		{"account create --password p alice", "account create --password p -- alice"},
		{"--data d account create alice", "account create --data d -- alice"},
		{"account --data=d create alice --role=owner", "account create --data=d --role=owner -- alice"},
		{"account -data d create alice", "account create -data d -- alice"},
		{"account show alice --json", "account show --json -- alice"},
		{"account show --json alice", "account show --json -- alice"},
		{"account delete alice --yes --data d", "account delete --yes --data d -- alice"},
		{"account create -- --odd", "account create -- --odd"},
		{"account create alice -- --role owner", "account create -- alice --role owner"},
		{"account create alice --password -p", "account create --password -p -- alice"},
		{"account create alice --password", "account create --password -- alice"},
		{"account create alice --unknown x", "account create --unknown -- alice x"},
		{"settings set name -", "settings set -- name -"},
		{"settings get help", "settings get -- help"},
		{"--help", "--help --"},
		{"account -h", "account -h --"},
	}
	app := (&Program{}).app()
	for _, test := range tests {
		got, err := reorder(app, append([]string{"seedling"}, strings.Fields(test.in)...))
		want := append([]string{"seedling"}, strings.Fields(test.want)...)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %q, %v; want %q", test.in, got, err, want)
		}
	}
	for _, in := range []string{"nonsense", "account nonsense", "--data d nonsense"} {
		if got, err := reorder(app, append([]string{"seedling"}, strings.Fields(in)...)); err == nil {
			t.Errorf("%q: got %q, want an error", in, got)
		}
	}
}

// TestOptionMeansTheSameEverywhere holds what reorder relies on.
func TestOptionMeansTheSameEverywhere(t *testing.T) {
	app := (&Program{}).app()
	valued := map[string]bool{}
	flagsWithValue(app.Commands, valued)
	for _, name := range []string{"json", "yes", "password-stdin", "help"} {
		if valued[name] {
			t.Errorf("--%s takes a value somewhere", name)
		}
	}
	for _, o := range serveOptions {
		if !valued[o.name] {
			t.Errorf("--%s takes no value", o.name)
		}
	}
}
