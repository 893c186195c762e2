package templates

import "testing"

func TestSizesAreInTheLargestUnitWithTenOrMore(t *testing.T) {
	words, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{0: "0 bytes", 10_239: "10,239 bytes", 10_240: "10 kB", 10 << 20: "10 MB", 9 << 30: "9,216 MB", 10 << 30: "10 GB", 1 << 60: "1,048,576 TB"} {
		if got := words.Bytes(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
