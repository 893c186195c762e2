package outbox

import (
	"cmp"
	"slices"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// NoteDoc is a local post as other servers see it, wherever they see it. v is
// the post with its author, mentions, attachments and the account it answers;
// tags are its hashtags as written, parentURI the id of the post that it
// answers, "" if none. A local-only post has no recipients, so that building
// its JSON fails.
func NoteDoc(db *store.DB, v *store.PostView, tags []string, parentURI string) vocab.NoteDoc {
	to := noteAudience(v)
	d := vocab.NoteDoc{
		ID: v.URI, URL: v.URL, AttributedTo: v.Author.URI,
		ContentHTML: v.HTML.String(), Language: v.Language, Source: sourceOf(v.Source),
		Summary: v.ContentWarning, Sensitive: v.Sensitive,
		InReplyTo: parentURI,
		Published: v.CreatedAt, Updated: v.EditedAt,
		To: to.to, CC: to.cc,
	}
	if v.Visibility <= store.Unlisted {
		d.Replies = v.URI + "/replies"
	}
	for _, a := range byID(v.Mentions) {
		d.Mentions = append(d.Mentions, vocab.Mention{Href: a.URI, Name: db.Handle(a).String()})
	}
	for _, name := range tags {
		d.Hashtags = append(d.Hashtags, vocab.Tag{Name: name, Href: db.URL() + "/tags/" + content.FoldTag(name)})
	}
	for _, a := range v.Attachments {
		d.Attachments = append(d.Attachments, vocab.Attachment{URL: a.URL, MediaType: a.MediaType,
			Name: a.Description, Blurhash: a.Blurhash, Width: a.Width, Height: a.Height})
	}
	return d
}

// noteAudience addresses a post: to whom its visibility says, and by name.
func noteAudience(v *store.PostView) audience {
	var named []string
	for _, a := range addressees(v) {
		named = append(named, a.URI)
	}
	if v.Visibility == store.Direct && len(named) == 0 {
		named = []string{v.Author.URI} // a note to oneself
	}
	return audienceOf(v.Visibility, v.Author.FollowersURI, named)
}

// addressees lists whom a post is addressed to by name: its mentions, and whom it
// answers elsewhere, whose server keeps the thread. An answer among fewer goes
// to nobody who is not named in it.
func addressees(v *store.PostView) []*store.Account {
	named := byID(v.Mentions)
	if v.ReplyTo != nil && !v.ReplyTo.Local() && v.Visibility <= store.Unlisted {
		named = append(named, v.ReplyTo)
	}
	return named
}

// byID sorts accounts, so that a document is the same every time.
func byID(accounts []*store.Account) []*store.Account {
	return slices.SortedFunc(slices.Values(accounts), func(a, b *store.Account) int { return cmp.Compare(a.ID, b.ID) })
}

func sourceOf(s content.Source) vocab.Source {
	switch {
	case s.Text == "":
		return vocab.Source{}
	case s.Format == content.Markdown:
		return vocab.Source{Content: s.Text, MediaType: "text/markdown"}
	}
	return vocab.Source{Content: s.Text, MediaType: "text/plain"}
}
