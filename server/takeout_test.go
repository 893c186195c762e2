package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"seedling/store"
)

// TestTakeouts: a member asks for an archive by an app, it is made in the
// background, holds what is theirs, and nobody else can have it.
func TestTakeouts(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	media := mira.upload("POST", "/api/v2/media", "file", "description", "a square").wants(200).text("id")
	post := func(c *client, pairs ...string) string {
		return c.ask("POST", "/api/v1/statuses", form(pairs...)).wants(200).text("uri")
	}
	written := []string{post(mira, "status", "public", "media_ids[]", media), post(mira, "status", "for followers", "visibility", "private"),
		post(mira, "status", "@noor hush", "visibility", "direct"), post(mira, "status", "only here", "visibility", "local")}
	theirs := noor.ask("POST", "/api/v1/statuses", form("status", "of noor")).wants(200)
	hush := post(noor, "status", "@mira a secret of noor's", "visibility", "direct")
	for _, do := range []string{"favourite", "bookmark", "reblog"} {
		mira.ask("POST", "/api/v1/statuses/"+theirs.text("id")+"/"+do, nil).wants(200)
	}

	const path = "/api/v1/pleroma/backups"
	e := readEntities(t)
	e.all("Pleroma::Backup", mira.ask("POST", path, nil))
	if a := mira.ask("POST", path, nil); a.status != 400 || a.text("error") == "" {
		t.Errorf("a second one in the same week: %d %s", a.status, a.body)
	}
	var ready *answer
	eventually(t, "the archive", func() bool {
		ready = e.all("Pleroma::Backup", mira.ask("GET", path, nil))
		return ready.at(0, "processed") == true
	})
	if noor.ask("GET", path, nil).wants(200).len() != 0 {
		t.Error("noor sees the archive of mira")
	}
	address := strings.TrimPrefix(ready.text(0, "url"), "https://here.example")
	if p := in.browser().open(address); !strings.HasPrefix(p.path, "/login?") {
		t.Errorf("a visitor is at %s", p.path)
	}
	in.login("noor").gets(address, 404)
	b := in.login("mira")
	b.sees("/settings/data", "1 MB")
	resp, body := b.fetchFile(address, "")
	if resp.Header.Get("Content-Type") != "application/zip" || !strings.Contains(resp.Header.Get("Content-Disposition"), `filename="mira-`) || float64(len(body)) != ready.at(0, "file_size") {
		t.Errorf("the file is %d bytes with %v", len(body), resp.Header)
	}

	files := unzip(t, body)
	for _, uri := range written {
		if !bytes.Contains(files["outbox.json"], []byte(`"`+uri+`"`)) {
			t.Errorf("%s is not in the outbox", uri)
		}
	}
	var outbox struct {
		TotalItems   int
		OrderedItems []struct{ Type string }
	}
	if err := json.Unmarshal(files["outbox.json"], &outbox); err != nil || outbox.TotalItems != 5 || len(outbox.OrderedItems) != 5 || outbox.OrderedItems[0].Type != "Announce" {
		t.Errorf("the outbox is %s (%v)", files["outbox.json"], err)
	}
	for _, name := range []string{"likes.json", "bookmarks.json"} {
		if !json.Valid(files[name]) || !bytes.Contains(files[name], []byte(theirs.text("uri"))) {
			t.Errorf("%s is %s", name, files[name])
		}
	}
	if bytes.Contains(files["outbox.json"], []byte(hush)) {
		t.Error("what noor wrote is in it")
	}
	if !bytes.Contains(files["actor.json"], []byte(`"preferredUsername":"mira"`)) || bytes.Contains(files["actor.json"], []byte("PRIVATE")) {
		t.Errorf("the actor is %s", files["actor.json"])
	}
	pictures := 0
	for name := range files {
		if strings.HasPrefix(name, "media/") {
			if pictures++; !bytes.Contains(files["outbox.json"], []byte("/"+name)) {
				t.Errorf("no post names %s", name)
			}
		}
	}
	if pictures != 1 {
		t.Errorf("%d files, want 1", pictures)
	}

	// The archive goes with the account.
	mira.ask("POST", "/api/pleroma/delete_account", url.Values{"password": {password}}).wants(200)
	if _, err := in.db.Takeout(t.Context(), number(t, ready.text(0, "id"))); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the account was deleted: %v", err)
	}
}

func unzip(t *testing.T, body []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return files
}
