package web

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// expandFor turns a post's outbox row into deliveries, as federation does.
func (s *site) expandFor(hosts ...string) {
	s.t.Helper()
	items, err := s.db.Outbox(s.t.Context(), 100)
	s.must(err)
	for _, o := range items {
		var to []store.Inbox
		for _, h := range hosts {
			to = append(to, store.Inbox{URL: "https://" + h + "/inbox", Host: h})
		}
		s.must(s.db.ExpandOutbox(s.t.Context(), o, []byte(`{}`), to))
	}
}

func TestDeliveryPageOfAPost(t *testing.T) {
	s, c := newVillage(t)
	s.expandFor()
	p := storetest.Post(t, s.db, c.mira, "to many", store.Public)
	local := storetest.Post(t, s.db, c.mira, "stays", store.LocalOnly)
	var hosts []string
	for i := range serversPerPage + 1 {
		hosts = append(hosts, fmt.Sprintf("h%03d.example:8443", i))
	}
	s.expandFor(hosts...)
	path := deliveryPath(p.ID)
	mira := s.member("mira")
	mira.get("/@mira/"+strconv.FormatInt(p.ID, 10)).wants(200, "Delivery")
	first := mira.get(path).wants(200, "All (101)", "Waiting (101)", "h000.example:8443", "Next servers").lacks("h100.example")
	first.sound("delivery")
	mira.get(path+"?after=h099.example:8443").wants(200, "h100.example").lacks("h098.example", "Next servers")
	list, err := s.db.Deliveries(t.Context(), hosts[0], 1)
	s.must(err)
	s.must(s.db.EndDelivery(t.Context(), list[0], store.DeliveryRefused, store.Failure{Cause: store.CauseInvalid, Text: "<b>no</b>"}))
	page := mira.get(path+"?show=failed").wants(200, "<b>no</b>", "does not take posts like this", "Send again").lacks("<b>no</b>", "h001.example")
	page.press(path).leadsTo(path+"?show=failed").wants(200, "It is being sent again.")
	mira.get(path).lacks("Send again")
	mira.get(deliveryPath(local.ID)).wants(200, "No servers")
	for name, other := range map[string]*person{"fay": s.member("fay"), "the owner": s.member("olga")} {
		if got := other.get(path).status; got != 404 {
			t.Errorf("%s opens it: got %d, want 404", name, got)
		}
		act := other.get("/menu").fieldsOfAct()
		act.Set("host", hosts[0])
		other.post(path, act).wants(404)
	}
}

func TestFederationPages(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	p.get("/admin/federation").wants(200, "0 deliveries are waiting", "Nothing yet.").sound("no servers")
	s.must(s.db.HeardFrom(t.Context(), map[string]time.Time{"hollow.example:8443": s.clock.Now()}))
	p.get("/admin/federation").wants(200, "hollow.example:8443", "Never delivered to").sound("servers")
	p.get("/admin/federation?show=failing").wants(200, "No servers").lacks("hollow.example")
	p.get("/admin/federation/hollow.example:8443").wants(200, "Not known").sound("server")
	p.get("/admin/federation/nowhere.example").wants(404)
	p.get("/admin/federation/hollow.example:8443/drop").wants(200, "0 deliveries will never arrive there.").submit("/admin/federation/hollow.example:8443/drop").leadsTo("/admin/federation/hollow.example:8443").wants(200, "dropped")

	s.must(s.db.AddJob(t.Context(), store.NewJob{Kind: store.JobFetch, Key: "https://hollow.example/1"}))
	jobs, err := s.db.ClaimJobs(t.Context(), 1, time.Minute)
	s.must(err)
	s.must(s.db.FailJob(t.Context(), jobs[0].ID, "<i>gone</i>"))
	path := "/admin/jobs/" + strconv.FormatInt(jobs[0].ID, 10)
	list := p.get("/admin/jobs").wants(200, "https://hollow.example/1", "<i>gone</i>").lacks("<i>gone</i>")
	list.sound("jobs")
	list.press(path+"/retry").leadsTo("/admin/jobs").wants(200, "The job is tried again.")
	list.press(path + "/retry").leadsTo("/admin/jobs").wants(200) // pressed twice
	p.get("/admin/jobs").wants(200, "No job has failed")
	s.must(s.db.FailJob(t.Context(), jobs[0].ID, "again"))
	p.get("/admin/jobs").press(path+"/delete").leadsTo("/admin/jobs").wants(200, "The job is deleted.")
}
