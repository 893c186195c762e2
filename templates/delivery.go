package templates

// CountTab is a link that narrows a list, with how much is behind it.
type CountTab struct {
	Key     string // message with {n}
	URL     string
	N       int
	Current bool
}

// PostDeliveryPage is /posts/{id}/delivery: what became of a post at each
// server, for its author alone.
type PostDeliveryPage struct {
	*Frame
	Post Post
	Tabs []CountTab
	Rows []PostDelivery
	Next string // URL of the following servers, or empty
}

// PostDelivery is one server that was to be told of a post.
type PostDelivery struct {
	Host    string
	State   string // waiting, retrying, arrived, refused or given_up
	At      Moment // since when
	RetryAt Moment // of one that is retrying
	ToldAt  Moment // it has an earlier version since then; zero: not
	Cause   string // the message is cause.CAUSE; or empty
	Reason  string // as the server or the network said it, or empty
}

// Again says whether the post can be sent there once more.
func (d PostDelivery) Again() bool { return d.State == "refused" || d.State == "given_up" }

// FederationPage is /admin/federation.
type FederationPage struct {
	*Frame
	Tabs             []CountTab
	Waiting          int // deliveries, to all servers together
	Rows             []Host
	Next             string // URL of the following servers, or empty
	Ignored, Refused []Counted
}

// Counted is how often something happened since the server was started.
type Counted struct {
	What string
	N    int
}

// Host is a remote server, as admins see it.
type Host struct {
	Name              string
	Software, Version string // or empty
	Heard, Delivered  Moment // zero: never
	Waiting           int
	Oldest            Moment // of what waits
	FailingSince      Moment // zero: it works
	Failures          int    // in a row
	RetryAt           Moment // zero: it is its turn
	Cause, Reason     string // as in PostDelivery
	Signature         string // cavage or rfc9421; empty: not known yet
}

// HostPage is /admin/federation/{host}.
type HostPage struct {
	*Frame
	Host Host
}

// JobsPage is /admin/jobs.
type JobsPage struct {
	*Frame
	Kinds []JobKind
	Rows  []Job
	Pager Pager
}

// JobKind counts the jobs of a kind.
type JobKind struct {
	Kind                        string
	Due, Later, Running, Failed int
}

// Job is one that was given up.
type Job struct {
	ID       int64
	Kind     string
	About    string // id or address that it is about
	Attempts int
	Failed   Moment
	Reason   string
}
