package inbox

import (
	"context"
	"errors"
	"net/http"

	"seedling/federation/vocab"
	"seedling/store"
)

// flag is a report about members and their posts, for the moderators. Its actor
// is whoever reports (Pleroma, Lemmy, Misskey) or their server (Mastodon): either
// way only the host is kept. What is not ours is none of our business.
func (in *Inbox) flag(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	reported, err := in.reported(ctx, act)
	if err != nil {
		return err
	}
	if len(reported) == 0 {
		return &ignored{"Flag of nothing that is here"}
	}
	comment := act.Content
	if comment == "" {
		comment = act.Summary
	}
	for _, r := range reported {
		r.URI, r.Host, r.FromID, r.Comment = act.ID, by.Host, by.ID, comment
		err := in.db.ReceiveReport(ctx, *r)
		var much *store.ReportError
		if errors.As(err, &much) {
			return refuse(http.StatusForbidden, "%s has sent %d reports lately, which is enough", by.Host, much.Limit)
		}
		if err := answers(err, "Flag of a deleted account"); err != nil {
			return err
		}
	}
	return nil
}

// reported sorts what is flagged by the members that it is about.
func (in *Inbox) reported(ctx context.Context, act *vocab.Activity) ([]*store.RemoteReport, error) {
	var list []*store.RemoteReport
	about := func(id int64) *store.RemoteReport {
		for _, r := range list {
			if r.AccountID == id {
				return r
			}
		}
		if len(list) == maxFlagged {
			return &store.RemoteReport{}
		}
		list = append(list, &store.RemoteReport{AccountID: id})
		return list[len(list)-1]
	}
	for _, ref := range act.Objects[:min(len(act.Objects), maxFlagObjects)] {
		if !in.db.IsLocal(ref.ID) {
			continue
		}
		a, err := in.db.AccountByURI(ctx, ref.ID)
		if err == nil {
			about(a.ID)
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		p, err := in.db.PostByLink(ctx, ref.ID)
		if err == nil {
			r := about(p.AccountID)
			r.PostURIs = append(r.PostURIs, ref.ID)
		} else if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	return list, nil
}
