package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Bounds on the structure of sound and video, far over what players write.
const (
	maxElements = 200_000 // boxes, chunks or elements of one file
	maxDepth    = 8
)

var errElements = errors.New("it has too many parts")

// stream is sound or video under its temporary name, while what it tells is
// taken out. Nothing in it moves: what must go is overwritten with padding of
// its format, so that no table of offsets has to be written anew and the file
// never is in memory.
type stream struct {
	file          *os.File
	size          int64 // what is to be left of it
	parts         int
	kind          Kind
	width, height int
	duration      time.Duration
	cover         []byte // a picture from its tags, as it came
}

// takeStream makes sound or video ready.
func (in *intake) takeStream(ctx context.Context, s *staged, mediaType string) (*Taken, error) {
	st := &stream{file: s.File, size: s.size, kind: KindOf(mediaType)}
	if err := st.cleanAs(mediaType); err != nil {
		return nil, broken(mediaType, err)
	}
	if st.kind == Sound && mediaType == "video/webm" {
		mediaType = "audio/webm"
	}
	if st.kind == Sound && mediaType == "video/mp4" {
		mediaType = "audio/mp4"
	}
	if err := s.Truncate(st.size); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	file, err := s.seal(mediaType)
	if err != nil {
		return nil, err
	}
	t := &Taken{File: file, Kind: st.kind, Width: st.width, Height: st.height, Duration: st.duration}
	return t, in.takeCover(ctx, t, st.cover)
}

func (st *stream) cleanAs(mediaType string) error {
	switch mediaType {
	case "video/mp4", "video/quicktime", "audio/mp4":
		return st.cleanMP4()
	case "video/webm":
		return st.cleanWebM()
	case "audio/mpeg":
		return st.cleanMP3()
	case "audio/ogg", "video/ogg":
		return st.cleanOgg()
	case "audio/flac":
		return st.cleanFLAC()
	}
	return st.cleanWAV()
}

// read reads n bytes at a place; what is not there is errShort.
func (st *stream) read(at int64, n int) ([]byte, error) {
	if at < 0 || at+int64(n) > st.size {
		return nil, errShort
	}
	b := make([]byte, n)
	if _, err := st.file.ReadAt(b, at); err != nil {
		return nil, err
	}
	return b, nil
}

// count bounds how many parts a file may have.
func (st *stream) count() error {
	if st.parts++; st.parts > maxElements {
		return errElements
	}
	return nil
}

// write replaces bytes.
func (st *stream) write(at int64, b []byte) error {
	_, err := st.file.WriteAt(b, at)
	return err
}

// zero overwrites a range with zeros.
func (st *stream) zero(at, n int64) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{io.NewOffsetWriter(st.file, at)}, io.LimitReader(zeros{}, n), make([]byte, copyBytes))
	return err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// seconds is a duration in some unit of a second.
func seconds(n, perSecond int64) time.Duration {
	if n <= 0 || perSecond <= 0 {
		return 0
	}
	d := float64(n) / float64(perSecond)
	if d > 1e7 {
		return 0
	}
	return time.Duration(d * float64(time.Second))
}
