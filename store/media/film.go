package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// FFmpeg is the program of that name on this machine, for what can't be done
// without it: still pictures of films. It runs once at a time, with one thread
// and the lowest priority. It is given a copy of the film in a folder of its
// own, told what format that is, and may open files alone; what it makes is
// checked and cleaned as all pictures are.
type FFmpeg struct {
	path string
	turn chan struct{}
}

// Bounds of one run of ffmpeg.
const (
	stillPatience = time.Minute
	stillSide     = 1280      // pixels
	maxStill      = 8 << 20   // bytes of the picture
	maxFilmMemory = 256 << 20 // bytes of any one allocation
	maxSaid       = 1 << 10   // bytes of its complaints that are kept
	lateStill     = 20 * time.Second
)

// NewFFmpeg looks for the program at a path; "" is none.
func NewFFmpeg(path string) (*FFmpeg, error) {
	if path == "" {
		return nil, nil
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	if found, err = filepath.Abs(found); err != nil { // it runs in another folder
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	return &FFmpeg{path: found, turn: make(chan struct{}, 1)}, nil
}

// demuxers are how ffmpeg calls the formats of films.
var demuxers = map[string]string{"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska", "video/ogg": "ogg"}

// ErrNoStill says that no picture could be made of a film.
var ErrNoStill = errors.New("no still picture can be made of the film")

// Still makes a picture of a kept film that lasts so long: a little after its
// beginning, which often is black. Trying again after [ErrNoStill] would end
// the same.
func (f *Files) Still(ctx context.Context, program *FFmpeg, film File, lasts time.Duration) (io.Reader, error) {
	demuxer, ok := demuxers[film.Type]
	if !ok {
		return nil, ErrNoStill
	}
	select {
	case program.turn <- struct{}{}:
		defer func() { <-program.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	folder, err := os.MkdirTemp(f.temp(), "still-")
	if err != nil {
		return nil, writing(err)
	}
	defer os.RemoveAll(folder)
	if err := f.copyTo(ctx, film, filepath.Join(folder, "film")); err != nil {
		return nil, err
	}
	at := min(lasts/10, lateStill)
	still, err := program.still(ctx, folder, demuxer, at)
	if at > 0 && errors.Is(err, ErrNoStill) {
		still, err = program.still(ctx, folder, demuxer, 0)
	}
	return bytes.NewReader(still), err
}

func (f *Files) copyTo(ctx context.Context, file File, path string) error {
	from, err := f.Open(ctx, file)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return writing(err)
	}
	if _, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, copyBytes)); err != nil {
		to.Close()
		return writing(err)
	}
	return to.Close()
}

// still runs the program in a folder with the film.
func (p *FFmpeg) still(ctx context.Context, folder, demuxer string, at time.Duration) ([]byte, error) {
	work, cancel := context.WithTimeout(ctx, stillPatience)
	defer cancel()
	cmd := exec.CommandContext(work, p.path, "-nostdin", "-hide_banner", "-loglevel", "error", "-max_alloc", strconv.Itoa(maxFilmMemory),
		"-protocol_whitelist", "file", "-threads", "1", "-max_pixels", strconv.Itoa(MaxPixels), "-f", demuxer,
		"-ss", strconv.FormatFloat(at.Seconds(), 'f', 3, 64), "-i", "file:film",
		"-map", "0:v:0", "-frames:v", "1", "-vf", fmt.Sprintf("scale='min(%d,iw)':-2", stillSide), "-threads", "1",
		"-c:v", "mjpeg", "-q:v", "3", "-f", "image2", "-update", "1", "-fs", strconv.Itoa(maxStill), "file:still.jpg")
	said := &firstBytes{}
	cmd.Dir, cmd.Env, cmd.Stderr, cmd.WaitDelay = folder, []string{}, said, time.Second
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	beNice(cmd.Process.Pid)
	err := cmd.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: ffmpeg: %w: %q", ErrNoStill, err, said.b)
	}
	info, err := os.Stat(filepath.Join(folder, "still.jpg"))
	if err != nil || info.Size() == 0 || info.Size() > maxStill {
		return nil, fmt.Errorf("%w: ffmpeg made none: %q", ErrNoStill, said.b)
	}
	return os.ReadFile(filepath.Join(folder, "still.jpg"))
}

// firstBytes keeps the beginning of what is written.
type firstBytes struct{ b []byte }

func (f *firstBytes) Write(p []byte) (int, error) {
	f.b = append(f.b, p[:min(len(p), maxSaid-len(f.b))]...)
	return len(p), nil
}
