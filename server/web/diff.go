package web

import (
	"strings"
	"unicode"

	"seedling/templates"
)

// maxDiffCells bounds the work of comparing two texts: beyond it what lies
// between their common beginning and end counts as replaced.
const maxDiffCells = 1 << 20

// diffWords says how one text became another, in words: the longest common
// subsequence stays, the rest was removed or added.
func diffWords(from, to string) []templates.DiffPart {
	a, b := words(from), words(to)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d diff
	d.add("", a[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add("", a[len(a)-tail:]...)
	return d.parts
}

// words cuts a text into words and the spaces between them.
func words(s string) []string {
	var list []string
	start, space := 0, false
	for i, r := range s {
		if now := unicode.IsSpace(r); i > start && (now != space || now) {
			list = append(list, s[start:i])
			start = i
		}
		space = unicode.IsSpace(r)
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

// diff gathers runs of words.
type diff struct{ parts []templates.DiffPart }

func (d *diff) add(op string, words ...string) {
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, "")
	if n := len(d.parts); n > 0 && d.parts[n-1].Op == op {
		d.parts[n-1].Text += text
		return
	}
	d.parts = append(d.parts, templates.DiffPart{Op: op, Text: text})
}

// middle compares two lists by the table of the longest common subsequences of
// their ends.
func (d *diff) middle(a, b []string) {
	if (len(a)+1)*(len(b)+1) > maxDiffCells {
		d.add("del", a...)
		d.add("ins", b...)
		return
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add("", a[i])
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			d.add("del", a[i])
			i++
		default:
			d.add("ins", b[j])
			j++
		}
	}
	d.add("del", a[i:]...)
	d.add("ins", b[j:]...)
}
