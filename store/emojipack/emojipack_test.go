package emojipack

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
)

// entry is a file of an archive that a test makes.
type entry struct {
	name, text string
	mode       fs.FileMode
}

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte) ([]*Emoji, error) {
	return Open(bytes.NewReader(b), int64(len(b)), Limits{Picture: 1000})
}

func TestPacksOfOtherServers(t *testing.T) {
	for _, test := range []struct {
		name    string
		entries []entry
		want    string
	}{
		{"Akkoma", []entry{{name: "pack.json", text: `{"files":{"seed":"a.png","gone":"no.png"},"pack":{"license":"CC0","description":"Garden","homepage":"https://x.example"}}`}, {name: "a.png", text: "A"}},
			"seed/Garden/CC0/https://x.example/A"},
		{"Akkoma in a folder", []entry{{name: "cats/"}, {name: "cats/pack.json", text: `{"files":{"seed":"a.png"}}`}, {name: "cats/a.png", text: "A"}}, "seed////A"},
		{"Misskey", []entry{{name: "meta.json", text: `{"metaVersion":2,"host":"m.example","emojis":[{"downloaded":true,"fileName":"a.png","emoji":{"name":"seed","category":null,"aliases":["sprout"],"license":"BY"}}]}`}, {name: "a.png", text: "A"}},
			"seed//BY/m.example/A"},
		{"pictures", []entry{{name: "one/b.GIF", text: "B"}, {name: "a c.png", text: "A"}, {name: "readme.txt", text: "x"}, {name: "__MACOSX/._a.png", text: "x"}}, "a_c////A b/one///B"},
	} {
		list, err := open(archive(t, test.entries...))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got []string
		for _, e := range list {
			b, err := e.Read()
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			got = append(got, strings.Join([]string{e.Name, e.Category, e.Licence, e.Credits, string(b)}, "/"))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestBadArchivesAreRefused(t *testing.T) {
	many := make([]entry, maxEntries+1)
	for i := range many {
		many[i].name = strings.Repeat("a", 1+i%200) + strings.Repeat("b", i/200) + ".png"
	}
	for _, test := range []struct {
		name    string
		entries []entry
		want    Problem
	}{
		{"up", []entry{{name: "../a.png", text: "A"}}, BadPath},
		{"up inside", []entry{{name: "x/../../a.png", text: "A"}}, BadPath},
		{"absolute", []entry{{name: "/etc/a.png", text: "A"}}, BadPath},
		{"backslash", []entry{{name: `..\a.png`, text: "A"}}, BadPath},
		{"drive", []entry{{name: "C:a.png", text: "A"}}, BadPath},
		{"link", []entry{{name: "a.png", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}}, HasLink},
		{"device", []entry{{name: "a.png", mode: fs.ModeDevice | 0o666}}, HasLink},
		{"twice", []entry{{name: "a.png", text: "A"}, {name: "a.png", text: "B"}}, Twice},
		{"many", many, TooMany},
		{"no emoji", []entry{{name: "readme.txt", text: "A"}}, Nothing},
		{"broken list", []entry{{name: "pack.json", text: `{"files":`}}, BadManifest},
		{"huge list", []entry{{name: "meta.json", text: strings.Repeat(" ", maxManifest+1)}}, BadManifest},
	} {
		_, err := open(archive(t, test.entries...))
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Problem != test.want {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
	for _, text := range []string{"", "PK", "not a zip at all"} {
		var wrong *Error
		if _, err := open([]byte(text)); !errors.As(err, &wrong) || wrong.Problem != NoArchive {
			t.Errorf("%q: got %v, want %q", text, err, NoArchive)
		}
	}
}

// TestBombIsNotUnpacked: what an entry claims, and what it holds, are both
// bounded.
func TestBombIsNotUnpacked(t *testing.T) {
	bomb := archive(t, entry{name: "a.png", text: strings.Repeat("0", 5_000_000)})
	list, err := open(bomb)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := list[0].Read(); !errors.Is(err, ErrLarge) {
		t.Errorf("got %v, want %v", err, ErrLarge)
	}
	list[0].file.UncompressedSize64 = 10 // a lie
	if b, err := list[0].Read(); err == nil {
		t.Errorf("got %d bytes of a picture that lies about its size, want an error", len(b))
	}
}

func TestWrittenPackIsRead(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, "here.example")
	for _, name := range []string{"seed", "sprout"} {
		if err := w.Add(Emoji{Name: name, Category: "Garden", Licence: "CC0", Aliases: []string{"green"}}, ".png", strings.NewReader(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := open(b.Bytes())
	if err != nil || len(list) != 2 {
		t.Fatalf("got %v, %v, want two emoji", list, err)
	}
	e := list[0]
	if e.Name != "seed" || e.Category != "Garden" || e.Licence != "CC0" || e.Credits != "here.example" || len(e.Aliases) != 1 {
		t.Errorf("got %+v, want what was written", e)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(archive(f, entry{name: "pack.json", text: `{"files":{"seed":"a.png"}}`}, entry{name: "a.png", text: "A"}))
	f.Add(archive(f, entry{name: "meta.json", text: `{"emojis":[{"fileName":"a.png","emoji":{"name":"x"}}]}`}, entry{name: "a.png", text: "A"}))
	f.Add(archive(f, entry{name: "../a.png", text: "A"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := open(b)
		var wrong *Error
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("got %T, want *Error", err)
		}
		for _, e := range list {
			if b, err := e.Read(); err == nil && len(b) > 1000 {
				t.Fatalf("got %d bytes, want at most 1000", len(b))
			}
		}
	})
}
