package store

// What members do not want to hear of, decided in this one place when reading:
// conditions on a post p and its author a with the viewer as ?1, as in
// visibility.go. They hide from timelines and notifications what the viewer may
// see and finds in threads and on profiles, folded away. Each is one look-up by
// primary key a row. Timed mutes are ended by a job, so nothing looks at a clock.

// heard holds unless the viewer muted the author or blocked their server.
const heard = `NOT ` + mutedAuthor + `
	AND NOT ` + blockedHost

const (
	mutedAuthor = `EXISTS (SELECT 1 FROM mute hm WHERE hm.account_id = ?1 AND hm.target_id = a.id)`
	blockedHost = `EXISTS (SELECT 1 FROM host_block hh WHERE hh.account_id = ?1 AND hh.host = a.host)`
)

// heardHome is heard of a line of home or of a list, which b boosted or not:
// also of who boosted it, whom it answers and its thread.
const heardHome = heard + `
	AND (p.reply_to_account_id = 0 OR NOT EXISTS (SELECT 1 FROM mute hr WHERE hr.account_id = ?1 AND hr.target_id = p.reply_to_account_id))
	AND NOT EXISTS (SELECT 1 FROM thread_choice ht WHERE ht.account_id = ?1 AND ht.thread_id = p.thread_id AND ht.choice = 1)
	AND (b.id IS NULL OR ` + heardBooster + `)`

// heardBooster is what heardHome asks of who boosted a line.
const heardBooster = `NOT EXISTS (SELECT 1 FROM mute hb WHERE hb.account_id = ?1 AND hb.target_id = b.account_id)
	AND NOT EXISTS (SELECT 1 FROM block x WHERE x.account_id = ?1 AND x.target_id = b.account_id)
	AND EXISTS (SELECT 1 FROM account y WHERE y.id = b.account_id AND y.flags & 64 = 0
		AND NOT EXISTS (SELECT 1 FROM host_block hy WHERE hy.account_id = ?1 AND hy.host = y.host))`

// bringing holds if the follow f that brought a line, if any, is to bring such
// posts: boosts, and their language.
const bringing = `(f.id IS NULL OR (f.boosts OR b.id IS NULL) AND (f.languages = '' OR p.language = ''
	OR instr(f.languages, ',' || lower(substr(p.language, 1, instr(p.language || '-', '-') - 1)) || ',')))`

// notAway holds unless who brought a line stands in an exclusive list of the viewer.
const notAway = `NOT EXISTS (SELECT 1 FROM list_member am JOIN list al ON al.id = am.list_id
	WHERE am.owner_id = ?1 AND am.account_id = COALESCE(b.account_id, p.account_id) AND al.exclusive)`

// told holds if the viewer is to be told of what a did: of muted people only
// what the mute leaves. It is asked when writing, and again when reading, as
// people are muted after they did something.
const told = `NOT EXISTS (SELECT 1 FROM mute tm WHERE tm.account_id = ?1 AND tm.target_id = a.id AND tm.notifications)
	AND NOT EXISTS (SELECT 1 FROM host_block th WHERE th.account_id = ?1 AND th.host = a.host)`
