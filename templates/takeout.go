package templates

// DataPage is /settings/data: archives of what is the member's.
type DataPage struct {
	*Frame
	Rows []TakeoutRow // newest first
}

func (DataPage) name() string { return "settings_data" }

// TakeoutRow is an archive that the member asked for.
type TakeoutRow struct {
	Asked     Moment
	Failed    bool
	URL       string // of the file; empty: it is not made yet
	Megabytes int
}
