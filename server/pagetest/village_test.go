package pagetest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/server"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// long says that everything is to be walked, however long it takes.
func long() bool { return os.Getenv("SEEDLING_WALK") == "long" }

// village is a whole server on loopback, with people who have used it.
type village struct {
	t    *testing.T
	base string
	db   *store.DB
	logs *logs
	data string // the server's folder

	thread string // the page of a post with posts above it and replies below
}

// logs keeps what the server logs: the reason of a failed page stands there.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// failure is what the log says of a number on an error page.
func (l *logs) failure(number string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if number != "" && strings.Contains(line, number) {
			return line
		}
	}
	return ""
}

// newVillage starts the server and fills it, until the test ends.
func newVillage(t *testing.T) *village {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the pages are not walked")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return newVillageAt(t, "http://localhost:"+port, listener)
}

// newVillageAt is newVillage with another address than that of its listener.
func newVillageAt(t *testing.T, base string, listener net.Listener) *village {
	t.Helper()
	v := &village{t: t, base: base, logs: &logs{}, data: t.TempDir()}
	log := slog.New(slog.NewTextHandler(v.logs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := server.New(t.Context(), server.Config{Data: v.data, URL: v.base, Listener: listener, NoRateLimits: true, Log: log, Dial: nobody})
	if err != nil {
		t.Fatal(err)
	}
	v.db = s.DB()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	v.fill()
	return v
}

// nobody lets the server reach no other.
func nobody(context.Context, string, string) (net.Conn, error) { return nil, net.ErrClosed }

func (v *village) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

// The cast: one for each role, and who asks to follow, to join, and who is far.
const (
	visitor = ""
	owner   = "olga"
	mod     = "mira"
	member  = "fay"
)

// fill has people use the server.
func (v *village) fill() {
	ctx, db := v.t.Context(), v.db
	user := func(name string, role store.Role) *store.Account {
		u, err := db.CreateUser(ctx, storetest.NewUser(v.t, name, role))
		v.must(err)
		return u.Account
	}
	boss, err := db.SetUp(ctx, storetest.NewUser(v.t, owner, store.Owner), map[string]string{"name": "Willow Bend", "description": "Neighbours along one small river."})
	v.must(err)
	olga, mira, fay, sam := boss.Account, user(mod, store.Moderator), user(member, store.Member), user("sam", store.Member)
	v.must(db.DisableUser(ctx, store.Staff{AccountID: olga.ID, Reason: "A long word about tomatoes that never stops: " + strings.Repeat("tomato", 12)}, user("gone", store.Member).ID))
	v.must(db.BackUpHere(ctx))
	v.must(db.CountStorage(ctx))
	far := storetest.Remote(v.t, db, "jonas@hollow.example")
	for _, p := range [][2]*store.Account{{fay, mira}, {fay, olga}, {fay, sam}, {mira, fay}, {olga, mira}, {olga, fay}} {
		v.must(db.Follow(ctx, p[0].ID, p[1].ID))
	}
	v.must(db.UpdateProfile(ctx, fay.ID, store.Profile{DisplayName: "Fay of the Very Long Garden Path", Bio: "Grows #beans and asks @mira", Fields: []store.Field{{Name: "Garden", Text: "https://garden.example/"}}}))
	v.must(db.ChangePrivacy(ctx, fay.ID, store.PrivacyChange{Locked: new(true)}))
	v.must(db.Follow(ctx, sam.ID, fay.ID)) // a request
	v.posts(olga, mira, fay, sam, far)
	v.belongings(olga, mira, fay, sam, far)
}

// posts are of every kind there is.
func (v *village) posts(olga, mira, fay, sam, far *store.Account) {
	ctx, db := v.t.Context(), v.db
	post := func(d store.Draft, author *store.Account) *store.Post {
		if d.AuthorID = author.ID; d.Source.Text == "" {
			d.Source.Text = "A post."
		}
		p, err := db.CreatePost(ctx, d)
		v.must(err)
		return p
	}
	text := func(s string) content.Source { return content.Source{Text: s, Format: content.Markdown} }
	for range 24 {
		storetest.Post(v.t, db, mira, "Day nine on the window sill, said @fay of #seedswap", store.Public)
	}
	root := post(store.Draft{Source: text("# Frogs\n\nWhich *frogs* stay?\n\n- one\n- two\n\n```\nlook under --all\n```\n\nhttps://example.org/a/very/long/path/that/goes/on/and/on/and/on")}, mira)
	answer := storetest.Reply(v.t, db, fay, root, "All of them @mira", store.Public)
	v.thread = fmt.Sprintf("/@%s/%d", member, answer.ID)
	for i := range 5 {
		answer = storetest.Reply(v.t, db, []*store.Account{sam, mira, fay}[i%3], answer, "Deeper and deeper into the thread", store.Public)
	}
	post(store.Draft{ContentWarning: "Hospital, good outcome", Source: text("Dad is home.")}, fay)
	post(store.Draft{Visibility: store.Followers}, fay)
	post(store.Draft{Visibility: store.Direct, Source: text("@fay between us")}, mira)
	post(store.Draft{Visibility: store.LocalOnly}, olga)
	post(store.Draft{Source: text("See this"), QuoteID: root.ID}, olga)
	asked := post(store.Draft{Source: text("Soup?"), Poll: &store.NewPoll{Options: []string{"Yes", "No", "Only on Sundays, and then with bread"}, Lasts: time.Hour}}, mira)
	post(store.Draft{Poll: &store.NewPoll{Options: []string{"A", "B"}, Multiple: true, Lasts: time.Hour}}, sam)
	v.must(db.Vote(ctx, sam.ID, asked.ID, []int{0}))
	pictures := []int64{v.picture(fay, "A green square", 320, 240), v.picture(fay, "", 200, 600), v.picture(fay, strings.Repeat("A long description. ", 30), 400, 100)}
	seen := post(store.Draft{Source: text("Pictures"), MediaIDs: pictures}, fay)
	post(store.Draft{Source: text("One"), Sensitive: true, MediaIDs: []int64{v.picture(mira, "Hidden", 64, 64)}}, mira)
	for _, key := range []string{"🌱", "❤️", "🐸"} {
		v.must(db.React(ctx, fay.ID, root.ID, key))
		v.must(db.React(ctx, mira.ID, seen.ID, key))
	}
	v.must(db.Boost(ctx, fay.ID, root.ID))
	v.must(db.Boost(ctx, mira.ID, seen.ID))
	v.must(db.Favourite(ctx, mira.ID, seen.ID))
	v.must(db.Favourite(ctx, fay.ID, root.ID))
	v.must(db.Bookmark(ctx, fay.ID, root.ID))
	v.must(db.Pin(ctx, mira.ID, root.ID))
	_, err := db.UpdatePost(ctx, mira.ID, answer.ID, store.Edit{Source: text("Deeper still")})
	v.must(err)
	storetest.Receive(v.t, db, far, "https://hollow.example/posts/1", `<p>We walked the old road to <a href="https://hollow.example/map">the ridge</a>.</p>`)
}

// picture uploads one.
func (v *village) picture(by *store.Account, alt string, width, height int) int64 {
	v.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.Set(x, y, color.RGBA{uint8(x), uint8(120 + y/4), 90, 255})
		}
	}
	var file bytes.Buffer
	v.must(png.Encode(&file, img))
	m, err := v.db.Upload(v.t.Context(), store.Upload{OwnerID: by.ID, Body: &file, MediaText: store.MediaText{Description: alt}})
	v.must(err)
	return m.ID
}

// moving posts a picture that moves, for a member who wants pictures to stand still.
func (v *village) moving(name string) {
	v.t.Helper()
	u, err := v.db.UserByName(v.t.Context(), name)
	v.must(err)
	u.Preferences.Still = true
	v.must(v.db.SetPreferences(v.t.Context(), u.Account.ID, u.Preferences))
	var film gif.GIF
	for _, c := range []color.Color{color.White, color.Black} {
		film.Image = append(film.Image, image.NewPaletted(image.Rect(0, 0, 400, 200), color.Palette{c}))
		film.Delay = append(film.Delay, 20)
	}
	var file bytes.Buffer
	v.must(gif.EncodeAll(&file, &film))
	m, err := v.db.Upload(v.t.Context(), store.Upload{OwnerID: u.Account.ID, Body: &file, MediaText: store.MediaText{Description: "A lamp that blinks"}})
	v.must(err)
	_, err = v.db.CreatePost(v.t.Context(), store.Draft{AuthorID: u.Account.ID, MediaIDs: []int64{m.ID}, Source: content.Source{Text: "It blinks"}})
	v.must(err)
}

// belongings are what members and staff keep.
func (v *village) belongings(olga, mira, fay, sam, far *store.Account) {
	ctx, db := v.t.Context(), v.db
	list := store.List{Title: "Neighbours"}
	v.must(db.CreateList(ctx, fay.ID, &list))
	v.must(db.AddToList(ctx, fay.ID, list.ID, mira.ID))
	v.must(db.ChangePrivacy(ctx, mira.ID, store.PrivacyChange{Discoverable: new(true)}))
	v.must(db.CreateCollection(ctx, &store.Collection{OwnerID: fay.ID, Name: "Who grows things", Description: "On both banks.", Tag: "beans", Discoverable: true}, []int64{mira.ID}))
	v.must(db.CreateFilter(ctx, fay.ID, &store.Filter{Title: "Politics", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "parliament"}}}))
	_, err := db.FollowTag(ctx, fay.ID, "beans")
	v.must(err)
	v.must(db.SetNote(ctx, fay.ID, mira.ID, "Has the shed key"))
	v.must(db.Mute(ctx, mira.ID, far.ID, store.MuteOptions{}))
	v.must(db.BlockHost(ctx, fay.ID, "loud.example"))
	_, err = db.CreateInvite(ctx, olga.ID, 3, time.Hour)
	v.must(err)
	theirs := storetest.Post(v.t, db, sam, "Buy my watches", store.Public)
	_, err = db.CreateReport(ctx, store.NewReport{ReporterID: fay.ID, AccountID: sam.ID, PostIDs: []int64{theirs.ID}, Category: store.ReportSpam, Comment: "Watches again"})
	v.must(err)
	v.must(db.SetSetting(ctx, "registrations", "approval"))
	_, _, err = db.SignUp(ctx, store.SignUp{NewUser: store.NewUser{Name: "newcomer", Password: storetest.Password}, Reason: "I live by the river"})
	v.must(err)
	_, err = db.CreateAnnouncement(ctx, store.NewAnnouncement{Source: "The river is high on Sunday."})
	v.must(err)
}

// session is the cookie of somebody who is logged in.
func (v *village) session(name string) *http.Cookie {
	v.t.Helper()
	u, err := v.db.UserByName(v.t.Context(), name)
	v.must(err)
	secret, err := v.db.CreateSession(v.t.Context(), u.Account.ID, "Tests", "127.0.0.1")
	v.must(err)
	return &http.Cookie{Name: "seedling-session", Value: secret, Path: "/"}
}

// client is somebody's browser without scripts; it follows no redirect.
func (v *village) client(name string) *http.Client {
	v.t.Helper()
	jar, err := cookiejar.New(nil)
	v.must(err)
	here, err := url.Parse(v.base)
	v.must(err)
	if name != visitor {
		jar.SetCookies(here, []*http.Cookie{v.session(name)})
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
