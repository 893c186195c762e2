package vocab

import "github.com/superseriousbusiness/activity/streams"

// Flag reports an account with some of its posts to the server they are on
// (ActivityStreams Vocabulary, "Flag"). The account comes first: Mastodon,
// Pleroma and Misskey look for it in the list, and Lemmy reads the list as
// theirs. The comment is content, which is where they all look.
func Flag(e Envelope, objects []string, comment string) ([]byte, error) {
	if len(objects) == 0 {
		return nil, &BuildError{"Flag", "object", ""}
	}
	c := uriCheck{what: "Flag"}
	c.all("object", objects)
	if c.err != nil {
		return nil, c.err
	}
	m, err := e.wrap(streams.NewActivityStreamsFlag(), objects[0])
	if err != nil {
		return nil, err
	}
	m["object"], m["content"] = objects, comment
	return finish(m, nil)
}
