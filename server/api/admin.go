package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"
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
	c, err := r.cursor(100, 200)
	if err != nil {
		return err
	}
	if r.wantsRemote() {
		return s.showAdminRemote(w, r, c)
	}
	users, err := s.db.Users(r.Context())
	if err != nil {
		return err
	}
	slices.SortFunc(users, func(a, b *store.User) int { return int(min(max(b.Account.ID-a.Account.ID, -1), 1)) })
	byID := map[int64]*store.User{}
	var people []*store.Account
	var older int64
	for _, u := range users {
		if !r.wantsUser(u) || c.Before != 0 && u.Account.ID >= c.Before || u.Account.ID <= max(c.After, c.Since) {
			continue
		}
		if len(people) == c.Limit {
			older = people[len(people)-1].ID
			break
		}
		byID[u.Account.ID], people = u, append(people, u.Account)
	}
	list, err := s.adminAccounts(r, people, byID)
	if err != nil {
		return err
	}
	s.setLink(w, r, older, 0)
	return s.json(w, list)
}

// wantsUser applies the filters of both versions of admin/accounts.
func (r *request) wantsUser(u *store.User) bool {
	p := r.params
	states := map[string]bool{"active": u.State == store.UserActive, "pending": u.State == store.UserPending, "disabled": u.State == store.UserDisabled,
		"suspended": u.Account.Suspended, "silenced": false}
	for name, is := range states {
		if !is && (p.Bool(name, false) || p.Get("status") == name) {
			return false
		}
	}
	contains := func(text, part string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(part)) }
	switch {
	case (p.Bool("staff", false) || p.Get("permissions") == "staff") && u.Role == store.Member:
		return false
	}
	return contains(u.Account.Username, p.Get("username")) && contains(u.Account.DisplayName, p.Get("display_name")) && contains(u.Email, p.Get("email"))
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

// onMember does something to a member and answers with how they are then. Only
// an owner may do it to somebody of the same role.
func (s *Server) onMember(do func(r *request, accountID int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		if err := s.doToMember(r, do); err != nil {
			return err
		}
		return s.showAdminAccount(w, r)
	}
}

func (s *Server) doToMember(r *request, do func(r *request, accountID int64) error) error {
	_, u, err := s.adminPerson(r)
	if err != nil {
		return err
	}
	if u == nil {
		return store.ErrNotFound
	}
	if u.Role >= r.user.Role && r.user.Role != store.Owner {
		return errRole
	}
	return decided(do(r, u.Account.ID))
}

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
	if err := s.db.RejectUser(r.Context(), a.ID); err != nil {
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
		if err := s.doToMember(r, func(r *request, accountID int64) error { return s.db.DisableUser(r.Context(), accountID) }); err != nil {
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

// adminReport makes the entity.
func (s *Server) adminReport(r *request, report *store.Report) (*adminReport, error) {
	v := &adminReport{ID: id(report.ID), Taken: !report.Open(), TakenAt: momentOrNil(report.ResolvedAt), Category: reportCategory(report.Category), Comment: report.Comment,
		Forwarded: report.Forwarded, CreatedAt: moment(report.CreatedAt), UpdatedAt: moment(laterOf(report.CreatedAt, report.ResolvedAt)), Statuses: []*status{}, Rules: []rule{}}
	for place, a := range map[**adminAccount]*store.Account{&v.Account: report.Reporter, &v.Target: report.Account, &v.Assigned: report.Assigned, &v.TakenBy: report.Resolved} {
		if a == nil {
			continue
		}
		list, err := s.adminAccounts(r, []*store.Account{a}, nil)
		if err != nil {
			return nil, err
		}
		*place = &list[0]
	}
	for i, text := range report.Rules {
		v.Rules = append(v.Rules, rule{ID: id(int64(i) + 1), Text: text})
	}
	var ids []int64
	for _, p := range report.Posts {
		ids = append(ids, p.PostID)
	}
	views, err := s.db.PostsVisibleTo(r.Context(), ids, r.viewer())
	if err != nil {
		return nil, err
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	v.Statuses, err = e.statuses(r.Context(), views)
	return v, err
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
	list := make([]*adminReport, len(p.Reports))
	for i, report := range p.Reports {
		if list[i], err = s.adminReport(r, report); err != nil {
			return err
		}
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
		v, err := s.adminReport(r, report)
		if err != nil {
			return err
		}
		return s.json(w, v)
	}
}
