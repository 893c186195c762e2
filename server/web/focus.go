package web

import (
	"math"
	"strconv"
	"strings"
)

// boxFields are the fields of the part of a picture that must stay in sight, in
// per cent from its left and top. Its middle is the focal point, which is all
// that is kept.
var boxFields = [4]string{"left-", "top-", "right-", "bottom-"}

// boxAround is how far a box reaches to each side of a point that was kept, in
// per cent, where the edge is not nearer.
const boxAround = 10

// focus is the focal point of an upload as the form has it: that of the box if
// this was changed, else the exact one that came with it, else now. Nothing in
// the fields is the middle. It is not ok if they are no part of a picture.
func (r *request) focus(id, now string) (focus string, ok bool) {
	if r.form.Has("focus-" + id) {
		now = focusValue(readFocus(r.form.Get("focus-" + id)))
	}
	if !r.form.Has(boxFields[0] + id) {
		return now, true
	}
	var typed [4]string
	for i, field := range boxFields {
		typed[i] = strings.TrimSpace(r.form.Get(field + id))
	}
	if typed == focusBox(now) {
		return now, true
	}
	if typed == [4]string{} {
		return focusValue(0, 0), true
	}
	var box [4]float64
	for i, text := range typed {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= 100) {
			return now, false
		}
		box[i] = n
	}
	if box[0] > box[2] || box[1] > box[3] {
		return now, false
	}
	return focusValue((box[0]+box[2])/100-1, 1-(box[1]+box[3])/100), true
}

// focusBox is a box around a point, as the fields show it.
func focusBox(focus string) (box [4]string) {
	x, y := readFocus(focus)
	for i, middle := range []float64{(x + 1) * 50, (1 - y) * 50} {
		reach := min(boxAround, middle, 100-middle)
		box[i], box[i+2] = perCent(middle-reach), perCent(middle+reach)
	}
	return box
}

func perCent(n float64) string { return strconv.Itoa(int(math.Round(n))) }

func focusValue(x, y float64) string {
	return strconv.FormatFloat(x, 'f', -1, 64) + "," + strconv.FormatFloat(y, 'f', -1, 64)
}

// readFocus reads a point; anything else is the middle.
func readFocus(value string) (x, y float64) {
	left, right, _ := strings.Cut(value, ",")
	x, errX := strconv.ParseFloat(left, 64)
	y, errY := strconv.ParseFloat(right, 64)
	if errX != nil || errY != nil || !(x >= -1 && x <= 1 && y >= -1 && y <= 1) {
		return 0, 0
	}
	return x, y
}
