package vocab

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// Bounds on what is kept of a foreign post, narrower than those on what is read.
const (
	maxPostBytes       = 200_000 // of its text, before it is sanitised
	maxPostTitle       = 300     // characters
	maxPostAttachments = 32
	maxPostLinks       = 8   // links shown below the text
	maxBlurhash        = 120 // bytes
)

// CreateID is the id of the Create by which a post of ours is published: the
// same wherever the Create is shown, and whoever reads it gets the post.
func CreateID(postURI string) string { return postURI + "#create" }

// PostDoc is a post of a member as other servers get it.
//
// A post that must not leave (local-only) has no recipients, so its JSON fails.
func PostDoc(v *store.PostView, at Origin) NoteDoc {
	d := NoteDoc{
		ID: v.URI, URL: v.URL, AttributedTo: v.Author.URI,
		ContentHTML: withQuote(v.HTML, quoteOf(v)), Quote: quoteOf(v), ReplyStamp: v.ReplyStamp, OnVideo: v.OnVideo, Language: v.Language,
		Source:  Source{Content: v.Source.Text, MediaType: "text/plain"},
		Summary: v.ContentWarning, Sensitive: v.Sensitive,
		InReplyTo: v.ParentURI, Context: v.Context, Conversation: v.Conversation, Poll: pollOf(v.Poll),
		Published: v.CreatedAt, Updated: v.EditedAt,
	}
	if v.Source.Format == content.Markdown {
		d.Source.MediaType = "text/markdown"
	}
	for _, tag := range content.Find(v.Source).Tags {
		d.Hashtags = append(d.Hashtags, Tag{Name: tag, Href: at.URL + "/tags/" + url.PathEscape(content.FoldTag(tag))})
	}
	for _, a := range v.Attachments {
		d.Attachments = append(d.Attachments, Attachment{URL: a.URL, MediaType: a.MediaType, Name: a.Description,
			Blurhash: a.Blurhash, Width: a.Width, Height: a.Height, FocalX: a.FocalX, FocalY: a.FocalY, Duration: a.Duration, IconURL: previewOf(a)})
	}
	d.Emojis = EmojisOf(v.Emoji(), at)
	mentioned := mentionedIn(v)
	for _, a := range withAnswered(v, mentioned) {
		d.Mentions = append(d.Mentions, Mention{Href: a.URI, Name: "@" + a.Username + "@" + cmp.Or(a.Host, at.AccountDomain)})
	}
	d.Policy = policyOf(v, mentioned)
	d.To, d.CC = audience(v, mentioned)
	if v.Visibility <= store.Unlisted {
		d.Audience = v.GroupURI
		d.Replies = v.URI + "/replies"
	}
	return d
}

// previewOf is the still picture of sound or video; pictures show themselves.
func previewOf(a *store.Attachment) string {
	if a.Kind == store.AttachedImage {
		return ""
	}
	return a.PreviewURL
}

// mentionedIn orders the mentions, so that the same post always gives the same bytes.
func mentionedIn(v *store.PostView) []*store.Account {
	return slices.SortedFunc(slices.Values(v.Mentions), func(a, b *store.Account) int { return cmp.Compare(a.ID, b.ID) })
}

// withAnswered adds the author elsewhere of what is answered, who is addressed
// by name though the text need not hold it: Mastodon and Lemmy tell people of
// replies that mention them.
func withAnswered(v *store.PostView, mentioned []*store.Account) []*store.Account {
	parent := v.ReplyTo
	if parent == nil || parent.Local() || v.Visibility > store.Unlisted ||
		slices.ContainsFunc(mentioned, func(a *store.Account) bool { return a.ID == parent.ID }) {
		return mentioned
	}
	return append(slices.Clip(mentioned), parent)
}

// audience gives the recipients of a post (ActivityPub §5.6, §6.1). The author
// of what is answered is told where everyone may read the answer anyway; in a
// narrower circle only who is mentioned is.
func audience(v *store.PostView, mentioned []*store.Account) (to, cc []string) {
	var people []string
	for _, a := range withAnswered(v, mentioned) {
		people = append(people, a.URI)
	}
	if v.GroupURI != "" && v.Visibility <= store.Unlisted && !slices.Contains(people, v.GroupURI) {
		people = append(people, v.GroupURI) // the community shows it to its members
	}
	followers := v.Author.FollowersURI
	switch v.Visibility {
	case store.Public:
		return []string{Public}, append([]string{followers}, people...)
	case store.Unlisted:
		return []string{followers}, append([]string{Public}, people...)
	case store.Followers:
		return []string{followers}, people
	case store.Direct:
		if len(people) == 0 { // a note to oneself
			people = []string{v.Author.URI}
		}
		return people, nil
	}
	return nil, nil
}

// postKinds are the types of objects as the store keeps them; all others are Other.
var postKinds = map[string]store.PostKind{
	"Note": store.Note, "ChatMessage": store.Note, "Article": store.Article, "Page": store.Page,
	"Question": store.Question, "Event": store.Event, "Video": store.Video, "Audio": store.Audio, "Image": store.Image,
}

// Post turns an object into a post, ready to be stored but for AccountID and
// Mentions, which the caller looks up (see Addressed). followersURI is the
// followers collection of its author, "" if unknown. It refuses what is no
// post: actors, activities, tombstones, votes, and unknown types that have
// nothing to show.
func (o *Object) Post(followersURI string) (*store.RemotePost, error) {
	switch {
	case o.IsVote():
		return nil, &ShapeError{"post", "it is a vote"}
	case o.Type == "Tombstone" || actorTypes[o.Type] || o.Value.Has("inbox") || o.Value.Has("object"):
		return nil, &ShapeError{"post", "it is a tombstone, an actor or an activity"}
	}
	kind, known := postKinds[o.Type]
	if !known {
		kind = store.Other
	}
	r := &store.RemotePost{Emoji: EmojiTags(o.Emojis), Tags: o.tagNames(), Attachments: o.files(), Poll: o.Poll.stored(), Quote: o.quotes(), Policy: o.policy(followersURI), ReplyStamp: o.Value.Authorization(store.DeedReply)}
	r.Post = store.Post{
		URI: o.ID, Kind: kind, Visibility: o.storeVisibility(followersURI), URL: cmp.Or(o.URL, o.ID),
		Title: content.CleanLine(o.Title(), maxPostTitle), ContentWarning: o.ContentWarning(), Sensitive: o.sensitive(),
		Language: o.Language, CreatedAt: o.Published, Facts: o.facts(), GroupURI: o.group(), Context: o.Context, Conversation: o.Conversation,
	}
	if o.Updated.After(o.Published) { // many send both, alike
		r.EditedAt = o.Updated
	}
	if o.InReplyTo.ID != o.ID {
		r.ReplyToURI = o.InReplyTo.ID
	}
	r.HTML = o.html(o.shownLinks())
	if r.HTML.IsZero() && len(r.Attachments) == 0 && r.Poll == nil && !r.Facts.Tell() {
		if !known && r.Title == "" {
			return nil, &ShapeError{"post", "its type is unknown and it has neither text nor title"}
		}
		r.HTML = content.SanitisePlain(r.URL)
	}
	return r, nil
}

func (o *Object) storeVisibility(followersURI string) store.Visibility {
	if o.Type == "ChatMessage" {
		return store.Direct
	}
	switch o.Visibility(followersURI) {
	case VisibilityPublic:
		return store.Public
	case VisibilityUnlisted:
		return store.Unlisted
	case VisibilityFollowers:
		return store.Followers
	}
	return store.Direct
}

// Addressed lists the URIs of whom o mentions or is addressed to, each once.
// They are claims of its author: some are pages instead of actors, collections,
// or nobody this server knows.
func (o *Object) Addressed() []string {
	seen := map[string]bool{Public: true, "": true}
	var all []string
	add := func(uri string) {
		if !seen[uri] && len(all) < MaxRecipients {
			seen[uri] = true
			all = append(all, uri)
		}
	}
	for _, m := range o.Mentions {
		add(m.Href)
	}
	for _, list := range [][]string{o.To, o.CC, o.Audience} {
		for _, uri := range list {
			add(uri)
		}
	}
	return all
}

func (o *Object) sensitive() bool {
	return o.Sensitive || slices.ContainsFunc(o.Attachments, func(a Attachment) bool { return a.Sensitive })
}

func (o *Object) tagNames() []string {
	var names []string
	seen := map[string]bool{}
	for _, t := range o.Hashtags {
		if fold := content.FoldTag(t.Name); content.ValidTag(t.Name) && !seen[fold] {
			seen[fold] = true
			names = append(names, t.Name)
		}
	}
	return names
}

// html makes the text safe, with links below it. They are added in the text's
// own language, before it is sanitised.
func (o *Object) html(links []string) content.HTML {
	text, format := o.Content, o.MediaType
	if text == "" && !o.isPlain() && o.Summary != o.ContentWarning() && o.Summary != o.Title() {
		text, format = o.Summary, "text/html" // an abstract is better than nothing
	}
	if quote := o.quotedBook(); quote != "" {
		text, format = quote+text, "text/html"
	}
	text = clipBytes(text, maxPostBytes)
	switch format {
	case "text/markdown":
		return content.SanitiseMarkdown(text + below(links, func(uri string) string { return "\n\n<" + uri + ">" }))
	case "text/plain":
		return content.SanitisePlain(text + below(links, func(uri string) string { return "\n\n" + uri }))
	}
	return content.Sanitise(text + below(links, func(uri string) string {
		uri = html.EscapeString(uri)
		return `<p><a href="` + uri + `">` + uri + `</a></p>`
	}))
}

func below(links []string, write func(uri string) string) string {
	var b strings.Builder
	for _, uri := range links {
		b.WriteString(write(uri))
	}
	return b.String()
}

// shownLinks are the links that a post is about: Lemmy has them as attachments
// of a Page. Those in the text already are left out.
func (o *Object) shownLinks() []string {
	var links []string
	for _, a := range o.Attachments {
		inText := strings.Contains(o.Content, a.URL) || strings.Contains(o.Content, html.EscapeString(a.URL))
		if a.isPage() && !inText && !slices.Contains(links, a.URL) && len(links) < maxPostLinks {
			links = append(links, a.URL)
		}
	}
	return links
}

// isPage says that an attachment is a page to go to, not a file to show.
func (a Attachment) isPage() bool {
	return a.kind() == store.AttachedFile && (a.Type == "Link" || a.Type == "Page" || a.MediaType == "text/html")
}

// files lists the attachments, and what a Video, Audio or Image is about. Where
// that can't be played, its preview is shown, like that of an Article.
func (o *Object) files() []*store.Attachment {
	var files []*store.Attachment
	add := func(a Attachment) {
		uri := a.URL
		known := slices.ContainsFunc(files, func(f *store.Attachment) bool { return f.URL == uri })
		if !known && !a.isPage() && len(files) < maxPostAttachments {
			files = append(files, a.file())
		}
	}
	preview := o.preview()
	if media := o.Media(); media.Href != "" {
		main := Attachment{Type: o.Type, URL: media.Href, MediaType: media.MediaType, Width: media.Width, Height: media.Height, Name: o.mediaName()}
		if main.kind() != store.AttachedImage {
			main.IconURL, main.Duration, main.Captions = preview, o.Duration, o.captions()
		}
		add(main)
	}
	for _, a := range o.Attachments {
		add(a)
	}
	if len(files) == 0 && !o.isPlain() && preview != "" {
		add(Attachment{Type: "Image", URL: preview, MediaType: guessMediaType(preview), Name: o.mediaName()})
	}
	return files
}

func (a Attachment) file() *store.Attachment {
	f := &store.Attachment{Kind: a.kind(), URL: a.URL, MediaType: a.MediaType, Description: a.Name, Width: a.Width, Height: a.Height,
		PreviewURL: a.IconURL, FocalX: a.FocalX, FocalY: a.FocalY, Duration: a.Duration}
	for _, c := range a.Captions {
		f.Captions = append(f.Captions, store.Caption{Language: c.Language, Name: c.Name, URL: c.URL})
	}
	if len(a.Blurhash) <= maxBlurhash {
		f.Blurhash = a.Blurhash
	}
	return f
}

// kind goes by the media type; the type of the object decides where there is none.
func (a Attachment) kind() store.AttachmentKind {
	family, _, _ := strings.Cut(a.MediaType, "/")
	if family == "" {
		family = strings.ToLower(a.Type)
	}
	switch family {
	case "image":
		return store.AttachedImage
	case "video":
		return store.AttachedVideo
	case "audio":
		return store.AttachedAudio
	}
	return store.AttachedFile
}
