package api

import (
	"cmp"
	"net/http"
	"runtime"
	"strconv"
	"strings"

	"seedling/store"
)

// dimension is the entity Admin::Dimension. Its numbers are texts.
type dimension struct {
	Key  string          `json:"key"`
	Data []dimensionData `json:"data"`
}

type dimensionData struct {
	Key   string `json:"key"`
	Human string `json:"human_key"`
	Value string `json:"value"`
	Unit  string `json:"unit,omitempty"`
	Shown string `json:"human_value,omitempty"`
}

// counted are the dimensions that are counted of some days, what stands for an
// empty key, and the parameter that says of what they are, if they need one.
var counted = map[string]struct {
	what         store.Dimension
	empty, about string
}{
	"languages": {store.DimensionLanguages, "und", ""}, "sources": {store.DimensionSources, "web", ""}, "servers": {store.DimensionServers, "", ""},
	"tag_servers": {store.DimensionTagServers, "", "id"}, "tag_languages": {store.DimensionTagLanguages, "und", "id"},
	"instance_accounts": {store.DimensionInstanceAccounts, "", "domain"}, "instance_languages": {store.DimensionInstanceLanguages, "und", "domain"},
}

// showDimensions is POST admin/dimensions. Keys that there are not are left out.
func (s *Server) showDimensions(w http.ResponseWriter, r *request) error {
	list := []dimension{}
	for i, key := range r.params.All("keys") {
		if i == maxDimensions {
			break
		}
		var data []dimensionData
		var err error
		switch key {
		case "space_usage":
			data, err = s.spaceUsage(r)
		case "software_versions":
			data = s.softwareVersions()
		default:
			if _, ok := counted[key]; !ok {
				continue
			}
			data, err = s.countDimension(r, key)
		}
		if err != nil {
			return err
		}
		list = append(list, dimension{key, data})
	}
	return s.json(w, list)
}

// countDimension counts what was posted on the days that are asked for.
func (s *Server) countDimension(r *request, key string) ([]dimensionData, error) {
	from, to, err := r.days()
	if err != nil {
		return nil, err
	}
	d, about := counted[key], ""
	if d.about != "" {
		if about = strings.ToLower(r.params.Below(key).Get(d.about)); about == "" {
			return nil, invalid("%s[%s] is missing", key, d.about)
		}
	}
	counts, err := s.db.CountDimension(r.Context(), d.what, about, from, to, r.limit(10, maxPage))
	data := make([]dimensionData, len(counts))
	for i, c := range counts {
		name := cmp.Or(c.Key, d.empty, s.db.AccountDomain())
		data[i] = dimensionData{Key: name, Human: name, Value: strconv.FormatInt(c.Count, 10)}
	}
	return data, err
}

// spaceUsage is what the database and the files take; of the files as they were
// last counted.
func (s *Server) spaceUsage(r *request) ([]dimensionData, error) {
	figures, err := s.db.StorageFigures(r.Context())
	if err != nil {
		return nil, err
	}
	var files int64
	for _, kind := range figures.Kinds {
		files += kind.Bytes
	}
	bytes := func(key, name string, n int64) dimensionData {
		return dimensionData{Key: key, Human: name, Value: strconv.FormatInt(n, 10), Unit: "bytes", Shown: strconv.FormatInt((n+1<<20-1)>>20, 10) + " MB"}
	}
	return []dimensionData{bytes("sqlite", "SQLite", s.db.DiskUse().Database), bytes("media", "Media storage", files)}, nil
}

func (s *Server) softwareVersions() []dimensionData {
	list := []dimensionData{{Key: "seedling", Human: "Seedling", Value: s.version}, {Key: "go", Human: "Go", Value: strings.TrimPrefix(runtime.Version(), "go")}}
	for i := range list {
		list[i].Shown = list[i].Value
	}
	return list
}
