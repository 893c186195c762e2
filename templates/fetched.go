package templates

// Fetched is what asking other servers for the missing posts of a thread has
// brought.
type Fetched struct {
	Running bool
	At      Moment // when it was asked for
	Posts   int    // that came
	Stopped string // the limit that ended it: posts, time, hosts or depth; "": none
	Hosts   []FetchedHost
	More    int // servers that are not listed
}

// FetchedHost is what one server answered.
type FetchedHost struct {
	Host    string
	Brought int    // posts
	Failed  int    // posts and lists that did not come
	Cause   string // why the last of those did not: the messages under [fetched] have it
	Silent  bool   // nothing was answered at all
}
