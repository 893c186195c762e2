// Package takeout makes the archives that members ask for: a zip file with what
// they wrote, boosted, favourited and bookmarked as ActivityStreams documents, in
// the shape of Mastodon's and Akkoma's archives, and the files that they handed in.
// It decides nothing about who may have it, and sends nothing anywhere.
//
// It imports the store and vocab. Read [Maker.Make] first.
package takeout

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/media"
)

// postsAtOnce is how many posts are loaded at a time.
const postsAtOnce = 80

// Maker makes archives.
type Maker struct {
	DB     *store.DB
	Origin vocab.Origin
}

// Make does store.JobTakeout.
func (m Maker) Make(ctx context.Context, id int64) error {
	return m.DB.WriteTakeout(ctx, id, func(v *store.Takeout, w io.Writer) error {
		a := &archive{Maker: m, ctx: ctx, zip: zip.NewWriter(w)}
		return a.write(v.AccountID)
	})
}

// archive is one while it is written.
type archive struct {
	Maker
	ctx  context.Context
	zip  *zip.Writer
	self *store.Account
}

func (a *archive) write(accountID int64) (err error) {
	if a.self, err = a.DB.Account(a.ctx, accountID); err != nil {
		return err
	}
	for _, part := range []func() error{a.actor, a.outbox,
		func() error { return a.kept("likes.json", a.DB.Favourites) },
		func() error { return a.kept("bookmarks.json", a.DB.Bookmarks) },
		a.media} {
		if err := part(); err != nil {
			return err
		}
	}
	return a.zip.Close()
}

// actor writes the profile as other servers see it.
func (a *archive) actor() error {
	doc := vocab.AccountDoc(a.self, a.Origin)
	known, err := a.DB.EmojiOf(a.ctx, a.self)
	if err != nil {
		return err
	}
	doc.Emojis = vocab.EmojisOf(a.self.Emoji(known), a.Origin)
	keys, err := a.DB.AssertionKeys(a.ctx, a.self.ID)
	if err != nil {
		return err
	}
	body, err := doc.WithKeys(keys).JSON()
	if err != nil {
		return err
	}
	w, err := a.zip.Create("actor.json")
	if err == nil {
		_, err = w.Write(body)
	}
	return err
}

// outbox writes all posts and boosts as activities, newest first, the private ones
// too.
func (a *archive) outbox() error {
	list, err := a.list("outbox.json")
	if err != nil {
		return err
	}
	me := store.AsMember(a.self.ID)
	err = pages(a.ctx, func(ctx context.Context, c store.Cursor) (*store.PostPage, error) {
		return a.DB.ProfileTimeline(ctx, a.self.ID, store.ProfileReplies, me, c)
	}, func(posts []*store.PostView) error { return a.activities(list, posts) })
	return errors.Join(err, list.end())
}

// activities adds what was done with posts to the outbox.
func (a *archive) activities(list *itemList, posts []*store.PostView) error {
	var boosts []int64
	for _, v := range posts {
		if len(v.BoostedBy) > 0 {
			boosts = append(boosts, v.EntryID)
		}
	}
	made, err := a.DB.Boosts(a.ctx, boosts)
	if err != nil {
		return err
	}
	for _, v := range posts {
		body, err := a.activity(v, made)
		if err != nil {
			return fmt.Errorf("post %d: %w", v.ID, err)
		}
		if err := list.add(body); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) activity(v *store.PostView, boosts map[int64]store.Boost) ([]byte, error) {
	if len(v.BoostedBy) > 0 {
		e := vocab.Envelope{ID: boosts[v.EntryID].URI, Actor: a.self.URI, To: []string{a.self.FollowersURI}, Published: store.IDTime(v.EntryID)}
		return vocab.Announce(e, v.URI)
	}
	doc := vocab.PostDoc(v, a.Origin)
	if len(doc.To) == 0 { // it stays on this server, whose members Akkoma names so
		doc.To = []string{a.Origin.URL + "/#Public"}
	}
	return vocab.Create(vocab.Envelope{ID: vocab.CreateID(v.URI), Actor: a.self.URI}, doc)
}

// kept writes the addresses of posts that the member marked.
func (a *archive) kept(name string, read func(context.Context, int64, store.Cursor) (*store.PostPage, error)) error {
	list, err := a.list(name)
	if err != nil {
		return err
	}
	err = pages(a.ctx, func(ctx context.Context, c store.Cursor) (*store.PostPage, error) { return read(ctx, a.self.ID, c) },
		func(posts []*store.PostView) error {
			for _, v := range posts {
				uri, err := json.Marshal(v.URI)
				if err != nil {
					return err
				}
				if err := list.add(uri); err != nil {
					return err
				}
			}
			return nil
		})
	return errors.Join(err, list.end())
}

// media writes the files, under the names that the addresses in the documents end
// with. They are compressed already.
func (a *archive) media() error {
	files, err := a.DB.HandedIn(a.ctx, a.self.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := a.file(f); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) file(f media.File) error {
	in, _, err := a.DB.OpenFile(a.ctx, f.Hash)
	if errors.Is(err, store.ErrNotFound) {
		return nil // it is missing here too
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := a.zip.CreateHeader(&zip.FileHeader{Name: "media/" + string(f.Hash) + media.Ext(f.Type), Method: zip.Store})
	if err == nil {
		_, err = io.Copy(out, in)
	}
	return err
}

// pages reads a list to its end.
func pages(ctx context.Context, read func(context.Context, store.Cursor) (*store.PostPage, error), each func([]*store.PostView) error) error {
	c := store.Cursor{Limit: postsAtOnce}
	for {
		page, err := read(ctx, c)
		if err != nil {
			return err
		}
		if err := each(page.Posts); err != nil || page.Older == 0 {
			return err
		}
		c.Before = page.Older
	}
}

// itemList is an OrderedCollection while its items are written: there may be more
// of them than fit into memory.
type itemList struct {
	w     io.Writer
	items int
}

// list begins a collection. Like those of Mastodon's archives it is called by its
// file.
func (a *archive) list(name string) (*itemList, error) {
	w, err := a.zip.Create(name)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(w, `{"@context":"https://www.w3.org/ns/activitystreams","id":%q,"type":"OrderedCollection","orderedItems":[`, name)
	return &itemList{w: w}, err
}

func (l *itemList) add(item []byte) error {
	if l.items++; l.items > 1 {
		item = append([]byte(",\n"), item...)
	}
	_, err := io.Copy(l.w, bytes.NewReader(item))
	return err
}

func (l *itemList) end() error {
	_, err := fmt.Fprintf(l.w, `],"totalItems":%d}`, l.items)
	return err
}
