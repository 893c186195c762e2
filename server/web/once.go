package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"

	"seedling/store"
	"seedling/templates"
)

// maxOnce is how many presses are remembered. When there are more, the oldest
// are forgotten first.
const maxOnce = 4096

// onces remembers which forms that make something were sent, and where their
// senders were led, so that a second press, a reload or the Back button makes
// no second thing. It has those who press at the same time wait for each other
// and keeps what was said; for later the store keeps the press ([store.Once]).
type onces struct {
	mu      sync.Mutex
	pressed map[[32]byte]*press
	order   [][32]byte // as pressed
}

// press is one form that was sent. Its fields may be read when done is closed.
type press struct {
	done    chan struct{}
	to      string   // where it led; empty: it made nothing
	cookies []string // with what is said there
}

// begin returns the press with a key, and whether the caller is its first.
func (o *onces) begin(key [32]byte) (p *press, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p := o.pressed[key]; p != nil {
		return p, false
	}
	if o.pressed == nil {
		o.pressed = map[[32]byte]*press{}
	}
	if len(o.order) >= maxOnce {
		delete(o.pressed, o.order[0])
		o.order = o.order[1:]
	}
	p = &press{done: make(chan struct{})}
	o.pressed[key], o.order = p, append(o.order, key)
	return p, true
}

// end lets go of those who wait for a press. One that led nowhere is forgotten.
func (o *onces) end(key [32]byte, p *press) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if p.to == "" && o.pressed[key] == p {
		delete(o.pressed, key)
	}
	close(p.done)
}

// once does what a form wants at its first press. The next press of the same
// form, with the same in all its fields, leads where the first led. Its page
// has the hidden field "once".
func (s *Server) once(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if r.form.Get("once") == "" {
			return h(w, r)
		}
		key := pressKey(r)
		p, first := s.onces.begin(key)
		if first {
			defer s.onces.end(key, p)
			err := s.pressFirst(w, r, h, key[:])
			if err == nil {
				p.to, p.cookies = w.Header().Get("Location"), w.Header().Values("Set-Cookie")
			}
			return err
		}
		select {
		case <-p.done:
		case <-r.Context().Done():
			return r.Context().Err()
		}
		if p.to == "" {
			return h(w, r)
		}
		for _, c := range p.cookies {
			w.Header().Add("Set-Cookie", c)
		}
		return redirect(w, r, p.to)
	}
}

// pressFirst does what a form wants, unless the store knows the press: the
// server was started again in between.
func (s *Server) pressFirst(w http.ResponseWriter, r *request, h handler, key []byte) error {
	ctx := r.Context()
	to, err := s.db.Pressed(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		r.Request = r.WithContext(store.Once(ctx, key))
		if err = h(w, r); !errors.Is(err, store.ErrPressed) {
			s.notePress(ctx, key, w.Header().Get("Location"), err)
			return err
		}
		to, err = s.db.Pressed(ctx, key)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, cmp.Or(to, "/home"))
}

// notePress keeps where a press led, or that it made nothing, also when the
// browser has gone meanwhile.
func (s *Server) notePress(ctx context.Context, key []byte, to string, err error) {
	ctx = context.WithoutCancel(ctx)
	if err != nil || to == "" {
		err = s.db.ForgetPress(ctx, key)
	} else {
		err = s.db.PressLedTo(ctx, key, to)
	}
	if err != nil {
		s.log.Error("press not noted", "error", err)
	}
}

// pressKey is who sends what where.
func pressKey(r *request) (key [32]byte) {
	hash := sha256.New()
	io.WriteString(hash, strconv.FormatInt(r.viewerID(), 10)+" "+r.URL.Path+" "+r.form.Encode())
	hash.Sum(key[:0])
	return key
}
