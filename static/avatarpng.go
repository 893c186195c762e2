package static

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
)

// pngSize is how many pixels wide and high [AvatarPNG] draws.
const pngSize = 192

// AvatarPNG draws the picture of an account that has none of its own for apps,
// of which many can't show SVG: two leaves on the ground of [Avatar].
func AvatarPNG(id int64) []byte {
	n := mix(uint64(id))
	p := palettes[n%uint64(len(palettes))]
	from, to, shape := colour(p.from), colour(p.to), colour(p.shape)
	flip := n>>16&1 == 1
	img := image.NewRGBA(image.Rect(0, 0, pngSize, pngSize))
	for y := range pngSize {
		for x := range pngSize {
			u, v := float64(x)/pngSize, float64(y)/pngSize
			if flip {
				u = 1 - u
			}
			c := blend(from, to, min(1, 0.5*u+0.7*v))
			c = blend(c, shape, leaf(u, v, 0.36, 0.56, -0.7))
			c = blend(c, shape, 0.8*leaf(u, v, 0.66, 0.42, 0.8))
			img.SetRGBA(x, y, c)
		}
	}
	return encodePNG(img)
}

// HeaderPNG is the wide picture of an account that has none: one calm colour.
func HeaderPNG() []byte {
	img := image.NewPaletted(image.Rect(0, 0, 600, 200), color.Palette{colour(palettes[0].to)})
	return encodePNG(img)
}

// leaf says how much of a point is covered by a leaf: an ellipse around a
// centre, turned by an angle, with a soft edge.
func leaf(u, v, cu, cv, angle float64) float64 {
	sin, cos := math.Sincos(angle)
	du, dv := u-cu, v-cv
	a, b := (du*cos+dv*sin)/0.15, (dv*cos-du*sin)/0.32
	return min(1, max(0, (1-math.Hypot(a, b))*20))
}

// colour reads #rrggbb.
func colour(text string) color.RGBA {
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		panic("static: colour " + text) // of a table in this package
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
}

func blend(a, b color.RGBA, t float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("static: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}
