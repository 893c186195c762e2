package vocab

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixturesDir holds captured payloads of other systems. They are not part of
// the repository; tests that want them are skipped without.
const fixturesDir = "../../../shared/fixtures"

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(fixturesDir, name))
	if err != nil {
		t.Skipf("no captured payloads here: %v", err)
	}
	// Mbin's samples have their ids taken out.
	return bytes.ReplaceAll(body, []byte(`"SCRUBBED_ID"`), []byte(`"https://kbin.test/scrubbed"`))
}

func parseFixture(t testing.TB, name string) *Value {
	t.Helper()
	return mustParse(t, fixture(t, name))
}

// notRead are payloads that are not as their senders would send them, with why.
var notRead = map[string]string{
	"pleroma/object-question-attachment.json": "put together by hand: closed and content occur twice",
	"mastodon/actor-memorial-doc.json":        "an extract without inbox and name",
	"mastodon/actor-suspended-doc.json":       "an extract without inbox and name",
	"bridgyfed/actor-service.json":            "an extract without inbox",
}

func mustParse(t testing.TB, body []byte) *Value {
	t.Helper()
	v, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFixturesAreRead reads every captured payload as what its index says it is.
func TestFixturesAreRead(t *testing.T) {
	index := string(fixture(t, "INDEX.tsv"))
	for line := range strings.Lines(index) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if len(columns) < 3 || columns[0] == "file" {
			continue
		}
		name, kind := columns[0], columns[2]
		t.Run(name, func(t *testing.T) { readFixture(t, name, kind) })
	}
}

func readFixture(t *testing.T, name, kind string) {
	if why := notRead[name]; why != "" {
		t.Skip(why)
	}
	body := fixture(t, name)
	var err error
	switch kind {
	case "webfinger":
		var w *WebFinger
		if w, err = ReadWebFinger(body); err == nil && (w.Subject == "" || w.Self == "") {
			t.Errorf("subject %q, self %q: want both", w.Subject, w.Self)
		}
	case "nodeinfo":
		if strings.Contains(name, "wellknown") {
			_, err = ReadNodeInfoLinks(body)
			break
		}
		var n *NodeInfo
		if n, err = ReadNodeInfo(body); err == nil && n.Software == "" {
			t.Error("no software name")
		}
	case "actor":
		var a *Actor
		if a, err = mustParse(t, body).Actor(); err == nil && (a.Inbox == "" || a.Username == "") {
			t.Errorf("inbox %q, username %q: want both", a.Inbox, a.Username)
		}
	case "object", "quote", "question":
		v := mustParse(t, body)
		if v.Has("actor") && v.Has("object") {
			readActivityFixture(t, v)
			return
		}
		_, err = v.Object()
	case "collection":
		_, err = mustParse(t, body).Collection()
	default:
		readActivityFixture(t, mustParse(t, body))
	}
	if err != nil {
		t.Error(err)
	}
}

func readActivityFixture(t *testing.T, v *Value) {
	a, err := v.Activity()
	if err != nil {
		t.Error(err)
		return
	}
	if a.Type == "Create" {
		if a.Object.Embedded == nil {
			t.Fatal("Create without an object in it")
		}
		if _, err := a.Object.Embedded.Object(); err != nil {
			t.Error(err)
		}
	}
}

// postOf gives the object of a captured payload, be it bare or in an activity.
func postOf(t *testing.T, name string) *Object {
	t.Helper()
	v := parseFixture(t, name)
	for v.Has("actor") && v.Ref("object").Embedded != nil {
		v = v.Ref("object").Embedded
	}
	o, err := v.Object()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPostsOfOtherSystems(t *testing.T) {
	tests := []struct {
		file       string
		title      string
		warning    string
		author     string
		visibility string // followers being the first of cc
		page       string
		language   string
	}{
		{"mastodon/create-note-contentmap.json", "", "cw", "http://mastodon.example.org/users/admin", "public",
			"http://mastodon.example.org/@admin/99512778738411822", "en"},
		{"mastodon/object-note-private-message.json", "", "", "https://mastodon.world/users/nutomic", "direct",
			"https://mastodon.world/@nutomic/110854468010322301", "es"},
		{"mastodon/object-note-language.json", "", "", "https://mastodon.social/users/akkoma_ap_integration_tester", "public",
			"https://mastodon.social/@akkoma_ap_integration_tester/109671288784583764", "ja"},
		{"mastodon/create-vote.json", "", "", "https://mastodon.sdf.org/users/rinpatch", "direct", "", ""},
		{"pleroma/object-note-emoji-summary.json", "", ":joker_smile: ", "https://patch.cx/users/rin", "public", "", ""},
		{"pleroma/object-note-mentions-not-in-body.json", "", "", "https://gleasonator.com/users/alex", "unlisted", "", ""},
		{"pleroma/object-note-source.json", "", "", "https://woem.space/users/notsludgebomb", "public", "", "en"},
		{"pleroma/create-chat-message.json", "", "", "http://2hu.gensokyo/users/raymoo", "direct", "", ""},
		{"gotosocial/create-note-policy.json", "", "introduction post", "http://localhost:8080/users/the_mighty_zork", "public",
			"http://localhost:8080/@the_mighty_zork/statuses/01F8MHAMCHF6Y650WCRSCP4WMY", "en"},
		{"misskey/create-note.json", "", "", "https://mk.absturztau.be/users/8ozbzjs3o8", "public", "", ""},
		{"ghost/create-article.json", "Post title", "", "https://example.com/user/foo", "public", "https://example.com/post/456", ""},
		{"lemmy/create-page.json", "test post", "", "http://ds9.lemmy.ml/u/lemmy_alpha", "public", "", "ko"},
		{"lemmy/announce-create-page.json", "post 4", "", "http://enterprise.lemmy.ml/u/lemmy_beta", "public", "", ""},
		{"lemmy/object-page-name-only.json", "Thumbs up?", "", "https://lemmy.blahaj.zone/u/Mr_Mofu", "public", "", ""},
		{"lotide/create-page-string-to.json", "test post from b", "", "https://b.tide.tk/apub/users/1", "unlisted",
			"https://blog.twitter.com/engineering/en_us/a/2010/announcing-snowflake.html", ""},
		{"friendica/create-article-titled.json", "From Friendica to Lemmy", "", "https://pirati.ca/profile/heluecht", "unlisted",
			"https://pirati.ca/display/ec054ce7-5162-3bf2-504c-16d024994850", "de"},
		{"prismo/create-article-url-map.json", "Introducing: Federated follows!", "", "https://prismo.news/@mxb", "public",
			"https://prismo.news/posts/83", ""},
		{"plume/object-article.json", "This Month in Plume: June 2018", "", "https://baptiste.gelez.xyz/@/BaptisteGelez", "public",
			"https://baptiste.gelez.xyz/~/PlumeDevelopment/this-month-in-plume-june-2018/", ""},
		{"nodebb/object-article-preview.json", "Welcome to your NodeBB!", "", "https://bb.devnull.land/uid/1", "public",
			"https://bb.devnull.land/post/1", ""},
		{"bookwyrm/object-review.json", "What a cracking read", "Spoilers ahead!", "https://example.net/user/library_lurker", "direct", "", ""},
		{"funkwhale/create-audio.json", "Compositions - Test Audio for Pleroma", "", "https://channels.tests.funkwhale.audio/federation/actors/compositions",
			"public", "https://channels.tests.funkwhale.audio/library/tracks/74", ""},
		{"peertube/object-video-old-group-first.json", "Friday Night", "", "https://peertube.moe/accounts/7even", "public",
			"https://peertube.moe/videos/watch/df5f464b-be8d-46fb-ad81-2d4c2d1630e3", ""},
		{"mobilizon/object-event.json", "Mobilizon Launching Party", "", "https://mobilizon.org/@tcit", "public",
			"https://mobilizon.org/events/252d5816-00a3-4a89-a66f-15bf65c33e39", ""},
		{"mobilizon/create-event-by-group.json", "My first event", "", "http://mobilizon1.com/@group", "direct", "", ""},
		{"gancio/create-event.json", "Demo event", "", "https://demo.gancio.org/federation/u/gancio", "public",
			"https://demo.gancio.org/event/demo-event", ""},
		{"emissary/object-album.json", "DRAGX̶FUNK", "", "https://bandwagon.fm/@67a0a0808121f77ed3466870", "public",
			"https://bandwagon.fm/67a0a219f050061c8b4ce427", ""},
		{"discourse/object-note-titled.json", "Our next meeting", "", "https://socialhub.activitypub.rocks/ap/actor/495843076e9e469fbd35ccf467ae9fb1",
			"direct", "https://socialhub.activitypub.rocks/t/our-next-meeting/4079/1", ""},
		{"hubzilla/create-image.json", "daf82c18ef92a84cda72(1).jpg", "", "https://hub.somaton.com/channel/testc6", "public",
			"https://hub.somaton.com/photos/testc6/image/452583b2-7e1f-4ac3-8334-ff666f134afe", ""},
		{"kroeg/announce-inline-actor.json", "", "", "http://mastodon.example.org/users/admin", "public",
			"https://mastodon.social/@revenant/100787282858396771", "en"},
		{"ccworld/object-empty-strings.json", "", "", "https://cc.mkdir.uk/ap/acct/hiira", "public", "", ""},
		{"wordpress/object-article.json", "An Epic 3D-Printed Fan Expansion for Last Light", "", "https://dbzer0.com/blog/author/db0/", "public",
			"https://dbzer0.com/blog/an-epic-3d-printed-fan-expansion-for-last-light/", "en"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			o := postOf(t, tt.file)
			followers := ""
			if len(o.CC) > 0 {
				followers = o.CC[0]
			}
			equal(t, "title", o.Title(), tt.title)
			equal(t, "warning", o.ContentWarning(), tt.warning)
			equal(t, "author", o.Author().ID, tt.author)
			equal(t, "visibility", o.Visibility(followers).String(), tt.visibility)
			equal(t, "page", o.URL, tt.page)
			equal(t, "language", o.Language, tt.language)
		})
	}
}

func TestDetailsOfOtherSystems(t *testing.T) {
	tests := []struct {
		file, what string
		get        func(*Object) any
		want       any
	}{
		{"mastodon/create-vote.json", "vote", func(o *Object) any { return o.IsVote() }, true},
		{"gotosocial/create-poll-votes.json", "vote", func(o *Object) any { return o.IsVote() }, true},
		{"mastodon/create-question-oneof.json", "options", func(o *Object) any { return len(o.Poll.Options) }, 4},
		{"misskey/question-no-end.json", "end", func(o *Object) any { return o.Poll.EndTime.IsZero() }, true},
		{"smithereen/question-non-anonymous.json", "title", func(o *Object) any { return o.Title() != "" }, true},
		{"pleroma/update-poll-counts-object.json", "votes", func(o *Object) any { return o.Poll.Options[0].Votes }, int64(8)},
		{"misskey/quote-note.json", "quote", func(o *Object) any { return o.QuoteURI }, "https://example.com/objects/43479e20-c0f8-4f49-bf7f-13fab8234924"},
		{"misskey/quote-recursive.json", "quote", func(o *Object) any { return o.QuoteURI }, ""},
		{"fedibird/quote-quote-uri.json", "quote", func(o *Object) any { return o.QuoteURI }, "https://fedibird.com/users/yamako/statuses/107699333438289729"},
		{"fep-e232/create-mention-and-link.json", "quote", func(o *Object) any { return o.QuoteURI }, "https://example.org/objects/9"},
		{"akkoma/object-quote-note.json", "quote", func(o *Object) any { return o.QuoteURI }, "https://mas.to/users/bascule/statuses/112793660647233531"},
		{"ccworld/object-empty-strings.json", "parent", func(o *Object) any { return o.InReplyTo.IsZero() }, true},
		{"ghost/create-note-mentions.json", "mentions", func(o *Object) any { return len(o.Mentions) }, 1},
		{"pleroma/object-note-mentions-not-in-body.json", "mentions", func(o *Object) any { return len(o.Mentions) }, 5},
		{"peertube/object-video-hls.json", "file type", func(o *Object) any { return o.Media().MediaType }, "video/mp4"},
		{"peertube/create-video.json", "duration", func(o *Object) any { return o.Duration.String() }, "1h0m22s"},
		{"peertube/object-note-comment.json", "content type", func(o *Object) any { return o.MediaType }, "text/markdown"},
		{"funkwhale/create-audio.json", "file type", func(o *Object) any { return o.Media().MediaType }, "audio/ogg"},
		{"gotosocial/object-note-attachment-emoji.json", "description", func(o *Object) any { return o.Attachments[0].Name },
			"Black and white image of some 50's style text saying: Welcome On Board"},
		{"gotosocial/object-note-attachment-emoji.json", "focus", func(o *Object) any { return o.Attachments[0].FocalY }, 0.5},
		{"mastodon/object-note-blurhash.json", "blurhash", func(o *Object) any { return o.Attachments[0].Blurhash }, "U7RfkB00%MWBxuIUD%WB?b9FIUj[ogIURjWB"},
		{"lemmy/object-page-image-link.json", "attachments", func(o *Object) any { return len(o.Attachments) }, 2},
		{"owncast/object-note-attachment.json", "attachments", func(o *Object) any { return len(o.Attachments) }, 1},
		{"plume/object-article.json", "recipients", func(o *Object) any { return len(o.To) > 100 }, true},
		{"mobilizon/create-event-media.json", "place", func(o *Object) any { return o.Location },
			"Locaux de Framasoft, 10 Rue Jangot, 69007, Lyon, Auvergne Rhône Alpes, France"},
		{"mastodon/delete-tombstone.json", "type", func(o *Object) any { return o.Type }, "Tombstone"},
		{"akkoma/object-quote-note.json", "fraction of a second", func(o *Object) any { return o.Published.Nanosecond() }, 855458000},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.what, func(t *testing.T) {
			equal(t, tt.what, tt.get(postOf(t, tt.file)), tt.want)
		})
	}
}

func TestActorsOfOtherSystems(t *testing.T) {
	tests := []struct {
		file, username, name, page, key, sharedInbox string
		fields, emojis                               int
		flags                                        string // locked, discoverable, indexable, bot
	}{
		{"mastodon/actor-person-fields.json", "fediversereport", "Fediverse Report", "https://mastodon.social/@fediversereport",
			"https://mastodon.social/users/fediversereport#main-key", "https://mastodon.social/inbox", 4, 0, "-di-"},
		{"mastodon/actor-multi-type.json", "foo", "", "https://ap.example.com/@foo",
			"https://ap.example.com/users/foo#main-key", "https://ap.example.com/inbox", 0, 0, "----"},
		{"mastodon/actor-service-bot.json", "fediverse", "fediverse's stats", "https://mastodont.cat/@fediverse",
			"https://mastodont.cat/users/fediverse#main-key", "https://mastodont.cat/inbox", 3, 0, "-d-b"},
		{"gotosocial/actor-person-moved.json", "the_mighty_zork", "original zork (he/they)", "http://localhost:8080/@the_mighty_zork",
			"http://localhost:8080/users/the_mighty_zork/main-key", "", 0, 0, "-d--"},
		{"misskey/actor-null-fields.json", "mkljczk", "", "https://misskey.io/@mkljczk",
			"https://misskey.io/users/8dhi2ne167#main-key", "https://misskey.io/inbox", 0, 0, "-d--"},
		{"akkoma/actor-person-background.json", "marta", "Kitty Wife Milkshake", "https://corteximplant.net/users/marta",
			"https://corteximplant.net/users/marta#main-key", "https://corteximplant.net/inbox", 8, 7, "----"},
		{"takahe/actor-person.json", "vote", "FediVision Vote Bot", "https://fedi.vision/@vote/",
			"https://fedi.vision/@vote@fedi.vision/#main-key", "https://fedi.vision/inbox/", 1, 0, "-d--"},
		{"funkwhale/actor-channel.json", "compositions", "Compositions", "https://channels.tests.funkwhale.audio/channels/compositions",
			"https://channels.tests.funkwhale.audio/federation/actors/compositions#main-key",
			"https://channels.tests.funkwhale.audio/federation/shared/inbox", 0, 0, "----"},
		{"hubzilla/actor-inline-locations.json", "kaniini", "kaniini", "https://hubzilla.example.org/channel/kaniini",
			"https://hubzilla.example.org/channel/kaniini", "https://hubzilla.example.org/inbox", 0, 0, "----"},
		{"nextcloud-social/actor-person.json", "cult", "", "https://test.artificial-owl.com/index.php/apps/social/@cult",
			"https://test.artificial-owl.com/index.php/apps/social/@cult#main-key",
			"https://test.artificial-owl.com/index.php/apps/social/inbox", 0, 0, "----"},
		{"pixelfed/actor-person.json", "dansup", "dansup", "https://pixelfed.social/dansup",
			"https://pixelfed.social/users/dansup#main-key", "https://pixelfed.social/f/inbox", 0, 0, "--i-"},
		{"lemmy/actor-community.json", "politicalmemes", "Political Memes", "",
			"https://lemmy.world/c/politicalmemes#main-key", "https://lemmy.world/inbox", 0, 0, "----"},
		{"friendica/actor-person.json", "jakob", "Jakob :friendica:", "https://soc.schuerz.at/profile/jakob",
			"https://soc.schuerz.at/profile/jakob#main-key", "https://soc.schuerz.at/inbox", 6, 0, "ld--"},
		{"streams/actor-person.json", "mike", "Mike Macgirvin", "https://macgirvin.com/channel/mike",
			"https://macgirvin.com/channel/mike?operation=rsakey", "https://macgirvin.com/inbox", 0, 0, "ld--"},
		{"plume/actor-blog-group.json", "Plume01 Blog 2", "Plume01 Blog 2", "", "https://plume01.localhost/~/Plume01%20Blog%202/#main-key", "", 0, 0, "----"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := parseFixture(t, tt.file).Actor()
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "username", a.Username, tt.username)
			equal(t, "name", a.Name, tt.name)
			equal(t, "page", a.URL, tt.page)
			equal(t, "key", a.PublicKeyID, tt.key)
			equal(t, "owner", a.PublicKeyOwner, a.ID)
			equal(t, "shared inbox", a.SharedInbox, tt.sharedInbox)
			equal(t, "fields", len(a.Fields), tt.fields)
			equal(t, "emojis", len(a.Emojis), tt.emojis)
			equal(t, "flags", actorFlags(a), tt.flags)
		})
	}
}

func actorFlags(a *Actor) string {
	flags := []byte("----")
	for i, on := range []bool{a.Locked, a.Discoverable, a.Indexable, a.Bot} {
		if on {
			flags[i] = "ldib"[i]
		}
	}
	return string(flags)
}

func TestPartsOfOtherActors(t *testing.T) {
	read := func(name string) *Actor {
		a, err := parseFixture(t, name).Actor()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	equal(t, "largest icon", read("peertube/actor-channel-group.json").IconURL,
		"https://tilvids.com/lazy-static/avatars/13b0214b-edc0-4c5b-a04d-be648a3a370a.jpg")
	equal(t, "aliases that are no URIs", len(read("hostile/actor-alsoknownas-invalid.json").AlsoKnownAs), 0)
	equal(t, "moved", read("gotosocial/actor-person-moved.json").MovedTo, "http://localhost:8080/users/1happyturtle")
	equal(t, "webfinger", read("streams/actor-person.json").Webfinger, "mike@macgirvin.com")
	equal(t, "memorial", read("mastodon/actor-memorial-doc.json").Memorial, true)
	equal(t, "suspended", read("mastodon/actor-suspended-doc.json").Suspended, true)
	equal(t, "proof keys", len(read("mitra/actor-person-fep521a.json").AssertionMethods), 2)
	equal(t, "moderators", read("lemmy/actor-community.json").AttributedTo[0].ID, "https://lemmy.world/c/politicalmemes/moderators")
}

func TestActivitiesOfOtherSystems(t *testing.T) {
	tests := []struct{ file, kind, actor, object, objectType, reaction string }{
		{"mastodon/accept-embedded-follow.json", "Accept", "http://mastodon.example.org/users/admin", "http://localtesting.pleroma.lol/users/lain#follows/4", "Follow", ""},
		{"mitra/accept-follow-by-id.json", "Accept", "https://mitra.social/users/localtestgroup",
			"https://voyager.lemmy.ml/activities/follow/7d782f02-b91d-4455-b6c0-772540f00c2d", "", ""},
		{"mastodon/undo-like-id-only.json", "Undo", "http://mastodon.example.org/users/admin", "http://mastodon.example.org/users/admin#likes/2", "", ""},
		{"mastodon/delete-user-person-object.json", "Delete", "http://mastodon.example.org/users/admin", "http://mastodon.example.org/users/admin", "Person", ""},
		{"hubzilla/follow-embedded-actor.json", "Follow", "https://hubzilla.example.org/channel/kaniini", "https://localtesting.pleroma.lol/users/lain", "", ""},
		{"relay/follow-mastodon-style.json", "Follow", "https://innocent.yukimochi.io/actor", Public, "", ""},
		{"prismo/create-article-url-map.json", "Create", "https://prismo.news/@mxb", "https://prismo.news/posts/83", "Article", ""},
		{"misskey/like-custom-emoji.json", "Like", "https://misskey.local.live/users/8x8yep20u2",
			"https://pleroma.local.live/objects/89937a53-2692-4631-bb62-770091267391", "", ":hanapog:"},
		{"misskey/like-pudding.json", "Like", "http://mastodon.example.org/users/admin",
			"https://testing.pleroma.lol/objects/c331bbf7-2eb9-4801-a709-2a6103492a5a", "", "pudding"},
		{"pleroma/react-unicode.json", "EmojiReact", "http://mastodon.example.org/users/admin",
			"http://localtesting.pleroma.lol/objects/eb92579d-3417-42a8-8652-2492c2d4f454", "", "👌"},
		{"wordpress/announce-update-article.json", "Announce", "https://pfefferle.org/@pfefferle.org", "https://pfefferle.org/lemmy-part-4/#activity", "Update", ""},
		{"hostile/create-impersonation.json", "Create", "https://evil.example.com/users/mallory", "https://evil.example.com/notes/fake-note-from-bob", "Note", ""},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := parseFixture(t, tt.file).Activity()
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "type", a.Type, tt.kind)
			equal(t, "actor", a.Actor.ID, tt.actor)
			equal(t, "object", a.Object.ID, tt.object)
			equal(t, "object's type", a.Object.Type, tt.objectType)
			equal(t, "reaction", a.Reaction, tt.reaction)
		})
	}
	flag, err := parseFixture(t, "mastodon/flag-server-actor.json").Activity()
	if err != nil || len(flag.Objects) != 3 {
		t.Errorf("flag: got %d objects, %v, want 3", len(flag.Objects), err)
	}
	if o := postOf(t, "hostile/create-impersonation.json"); o.Author().ID != "http://testserver/users/bob" {
		t.Errorf("the author an impersonator claims must be visible, got %q", o.Author().ID)
	}
}
