package templates

// Quote is what a post quotes, under its text.
type Quote struct {
	Post  *Post  // shown as a card; without the quote that it has itself
	State string // if there is no card: away, waiting, hidden or removed
	URL   string // away, waiting: where the quoted post is
	Away  bool   // that is elsewhere
}
