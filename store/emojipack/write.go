package emojipack

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
)

// Writer writes an archive that Akkoma, Pleroma, Misskey and [Open] read: the
// pictures with both lists.
type Writer struct {
	z    *zip.Writer
	pack packJSON
	meta metaJSON
}

// NewWriter begins an archive of the emoji of a server.
func NewWriter(w io.Writer, host string) *Writer {
	p := &Writer{z: zip.NewWriter(w), pack: packJSON{Files: map[string]string{}}, meta: metaJSON{Version: 2, Host: host, Emojis: []metaEntry{}}}
	p.pack.Pack.Homepage, p.pack.Pack.Share = host, true
	return p
}

// Add writes one emoji; ext is the end of its file's name, with the dot.
func (w *Writer) Add(e Emoji, ext string, picture io.Reader) error {
	name := e.Name + ext
	f, err := w.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}) // pictures are compressed already
	if err == nil {
		_, err = io.Copy(f, picture)
	}
	if err != nil {
		return fmt.Errorf("pack emoji %s: %w", e.Name, err)
	}
	w.pack.Files[e.Name] = name
	w.meta.Emojis = append(w.meta.Emojis, metaEntry{Downloaded: true, FileName: name,
		Emoji: metaEmoji{Name: e.Name, Category: &e.Category, Aliases: append([]string{}, e.Aliases...), Licence: &e.Licence}})
	return nil
}

// Close writes the lists and the end of the archive.
func (w *Writer) Close() error {
	w.pack.Count = len(w.pack.Files)
	for name, list := range map[string]any{"pack.json": w.pack, "meta.json": w.meta} {
		f, err := w.z.Create(name)
		if err == nil {
			enc := json.NewEncoder(f)
			enc.SetIndent("", "  ")
			err = enc.Encode(list)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	return w.z.Close()
}
