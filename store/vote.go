package store

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"seedling/store/content"
)

// VoteError says why a vote does not count; nothing was stored.
type VoteError struct{ Problem VoteProblem }

func (e *VoteError) Error() string { return "vote: " + string(e.Problem) }

// VoteProblem is what is wrong with a vote.
type VoteProblem string

// The ways in which a vote is refused.
const (
	VoteOwn     VoteProblem = "the poll is the voter's own"
	VoteEnded   VoteProblem = "the poll has ended"
	VoteTwice   VoteProblem = "the voter has voted before"
	VoteNothing VoteProblem = "no option is chosen"
	VoteMany    VoteProblem = "several options are chosen where one may be"
	VoteUnknown VoteProblem = "there is no such option"
)

// Vote stores what a member chose in a poll that they can see, by the places of
// the options. A member votes once, also where several options may be chosen.
// It returns *VoteError if the vote does not count, ErrNotFound if there is no
// such poll for them.
func (db *DB) Vote(ctx context.Context, accountID, postID int64, choices []int) error {
	choices = slices.Clone(choices)
	slices.Sort(choices)
	choices = slices.Compact(choices)
	return db.write(ctx, "vote", func(t *tx) error {
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		poll, err := txPoll(t, postID, accountID)
		if err != nil {
			return err
		}
		if problem := poll.problem(p, accountID, choices); problem != "" {
			return &VoteError{problem}
		}
		if err := count(t, p, poll, accountID, choices); err != nil {
			return err
		}
		if t.db.IsLocal(p.URI) {
			return tellCountsSoon(t, p, poll)
		}
		return sendVote(t, p, poll, accountID, choices)
	})
}

// problem is what is wrong with a member's vote, or "".
func (p *Poll) problem(post *Post, accountID int64, choices []int) VoteProblem {
	switch {
	case post.AccountID == accountID:
		return VoteOwn
	case p.Ended:
		return VoteEnded
	case p.Voted:
		return VoteTwice
	case len(choices) == 0:
		return VoteNothing
	case choices[0] < 0 || choices[len(choices)-1] >= len(p.Options):
		return VoteUnknown
	case len(choices) > 1 && !p.Multiple:
		return VoteMany
	}
	return ""
}

// count stores the votes of one account and adds them to the counts.
func count(t *tx, post *Post, p *Poll, accountID int64, choices []int) error {
	for _, n := range choices {
		if _, err := t.exec(`INSERT INTO poll_vote (post_id, account_id, number, created_at) VALUES (?, ?, ?, ?)`,
			post.ID, accountID, n, millis(t.now)); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE poll_option SET votes = votes + 1 WHERE post_id = ? AND number = ?`, post.ID, n); err != nil {
			return err
		}
	}
	if p.Voted {
		return nil
	}
	_, err := t.exec(`UPDATE poll SET voters = voters + 1 WHERE post_id = ? AND voters >= 0`, post.ID)
	return err
}

// tellCountsSoon adds the job that tells other servers the new counts.
func tellCountsSoon(t *tx, post *Post, p *Poll) error {
	if p.HideResults || !post.Leaves() {
		return nil
	}
	id := strconv.FormatInt(post.ID, 10)
	return addJob(t, NewJob{Kind: JobPollCounts, Key: id, Payload: id, Delay: tallyDelay})
}

// sendVote tells the author's server of a member's vote, and sees to it that
// the member hears of the end.
func sendVote(t *tx, post *Post, p *Poll, accountID int64, choices []int) error {
	for _, n := range choices {
		err := addOutbox(t, OutboxVote, accountID, OutboxDetail{PostID: post.ID, ObjectURI: post.URI, TargetID: post.AccountID, Option: p.Options[n].Name})
		if err != nil {
			return err
		}
	}
	if p.EndsAt.IsZero() {
		return nil
	}
	return endLater(t, post.ID, p.EndsAt)
}

// ReceiveVote counts the vote of an account elsewhere in a local poll, by the
// name of the option. Where several may be chosen each comes on its own. The
// same vote again changes nothing. It returns *VoteError if the vote does not
// count, ErrNotFound if there is no such poll for the account.
func (db *DB) ReceiveVote(ctx context.Context, accountID, postID int64, name string) error {
	return db.write(ctx, "receive vote", func(t *tx) error {
		p, err := txVisible(t, postID, AsRemote(accountID))
		if err != nil {
			return err
		}
		poll, err := txPoll(t, postID, accountID)
		if err != nil || !t.db.IsLocal(p.URI) {
			return errors.Join(err, missingIf(err == nil))
		}
		n := poll.option(content.CleanLine(name, maxRemoteOption))
		if n >= 0 && poll.Options[n].Mine {
			return nil
		}
		if problem := poll.foreignProblem(n); problem != "" {
			return &VoteError{problem}
		}
		if err := count(t, p, poll, accountID, []int{n}); err != nil {
			return err
		}
		return tellCountsSoon(t, p, poll)
	})
}

// foreignProblem is what is wrong with a vote from elsewhere for option n, or "".
func (p *Poll) foreignProblem(n int) VoteProblem {
	switch {
	case n < 0:
		return VoteUnknown
	case p.Ended:
		return VoteEnded
	case p.Voted && !p.Multiple:
		return VoteTwice
	}
	return ""
}
