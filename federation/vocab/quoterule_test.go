package vocab

import (
	"encoding/json"
	"testing"

	"seedling/store"
)

func TestWhoMayQuote(t *testing.T) {
	const author, followers, following = "https://far.example/zoe", "https://far.example/zoe/followers", "https://far.example/zoe/following"
	for name, c := range map[string]struct {
		can  string
		want store.Rule
	}{
		"nothing is said":      {``, store.Rule{}},
		"everybody":            {`{"automaticApproval": "as:Public"}`, store.Rule{Said: true, Always: store.CircleEveryone}},
		"the author alone":     {`{"automaticApproval": ["` + author + `"]}`, store.Rule{Said: true}},
		"nobody":               {`{"automaticApproval": [], "manualApproval": []}`, store.Rule{Said: true}},
		"followers":            {`{"automaticApproval": ["` + followers + `"]}`, store.Rule{Said: true, Always: store.CircleFollowers}},
		"whom we do not know":  {`{"automaticApproval": ["` + following + `"]}`, store.Rule{Said: true, Ask: store.CircleEveryone}},
		"followers and others": {`{"automaticApproval": ["` + followers + `"], "manualApproval": ["` + following + `"]}`, store.Rule{Said: true, Always: store.CircleFollowers, Ask: store.CircleEveryone}},
		"everybody asks":       {`{"manualApproval": ["https://www.w3.org/ns/activitystreams#Public"]}`, store.Rule{Said: true, Ask: store.CircleEveryone}},
	} {
		doc := map[string]any{"id": "https://far.example/1", "type": "Note", "attributedTo": author, "content": "x", "to": []any{Public}}
		if c.can != "" {
			doc["interactionPolicy"] = map[string]any{"canQuote": json.RawMessage(c.can)}
		}
		body, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		v, err := Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		o, err := v.Object()
		if err != nil {
			t.Fatal(err)
		}
		if got := o.policy(followers).Rule(store.DeedQuote); got != c.want {
			t.Errorf("%s: %s is read as %+v, want %+v", name, c.can, got, c.want)
		}
	}
}
