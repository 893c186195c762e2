package media

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Limits are how many bytes a file of each kind may have; 0 means that the kind
// is not taken.
type Limits struct {
	Picture, Sound, Video int64

	// Pixels bounds width times height of a picture below MaxPixels; 0: no further.
	Pixels int64

	// AsIs keeps sound, video and what can't be decoded here as it came: files
	// that others have published already.
	AsIs bool
}

func (l Limits) of(k Kind) int64 {
	switch k {
	case Picture:
		return l.Picture
	case Sound:
		return l.Sound
	case Video:
		return l.Video
	}
	return 0
}

// File is one kept file.
type File struct {
	Hash Hash   // "" for none
	Type string // media type, from its bytes
	Size int64
}

// IsZero says that there is no file.
func (f File) IsZero() bool { return f.Hash == "" }

// Taken is a file that came in, as it is kept.
type Taken struct {
	File
	Kind          Kind
	Small         File          // a still picture for lists; none if the file itself serves for that
	Width, Height int           // pixels, 0 unknown
	Duration      time.Duration // of sound and video, 0 unknown
	Animated      bool          // a picture that moves; Small is its first frame
	Blurhash      string        // of a picture
	Color         string        // its mean as #rrggbb
}

// Take keeps a file that somebody handed in: without what its metadata tell,
// upright, with a small variant if it is a picture. What can't be taken is a
// [*RefusedError], and leaves nothing behind. Pictures wait for their turn, so
// that many at once stay within bounded memory; sound and video pass through a
// file and not through memory.
//
// record writes down that the files are kept, before they are: whoever removes
// files that nobody wrote down can then not take away one that just came.
func (f *Files) Take(ctx context.Context, r io.Reader, limits Limits, record func(File) error) (*Taken, error) {
	s, err := f.stage(ctx, r, max(limits.Picture, limits.Sound, limits.Video))
	if err != nil {
		return nil, err
	}
	in := &intake{files: f}
	defer in.discard()
	in.staged = append(in.staged, s)
	t, err := in.take(ctx, s, limits)
	if err != nil {
		return nil, err
	}
	for _, file := range []File{t.File, t.Small} {
		if file.IsZero() {
			continue
		}
		if err := record(file); err != nil {
			return nil, err
		}
	}
	return t, in.keep(ctx)
}

// intake is a file on its way in, with what is made of it.
type intake struct {
	files  *Files
	staged []*staged
}

// take makes a file ready to be kept.
func (in *intake) take(ctx context.Context, s *staged, limits Limits) (*Taken, error) {
	head := make([]byte, min(sniffBytes, s.size))
	if _, err := s.ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	mediaType := Sniff(head)
	limit := limits.of(KindOf(mediaType))
	_, closed := unreadable[mediaType]
	switch {
	case closed && !(limits.AsIs && limit > 0): // AVIF from elsewhere is for the browser to read
		return nil, &RefusedError{Problem: Unreadable, Type: mediaType}
	case limit == 0:
		return nil, &RefusedError{Problem: Unknown, Type: mediaType}
	case s.size > limit:
		return nil, &RefusedError{Problem: TooLarge, Type: mediaType, Limit: limit}
	case limits.AsIs && (closed || KindOf(mediaType) != Picture):
		return asIs(s, mediaType)
	case KindOf(mediaType) == Picture:
		return in.takePicture(ctx, s, mediaType, limits.Pixels)
	}
	return in.takeStream(ctx, s, mediaType)
}

// asIs keeps a file as it came.
func asIs(s *staged, mediaType string) (*Taken, error) {
	file, err := s.seal(mediaType)
	return &Taken{File: file, Kind: KindOf(mediaType)}, err
}

// keep gives all sealed files their names.
func (in *intake) keep(ctx context.Context) error {
	to := in.files.places.Load().first
	for _, s := range in.staged {
		if s.hash == "" {
			continue
		}
		if err := to.keep(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// discard removes what was not kept.
func (in *intake) discard() {
	for _, s := range in.staged {
		s.discard()
	}
}
