package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var all = Limits{Picture: 16 << 20, Sound: 100 << 20, Video: 100 << 20}

func open(t testing.TB) *Files {
	t.Helper()
	f, err := OpenFolder(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func unrecorded(File) error { return nil }

func take(t testing.TB, f *Files, body []byte) *Taken {
	t.Helper()
	got, err := f.Take(context.Background(), bytes.NewReader(body), all, unrecorded)
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	return got
}

func content(t testing.TB, f *Files, file File) []byte {
	t.Helper()
	r, err := f.Open(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != file.Size {
		t.Errorf("file has %d bytes, want %d", len(b), file.Size)
	}
	return b
}

// photo is a picture with enough detail to be like a photo: left is red, right
// is blue, and a green spot stands in the upper left corner.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(255 - 255*x/w), uint8((x*7 ^ y*13) & 31), uint8(255 * x / w), 255}
			if x < w/4 && y < h/4 {
				c = color.RGBA{0, 255, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 87}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for i := range frames {
		p := image.NewPaletted(image.Rect(0, 0, 16, 16), color.Palette{color.White, color.RGBA{uint8(i), 0, 200, 255}})
		p.SetColorIndex(i%16, 3, 1)
		g.Image, g.Delay = append(g.Image, p), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is one segment of a JPEG, put in after the start of the picture.
func segment(picture []byte, marker byte, body string) []byte {
	n := len(body) + 2
	s := append([]byte{0xff, marker, byte(n >> 8), byte(n)}, body...)
	return append(append(append([]byte{}, picture[:2]...), s...), picture[2:]...)
}

// exif is a TIFF structure that says how the picture is turned, and a secret.
func exif(orientation byte) string {
	return "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(orientation) + "\x00\x00\x00\x00\x00\x00GPS 52.1N"
}

func TestEqualFilesAreKeptOnce(t *testing.T) {
	f := open(t)
	body := pngOf(t, photo(40, 30))
	done := make(chan File)
	for range 8 {
		go func() { done <- take(t, f, body).File }()
	}
	first := <-done
	for range 7 {
		if other := <-done; other != first {
			t.Errorf("the same file is kept as %v and %v", first, other)
		}
	}
	if n := filesIn(t, f); n != 1 {
		t.Errorf("folder has %d files, want 1", n)
	}
}

// filesIn counts everything that lies in the folder, unfinished files too.
func filesIn(t *testing.T, f *Files) (n int) {
	t.Helper()
	err := filepath.WalkDir(f.folder.path, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMetadataLeavesPictures(t *testing.T) {
	profile := "ICC_PROFILE\x00\x01\x01the profile"
	withIt := segment(segment(segment(jpegOf(t, photo(50, 40)), 0xe1, exif(1)), 0xe2, profile), 0xfe, "comment: GPS 52.1N")
	tEXt := "\x00\x00\x00\x0ctEXtGPS\x0052.1NGPS\x8a\x8a\x8a\x8a"
	p := pngOf(t, photo(50, 40))
	withText := append(append(bytes.Clone(p[:33]), tEXt...), p[33:]...)
	for name, tc := range map[string]struct {
		body []byte
		kept string
	}{
		"JPEG":               {withIt, "the profile"},
		"JPEG that is a ZIP": {append(bytes.Clone(withIt), "PK\x03\x04GPS"...), "the profile"},
		"PNG":                {withText, "IDAT"},
		"PNG and HTML":       {append(bytes.Clone(p), "<script>GPS</script>"...), "IDAT"},
		"GIF":                {bytes.Replace(gifOf(t, 3), []byte("\x21\xf9"), []byte("\x21\xfe\x03GPS\x00\x21\xf9"), 1), "GIF89a"},
		"GIF and script":     {append(gifOf(t, 3), "/*GPS*/alert(1)"...), "GIF89a"},
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(tc.body, []byte("GPS")) {
				t.Fatal("the test's file tells nothing")
			}
			f := open(t)
			got := take(t, f, tc.body)
			b := content(t, f, got.File)
			if bytes.Contains(b, []byte("GPS")) || !bytes.Contains(b, []byte(tc.kept)) {
				t.Errorf("kept file tells %v, has %q %v", bytes.Contains(b, []byte("GPS")), tc.kept, bytes.Contains(b, []byte(tc.kept)))
			}
			if _, _, err := image.Decode(bytes.NewReader(b)); err != nil {
				t.Errorf("kept file: %v", err)
			}
			if got.Blurhash == "" || len(got.Color) != 7 || got.Width == 0 {
				t.Errorf("taken: %+v", got)
			}
		})
	}
}

func TestPicturesAreTurnedUpright(t *testing.T) {
	// Where the green spot of photo stands once orientation 1 to 8 is applied.
	corners := []string{"", "left top", "right top", "right bottom", "left bottom", "left top", "right top", "right bottom", "left bottom"}
	for orientation := byte(1); orientation <= 8; orientation++ {
		f := open(t)
		got := take(t, f, segment(jpegOf(t, photo(81, 49)), 0xe1, exif(orientation)))
		m, err := jpeg.Decode(bytes.NewReader(content(t, f, got.File)))
		if err != nil {
			t.Fatal(err)
		}
		b, spot := m.Bounds(), ""
		for corner, at := range map[string]image.Point{"left top": {4, 4}, "right top": {b.Dx() - 5, 4}, "left bottom": {4, b.Dy() - 5}, "right bottom": {b.Dx() - 5, b.Dy() - 5}} {
			if r, g, bl, _ := m.At(at.X, at.Y).RGBA(); g > 0xa000 && r < 0x6000 && bl < 0x6000 {
				spot = corner
			}
		}
		wide := orientation < 5
		if spot != corners[orientation] || (b.Dx() == 81) != wide || got.Width != b.Dx() {
			t.Errorf("orientation %d: spot at %q, size %v, want %q and wide %v", orientation, spot, b, corners[orientation], wide)
		}
	}
}

func TestLargePicturesGetASmallOne(t *testing.T) {
	f := open(t)
	got := take(t, f, jpegOf(t, photo(2000, 1000)))
	if got.Small.IsZero() || got.Small.Size >= got.Size {
		t.Fatalf("taken: %+v", got)
	}
	m, err := jpeg.DecodeConfig(bytes.NewReader(content(t, f, got.Small)))
	if err != nil || m.Width != smallSide || m.Height != smallSide/2 {
		t.Errorf("small one: %+v, %v", m, err)
	}
	moving := take(t, f, gifOf(t, 4))
	if !moving.Animated || moving.Small.Type != "image/jpeg" {
		t.Errorf("animated: %+v", moving)
	}
}

// bomb is a PNG whose header tells of a size that its few bytes don't have.
func bomb(w, h uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	for _, v := range []uint32{w, h} {
		b = append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	return append(append(b, "\x08\x02\x00\x00\x00crcc"...), make([]byte, 20<<10)...)
}

func TestAnEndlessGIFIsRefused(t *testing.T) {
	one := gifOf(t, 1) // a header of 13 bytes, a table of colours, the frame, a trailer
	frame := one[bytes.IndexByte(one[13:], 0x21)+13 : len(one)-1]
	endless := append(bytes.Clone(one[:len(one)-1]), bytes.Repeat(frame, 99_999)...)
	_, err := open(t).Take(context.Background(), bytes.NewReader(append(endless, 0x3b)), all, unrecorded)
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Problem != TooLong {
		t.Errorf("got %v, want one that %s", err, TooLong)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	j, p, g := jpegOf(t, photo(60, 60)), pngOf(t, photo(60, 60)), gifOf(t, 3)
	flip := func(b []byte, at int) []byte { c := bytes.Clone(b); c[at] ^= 0x55; return c }
	for name, tc := range map[string]struct {
		body []byte
		want Problem
	}{
		"zero bytes":            {nil, Empty},
		"PNG of 50,000 squared": {bomb(50_000, 50_000), TooBig},
		"PNG of no size":        {bomb(0, 50), Broken},
		"GIF of many frames":    {gifOf(t, MaxFrames+1), TooLong},
		"JPEG cut":              {j[:len(j)/2], Broken},
		"PNG cut":               {p[:len(p)/2], Broken},
		"GIF cut":               {g[:len(g)-9], Broken},
		"PNG flipped":           {flip(p, len(p)/2), Broken},
		"SVG":                   {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), Unknown},
		"HTML":                  {[]byte("<!doctype html><script>alert(1)</script>"), Unknown},
		"ZIP":                   {[]byte("PK\x03\x04 and so on"), Unknown},
		"HEIC":                  {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"), Unreadable},
		"too many bytes":        {append(bytes.Clone(j), make([]byte, 1<<20)...), TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t)
			_, err := f.Take(context.Background(), bytes.NewReader(tc.body), Limits{Picture: 1 << 20}, unrecorded)
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Problem != tc.want {
				t.Errorf("got %v, want one that %s", err, tc.want)
			}
			if n := filesIn(t, f); n != 0 {
				t.Errorf("%d files are left", n)
			}
		})
	}
}

func TestAnUploadThatStopsLeavesNothing(t *testing.T) {
	f := open(t)
	body := io.MultiReader(bytes.NewReader(jpegOf(t, photo(60, 60))), failing{})
	if _, err := f.Take(context.Background(), body, all, unrecorded); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	refuse := errors.New("no row")
	if _, err := f.Take(context.Background(), strings.NewReader(string(jpegOf(t, photo(60, 60)))), all, func(File) error { return refuse }); !errors.Is(err, refuse) {
		t.Errorf("got %v", err)
	}
	if n := filesIn(t, f); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
