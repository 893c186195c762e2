package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/media"
	"seedling/templates"
)

// readMedia takes the files of the composer: those that it had, with what was
// typed of them, then those that came just now. mine are the author's uploads
// that it may have: on no post, or on the one that is edited.
func (s *Server) readMedia(r *request, in *composing) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	var ids []int64
	for _, text := range r.form["media_id"] {
		ids = append(ids, positive(text))
	}
	swapped := swaps{}
	if err := s.dropCaptions(r, ids, swapped); err != nil {
		return err
	}
	for _, f := range r.files {
		of, instead := strings.CutPrefix(f.field, "replace-")
		s.addToFile(r, ids, &f, swapped)
		switch {
		case f.err != nil:
			in.errs = append(in.errs, s.fileMistake("media", f.name, f.err))
		case instead:
			replaceFile(r, ids, of, f.media.ID)
		case f.field == "media":
			ids = append(ids, f.media.ID)
		}
	}
	if len(ids) > settings.PostMedia {
		ids = ids[:settings.PostMedia]
		in.errs = append(in.errs, mistake("media", "media.many", "n", settings.PostMedia))
	}
	in.form.Sensitive = r.on("sensitive")
	if err := s.fillMedia(r, in, ids); err != nil {
		return err
	}
	in.changeMedia(r.form.Get("action"))
	return nil
}

// addToFile gives sound or video what came for it: a still picture, or captions.
func (s *Server) addToFile(r *request, ids []int64, f *formFile, swapped swaps) {
	still, isStill := strings.CutPrefix(f.field, "still-")
	spoken, isSpoken := strings.CutPrefix(f.field, "caption-")
	if f.err != nil || !isStill && !isSpoken {
		return
	}
	var with int64
	of := swapped.now(still)
	if isSpoken {
		of = swapped.now(spoken)
		with, f.err = s.db.SetCaptions(r.Context(), r.viewerID(), positive(of), r.form.Get("captionlang-"+spoken), f.reader())
	} else {
		with, f.err = s.db.SetThumbnail(r.Context(), r.viewerID(), positive(of), f.reader())
	}
	if f.err == nil {
		swapped.put(r, ids, of, with)
	}
}

// swaps say which upload stands in the place of one that the form names.
type swaps map[string]string

// now is what stands in the place of an upload, itself if nothing does.
func (s swaps) now(id string) string { return cmp.Or(s[id], id) }

// put puts one upload in the place of another.
func (s swaps) put(r *request, ids []int64, old string, with int64) {
	replaceFile(r, ids, old, with)
	fresh := strconv.FormatInt(with, 10)
	for from, to := range s {
		if to == old {
			s[from] = fresh
		}
	}
	s[old] = fresh
}

// dropCaptions takes off what was ticked to be removed. What is not there any
// more needs no removing.
func (s *Server) dropCaptions(r *request, ids []int64, swapped swaps) error {
	for _, id := range slices.Clone(ids) {
		text := strconv.FormatInt(id, 10)
		for _, tongue := range r.form["nocaption-"+text] {
			of := swapped.now(text)
			with, err := s.db.RemoveCaptions(r.Context(), r.viewerID(), positive(of), tongue)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			swapped.put(r, ids, of, with)
		}
	}
	return nil
}

// replaceFile puts a new upload in the place of another, with what was typed of it.
func replaceFile(r *request, ids []int64, old string, fresh int64) {
	at := slices.Index(ids, positive(old))
	if at < 0 {
		return // it was removed: the new one is cleaned up
	}
	ids[at] = fresh
	for _, field := range append([]string{"alt-", "focus-", "captionlang-"}, boxFields[:]...) {
		if r.form.Has(field + old) {
			r.form.Set(field+strconv.FormatInt(fresh, 10), r.form.Get(field+old))
		}
	}
}

// fillMedia puts uploads into the form, with what was typed of them.
func (s *Server) fillMedia(r *request, in *composing, ids []int64) error {
	list, err := s.db.Media(r.Context(), r.viewerID(), ids...)
	if err != nil {
		return err
	}
	for _, m := range list {
		id := strconv.FormatInt(m.ID, 10)
		f := templates.MediaForm{ID: m.ID, Kind: attachmentKind(m.Kind), Alt: m.Description, Focus: focusValue(m.FocalX, m.FocalY)}
		if r.form.Has("alt-" + id) {
			f.Alt = strings.TrimSpace(r.form.Get("alt-" + id))
		}
		var ok bool
		if f.Focus, ok = r.focus(id, f.Focus); !ok {
			in.errs = append(in.errs, mistake("media", "media.focus_wrong", "n", slices.Index(ids, m.ID)+1))
		}
		f.Preview = s.db.FileSource(m.Small)
		if f.TakesStill = m.Kind != store.AttachedImage; f.TakesStill {
			f.Captions = captionTracks(s.db, m.Captions)
			f.Languages, f.Lang = languageChoices()[1:], cmp.Or(r.form.Get("captionlang-"+id), in.form.Lang, r.language().Code)
		}
		if m.Kind == store.AttachedImage {
			f.Preview = cmp.Or(f.Preview, s.db.FileSource(m.File))
			f.Box = focusBox(f.Focus)
		}
		in.form.Media = append(in.form.Media, f)
	}
	in.number()
	return nil
}

func (in *composing) number() {
	for i := range in.form.Media {
		in.form.Media[i].Number = i + 1
	}
}

// changeMedia does what a button of a file asks for.
func (in *composing) changeMedia(action string) bool {
	if action == "add-media" {
		return true
	}
	do, text, ok := strings.Cut(action, "-media-")
	list := in.form.Media
	at := slices.IndexFunc(list, func(f templates.MediaForm) bool { return f.ID == positive(text) })
	switch {
	case !ok || at < 0:
		return ok
	case do == "remove":
		in.form.Media = slices.Delete(list, at, at+1)
	case do == "up" && at > 0:
		list[at-1], list[at] = list[at], list[at-1]
	}
	in.number()
	return true
}

// isMediaAction says that a button of a file was pressed, after which the form
// is shown again.
func isMediaAction(action string) bool { return strings.Contains(action+"-", "-media-") }

// mediaIDs are the files of the form in their order; never nil.
func (in *composing) mediaIDs() []int64 {
	ids := []int64{}
	for _, f := range in.form.Media {
		ids = append(ids, f.ID)
	}
	return ids
}

// mediaTexts is what was typed of them.
func (in *composing) mediaTexts() map[int64]store.MediaText {
	texts := make(map[int64]store.MediaText, len(in.form.Media))
	for _, f := range in.form.Media {
		text := store.MediaText{Description: f.Alt}
		text.FocalX, text.FocalY = readFocus(f.Focus)
		texts[f.ID] = text
	}
	return texts
}

// lacksAlt says whether the author is to be asked for a description: once,
// where they or the server want that, and always where they want none without.
func (s *Server) lacksAlt(r *request, in *composing) (bool, error) {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return false, err
	}
	switch rule := r.viewer.Preferences.Alt; {
	case rule == store.AltRequire:
	case rule == store.AltOff, rule == store.AltUsual && !settings.AltReminder, r.form.Get("action") == "post-bare":
		return false, nil
	}
	return slices.ContainsFunc(in.form.Media, func(f templates.MediaForm) bool { return f.Kind == "image" && f.Alt == "" }), nil
}

// askAlt shows the form again if a picture has no description.
func (s *Server) askAlt(w http.ResponseWriter, r *request, in *composing) (bool, error) {
	lacks, err := s.lacksAlt(r, in)
	if err != nil || !lacks {
		return false, err
	}
	missing := "compose.alt_missing"
	if in.form.AskAlt = r.viewer.Preferences.Alt != store.AltRequire; !in.form.AskAlt {
		missing = "compose.alt_required"
	}
	in.errs = append(in.errs, mistake("media", missing))
	return true, s.renderCompose(w, r, http.StatusUnprocessableEntity, *in)
}

// statusOf is how a form is answered that is shown again at the author's wish.
func statusOf(in composing) int {
	if len(in.errs) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// mediaMistake puts into words what is wrong with the files of a post.
func mediaMistake(e *store.PostError) (templates.FieldError, bool) {
	switch e.Problem {
	case store.PostManyMedia:
		return mistake("media", "media.many", "n", e.Limit), true
	case store.PostMediaGone:
		return mistake("media", "media.gone"), true
	case store.PostAltLong:
		return mistake("media", "media.alt_long", "n", e.Limit), true
	}
	return templates.FieldError{}, false
}

// acceptedTypes is what the file field offers.
func acceptedTypes() string { return strings.Join(media.Accepted(), ",") }
