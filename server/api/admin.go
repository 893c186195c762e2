package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"seedling/store"
)

// staffOnly lets in members of a role alone. To all others an endpoint for staff is
// forbidden, which is no secret: apps ask what a role may do.
func (s *Server) staffOnly(least store.Role, h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if r.user.Role < least {
			return errRole
		}
		return h(w, r)
	}
}

// adminAccount is the entity Admin::Account. Addresses of log-ins are told to
// nobody but their owner here.
type adminAccount struct {
	ID            string     `json:"id"`
	Username      string     `json:"username"`
	Domain        *string    `json:"domain"`
	CreatedAt     string     `json:"created_at"`
	Email         string     `json:"email"`
	IP            *string    `json:"ip"`
	IPs           []struct{} `json:"ips"`
	Locale        *string    `json:"locale"`
	InviteRequest *string    `json:"invite_request"`
	Role          *role      `json:"role"`
	Confirmed     bool       `json:"confirmed"`
	Approved      bool       `json:"approved"`
	Disabled      bool       `json:"disabled"`
	Silenced      bool       `json:"silenced"`
	Sensitized    bool       `json:"sensitized"`
	Suspended     bool       `json:"suspended"`
	Account       *account   `json:"account"`
}

// adminAccounts makes the entities of accounts, with their log-ins if they are
// members.
func (s *Server) adminAccounts(r *request, people []*store.Account, users map[int64]*store.User) ([]adminAccount, error) {
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return nil, err
	}
	list := make([]adminAccount, len(people))
	for i, a := range people {
		v := adminAccount{ID: id(a.ID), Username: a.Username, Domain: stringOrNil(a.Host), CreatedAt: moment(a.CreatedAt), IPs: []struct{}{},
			Confirmed: true, Approved: true, Suspended: a.Suspended || a.State != store.AccountActive, Account: accounts[i]}
		if u := users[a.ID]; u != nil {
			v.Email, v.Locale, v.InviteRequest = u.Email, stringOrNil(u.Preferences.Locale), stringOrNil(u.Reason)
			v.Role = &role{badge: badgeOf(u.Role), Permissions: permissions[u.Role], Highlighted: u.Role > store.Member}
			v.Approved, v.Disabled = u.State != store.UserPending, u.State == store.UserDisabled
		}
		list[i] = v
	}
	return list, nil
}

// wantsRemote says whether accounts elsewhere are asked for.
func (r *request) wantsRemote() bool {
	return r.params.Bool("remote", false) || r.params.Get("origin") == "remote" || r.params.Get("by_domain") != ""
}

// showAdminRemote is admin/accounts for accounts elsewhere, who have no log-in
// that could wait or be disabled.
func (s *Server) showAdminRemote(w http.ResponseWriter, r *request, c store.Cursor) error {
	p := r.params
	for _, name := range []string{"pending", "disabled", "silenced", "staff"} {
		if p.Bool(name, false) || p.Get("status") == name || p.Get("permissions") == name {
			return s.none(w, r)
		}
	}
	page, err := s.db.RemoteAccounts(r.Context(), store.RemoteQuery{Host: p.Get("by_domain"), Username: p.Get("username"), Name: p.Get("display_name"),
		Suspended: p.Bool("suspended", false) || p.Get("status") == "suspended"}, c)
	if err != nil {
		return err
	}
	list, err := s.adminAccounts(r, page.Accounts, nil)
	if err != nil {
		return err
	}
	s.setLink(w, r, page.Older, page.Newer)
	return s.json(w, list)
}

// showAdminAccounts is GET admin/accounts of both versions: members or accounts
// elsewhere, the newest first.
func (s *Server) showAdminAccounts(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(maxPeople, maxPeople)
	if err != nil {
		return err
	}
	if r.wantsRemote() {
		return s.showAdminRemote(w, r, c)
	}
	q, possible := r.memberQuery()
	if !possible {
		return s.none(w, r)
	}
	users, older, newer, err := s.db.UserPage(r.Context(), q, c)
	if err != nil {
		return err
	}
	byID := map[int64]*store.User{}
	var people []*store.Account
	for _, u := range users {
		byID[u.Account.ID], people = u, append(people, u.Account)
	}
	list, err := s.adminAccounts(r, people, byID)
	if err != nil {
		return err
	}
	s.setLink(w, r, older, newer)
	return s.json(w, list)
}

// memberQuery reads the filters of both versions of admin/accounts. It says
// whether anybody can fit: nobody can be silenced, or be in two states.
func (r *request) memberQuery() (q store.MemberQuery, possible bool) {
	p := r.params
	asked := func(name string) bool { return p.Bool(name, false) || p.Get("status") == name }
	q = store.MemberQuery{Username: p.Get("username"), Name: p.Get("display_name"), Email: p.Get("email"), Suspended: asked("suspended"),
		Staff: p.Bool("staff", false) || p.Get("permissions") == "staff"}
	possible = !asked("silenced")
	for name, state := range map[string]store.UserState{"active": store.UserActive, "pending": store.UserPending, "disabled": store.UserDisabled} {
		if asked(name) {
			possible = possible && q.State == nil
			q.State = &state
		}
	}
	return q, possible
}

// adminPerson finds the account that the path names, be it suspended, and its
// log-in, or nil.
func (s *Server) adminPerson(r *request) (*store.Account, *store.User, error) {
	accountID, err := r.id("id")
	if err != nil {
		return nil, nil, err
	}
	a, err := s.db.Account(r.Context(), accountID)
	if err != nil {
		return nil, nil, err
	}
	u, err := s.db.User(r.Context(), accountID)
	if errors.Is(err, store.ErrNotFound) {
		return a, nil, nil
	}
	return a, u, err
}

// showAdminAccount is GET admin/accounts/:id.
func (s *Server) showAdminAccount(w http.ResponseWriter, r *request) error {
	a, u, err := s.adminPerson(r)
	if err != nil {
		return err
	}
	list, err := s.adminAccounts(r, []*store.Account{a}, map[int64]*store.User{a.ID: u})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}

// memberDeed is what staff do to a member; the store says who may.
type memberDeed func(ctx context.Context, by store.Staff, accountID int64) error

// onMember does something to a member and answers with how they are then.
func (s *Server) onMember(do memberDeed) handler {
	return func(w http.ResponseWriter, r *request) error {
		if err := s.doToMember(r, do); err != nil {
			return err
		}
		return s.showAdminAccount(w, r)
	}
}

func (s *Server) doToMember(r *request, do memberDeed) error {
	_, u, err := s.adminPerson(r)
	if err != nil {
		return err
	}
	if u == nil {
		return store.ErrNotFound
	}
	return decided(do(r.Context(), r.staff(), u.Account.ID))
}

// staff is the member who asks, as staff.
func (r *request) staff() store.Staff { return store.Staff{AccountID: r.me()} }

// decided tells that nobody waits any more, as Mastodon does: it is forbidden.
func decided(err error) error {
	if errors.Is(err, store.ErrDecidedAlready) {
		return errRole
	}
	return err
}

// rejectMember is POST admin/accounts/:id/reject, after which there is no
// account: it is told as it was.
func (s *Server) rejectMember(w http.ResponseWriter, r *request) error {
	a, u, err := s.adminPerson(r)
	if err != nil {
		return err
	}
	list, err := s.adminAccounts(r, []*store.Account{a}, map[int64]*store.User{a.ID: u})
	if err != nil {
		return err
	}
	if err := s.db.RejectUser(r.Context(), r.staff(), a.ID); err != nil {
		return decided(err)
	}
	return s.json(w, list[0])
}

// actOnMember is POST admin/accounts/:id/action. What a moderator can do to an
// account here is to lock it out; a report can be resolved with it.
func (s *Server) actOnMember(w http.ResponseWriter, r *request) error {
	reportID, err := r.idParam("report_id")
	if err != nil {
		return err
	}
	switch r.params.Get("type") {
	case "none":
	case "disable":
		if err := s.doToMember(r, s.db.DisableUser); err != nil {
			return err
		}
	default:
		return invalid("Type is not included in the list")
	}
	if reportID != 0 {
		if err := s.db.ResolveReport(r.Context(), r.me(), reportID); err != nil {
			return err
		}
	}
	return s.empty(w)
}

// adminReport is the entity Admin::Report.
type adminReport struct {
	ID        string        `json:"id"`
	Taken     bool          `json:"action_taken"`
	TakenAt   *string       `json:"action_taken_at"`
	Category  string        `json:"category"`
	Comment   string        `json:"comment"`
	Forwarded bool          `json:"forwarded"`
	CreatedAt string        `json:"created_at"`
	UpdatedAt string        `json:"updated_at"`
	Account   *adminAccount `json:"account"` // null: from elsewhere
	Target    *adminAccount `json:"target_account"`
	Assigned  *adminAccount `json:"assigned_account"`
	TakenBy   *adminAccount `json:"action_taken_by_account"`
	Statuses  []*status     `json:"statuses"`
	Rules     []rule        `json:"rules"`
}

// adminReports makes the entities.
func (s *Server) adminReports(r *request, reports []*store.Report) ([]*adminReport, error) {
	people, err := s.adminCast(r, reports)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, report := range reports {
		for _, p := range report.Posts {
			ids = append(ids, p.PostID)
		}
	}
	views, err := s.db.PostsVisibleTo(r.Context(), ids, r.viewer())
	if err != nil {
		return nil, err
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	posts := make(map[int64]*status, len(views))
	statuses, err := e.statuses(r.Context(), views)
	for i, v := range statuses {
		posts[views[i].ID] = v
	}
	list := make([]*adminReport, len(reports))
	for i, report := range reports {
		list[i] = adminReportOf(report, people, posts)
	}
	return list, err
}

// adminCast makes the entities of everybody who is named in reports.
func (s *Server) adminCast(r *request, reports []*store.Report) (map[int64]*adminAccount, error) {
	var people []*store.Account
	var ids []int64
	cast := map[int64]*adminAccount{}
	for _, report := range reports {
		for _, a := range []*store.Account{report.Reporter, report.Account, report.Assigned, report.Resolved} {
			if a == nil {
				continue
			}
			if _, in := cast[a.ID]; !in {
				people, ids, cast[a.ID] = append(people, a), append(ids, a.ID), nil
			}
		}
	}
	users, err := s.db.UsersByID(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	list, err := s.adminAccounts(r, people, users)
	for i := range list {
		cast[ids[i]] = &list[i]
	}
	return cast, err
}

// adminReportOf makes the entity; people and posts are those whom it may name.
func adminReportOf(report *store.Report, people map[int64]*adminAccount, posts map[int64]*status) *adminReport {
	named := func(a *store.Account) *adminAccount {
		if a == nil {
			return nil
		}
		return people[a.ID]
	}
	v := &adminReport{ID: id(report.ID), Taken: !report.Open(), TakenAt: momentOrNil(report.ResolvedAt), Category: reportCategory(report.Category), Comment: report.Comment,
		Forwarded: report.Forwarded, CreatedAt: moment(report.CreatedAt), UpdatedAt: moment(laterOf(report.CreatedAt, report.ResolvedAt)), Statuses: []*status{}, Rules: []rule{},
		Account: named(report.Reporter), Target: named(report.Account), Assigned: named(report.Assigned), TakenBy: named(report.Resolved)}
	for i, text := range report.Rules {
		v.Rules = append(v.Rules, rule{ID: id(int64(i) + 1), Text: text})
	}
	for _, p := range report.Posts {
		if post := posts[p.PostID]; post != nil {
			v.Statuses = append(v.Statuses, post)
		}
	}
	return v
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// showAdminReports is GET admin/reports: the open ones, or with resolved those
// that are done.
func (s *Server) showAdminReports(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	target, err := r.idParam("target_account_id")
	if err != nil {
		return err
	}
	p, err := s.db.Reports(r.Context(), !r.params.Bool("resolved", false), target, c)
	if err != nil {
		return err
	}
	list, err := s.adminReports(r, p.Reports)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Newer)
	return s.json(w, list)
}

// onReport does something to the report that the path names, or nothing, and
// answers with how it is then.
func (s *Server) onReport(do func(r *request, reportID int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		reportID, err := r.id("id")
		if err != nil {
			return err
		}
		if err := do(r, reportID); err != nil {
			return err
		}
		report, err := s.db.Report(r.Context(), reportID)
		if err != nil {
			return err
		}
		list, err := s.adminReports(r, []*store.Report{report})
		if err != nil {
			return err
		}
		return s.json(w, list[0])
	}
}
