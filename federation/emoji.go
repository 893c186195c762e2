package federation

import (
	"net/http"
	"net/url"
	"strings"

	"seedling/federation/vocab"
	"seedling/store"
)

// emoji serves a custom emoji of this server (FEP-9098): /ap/emoji/{shortcode}.
func (d *Documents) emoji(w http.ResponseWriter, r *http.Request, _ int64) error {
	name, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/ap/emoji/"))
	if err != nil {
		return store.ErrNotFound
	}
	e, err := d.db.OwnEmoji(r.Context(), name)
	if err == nil && e.Disabled {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	body, err := vocab.EmojiOf(e, d.origin).JSON()
	if err != nil {
		return err
	}
	accept := readAccept(r.Header.Values("Accept"))
	answer{contentType: accept.contentType(), body: body, cache: d.cache(r), vary: varyAccept}.write(w, r)
	return nil
}
