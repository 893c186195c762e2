package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showStorage is /admin/storage.
func (s *Server) showStorage(w http.ResponseWriter, r *request) error {
	figures, err := s.db.StorageFigures(r.Context())
	if err != nil {
		return err
	}
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	counting, err := s.db.JobWaits(r.Context(), store.JobFigures)
	if err != nil {
		return err
	}
	disk, plan := s.db.DiskUse(), figures.Plan
	page := templates.StoragePage{
		Frame: s.frame(r), Database: disk.Database, Log: disk.Log, Free: disk.Free, FreeKnown: disk.FreeKnown, Full: disk.NearlyFull(),
		At: s.moment(r, figures.At), Counting: counting, Kinds: fileSums(figures.Kinds), Hosts: fileSums(figures.Hosts),
		CacheBytes: plan.CacheBytes, CacheLimit: int64(settings.MediaCache) << 30, Loose: plan.Loose, Unneeded: plan.Unnamed, UnneededBytes: plan.UnnamedBytes,
		Evicted: int(plan.Evicted), EvictedBytes: plan.EvictedBytes, Strays: plan.Strays, StrayBytes: plan.StrayBytes,
	}
	if settings.MediaStorage == store.InBucket {
		if page.Bucket, err = s.db.Setting(r.Context(), "media_bucket"); err != nil { // without its secret
			return err
		}
	}
	if counting {
		page.RefreshIn = refreshSoon
	}
	return s.render(w, r, http.StatusOK, page)
}

func fileSums(list []store.FileSum) []templates.FileSum {
	sums := make([]templates.FileSum, len(list))
	for i, f := range list {
		sums[i] = templates.FileSum{Name: f.Name, Files: f.Files, Bytes: f.Bytes}
	}
	return sums
}

// countStorage has the files counted anew.
func (s *Server) countStorage(w http.ResponseWriter, r *request) error {
	if err := s.db.AskForFigures(r.Context()); err != nil {
		return err
	}
	return redirect(w, r, "/admin/storage")
}
