package vocab

// Visibility says who o is for. followersURI is the followers collection of its
// author, or "" if that is not known.
func (o *Object) Visibility(followersURI string) Visibility {
	return visibility(o.To, o.CC, followersURI)
}

// InheritAudience takes over the addressing of the activity that carried o, if
// o has none of its own: ActivityPub §6.2 wants both to have it, not all do.
// Discourse names the category as audience and nobody else.
func (o *Object) InheritAudience(a *Activity) {
	if len(o.To)+len(o.CC) > 0 {
		return
	}
	o.To, o.CC = a.To, a.CC
	if len(o.Audience) == 0 {
		o.Audience = a.Audience
	}
}

// Author is who o counts as written by: of several, the first Person, because
// PeerTube lists the channel beside the account.
func (o *Object) Author() Ref {
	for _, r := range o.AttributedTo {
		if r.ID != "" && r.Type == "Person" {
			return r
		}
	}
	for _, r := range o.AttributedTo {
		if r.ID != "" {
			return r
		}
	}
	return Ref{}
}

// IsVote says that o is an answer to a poll, not a post (FEP-9967).
func (o *Object) IsVote() bool {
	return o.Type == "Note" && o.Name != "" && o.Content == "" && !o.InReplyTo.IsZero() && len(o.Attachments) == 0
}

// isPlain says that o is of the types that microblogs send, whose summary is a
// content warning and which rarely have a title.
func (o *Object) isPlain() bool {
	return o.Type == "Note" || o.Type == "Question" || o.Type == "ChatMessage"
}

// Title gives the plain text to show above the content: the name of an Article,
// Page, Video, Event or Audio, and of a Note that has one. A titled type without
// a name gives its summary. It is "" for most Notes.
func (o *Object) Title() string {
	switch {
	case o.IsVote():
		return ""
	case o.Name != "" || o.isPlain() || o.ContentWarning() != "":
		return o.Name
	}
	return clipRunes(o.Summary, MaxNameRunes)
}

// ContentWarning gives the text behind which to fold o, or "". A summary is a
// warning only from microblogs, or if o is sensitive; of an Article it is an
// abstract, and lotide and Mbin repeat the title in it.
func (o *Object) ContentWarning() string {
	if o.Summary == o.Name || !o.isPlain() && !o.Sensitive {
		return ""
	}
	return o.Summary
}
