// Package emojipack reads and writes zip archives of custom emoji: packs of
// Akkoma and Pleroma (pack.json), the export of Misskey and its descendants
// (meta.json), and archives of nothing but pictures, each named for its
// shortcode.
//
// An archive comes from a stranger. It is refused whole if one of its names
// would lead out of it, if it holds links, or if it is larger than [Limits] say,
// whatever its own directory claims; nothing is ever written to a path of its
// naming. The package knows nothing of the store and imports nothing of this
// project. Read [Open] first.
package emojipack

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits bound what is read of an archive.
type Limits struct {
	Picture int64 // bytes of one picture
}

// Bounds of every archive.
const (
	MaxArchive  = 64 << 20 // bytes of the archive itself
	maxEntries  = 6_000    // files and folders in it
	maxPictures = 5_000
	maxUnpacked = 256 << 20 // bytes of all pictures together
	maxManifest = 4 << 20   // bytes of pack.json or meta.json
	maxName     = 500       // bytes of the name of an entry
)

// Problem is what is wrong with an archive.
type Problem string

// The ways in which an archive is refused.
const (
	NoArchive   Problem = "is no zip archive, or a damaged one"
	TooLarge    Problem = "is too large"
	TooMany     Problem = "holds too many files"
	BadPath     Problem = "holds a name that leads out of it"
	HasLink     Problem = "holds a link or something else that is no file"
	Twice       Problem = "holds the same name twice"
	BadManifest Problem = "has a list of emoji (pack.json or meta.json) that can't be read"
	Nothing     Problem = "holds no emoji"
)

// Error says why an archive is refused.
type Error struct {
	Problem Problem
	Entry   string // the entry that it is about, or ""
	Err     error
}

func (e *Error) Error() string {
	text := "the archive " + string(e.Problem)
	if e.Entry != "" {
		text += fmt.Sprintf(": %q", e.Entry)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Emoji is one picture of an archive with what the archive says of it.
type Emoji struct {
	Name, Category, Licence, Credits string
	Aliases                          []string
	file                             *zip.File
	limit                            int64
}

// ErrLarge is returned by [Emoji.Read] for a picture over the limit.
var ErrLarge = errors.New("the picture has too many bytes")

// Read returns the picture. It reads no more than the limit, whatever the
// archive says of its size. Errors are [ErrLarge] and [*Error].
func (e *Emoji) Read() ([]byte, error) {
	if e.file.UncompressedSize64 > uint64(e.limit) {
		return nil, ErrLarge
	}
	r, err := e.file.Open()
	if err != nil {
		return nil, &Error{Problem: NoArchive, Entry: e.file.Name, Err: err}
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, e.limit+1))
	if err != nil {
		return nil, &Error{Problem: NoArchive, Entry: e.file.Name, Err: err}
	}
	if int64(len(b)) > e.limit {
		return nil, ErrLarge
	}
	return b, nil
}

// Open reads the list of emoji of an archive; pictures are read one by one.
// Every error is an [*Error].
func Open(r io.ReaderAt, size int64, limits Limits) ([]*Emoji, error) {
	if size > MaxArchive {
		return nil, &Error{Problem: TooLarge}
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Error{Problem: NoArchive, Err: err}
	}
	files, err := check(z)
	if err != nil {
		return nil, err
	}
	list, err := manifest(files)
	if err == nil && list == nil {
		list = pictures(files)
	}
	if err != nil {
		return nil, err
	}
	return bound(list, limits)
}

// check looks at every entry and returns the files by name.
func check(z *zip.Reader) (map[string]*zip.File, error) {
	if len(z.File) > maxEntries {
		return nil, &Error{Problem: TooMany}
	}
	files := make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		shown := strings.ToValidUTF8(f.Name[:min(len(f.Name), 80)], "?")
		mode := f.Mode()
		switch {
		case len(f.Name) > maxName || !utf8.ValidString(name) || !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\:\x00"):
			return nil, &Error{Problem: BadPath, Entry: shown}
		case mode.IsDir():
			continue
		case !mode.IsRegular():
			return nil, &Error{Problem: HasLink, Entry: shown}
		case files[name] != nil:
			return nil, &Error{Problem: Twice, Entry: shown}
		}
		files[name] = f
	}
	return files, nil
}

// bound keeps the archive within its limits: what the entries claim here, and
// what they hold in [Emoji.Read].
func bound(list []*Emoji, limits Limits) ([]*Emoji, error) {
	if len(list) == 0 {
		return nil, &Error{Problem: Nothing}
	}
	if len(list) > maxPictures {
		return nil, &Error{Problem: TooMany}
	}
	var total uint64
	for _, e := range list {
		e.limit = limits.Picture
		if total += min(e.file.UncompressedSize64, maxUnpacked+1); total > maxUnpacked {
			return nil, &Error{Problem: TooLarge}
		}
	}
	return list, nil
}

// pictures makes emoji of all files that look like pictures, for want of a list.
func pictures(files map[string]*zip.File) []*Emoji {
	var list []*Emoji
	for name, f := range files {
		base := path.Base(name)
		ext := strings.ToLower(path.Ext(base))
		if strings.HasPrefix(base, ".") || strings.HasPrefix(name, "__MACOSX/") || !slices.Contains(extensions, ext) {
			continue
		}
		category := path.Base(path.Dir(name))
		if category == "." {
			category = ""
		}
		list = append(list, &Emoji{Name: shortcode(strings.TrimSuffix(base, path.Ext(base))), Category: category, file: f})
	}
	sort(list)
	return list
}

// extensions are the ends of the names of pictures. What a file is, its bytes
// say later.
var extensions = []string{".png", ".gif", ".webp", ".jpg", ".jpeg", ".avif", ".apng"}

// shortcode makes a name of what a file is called.
func shortcode(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' {
			return '_'
		}
		return r
	}, name)
}

func sort(list []*Emoji) {
	slices.SortFunc(list, func(a, b *Emoji) int {
		return strings.Compare(a.Name+"\x00"+a.file.Name, b.Name+"\x00"+b.file.Name)
	})
}
