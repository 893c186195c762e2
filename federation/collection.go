package federation

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// Items on a page of a collection.
const (
	postsPerPage  = 20 // whole documents
	othersPerPage = 40 // URIs
)

// pageRequest is which part of a collection is asked for. Pages go by key, so
// that they neither repeat nor skip what is added meanwhile.
type pageRequest struct {
	collection    string // its id
	page          bool   // false: the collection itself
	before, after int64
}

func readPage(r *http.Request, collection string) (pageRequest, error) {
	p := pageRequest{collection: collection}
	if r.URL.RawQuery == "" {
		return p, nil
	}
	query := r.URL.Query()
	p.page = query.Get("page") != ""
	for key, dest := range map[string]*int64{"before": &p.before, "after": &p.after} {
		value := query.Get(key)
		if value == "" {
			continue
		}
		if *dest = parseID(value); *dest == 0 {
			return p, requestError(key + " must be the id that a page of this collection has in its next or prev")
		}
	}
	return p, nil
}

func (p pageRequest) cursor(limit int) store.Cursor {
	return store.Cursor{Before: p.before, After: p.after, Limit: limit}
}

// uri is the address of a page: the first one, or one that starts at a key.
func (p pageRequest) uri(before, after int64) string {
	query := url.Values{"page": {"true"}}
	if before != 0 {
		query.Set("before", strconv.FormatInt(before, 10))
	}
	if after != 0 {
		query.Set("after", strconv.FormatInt(after, 10))
	}
	return p.collection + "?" + query.Encode()
}

// doc starts the page, with the keys that lead on from it (0: no further).
func (p pageRequest) doc(older, newer int64) vocab.OrderedCollectionPageDoc {
	doc := vocab.OrderedCollectionPageDoc{ID: p.uri(p.before, p.after), PartOf: p.collection}
	if older != 0 {
		doc.Next = p.uri(older, 0)
	}
	if newer != 0 {
		doc.Prev = p.uri(0, newer)
	}
	return doc
}

// document is a collection or a page of one.
type document interface{ JSON() ([]byte, error) }

func (d *Documents) writeCollection(w http.ResponseWriter, r *http.Request, doc document) error {
	body, err := doc.JSON()
	if err != nil {
		return err
	}
	contentType := readAccept(r.Header.Values("Accept")).contentType()
	answer{contentType: contentType, body: body, cache: d.cache(r), vary: varySigner}.write(w, r)
	return nil
}

// writeFront writes a collection that has its items on pages.
func (d *Documents) writeFront(w http.ResponseWriter, r *http.Request, p pageRequest, total int) error {
	return d.writeCollection(w, r, vocab.OrderedCollectionDoc{ID: p.collection, Total: total, First: p.uri(0, 0)})
}

// activeAccount returns an account whose collections may be read by who asks.
func (d *Documents) activeAccount(r *http.Request, id int64) (*store.Account, store.Viewer, error) {
	a, err := d.account(r.Context(), id)
	if err == nil && a.State != store.AccountActive {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, store.Viewer{}, err
	}
	viewer, err := d.readerOf(r, a)
	return a, viewer, err
}

// outbox lists what an account published for everyone (ActivityPub §5.1), as
// the activities that were sent, newest first.
func (d *Documents) outbox(w http.ResponseWriter, r *http.Request, id int64) error {
	a, viewer, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	p, err := readPage(r, a.OutboxURI)
	if err != nil {
		return err
	}
	if !a.ShowsPostsTo(viewer) {
		return d.writeClosed(w, r, p, a.PostsCount)
	}
	if !p.page {
		return d.writeFront(w, r, p, a.PostsCount)
	}
	posts, err := d.db.ProfileTimeline(r.Context(), id, store.ProfilePublic, viewer, p.cursor(postsPerPage))
	if err != nil {
		return err
	}
	doc := p.doc(posts.Older, posts.Newer)
	for _, v := range posts.Posts {
		body, err := vocab.Create(vocab.Envelope{ID: vocab.CreateID(v.URI), Actor: v.Author.URI}, vocab.PostDoc(v, d.origin))
		if err != nil {
			return err
		}
		doc.Documents = append(doc.Documents, body)
	}
	return d.writeCollection(w, r, doc)
}

// featured lists the posts at the top of a profile. They are few, so there are
// no pages.
func (d *Documents) featured(w http.ResponseWriter, r *http.Request, id int64) error {
	a, viewer, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	posts, err := d.db.PinnedPosts(r.Context(), id, viewer)
	if err != nil {
		return err
	}
	doc := vocab.OrderedCollectionDoc{ID: a.FeaturedURI}
	for _, v := range posts {
		if v.Visibility > store.Unlisted { // a follower may see it, but no other server keeps such a list apart
			continue
		}
		body, err := vocab.PostDoc(v, d.origin).JSON()
		if err != nil {
			return err
		}
		doc.Documents = append(doc.Documents, body)
	}
	doc.Total = len(doc.Documents)
	return d.writeCollection(w, r, doc)
}

func (d *Documents) followers(w http.ResponseWriter, r *http.Request, id int64) error {
	a, _, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	return d.writePeople(w, r, a, a.FollowersURI, a.FollowersCount, d.db.FollowersOf)
}

func (d *Documents) following(w http.ResponseWriter, r *http.Request, id int64) error {
	a, _, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	return d.writePeople(w, r, a, a.FollowingURI, a.FollowingCount, d.db.FollowingOf)
}

// writePeople writes a collection of accounts about a, or its front alone.
func (d *Documents) writePeople(w http.ResponseWriter, r *http.Request, a *store.Account, uri string, total int,
	read func(context.Context, int64, store.Cursor) (*store.AccountPage, error)) error {
	p, err := readPage(r, uri)
	if err != nil {
		return err
	}
	if a.HidesNetwork || !p.page {
		return d.writeNetwork(w, r, p, a, total)
	}
	list, err := read(r.Context(), a.ID, p.cursor(othersPerPage))
	if err != nil {
		return err
	}
	return d.writeAccounts(w, r, p, list)
}

// writeNetwork writes the front of a member's followers or of whom they follow,
// with the number and the way to the lists as far as they show those.
func (d *Documents) writeNetwork(w http.ResponseWriter, r *http.Request, p pageRequest, a *store.Account, total int) error {
	if a.HidesCounts {
		total = -1
	}
	if a.HidesNetwork {
		return d.writeClosed(w, r, p, total)
	}
	return d.writeFront(w, r, p, total)
}

// writeClosed writes a collection whose items are not shown.
func (d *Documents) writeClosed(w http.ResponseWriter, r *http.Request, p pageRequest, total int) error {
	if p.page {
		return store.ErrNotFound
	}
	return d.writeCollection(w, r, vocab.OrderedCollectionDoc{ID: p.collection, Total: total, Closed: true})
}

// featuredTags lists the hashtags on a profile (toot:featuredTags).
func (d *Documents) featuredTags(w http.ResponseWriter, r *http.Request, id int64) error {
	a, _, err := d.activeAccount(r, id)
	if err != nil {
		return err
	}
	tags, err := d.db.FeaturedTags(r.Context(), id)
	if err != nil {
		return err
	}
	doc := vocab.OrderedCollectionDoc{ID: a.URI + "/featured_tags", Total: len(tags)}
	for _, tag := range tags {
		body, err := vocab.HashtagJSON(vocab.Tag{Name: tag.Name, Href: d.origin.URL + "/tags/" + url.PathEscape(content.FoldTag(tag.Name))})
		if err != nil {
			return err
		}
		doc.Documents = append(doc.Documents, body)
	}
	return d.writeCollection(w, r, doc)
}

func (d *Documents) writeAccounts(w http.ResponseWriter, r *http.Request, p pageRequest, list *store.AccountPage) error {
	doc := p.doc(list.Older, list.Newer)
	for _, a := range list.Accounts {
		doc.Items = append(doc.Items, a.URI)
	}
	return d.writeCollection(w, r, doc)
}

// replies lists the public answers to a post that is public itself, oldest
// first, for those who complete a thread.
func (d *Documents) replies(w http.ResponseWriter, r *http.Request, id int64) error {
	v, err := d.visiblePost(r, id)
	if err != nil {
		return err
	}
	if v.Visibility > store.Unlisted {
		return store.ErrNotFound
	}
	p, err := readPage(r, v.URI+"/replies")
	if err != nil {
		return err
	}
	if !p.page {
		return d.writeFront(w, r, p, v.RepliesCount)
	}
	list, err := d.db.PublicReplies(r.Context(), id, p.after, othersPerPage+1)
	if err != nil {
		return err
	}
	return d.writePosts(w, r, p, list)
}
