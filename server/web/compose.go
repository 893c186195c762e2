package web

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// newComposer is an empty form for a post, with the member's usual choices.
func (s *Server) newComposer(r *request) (templates.Composer, error) {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return templates.Composer{}, err
	}
	p := r.viewer.Preferences
	return templates.Composer{
		ID: "c", ContentWarning: p.Warning, Sensitive: p.Sensitive, Visibility: p.Visibility.String(), Visibilities: visibilityChoices(),
		Lang: p.Language, Format: string(cmp.Or(p.Format, content.Plain)),
		Accept: acceptedTypes(), MediaLimit: settings.PostMedia,
		Limit: settings.PostLimit, Policy: policyFields(p.Policy), Token: rand.Text(), Avatar: avatarPath(s.db, r.viewer.Account),
	}, nil
}

// newReply is the form for an answer: to the same people, behind the same
// warning, to nobody who could not see the parent.
func (s *Server) newReply(r *request, parent *store.PostView) (templates.Composer, error) {
	c, err := s.newComposer(r)
	if err != nil {
		return c, err
	}
	answer(&c, parent)
	c.Text = mentionAll(parent, r.viewerID())
	c.ContentWarning = parent.ContentWarning
	return c, nil
}

// answer makes the form one for a reply to parent.
func answer(c *templates.Composer, parent *store.PostView) {
	c.ReplyTo, c.ReplyName = parent.ID, parent.Author.Name()
	narrow(c, parent.Visibility)
}

// quoting makes the form one for a post that quotes another.
func quoting(c *templates.Composer, quoted *store.PostView) {
	c.Quote = quoted.ID
	narrow(c, quoted.Visibility)
}

// narrow leaves only what nobody outside of an audience can see.
func narrow(c *templates.Composer, audience store.Visibility) {
	c.Visibilities = slices.DeleteFunc(c.Visibilities, func(choice templates.Choice) bool {
		v, err := store.ParseVisibility(choice.Value)
		return err != nil || v.Within(audience) != v
	})
	if !offered(c.Visibilities, c.Visibility) {
		c.Visibility = c.Visibilities[0].Value
		if offered(c.Visibilities, audience.String()) {
			c.Visibility = audience.String()
		}
	}
}

// mentionAll begins a reply: the parent's author, then whom else it mentions.
func mentionAll(parent *store.PostView, self int64) string {
	var b strings.Builder
	seen := map[int64]bool{self: true}
	for _, a := range append([]*store.Account{parent.Author}, parent.Mentions...) {
		if !seen[a.ID] && a.State == store.AccountActive {
			seen[a.ID] = true
			b.WriteString("@" + a.Acct() + " ")
		}
	}
	return b.String()
}

// showCompose is /compose, with ?reply_to=, ?text= and ?visibility=.
func (s *Server) showCompose(w http.ResponseWriter, r *request) error {
	c, err := s.newComposer(r)
	if err != nil {
		return err
	}
	if id := positive(r.query("draft")); id != 0 {
		return s.showDraft(w, r, id)
	}
	var parent *store.PostView
	if id := positive(r.query("reply_to")); id != 0 {
		if parent, err = s.db.PostVisibleTo(r.Context(), id, r.asViewer()); err != nil {
			return err
		}
		if c, err = s.newReply(r, parent); err != nil {
			return err
		}
	}
	var quoted *store.PostView
	if id := positive(r.query("quote")); id != 0 {
		if quoted, err = s.quotable(r, id); errors.Is(err, store.ErrForbidden) {
			return refuse(http.StatusForbidden, "error.no_quote")
		} else if err != nil {
			return err
		}
		quoting(&c, quoted)
	}
	if r.query("add") == "poll" {
		changePoll(&c, "add-poll")
	}
	if text := r.query("text"); text != "" {
		c.Text = text
	}
	if v := r.query("visibility"); offered(c.Visibilities, v) {
		c.Visibility = v
	}
	return s.renderCompose(w, r, http.StatusOK, composing{form: c, parent: parent, quoted: quoted})
}

// composing is a composer page in the making.
type composing struct {
	title  string // message key; empty: by what the form is
	form   templates.Composer
	parent *store.PostView
	quoted *store.PostView
	policy store.InteractionPolicy
	editOf *store.PostView  // the stored post, when the form changes one
	newer  *templates.Newer // what was saved meanwhile
	shown  *store.PostView  // the preview
	at     time.Time        // when it is to be posted, zero: now
	lasts  time.Duration    // after which it deletes itself, 0: never
	errs   []templates.FieldError
}

// format is how the text of a form is to be read.
func (r *request) format() content.Format {
	if r.form.Get("format") == string(content.Markdown) {
		return content.Markdown
	}
	return content.Plain
}

func (s *Server) renderCompose(w http.ResponseWriter, r *request, status int, in composing) error {
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	form := in.form
	form.Full, form.Languages = true, r.languagesWith(form.Lang)
	form.Expiries, form.Zone = expiryChoices(), s.zone(r).String()
	p := templates.ComposePage{Frame: s.frame(r), Title: in.title, Composer: form, Newer: in.newer}
	p.Errors, p.NoIndex = in.errs, true
	if in.editOf != nil && in.editOf.Poll != nil {
		if p.Asks = true; p.Composer.Poll != nil {
			s.keepsTime(r, p.Composer.Poll, in.editOf.Poll)
		}
	}
	if p.Title == "" {
		p.Title = composeTitle(form)
	}
	if in.parent != nil {
		v := c.post(in.parent)
		p.Parent = &v
	}
	if in.quoted != nil {
		v := c.quoted(in.quoted)
		p.Quoted = &templates.Quote{Post: &v}
	}
	if in.shown != nil {
		v := c.post(in.shown)
		v.URL = v.Author.URL // a preview has no address of its own
		p.Preview = &v
	}
	if form.Visibility == store.Direct.String() {
		if p.Readers, err = s.readersOf(r, c, form, in.editOf); err != nil {
			return err
		}
		if in.shown != nil && len(p.Readers) == 0 {
			if p.Alone, err = s.alone(r.Context(), store.Direct, in.source()); err != nil {
				return err
			}
		}
	}
	return s.render(w, r, status, p)
}

func composeTitle(form templates.Composer) string {
	switch {
	case form.Edit:
		return "compose.edit"
	case form.ReplyTo != 0:
		return "compose.reply"
	case form.Quote != 0:
		return "compose.quote"
	}
	return "compose.title"
}

// languagesWith offers the language of a post that was written elsewhere too.
// Those that the member writes and reads come first.
func (r *request) languagesWith(lang string) []templates.Choice {
	list := languageChoices()
	if !offered(list, lang) {
		list = append(list, templates.Choice{Value: lang, Text: lang})
	}
	ownFirst(list[1:], lang, r.viewer.Preferences.Language, r.language().Code)
	return list
}

// readComposer takes what was typed. The parent of a reply is nil, with a
// mistake, if it has gone meanwhile; then the text can be posted on its own.
func (s *Server) readComposer(r *request) (in composing, err error) {
	if in.form, err = s.newComposer(r); err != nil {
		return in, err
	}
	c := &in.form
	c.Conversation = positive(r.form.Get("conversation"))
	c.Text, c.ContentWarning = r.form.Get("text"), r.text("cw")
	c.Format = string(r.format())
	if r.form.Has("lang") {
		c.Lang = r.form.Get("lang")
	}
	c.Poll = readPoll(r)
	s.readLater(r, &in)
	in.policy = readPolicy(r, r.viewer.Preferences.Policy)
	c.Policy = policyFields(in.policy)
	if err := s.readMedia(r, &in); err != nil {
		return in, err
	}
	if token := r.form.Get("token"); token != "" && len(token) <= maxToken {
		c.Token = token
	}
	if !offered(languageChoices(), c.Lang) {
		in.errs, c.Lang = append(in.errs, mistake("lang", "settings.choose")), ""
	}
	if v := r.form.Get("visibility"); offered(c.Visibilities, v) {
		c.Visibility = v
	} else if v != "" {
		in.errs = append(in.errs, mistake("visibility", "settings.choose"))
	}
	return in, s.findContext(r, &in, positive(r.form.Get("reply_to")), positive(r.form.Get("quote")))
}

// maxToken is the longest token of a form that is taken, in bytes.
const maxToken = 64

// againToken begins the token of a form whose text was posted a moment ago: the
// author has read that, and pressing once more posts it again.
const againToken = "again-"

// findContext looks up what a text answers and quotes, by the posts' ids. If that
// has gone meanwhile it is said, and the text can be posted on its own.
func (s *Server) findContext(r *request, in *composing, replyTo, quote int64) error {
	gone := func(err error) bool {
		return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrGone) || errors.Is(err, store.ErrForbidden)
	}
	if quote != 0 {
		quoted, err := s.quotable(r, quote)
		switch {
		case err == nil:
			in.quoted = quoted
			quoting(&in.form, quoted)
		case !gone(err):
			return err
		default:
			in.errs = append(in.errs, mistake("", "error.post_quote"))
		}
	}
	if replyTo != 0 {
		parent, err := s.db.PostVisibleTo(r.Context(), replyTo, r.asViewer())
		switch {
		case err == nil:
			in.parent = parent
			answer(&in.form, parent)
		case !gone(err):
			return err
		default:
			in.errs = append(in.errs, mistake("", "error.post_parent"))
		}
	}
	return nil
}

// draft is what the form holds, as the store takes it.
func (in *composing) draft(authorID int64) store.Draft {
	c := in.form
	v, err := store.ParseVisibility(c.Visibility)
	if err != nil {
		v = store.Direct // can't be: the form offered it
	}
	return store.Draft{
		AuthorID: authorID, Source: in.source(), ContentWarning: c.ContentWarning,
		Sensitive: c.Sensitive, MediaIDs: in.mediaIDs(), MediaTexts: in.mediaTexts(),
		Language: c.Lang, Visibility: v, ReplyToID: c.ReplyTo, QuoteID: c.Quote, Policy: in.policy, Poll: pollOf(c.Poll), Token: in.onceToken(),
		NotAgain: !strings.HasPrefix(c.Token, againToken), ExpiresIn: in.lasts, DraftID: c.Draft, SeenAt: positive(c.DraftSeen),
	}
}

// source is the text without the empty lines around it.
func (in *composing) source() content.Source {
	text := strings.TrimRight(strings.TrimLeft(in.form.Text, "\n"), " \t\n")
	return content.Source{Text: text, Format: content.Format(in.form.Format)}
}

// expandComposer is POST /compose: the short form's fields in the long one,
// with a poll if add=poll.
func (s *Server) expandComposer(w http.ResponseWriter, r *request) error {
	in, err := s.readComposer(r)
	if err != nil {
		return err
	}
	changePoll(&in.form, "add-"+r.form.Get("add"))
	if _, err := s.addEmoji(r, &in); err != nil {
		return err
	}
	return s.renderCompose(w, r, http.StatusOK, in)
}

// createPost is POST /posts, with action=post, preview or one of the poll's.
func (s *Server) createPost(w http.ResponseWriter, r *request) error {
	in, err := s.readComposer(r)
	if err != nil {
		return err
	}
	if changePoll(&in.form, r.form.Get("action")) || isMediaAction(r.form.Get("action")) {
		return s.renderCompose(w, r, statusOf(in), in)
	}
	picking, err := s.addEmoji(r, &in)
	if err != nil {
		return err
	}
	if picking {
		return s.renderCompose(w, r, http.StatusOK, in)
	}
	switch r.form.Get("action") {
	case "preview":
		return s.renderPreview(w, r, in)
	case "draft":
		return s.saveDraft(w, r, in)
	}
	if len(in.errs) > 0 {
		return s.renderCompose(w, r, http.StatusUnprocessableEntity, in)
	}
	if asked, err := s.askAlt(w, r, &in); asked || err != nil {
		return err
	}
	if !in.at.IsZero() {
		return s.schedule(w, r, in)
	}
	p, err := s.db.CreatePost(r.Context(), in.draft(r.viewerID()))
	if err != nil {
		return s.notTaken(w, r, in, err)
	}
	if err := s.flashPosted(w, r, p); err != nil {
		return err
	}
	return redirect(w, r, s.afterPosting(in, p))
}

// flashPosted says that a post is out, and if nobody but its author will read it.
func (s *Server) flashPosted(w http.ResponseWriter, r *request, p *store.Post) error {
	key := "flash.posted"
	alone, err := s.alone(r.Context(), p.Visibility, p.Source)
	if alone {
		key = "flash.posted_alone"
	}
	s.flash(w, templates.Flash{Msg: templates.M(key)})
	return err
}

// afterPosting is where an author finds a new post: in the conversation or the
// thread that it answers, or in their home.
func (s *Server) afterPosting(in composing, p *store.Post) string {
	path := "/home"
	switch {
	case in.form.Conversation != 0 && p.Visibility == store.Direct:
		path = "/messages/" + strconv.FormatInt(in.form.Conversation, 10)
	case in.parent != nil:
		path = in.parent.Path()
	}
	return path + "#p" + strconv.FormatInt(p.ID, 10)
}

// postMistake puts into words why a text can't be posted.
func postMistake(e *store.PostError) templates.FieldError {
	if m, ok := pollMistake(e); ok {
		return m
	}
	if m, ok := mediaMistake(e); ok {
		return m
	}
	switch e.Problem {
	case store.PostEmpty:
		return mistake("text", "error.post_empty")
	case store.PostTooLong:
		return mistake("text", "error.post_long", "n", e.Length-e.Limit)
	case store.PostWarningTooLong:
		return mistake("cw", "error.cw_long")
	case store.PostTooManyMentions:
		return mistake("text", "error.post_mentions", "n", e.Limit)
	case store.PostBlocked:
		return mistake("text", "error.post_blocked", "name", e.Handle)
	case store.PostQuoteGone, store.PostQuoteRefused:
		return mistake("", "error.post_quote")
	case store.PostReplyRefused:
		return mistake("", "error.post_reply")
	case store.PostUndescribed:
		return mistake("media", "compose.alt_required")
	case store.PostRepeated:
		return mistake("text", "error.post_repeated")
	case store.PostClosed:
		return mistake("", "error.post_closed")
	case store.PostBadTime:
		return mistake("schedule", "error.schedule")
	case store.PostBadExpiry:
		return mistake("expire", "settings.choose")
	case store.PostManyDrafts:
		return mistake("", "error.many_drafts", "n", e.Limit)
	case store.PostManyScheduled:
		return mistake("", "error.many_scheduled", "n", e.Limit)
	case store.PostDraftGone:
		return mistake("", "error.draft_gone")
	case store.PostAuthorStopped:
		return mistake("", "error.author_stopped")
	}
	return mistake("", "error.post_parent")
}
