package media

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"runtime"
	"sync"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"
)

// TestTwentyPicturesAtOnceStayInBounds hands in twenty photos of eight
// megapixels at once, and looks at how much memory they take together.
func TestTwentyPicturesAtOnceStayInBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const most = 250 << 20
	f, body := open(t), jpegOf(t, photo(3264, 2448))
	runtime.GC()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var top uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top = max(top, m.HeapInuse)
			select {
			case <-stop:
				peak <- top
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	var all20 sync.WaitGroup
	for range 20 {
		all20.Go(func() {
			if _, err := f.Take(context.Background(), bytes.NewReader(body), all, unrecorded); err != nil {
				t.Error(err)
			}
		})
	}
	all20.Wait()
	close(stop)
	if got := <-peak; got > most {
		t.Errorf("the heap grew to %d MB, want at most %d", got>>20, most>>20)
	} else {
		t.Logf("the heap grew to %d MB", got>>20)
	}
}

// BenchmarkTake compares taking a photo in with decoding, scaling and encoding
// it alone.
func BenchmarkTake(b *testing.B) {
	body := jpegOf(b, photo(2000, 1500))
	b.Run("whole", func(b *testing.B) {
		f := open(b)
		for b.Loop() {
			take(b, f, body)
		}
	})
	b.Run("decode scale encode", func(b *testing.B) {
		for b.Loop() {
			m, err := jpeg.Decode(bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			small := image.NewRGBA(image.Rect(0, 0, 640, 480))
			xdraw.ApproxBiLinear.Scale(small, small.Bounds(), m, m.Bounds(), xdraw.Src, nil)
			if err := jpeg.Encode(&bytes.Buffer{}, small, &jpeg.Options{Quality: smallJPEG}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
