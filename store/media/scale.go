package media

import (
	"fmt"
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// shrink scales a picture down until its longer side has at most side pixels. A
// picture that is small enough is returned as it is.
func shrink(src image.Image, side int) image.Image {
	b := src.Bounds()
	longer := max(b.Dx(), b.Dy())
	if longer <= side {
		return src
	}
	w, h := max(1, b.Dx()*side/longer), max(1, b.Dy()*side/longer)
	// First by a whole factor, where each pixel is the mean of a square and
	// nothing is skipped, then by less than two.
	if k := min(longer/side, b.Dx(), b.Dy()); k > 1 {
		src = average(src, k)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, src.Bounds(), draw.Src, nil)
	return dst
}

// average makes one pixel of each square of k by k, a strip of k rows at a
// time: no second copy of a large picture is made.
func average(src image.Image, k int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx()/k, b.Dy()/k
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), k))
	for y := range h {
		draw.Draw(strip, strip.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+y*k), draw.Src)
		for x := range w {
			meanOf(dst.Pix[y*dst.Stride+4*x:], strip, image.Rect(x*k, 0, (x+1)*k, k))
		}
	}
	return dst
}

// meanOf writes the mean of an area, four bytes, to dst.
func meanOf(dst []byte, src *image.RGBA, r image.Rectangle) {
	var sum [4]uint64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := src.Pix[y*src.Stride+4*r.Min.X : y*src.Stride+4*r.Max.X]
		for i := 0; i < len(row); i += 4 {
			sum[0] += uint64(row[i])
			sum[1] += uint64(row[i+1])
			sum[2] += uint64(row[i+2])
			sum[3] += uint64(row[i+3])
		}
	}
	n := uint64(r.Dx() * r.Dy())
	for i, s := range sum {
		dst[i] = byte((s + n/2) / n)
	}
}

// mean is the mean colour of a picture as #rrggbb.
func mean(src image.Image) string {
	b := src.Bounds()
	all := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(all, all.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(all, all.Bounds(), src, b.Min, draw.Over)
	var c [4]byte
	meanOf(c[:], all, all.Bounds())
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
}

// upright turns and mirrors a picture as the orientation of EXIF (TIFF 6.0
// §8, tag 274) says that it is to be shown. A JPEG's planes are turned as they
// are, without a copy in another colour model.
func upright(src image.Image, orientation int) image.Image {
	if p, ok := src.(*image.YCbCr); ok {
		return uprightYCbCr(p, orientation)
	}
	b := src.Bounds()
	w, h := turned(b.Dx(), b.Dy(), orientation)
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range b.Dy() {
		for x := range b.Dx() {
			dx, dy := place(x, y, b.Dx(), b.Dy(), orientation)
			dst.Set(dx, dy, src.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return dst
}

// turned is the size of a picture after it was turned.
func turned(w, h, orientation int) (int, int) {
	if orientation >= 5 {
		return h, w
	}
	return w, h
}

// place is where the pixel (x, y) of a picture of w by h goes.
func place(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}

func uprightYCbCr(src *image.YCbCr, orientation int) *image.YCbCr {
	ratio := src.SubsampleRatio
	if orientation >= 5 {
		switch ratio {
		case image.YCbCrSubsampleRatio422:
			ratio = image.YCbCrSubsampleRatio440
		case image.YCbCrSubsampleRatio440:
			ratio = image.YCbCrSubsampleRatio422
		}
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	tw, th := turned(w, h, orientation)
	dst := image.NewYCbCr(image.Rect(0, 0, tw, th), ratio)
	turnPlane(dst.Y, dst.YStride, src.Y, src.YStride, w, h, orientation)
	cw, ch := chromaSize(src)
	dw, dh := chromaSize(dst)
	if cw, ch = turned(cw, ch, orientation); cw != dw || ch != dh { // 4:1:1 and 4:1:0, which no camera writes
		return src
	}
	cw, ch = chromaSize(src)
	turnPlane(dst.Cb, dst.CStride, src.Cb, src.CStride, cw, ch, orientation)
	turnPlane(dst.Cr, dst.CStride, src.Cr, src.CStride, cw, ch, orientation)
	return dst
}

// chromaSize is the size of the two planes of colour.
func chromaSize(p *image.YCbCr) (w, h int) {
	w, h = p.Rect.Dx(), p.Rect.Dy()
	switch p.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

func turnPlane(dst []byte, dstStride int, src []byte, srcStride, w, h, orientation int) {
	for y := range h {
		for x := range w {
			dx, dy := place(x, y, w, h, orientation)
			dst[dy*dstStride+dx] = src[y*srcStride+x]
		}
	}
}
