package emojipack

import (
	"archive/zip"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strings"
)

// manifest reads the list of emoji in an archive, in its root or in its one
// folder; nil if there is none.
func manifest(files map[string]*zip.File) ([]*Emoji, error) {
	for _, m := range []struct {
		name string
		read func([]byte, func(string) *zip.File) ([]*Emoji, error)
	}{{"meta.json", misskey}, {"pack.json", akkoma}} {
		name := find(files, m.name)
		if name == "" {
			continue
		}
		text, err := readAll(files[name])
		if err != nil {
			return nil, &Error{Problem: BadManifest, Entry: name, Err: err}
		}
		dir := path.Dir(name)
		list, err := m.read(text, func(file string) *zip.File { return files[path.Join(dir, file)] })
		if err != nil {
			return nil, &Error{Problem: BadManifest, Entry: name, Err: err}
		}
		sort(list)
		return list, nil
	}
	return nil, nil
}

// find returns where the manifest is: in the root, else in a folder of it.
func find(files map[string]*zip.File, base string) string {
	if files[base] != nil {
		return base
	}
	var found []string
	for name := range files {
		if path.Base(name) == base && strings.Count(name, "/") == 1 && !strings.HasPrefix(name, "__MACOSX/") {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

func readAll(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxManifest {
		return nil, ErrLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err == nil && len(b) > maxManifest {
		err = ErrLarge
	}
	return b, err
}

// packJSON is pack.json of Akkoma and Pleroma (docs/configuration/custom_emoji).
type packJSON struct {
	Files map[string]string `json:"files"`
	Pack  struct {
		Licence     string `json:"license,omitempty"`
		Description string `json:"description,omitempty"`
		Homepage    string `json:"homepage,omitempty"`
		Share       bool   `json:"share-files"`
	} `json:"pack"`
	Count int `json:"files_count"`
}

func akkoma(text []byte, file func(string) *zip.File) ([]*Emoji, error) {
	var p packJSON
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, err
	}
	list := []*Emoji{}
	for name, at := range p.Files {
		if f := file(at); f != nil {
			list = append(list, &Emoji{Name: strings.Trim(name, ":"), Category: p.Pack.Description, Licence: p.Pack.Licence, Credits: p.Pack.Homepage, file: f})
		}
	}
	return list, nil
}

// metaJSON is meta.json of Misskey's export.
type metaJSON struct {
	Version int         `json:"metaVersion"`
	Host    string      `json:"host,omitempty"`
	Emojis  []metaEntry `json:"emojis"`
}

type metaEntry struct {
	Downloaded bool      `json:"downloaded"`
	FileName   string    `json:"fileName"`
	Emoji      metaEmoji `json:"emoji"`
}

type metaEmoji struct {
	Name     string   `json:"name"`
	Category *string  `json:"category"`
	Aliases  []string `json:"aliases"`
	Licence  *string  `json:"license"`
}

func misskey(text []byte, file func(string) *zip.File) ([]*Emoji, error) {
	var m metaJSON
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	list := []*Emoji{}
	for _, e := range m.Emojis {
		if f := file(e.FileName); f != nil {
			list = append(list, &Emoji{Name: e.Emoji.Name, Category: orEmpty(e.Emoji.Category), Aliases: e.Emoji.Aliases,
				Licence: orEmpty(e.Emoji.Licence), Credits: m.Host, file: f})
		}
	}
	return list, nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
