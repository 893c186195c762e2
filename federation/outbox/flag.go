package outbox

import (
	"context"

	"seedling/federation/vocab"
)

// flag is a report to the server of the reported account. The row is the
// instance actor's: who reported is not told.
func (b builder) flag(ctx context.Context, d deed) (*message, error) {
	return b.toTarget(ctx, d, func(e vocab.Envelope, target string) ([]byte, error) {
		return vocab.Flag(e, append([]string{target}, d.Reported...), d.Comment)
	})
}
