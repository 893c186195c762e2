package web

import (
	"strings"

	"seedling/store"
	"seedling/templates"
)

// accountPictures are the pictures that an account may have, by the field of
// the profile settings.
var accountPictures = []struct {
	field string
	use   store.MediaUse
}{{"avatar", store.MediaAvatar}, {"header", store.MediaHeader}}

// pictureForms are the pictures in the profile settings, with what was typed.
func (s *Server) pictureForms(r *request) []templates.PictureForm {
	a := r.viewer.Account
	var list []templates.PictureForm
	for _, p := range accountPictures {
		url, alt := a.AvatarURL, a.Pictures.AvatarAlt
		if p.use == store.MediaHeader {
			url, alt = a.HeaderURL, a.Pictures.HeaderAlt
		}
		f := templates.PictureForm{Field: p.field, Path: strings.TrimPrefix(url, s.db.URL()), Alt: alt, Accept: "image/jpeg,image/png,image/gif,image/webp"}
		if r.form.Has(p.field + "_alt") {
			f.Alt = r.text(p.field + "_alt")
		}
		list = append(list, f)
	}
	return list
}

// savePictures does what the profile settings ask for: a new picture, none, or
// another description.
func (s *Server) savePictures(r *request) (errs []templates.FieldError) {
	a := r.viewer.Account
	for _, p := range accountPictures {
		alt, old, has := r.text(p.field+"_alt"), a.Pictures.AvatarAlt, a.AvatarURL != ""
		if p.use == store.MediaHeader {
			old, has = a.Pictures.HeaderAlt, a.HeaderURL != ""
		}
		file, came := r.file(p.field)
		err := file.err
		switch {
		case err != nil:
		case came:
			err = s.db.SetAccountPicture(r.Context(), a.ID, p.use, file.reader(), alt)
		case r.on(p.field + "_remove"):
			err = s.db.RemoveAccountPicture(r.Context(), a.ID, p.use)
		case alt == old || !r.form.Has(p.field+"_alt"):
		case !has && alt != "":
			errs = append(errs, mistake(p.field, "settings.picture_none"))
		default:
			err = s.db.DescribeAccountPicture(r.Context(), a.ID, p.use, alt)
		}
		if err != nil {
			errs = append(errs, s.fileMistake(p.field, file.name, err))
		}
	}
	return errs
}
