package templates

// RelaysPage is /admin/relays.
type RelaysPage struct {
	*Frame
	URL  string // what was typed
	Rows []Relay
}

// Relay is a server that passes public posts on between many.
type Relay struct {
	ID          int64
	URL         string
	State, Kind string // message keys
	Added       Moment
}
