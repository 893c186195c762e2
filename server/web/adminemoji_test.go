package web

import "testing"

// TestUploadsAreForWhoMaySendThem: of a form with files nothing is read unless
// its sender may send it, and only where one is expected.
func TestUploadsAreForWhoMaySendThem(t *testing.T) {
	for _, test := range []struct {
		path string
		want bool
	}{{"/admin/emoji", true}, {"/admin/emoji/import", true}, {"/posts", false}, {"/admin/emoji/1/edit", false}} {
		if _, got := uploadForms(test.path); got != test.want {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
	}
}
