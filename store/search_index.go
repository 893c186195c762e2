package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"seedling/store/content"

	"golang.org/x/text/unicode/norm"
)

// The index holds the posts that somebody here might find: those of members,
// public ones whose authors let them be found (FEP-5feb), and what a member is
// named in, boosted, favourited or bookmarked. Who finds what is decided when
// reading, see findable. Besides its words a post has marks, so that a search
// for a quality is one of the index too:
//
//	p         every post            r         a reply
//	a123      by account 123        t123      with tag 123
//	hmedia    with files            himage, hvideo, haudio
//	halt      a file is described   hpoll, hlink, hquote
//	lde       in German

// joined are the scripts that put no spaces between words, and Hangul, which
// puts endings to them: runs of these are cut into pairs.
var joined = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func isJoined(r rune) bool {
	return r > 0xe00 && (r == 'ー' || unicode.IsOneOf(joined, r))
}

// ornament is what writers may leave out: vowel points of Hebrew and Arabic, and
// what chooses the look of an emoji.
func ornament(r rune) bool {
	return r >= 0x591 && r <= 0x5c7 || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640 || r >= 0xfe00 && r <= 0xfe0f || r == 0x200d || r >= 0x1f3fb && r <= 0x1f3ff
}

// wordRuns cuts a text into runs of one kind: words, joined scripts, symbols.
// What is none of them is left out.
func wordRuns(text string, run func(text string, pairs bool)) {
	const (
		nothing = iota
		word
		pairs
	)
	var b strings.Builder
	kind := nothing
	flush := func(next int) {
		if b.Len() > 0 {
			run(b.String(), kind == pairs)
			b.Reset()
		}
		kind = next
	}
	for _, r := range norm.NFKC.String(text) {
		now := nothing
		switch {
		case ornament(r):
			continue
		case isJoined(r):
			now = pairs
		case unicode.Is(unicode.So, r):
			flush(word)
			b.WriteRune(r)
			flush(nothing)
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			now = word
		}
		if now != kind {
			flush(now)
		}
		if now != nothing {
			b.WriteRune(r)
		}
	}
	flush(nothing)
}

// searchWords is a text as it goes into the index.
func searchWords(text string) string {
	if len(text) > maxSearchText {
		text = strings.ToValidUTF8(text[:maxSearchText], "")
	}
	var b strings.Builder
	wordRuns(text, func(run string, joined bool) {
		if joined {
			for _, pair := range pairsOf(run) {
				b.WriteString(pair)
				b.WriteByte(' ')
			}
			return
		}
		b.WriteString(run)
		b.WriteByte(' ')
	})
	return b.String()
}

// pairsOf lists the overlapping pairs of characters of a run, and its last one
// alone, so that each character begins one.
func pairsOf(run string) []string {
	chars := []rune(run)
	list := make([]string, len(chars))
	for i := range chars {
		list[i] = string(chars[i:min(i+2, len(chars))])
	}
	return list
}

// indexPost puts a post into the index as it is now, if it is one of those that
// somebody may find.
func indexPost(t *tx, id int64) error {
	var p searchedPost
	err := t.rows(`SELECT p.account_id, p.kind, p.title, p.content_warning, p.html, p.language, p.reply_to_id IS NOT NULL OR p.reply_to_uri IS NOT NULL,
			EXISTS (SELECT 1 FROM quote x WHERE x.post_id = p.id),
			COALESCE((SELECT group_concat(x.tag_id, ' ') FROM post_tag x WHERE x.post_id = p.id), ''),
			COALESCE((SELECT group_concat(x.name, ' ') FROM poll_option x WHERE x.post_id = p.id), ''),
			COALESCE((SELECT group_concat(x.kind || ' ' || x.description, char(10)) FROM attachment x WHERE x.post_id = p.id), '')
		FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.id = ?1 AND (a.host = '' OR p.visibility = 0 AND a.flags & 8
			OR EXISTS (SELECT 1 FROM mention x JOIN user u ON u.account_id = x.account_id WHERE x.post_id = ?1)
			OR EXISTS (SELECT 1 FROM bookmark x WHERE x.post_id = ?1)
			OR EXISTS (SELECT 1 FROM favourite x JOIN user u ON u.account_id = x.account_id WHERE x.post_id = ?1)
			OR EXISTS (SELECT 1 FROM boost x JOIN user u ON u.account_id = x.account_id WHERE x.post_id = ?1))`,
		[]any{id}, func(rows *sql.Rows) error {
			p.id = id
			return rows.Scan(&p.author, &p.kind, &p.title, &p.warning, &p.html, &p.language, &p.reply, &p.quote, &p.tags, &p.options, &p.files)
		})
	if err != nil || p.id == 0 {
		return err
	}
	_, err = t.exec(`INSERT OR REPLACE INTO post_search (rowid, text, marks) VALUES (?, ?, ?)`, id, p.words(), p.marks())
	return err
}

// keepFindable puts a post into the index that a member does something with, if
// it is not there.
func keepFindable(t *tx, id int64) error {
	there, err := t.exists(`SELECT 1 FROM post_search_docsize WHERE id = ?`, id)
	if err != nil || there {
		return err
	}
	return indexPost(t, id)
}

// searchedPost is what the index takes of a post.
type searchedPost struct {
	id, author           int64
	kind                 PostKind
	title, warning       string
	html                 content.HTML
	language             string
	reply, quote         bool
	tags, options, files string // ids; names; a line each of kind and description
}

func (p *searchedPost) words() string {
	parts := []string{p.title, p.warning, content.PlainText(p.html), p.options}
	for line := range strings.SplitSeq(p.files, "\n") {
		_, text, _ := strings.Cut(line, " ")
		parts = append(parts, text)
	}
	return searchWords(strings.Join(parts, "\n"))
}

func (p *searchedPost) marks() string {
	list := []string{"p", "a" + strconv.FormatInt(p.author, 10)}
	add := func(on bool, mark string) {
		if on {
			list = append(list, mark)
		}
	}
	add(p.reply, "r")
	add(p.quote, "hquote")
	add(p.kind == Question, "hpoll")
	add(hasLink(p.html), "hlink")
	add(p.language != "", "l"+languageMark(p.language))
	for tag := range strings.FieldsSeq(p.tags) {
		list = append(list, "t"+tag)
	}
	if p.files != "" {
		list = append(list, fileMarks(p.files)...)
	}
	return strings.Join(list, " ")
}

func fileMarks(files string) []string {
	list := []string{"hmedia"}
	for line := range strings.SplitSeq(files, "\n") {
		number, text, _ := strings.Cut(line, " ")
		kind, err := strconv.Atoi(number)
		if err != nil {
			continue // the second line of a description
		}
		if mark, ok := map[AttachmentKind]string{AttachedImage: "himage", AttachedVideo: "hvideo", AttachedAudio: "haudio"}[AttachmentKind(kind)]; ok {
			list = append(list, mark)
		}
		if strings.TrimSpace(text) != "" {
			list = append(list, "halt")
		}
	}
	return list
}

// languageMark is a language without its region or script.
func languageMark(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}

// hasLink says whether a text links to more than people and hashtags.
func hasLink(h content.HTML) bool {
	found := false
	content.Relink(h, func(href string) (string, bool) {
		if !strings.Contains(href, "/tag") && !strings.Contains(href, "/@") && !strings.Contains(href, "/users/") {
			found = true
		}
		return "", false
	})
	return found
}

// IndexPosts puts the posts of an account (0: all posts) into the index of
// searches. It is the end of JobIndex.
func (db *DB) IndexPosts(ctx context.Context, accountID int64) error {
	for after := int64(0); ; {
		var ids []int64
		err := db.rows(ctx, `SELECT id FROM post WHERE (?1 = 0 OR account_id = ?1) AND id > ?2 ORDER BY id LIMIT ?3`, []any{accountID, after, indexBatch}, func(rows *sql.Rows) error {
			err := rows.Scan(&after)
			ids = append(ids, after)
			return err
		})
		if err != nil {
			return fmt.Errorf("posts to index: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		err = db.write(ctx, "index posts", func(t *tx) error {
			for _, id := range ids {
				if err := indexPost(t, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
