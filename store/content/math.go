package content

import "strings"

// formula gathers a MathML element, which is shown as text (FEP-dc88): as the
// TeX or plain text that its annotation has, else as its alternative text, else
// as the symbols in it with a space between. To keep the elements themselves
// would let two grammars into what browsers parse, where attacks on sanitisers
// live.
type formula struct {
	block      bool
	alt        string
	annotation string            // the encoding of the one that is open, "" none
	texts      map[string][]byte // by encoding; "" is what stands outside of annotations
}

// The encodings of annotations that can be read, best first.
const (
	encodingTeX   = "application/x-tex"
	encodingPlain = "text/plain"
	encodingOther = "-"
)

// startFormula begins one at a math tag.
func (s *sanitiser) startFormula(hasAttr, selfClosing bool) {
	if selfClosing {
		return
	}
	s.formula = &formula{texts: map[string][]byte{}}
	for hasAttr {
		var key, value []byte
		key, value, hasAttr = s.z.TagAttr()
		switch string(key) {
		case "display":
			s.formula.block = string(value) == "block"
		case "alttext":
			s.formula.alt = string(value)
		}
	}
}

// startWithin takes a start tag within a formula.
func (s *sanitiser) startWithin(tag string, hasAttr, selfClosing bool) {
	f := s.formula
	switch {
	case elements[tag].role == removed && tag != "math":
		s.remove(tag, selfClosing)
	case selfClosing:
	case tag == "annotation":
		f.annotation = encodingOther
		for hasAttr {
			var key, value []byte
			key, value, hasAttr = s.z.TagAttr()
			if string(key) == "encoding" && (string(value) == encodingTeX || string(value) == encodingPlain) {
				f.annotation = string(value)
			}
		}
	case tag == "annotation-xml":
		f.annotation = encodingOther
	}
}

// endWithin takes an end tag within a formula, and writes the formula at its own.
func (s *sanitiser) endWithin(tag string) {
	switch tag {
	case "annotation", "annotation-xml":
		s.formula.annotation = ""
	case "math":
		s.endFormula()
	}
}

func (f *formula) write(text []byte) {
	if f.annotation == "" && len(f.texts[""]) > 0 {
		f.texts[""] = append(f.texts[""], ' ')
	}
	f.texts[f.annotation] = append(f.texts[f.annotation], text...)
}

// text is what stands for the formula. TeX is marked as everyone marks it.
func (f *formula) text() string {
	clean := func(encoding string) string { return strings.Join(strings.Fields(string(f.texts[encoding])), " ") }
	if tex := clean(encodingTeX); tex != "" {
		if f.block {
			return "$$" + tex + "$$"
		}
		return "$" + tex + "$"
	}
	for _, text := range []string{clean(encodingPlain), strings.Join(strings.Fields(f.alt), " ")} {
		if text != "" {
			return text
		}
	}
	return clean("")
}

// endFormula writes the formula that is open, if any.
func (s *sanitiser) endFormula() {
	f := s.formula
	if f == nil {
		return
	}
	s.formula = nil
	if f.block {
		s.w.want(lineGap)
		defer s.w.want(lineGap)
	}
	s.w.writeText(f.text())
}
