package web

import (
	"net/http"
	"net/url"
	"strconv"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// showThread is /@name/{id}: a post with what it answers and what answers it.
func (s *Server) showThread(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if s.wantsActivity(w, r) {
		s.documents.ServePost(w, r.Request, id)
		return nil
	}
	t, err := s.db.Thread(r.Context(), id, r.asViewer())
	if err != nil {
		return err
	}
	post := t.Post
	if r.viewer == nil && !post.Author.Local() {
		return leaveFor(w, r, post.Author, webAddress(post.URL, post.URI))
	}
	if r.URL.Path != post.Path() {
		return redirect(w, r, post.Path())
	}
	return s.renderThread(w, r, http.StatusOK, t)
}

// renderThread is the page of a thread, with what is wrong with a form on it.
func (s *Server) renderThread(w http.ResponseWriter, r *request, status int, t *store.Thread, errs ...templates.FieldError) error {
	post := t.Post
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	c.in(store.FilterThread)
	c.open, c.results = c.open || r.query("cw") == "open", r.query("results") == "1"
	s.freshenPoll(r, post)
	s.completeShownThread(r, t)
	p := s.threadPage(r, c, t)
	if p.Fetched, err = s.fetched(r, post.ID); err != nil {
		return err
	}
	if r.viewer != nil {
		composer, err := s.newReply(r, post)
		if err != nil {
			return err
		}
		p.Composer = &composer
	}
	if post.Author.Local() && post.Visibility <= store.Unlisted { // the others answer 404 to whom they do not know
		linkActivity(w, p.Frame, post.URI)
	}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// threadPage lays a thread out.
func (s *Server) threadPage(r *request, c *cards, t *store.Thread) templates.ThreadPage {
	post := t.Post
	p := templates.ThreadPage{
		Frame: s.frame(r), Back: "/", Post: c.post(post), Sort: r.query("sort"), Flat: r.query("view") == "flat",
		CanFetch: r.viewer != nil && t.LeadsElsewhere(), Cut: t.Cut,
	}
	if r.viewer != nil {
		p.Back = "/home"
	}
	if p.Sort != "new" {
		p.Sort = ""
	}
	if t.ParentMissing {
		gap := templates.Node{Gap: "unknown"}
		if t.ParentDeleted {
			gap.Gap = "deleted"
		}
		p.Ancestors = append(p.Ancestors, gap)
	}
	b := newTree(c, t)
	for _, v := range t.Ancestors {
		p.Ancestors = append(p.Ancestors, b.node(v))
	}
	p.Post = b.card(post)
	b.lay(r, &p, t.Replies)
	p.ReplyCount, p.People = b.replies, b.people()
	p.ViewURL = threadURL(r, "view", map[bool]string{false: "flat"}[p.Flat])
	p.SortURL = threadURL(r, "sort", map[string]string{"": "new", "new": ""}[p.Sort])
	if b.warnings && !c.open {
		p.WarningsURL = threadURL(r, "cw", "open")
	}
	p.Visits = visitHint(r, post.Author.Name(), webAddress(post.URL, post.URI), "/interact/"+strconv.FormatInt(post.ID, 10))
	if p.Visits != nil {
		p.Visits.Title, p.Visits.Message = "away.post_title", "away.post_search"
	}
	describePost(&p, post)
	s.describeCard(p.Frame, post)
	return p
}

// threadURL is this page with one parameter changed, from its first replies on.
func threadURL(r *request, name, value string) string {
	q := r.URL.Query()
	q.Del("from")
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	return (&url.URL{Path: r.URL.Path, RawQuery: q.Encode()}).String()
}

// describePost tells search engines and link cards of public posts alone, and
// never what stands behind a warning.
func describePost(p *templates.ThreadPage, v *store.PostView) {
	public := v.Visibility == store.Public || v.Visibility == store.Unlisted
	p.NoIndex = !v.Author.Local() || !public || !v.Author.Indexable
	p.Canonical = webAddress(v.URL, v.URI)
	if !public || !v.Author.Local() {
		return
	}
	p.Description = v.ContentWarning
	if p.Description == "" {
		p.Description = content.Excerpt(v.HTML, descriptionLength)
	}
}
