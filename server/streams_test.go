package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"

	"github.com/coder/websocket"
)

// socket is an app's WebSocket.
type socket struct {
	t    *testing.T
	name string
	conn *websocket.Conn
}

// heard is a message of a stream.
type heard struct {
	Stream  []string
	Event   string
	Payload string
	Error   string
}

// id is that of the status, or what was deleted.
func (h heard) id() string {
	var status struct {
		ID string `json:"id"`
	}
	if json.Unmarshal([]byte(h.Payload), &status) == nil && status.ID != "" {
		return status.ID
	}
	return h.Payload
}

// streamWait bounds how long a test waits for what must come.
const streamWait = 20 * time.Second

// dial opens a socket; the query names the first channel.
func (in *instance) dial(token, query string, protocols ...string) (*websocket.Conn, *http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), streamWait)
	defer cancel()
	options := &websocket.DialOptions{HTTPClient: in.net.Client(), Subprotocols: protocols, HTTPHeader: http.Header{}}
	if token != "" {
		options.HTTPHeader.Set("Authorization", "Bearer "+token)
	}
	return websocket.Dial(ctx, "https://"+in.host+"/api/v1/streaming?"+query, options)
}

// stream opens a socket of an app and follows channels.
func (in *instance) stream(name string, c *client, channels ...string) *socket {
	in.t.Helper()
	conn, _, err := in.dial(c.token, "")
	if err != nil {
		in.t.Fatalf("socket of %s: %v", name, err)
	}
	conn.SetReadLimit(1 << 20)
	in.t.Cleanup(func() { conn.CloseNow() })
	s := &socket{in.t, name, conn}
	for _, channel := range channels {
		kind, more, _ := strings.Cut(channel, " ")
		s.say(map[string]string{"type": "subscribe", "stream": kind, "tag": more, "list": more})
	}
	// An error answers what is unknown: it comes after all before it were obeyed.
	s.say(map[string]string{"type": "subscribe", "stream": "nothing"})
	if m := s.next(); m.Error == "" {
		in.t.Fatalf("%s: an unknown stream is answered with %+v", name, m)
	}
	return s
}

func (s *socket) say(v any) {
	s.t.Helper()
	b, err := json.Marshal(v)
	if err == nil {
		err = s.conn.Write(context.Background(), websocket.MessageText, b)
	}
	if err != nil {
		s.t.Fatalf("%s: %v", s.name, err)
	}
}

func (s *socket) next() heard {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), streamWait)
	defer cancel()
	_, b, err := s.conn.Read(ctx)
	if err != nil {
		s.t.Fatalf("%s: nothing to read: %v", s.name, err)
	}
	var m heard
	if err := json.Unmarshal(b, &m); err != nil {
		s.t.Fatalf("%s: %s: %v", s.name, b, err)
	}
	return m
}

// hears checks that the very next messages are those: event, stream and id.
func (s *socket) hears(want ...[3]string) {
	s.t.Helper()
	var got [][3]string
	for range want {
		m := s.next()
		got = append(got, [3]string{m.Event, strings.Join(m.Stream, " "), m.id()})
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%s heard %v, want %v", s.name, got, want)
	}
}

// post writes a status of an app.
func (c *client) post(text, visibility string, more ...string) string {
	c.t.Helper()
	q := url.Values{"status": {text}, "visibility": {visibility}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return c.ask("POST", "/api/v1/statuses", q).wants(200).text("id")
}

// account is the id of somebody here or elsewhere.
func (c *client) account(handle string) string {
	c.t.Helper()
	return c.ask("GET", "/api/v2/search", url.Values{"q": {handle}, "resolve": {"true"}, "type": {"accounts"}}).wants(200).text("accounts", 0, "id")
}

const allChannels = "user|public|public:local|public:media|hashtag seeds|direct|user:notification"

// TestStreamsTellOnlyWhomItConcerns writes what only some may see, and after
// each a post for all: whoever hears of that one first was told nothing before.
func TestStreamsTellOnlyWhomItConcerns(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	const scopes = "read write follow"
	author, friend, stranger, muter, blocked := in.signIn(in.member("author"), scopes), in.signIn(in.member("friend"), scopes),
		in.signIn(in.member("stranger"), scopes), in.signIn(in.member("muter"), scopes), in.signIn(in.member("blocked"), scopes)
	id := friend.account("author")
	friend.ask("POST", "/api/v1/accounts/"+id+"/follow", nil).wants(200)
	muter.ask("POST", "/api/v1/accounts/"+id+"/follow", nil).wants(200)
	muter.ask("POST", "/api/v1/accounts/"+id+"/mute", nil).wants(200)
	author.ask("POST", "/api/v1/accounts/"+author.account("blocked")+"/block", nil).wants(200)
	channels := strings.Split(allChannels, "|")
	sockets := map[string]*socket{}
	for name, c := range map[string]*client{"friend": friend, "stranger": stranger, "muter": muter, "blocked": blocked} {
		sockets[name] = in.stream(name, c, channels...)
	}
	markers := map[string]bool{}
	for _, secret := range []struct {
		name string
		do   func()
		want []string // of what the friend hears; the others hear nothing
	}{
		{"followers", func() { author.post("for followers #seeds", "private") }, []string{"update user"}},
		{"direct", func() { author.post("for @friend #seeds", "direct") }, []string{"conversation direct", "notification user", "notification user:notification"}},
		{"quiet", func() { author.post("quiet #seeds", "unlisted") }, []string{"update user"}},
		{"deleted", func() {
			post := author.post("not for long #seeds", "private")
			author.ask("DELETE", "/api/v1/statuses/"+post, nil).wants(200)
		}, []string{"delete user", "update user"}},
	} {
		secret.do()
		marker := stranger.post("marker after "+secret.name, "public")
		markers[marker] = true
		for name, s := range sockets {
			want := []string(nil)
			if name == "friend" {
				want = secret.want
			}
			if got := s.before(marker, markers); !slices.Equal(got, want) {
				t.Errorf("%s post: %s heard %v, want %v", secret.name, name, got, want)
			}
		}
	}
}

// before reads to the last message about a marker, and returns the others.
func (s *socket) before(marker string, markers map[string]bool) (list []string) {
	s.t.Helper()
	for range 100 {
		m := s.next()
		if m.id() == marker && m.Stream[0] == "public:local" {
			slices.Sort(list)
			return list
		}
		if !markers[m.id()] {
			list = append(list, m.Event+" "+strings.Join(m.Stream, " "))
		}
	}
	s.t.Fatalf("%s: no end", s.name)
	return nil
}

// TestStreamsOverTwoServers follows, over a socket, somebody on another server.
func TestStreamsOverTwoServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	mira, bob := here.signIn(here.member("mira"), "read write follow"), there.signIn(there.member("bob"), "read write follow")
	carl := here.signIn(here.member("carl"), "read")
	id := mira.account("@bob@there.example")
	s := here.stream("mira", mira, "user")
	other := here.stream("carl", carl, "user", "public", "public:remote", "direct", "hashtag secret")
	mira.ask("POST", "/api/v1/accounts/"+id+"/follow", nil).wants(200)
	for begin := time.Now(); mira.ask("GET", "/api/v1/accounts/relationships", url.Values{"id": {id}}).wants(200).at(0, "following") != true; {
		if time.Since(begin) > streamWait {
			t.Fatal("the follow is not accepted")
		}
	}
	bob.post("only for those who follow me #secret", "private")
	m := s.next()
	for m.Event != "update" {
		m = s.next()
	}
	if !strings.Contains(m.Payload, "only for those") || !slices.Equal(m.Stream, []string{"user"}) {
		t.Errorf("heard %+v, want the post for followers", m)
	}
	bob.post("for all", "public")
	if m := s.next(); m.Event != "update" || !strings.Contains(m.Payload, "for all") {
		t.Errorf("heard %+v, want the public post", m)
	}
	m = other.next()
	if m.Event != "update" || !strings.Contains(m.Payload, "for all") {
		t.Errorf("somebody else heard %+v first, want the public post", m)
	}
}

// TestStreamEvents hears every kind of event.
func TestStreamEvents(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	mira, bob := in.signIn(in.member("mira"), "read write follow"), in.signIn(in.member("bob"), "read write follow")
	s := in.stream("mira", mira, "user")
	mine := mira.post("my own", "public")
	s.hears([3]string{"update", "user", mine})
	mira.ask("PUT", "/api/v1/statuses/"+mine, url.Values{"status": {"changed"}}).wants(200)
	s.hears([3]string{"status.update", "user", mine})
	bob.ask("POST", "/api/v1/statuses/"+mine+"/favourite", nil).wants(200)
	m := s.next()
	if m.Event != "notification" || !strings.Contains(m.Payload, `"type":"favourite"`) || !strings.Contains(m.Payload, `"changed`) && !strings.Contains(m.Payload, "changed") {
		t.Errorf("heard %+v, want the favourite", m)
	}
	mira.ask("DELETE", "/api/v1/statuses/"+mine, nil).wants(200)
	s.hears([3]string{"delete", "user", mine})

	list := mira.account("bob")
	mira.ask("POST", "/api/v1/accounts/"+list+"/follow", nil).wants(200)
	posted := bob.post("a #Tag", "public")
	s.hears([3]string{"update", "user", posted})
	s.say(map[string]string{"type": "unsubscribe", "stream": "user"})
	s.say(map[string]string{"type": "subscribe", "stream": "hashtag", "tag": "tAg"})
	s.say(map[string]string{"type": "subscribe", "stream": "list", "list": "1"})
	if m := s.next(); m.Error == "" {
		t.Errorf("somebody else's list is answered with %+v", m)
	}
	tagged := bob.post("another #TAG", "public")
	s.hears([3]string{"update", "hashtag tAg", tagged}) // masto.js looks for the tag as it was asked for
	s.say(map[string]string{"type": "unsubscribe", "stream": "hashtag", "tag": "TAG"})
	s.say(map[string]string{"type": "subscribe", "stream": "public"})
	s.hears([3]string{"update", "public", bob.post("a #tag that is not heard as such", "public")})
}

// TestStreamEndsWithItsToken revokes a token while a stream is open.
func TestStreamEndsWithItsToken(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	c, other := in.signIn(b, "read write"), in.signIn(b, "read write")
	s, stays := in.stream("revoked", c, "user"), in.stream("stays", other, "user")
	c.ask("POST", "/oauth/revoke", url.Values{"client_id": {c.id}, "client_secret": {c.secret}, "token": {c.token}}).wants(200)
	ctx, cancel := context.WithTimeout(context.Background(), streamWait)
	defer cancel()
	if _, _, err := s.conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("the stream of a revoked token ended with %v", err)
	}
	post := other.post("still here", "public")
	stays.hears([3]string{"update", "user", post})
}

// TestWhoMayStream asks for streams in all ways, and with what is not enough.
func TestWhoMayStream(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	all, posts, notices, writes := in.signIn(b, "read"), in.signIn(b, "read:statuses"), in.signIn(b, "read:notifications"), in.signIn(b, "write")
	for _, c := range []struct {
		name, token, query string
		protocols          []string
		status             int
	}{
		{"header", all.token, "stream=user", nil, 101},
		{"query", "", "stream=user&access_token=" + all.token, nil, 101},
		{"protocol", "", "stream=user", []string{all.token}, 101},
		{"no channel yet", all.token, "", nil, 101},
		{"no token", "", "stream=public", nil, 401},
		{"wrong token", "nonsense", "stream=public", nil, 401},
		{"posts alone", posts.token, "stream=user", nil, 101},
		{"posts for notifications", posts.token, "stream=user:notification", nil, 403},
		{"notifications alone", notices.token, "stream=user:notification", nil, 101},
		{"notifications for posts", notices.token, "stream=public", nil, 403},
		{"writing alone", writes.token, "stream=user", nil, 403},
		{"unknown", all.token, "stream=public:nothing", nil, 404},
		{"no tag", all.token, "stream=hashtag", nil, 400},
		{"no list", all.token, "stream=list&list=7", nil, 404},
	} {
		conn, resp, err := in.dial(c.token, c.query, c.protocols...)
		if resp == nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if resp.StatusCode != c.status {
			t.Errorf("%s: got %d, want %d", c.name, resp.StatusCode, c.status)
		}
		if err == nil {
			if len(c.protocols) > 0 && conn.Subprotocol() != c.protocols[0] {
				t.Errorf("%s: the answer is of protocol %q", c.name, conn.Subprotocol())
			}
			conn.CloseNow()
		}
	}
}

// events opens server-sent events; each call of the function returns the next.
func (in *instance) events(httpClient *http.Client, path, token string) func() (event, payload string) {
	in.t.Helper()
	r, err := http.NewRequest("GET", "https://"+in.host+path, nil)
	if err != nil {
		in.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := httpClient.Do(r)
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		in.t.Fatalf("%s: got %d, %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	lines := bufio.NewReader(resp.Body)
	return func() (event, payload string) {
		in.t.Helper()
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				in.t.Fatalf("%s: %v", path, err)
			}
			line = strings.TrimSuffix(line, "\n")
			if text, ok := strings.CutPrefix(line, "event: "); ok {
				event = text
			}
			if text, ok := strings.CutPrefix(line, "data: "); ok {
				return event, text
			}
		}
	}
}

// TestServerSentEvents follows each path.
func TestServerSentEvents(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	mira, bob := in.signIn(in.member("mira"), "read write follow"), in.signIn(in.member("bob"), "read write")
	for _, path := range []string{"user", "public", "public/local", "hashtag?tag=Seeds", "hashtag/local?tag=seeds", "?stream=public"} {
		next := in.events(in.net.Client(), strings.ReplaceAll("/api/v1/streaming/"+path, "/?", "?"), mira.token)
		id := mira.post("hello #seeds", "public")
		if event, payload := next(); event != "update" || !strings.Contains(payload, `"id":"`+id+`"`) {
			t.Errorf("%s: got %s %.200s, want the post %s", path, event, payload, id)
		}
	}
	next := in.events(in.net.Client(), "/api/v1/streaming/user/notification", mira.token)
	bob.post("hello @mira", "public")
	if event, payload := next(); event != "notification" || !strings.Contains(payload, `"type":"mention"`) {
		t.Errorf("got %s %.200s, want the mention", event, payload)
	}
	for path, want := range map[string]int{"/health": 200, "/user": 401, "/nothing?access_token=" + mira.token: 404} {
		resp, err := in.net.Client().Get("https://" + in.host + "/api/v1/streaming" + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, resp.StatusCode, want)
		}
	}
}

// TestOpenPageIsToldCounts follows /live as a page's script does.
func TestOpenPageIsToldCounts(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	bob := in.signIn(in.member("bob"), "read write follow")
	first := b.write("my first", "public")
	page := in.net.Client()
	page.Jar = b.client.Jar
	next := in.events(page, "/live?home="+first, "")
	want := func(text string) {
		t.Helper()
		if event, payload := next(); event != "counts" || payload != text {
			t.Errorf("got %s %s, want counts %s", event, payload, text)
		}
	}
	want(`{"home":0,"notifications":0,"requests":0,"messages":0}`)
	bob.post("hello @mira", "public")
	want(`{"home":0,"notifications":1,"requests":0,"messages":0}`)
	b.write("my second", "public")
	want(`{"home":1,"notifications":1,"requests":0,"messages":0}`)
	b.open("/notifications")
	b.press("/notifications/read")
	want(`{"home":1,"notifications":0,"requests":0,"messages":0}`)
}
