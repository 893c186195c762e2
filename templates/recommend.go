package templates

// CollectionPage is /collections/{id}: people whom a member recommends.
type CollectionPage struct {
	*Frame
	Title     string
	Owner     Account
	Text      []string // paragraphs of plain text
	Lang      string
	Tag       string // what it is about, without #; may be empty
	Sensitive bool
	Private   bool // not shown on the profile
	People    []AccountCard
	Leave     string // where the viewer, who stands in it, leaves it; may be empty
}

func (CollectionPage) name() string { return "collection" }

// CollectionRow is a collection in the list on its curator's profile.
type CollectionRow struct {
	URL, Title string
	People     int
}
