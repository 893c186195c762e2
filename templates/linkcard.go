package templates

// LinkCard is what a page that a post links to says of itself.
type LinkCard struct {
	URL         string
	Site        string // or its host
	Title       string
	Description string
	Lang        string
	Byline      string   // the author's name, as the page has it
	Picture     string   // path of a small picture on this server, or empty
	Document    bool     // the link leads to a file, not to a page
	Author      *Account // who agrees to being named
}
