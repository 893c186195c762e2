package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// How much of lists for the staff is on one page.
const (
	membersPerPage = 40
	logPerPage     = 40
	logOfMember    = 20 // lines on a member's own page
	logOfOverview  = 5
)

// memberTabs are the parts of the list of members, by ?show=.
var memberTabs = []struct {
	show, key string
	filter    store.MemberFilter
}{
	{"", "members.all", store.AllMembers},
	{"active", "members.active", store.ActiveMembers},
	{"waiting", "members.waiting", store.WaitingMembers},
	{"disabled", "members.disabled", store.DisabledMembers},
	{"staff", "members.staff", store.StaffMembers},
}

// showMembers is /admin/users.
func (s *Server) showMembers(w http.ResponseWriter, r *request) error {
	page := templates.MembersPage{Frame: s.frame(r), Show: r.query("show"), Query: strings.TrimSpace(r.query("q"))}
	filter := store.AllMembers
	for _, tab := range memberTabs {
		if page.Show == tab.show {
			filter = tab.filter
		}
		page.Tabs = append(page.Tabs, templates.Tab{Key: tab.key, URL: membersPath(tab.show, page.Query), Current: page.Show == tab.show})
	}
	before := r.cursor().Before
	list, err := s.db.Members(r.Context(), filter, page.Query, before, membersPerPage+1)
	if err != nil {
		return err
	}
	if len(list) > membersPerPage {
		list = list[:membersPerPage]
		page.Pager.Older = r.withCursor("before", list[membersPerPage-1].Account.ID)
	}
	if before != 0 {
		page.Pager.Newer = membersPath(page.Show, page.Query)
	}
	for _, m := range list {
		page.Rows = append(page.Rows, s.memberRow(r, m))
	}
	return s.render(w, r, http.StatusOK, page)
}

func membersPath(show, query string) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": show, "q": query} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return (&url.URL{Path: "/admin/users", RawQuery: q.Encode()}).String()
}

func memberPath(id int64) string { return "/admin/users/" + strconv.FormatInt(id, 10) }

// memberStates are the states of users as messages name them.
var memberStates = [...]string{store.UserActive: "active", store.UserPending: "pending", store.UserDisabled: "disabled"}

func (s *Server) memberRow(r *request, m *store.MemberSeen) templates.MemberRow {
	return templates.MemberRow{
		Account: accountView(s.db, m.Account, store.Member), Link: memberPath(m.Account.ID), Rank: m.Role.String(), State: memberStates[m.State],
		Joined: s.moment(r, m.CreatedAt), Seen: s.moment(r, m.SeenAt),
	}
}

// memberOfPath is the member that a path names.
func (s *Server) memberOfPath(r *request) (*store.MemberSeen, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Member(r.Context(), id)
}

// showMember is /admin/users/{id}.
func (s *Server) showMember(w http.ResponseWriter, r *request) error {
	m, err := s.memberOfPath(r)
	if err != nil {
		return err
	}
	factors, err := s.db.SecondFactors(r.Context(), m.Account.ID)
	if err != nil {
		return err
	}
	passkeys, err := s.db.Passkeys(r.Context(), m.Account.ID)
	if err != nil {
		return err
	}
	log, err := s.db.StaffLog(r.Context(), m.Account.ID, 0, logOfMember)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.MemberPage{
		Frame: s.frame(r), MemberRow: s.memberRow(r, m), Email: m.Email, Reason: m.Reason,
		Codes: factors.On || len(passkeys) > 0, Actions: actionsOn(r.viewer, m.User), Log: s.staffLines(r, log),
	})
}

// memberActs is what can be done to a member at /admin/users/{id}/{act}, each
// with what it says afterwards.
var memberActs = map[string]struct {
	do    func(s *Server, ctx context.Context, by store.Staff, accountID int64) error
	flash string
}{
	"disable": {func(s *Server, ctx context.Context, by store.Staff, id int64) error {
		return s.db.DisableUser(ctx, by, id)
	}, "flash.member_disabled"},
	"enable": {func(s *Server, ctx context.Context, by store.Staff, id int64) error {
		return s.db.EnableUser(ctx, by, id)
	}, "flash.member_enabled"},
	"factors": {func(s *Server, ctx context.Context, by store.Staff, id int64) error {
		return s.db.ResetSecondFactors(ctx, by, id)
	}, "flash.member_factors"},
}

// actionsOn is what somebody can do to a member now.
func actionsOn(viewer, member *store.User) (acts []string) {
	if !viewer.Role.MayChange(member.Role) {
		return nil
	}
	if member.State == store.UserActive {
		acts = append(acts, "role", "link", "factors", "disable")
	}
	if member.State == store.UserDisabled {
		acts = append(acts, "enable")
	}
	return acts
}

// rolesToGive are the roles that somebody can give to others.
func rolesToGive(viewer *store.User) []templates.Choice {
	var names []string
	for role := store.Member; role <= store.Owner; role++ {
		if viewer.Role.MayGive(role) {
			names = append(names, role.String())
		}
	}
	return templates.RoleChoices(names...)
}

// showMemberAct is GET /admin/users/{id}/{act}.
func (s *Server) showMemberAct(w http.ResponseWriter, r *request) error {
	m, err := s.memberOfPath(r)
	if err != nil {
		return err
	}
	return s.renderMemberAct(w, r, http.StatusOK, m)
}

// renderMemberAct asks before something is done; what can't be done now has no page.
func (s *Server) renderMemberAct(w http.ResponseWriter, r *request, status int, m *store.MemberSeen, errs ...templates.FieldError) error {
	page := templates.MemberActPage{Frame: s.frame(r), MemberRow: s.memberRow(r, m), Act: r.param("act"), Reason: r.form.Get("reason")}
	if !slices.Contains(actionsOn(r.viewer, m.User), page.Act) {
		return store.ErrNotFound
	}
	if page.Act == "role" {
		page.Roles = rolesToGive(r.viewer)
	}
	page.Errors = errs
	return s.render(w, r, status, page)
}

// actOnMember is POST /admin/users/{id}/{act}.
func (s *Server) actOnMember(w http.ResponseWriter, r *request) error {
	m, err := s.memberOfPath(r)
	if err != nil {
		return err
	}
	by := store.Staff{AccountID: r.viewerID(), Reason: strings.TrimSpace(r.form.Get("reason"))}
	flash, err := s.doToMember(r, by, m)
	var wrong *store.InputError
	var last *store.LastOwnerError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "reason":
		return s.renderMemberAct(w, r, http.StatusUnprocessableEntity, m, mistake("reason", "input.long", "n", wrong.Limit))
	case errors.As(err, &wrong):
		return s.renderMemberAct(w, r, http.StatusUnprocessableEntity, m, mistake("role", "settings.choose"))
	case errors.As(err, &last):
		return s.renderMemberAct(w, r, http.StatusUnprocessableEntity, m, mistake("", "members.last_owner"))
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "members.above")
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: flash})
	return redirect(w, r, memberPath(m.Account.ID))
}

// doToMember does what the path names and returns what to say of it.
func (s *Server) doToMember(r *request, by store.Staff, m *store.MemberSeen) (templates.Msg, error) {
	name := m.Account.Username
	switch act := r.param("act"); act {
	case "role":
		role, err := store.ParseRole(r.form.Get("role"))
		if err != nil {
			return templates.Msg{}, &store.InputError{Field: "role", Problem: store.InputRefused}
		}
		return templates.M("flash.member_role", "name", name), s.db.SetRole(r.Context(), by, m.Account.ID, role)
	case "link":
		secret, err := s.db.NewPasswordLink(r.Context(), by, m.Account.ID)
		return s.linkMade(name, secret), err
	default:
		do, ok := memberActs[act]
		if !ok {
			return templates.Msg{}, store.ErrNotFound
		}
		return templates.M(do.flash, "name", name), do.do(s, r.Context(), by, m.Account.ID)
	}
}

// linkMade hands a link for a new password to the staff: in the sentence on the
// next page, the only time that it is shown.
func (s *Server) linkMade(name, secret string) templates.Msg {
	return templates.M("flash.password_link", "name", name, "url", s.db.URL()+passwordPath(secret), "n", int(store.PasswordLinkAge.Hours()/24))
}

// showNewMember is /admin/users/new.
func (s *Server) showNewMember(w http.ResponseWriter, r *request) error {
	return s.renderNewMember(w, r, http.StatusOK, templates.NewMemberPage{Role: store.Member.String()})
}

func (s *Server) renderNewMember(w http.ResponseWriter, r *request, status int, page templates.NewMemberPage, errs ...templates.FieldError) error {
	page.Frame, page.Roles = s.frame(r), rolesToGive(r.viewer)
	page.Errors = errs
	return s.render(w, r, status, page)
}

// createMember makes an account whose owner chooses the password by a link.
func (s *Server) createMember(w http.ResponseWriter, r *request) error {
	page := templates.NewMemberPage{Name: r.text("name"), Email: r.text("email"), Role: r.form.Get("role")}
	role, err := store.ParseRole(page.Role)
	if err != nil || !r.viewer.Role.MayGive(role) {
		return s.renderNewMember(w, r, http.StatusUnprocessableEntity, page, mistake("role", "settings.choose"))
	}
	u, secret, err := s.db.CreateMember(r.Context(), store.Staff{AccountID: r.viewerID()}, store.NewUser{Name: page.Name, Email: page.Email, Role: role})
	if m, ok := accountMistake(err); ok {
		return s.renderNewMember(w, r, http.StatusUnprocessableEntity, page, m)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: s.linkMade(u.Account.Username, secret)})
	return redirect(w, r, memberPath(u.Account.ID))
}

// showStaffLog is /mod/log: what staff did to members.
func (s *Server) showStaffLog(w http.ResponseWriter, r *request) error {
	before := r.cursor().Before
	log, err := s.db.StaffLog(r.Context(), 0, before, logPerPage+1)
	if err != nil {
		return err
	}
	page := templates.StaffLogPage{Frame: s.frame(r)}
	if len(log) > logPerPage {
		log = log[:logPerPage]
		page.Pager.Older = r.withCursor("before", log[logPerPage-1].ID)
	}
	if before != 0 {
		page.Pager.Newer = r.URL.Path
	}
	page.Rows = s.staffLines(r, log)
	return s.render(w, r, http.StatusOK, page)
}

func (s *Server) staffLines(r *request, log []*store.StaffEntry) []templates.StaffLine {
	lines := make([]templates.StaffLine, len(log))
	for i, e := range log {
		lines[i] = templates.StaffLine{ID: e.ID, Actor: e.Actor, Action: string(e.Action), Account: e.Account, Before: e.Before, After: e.After, Reason: e.Reason, At: s.moment(r, e.At)}
		if r.viewer.Role >= store.Admin {
			lines[i].Path = memberPath(e.AccountID)
		}
	}
	return lines
}

// showModeration is /mod: who waits for the moderators, and what was done last.
func (s *Server) showModeration(w http.ResponseWriter, r *request) error {
	page := templates.ModOverviewPage{Frame: s.frame(r)}
	err := s.todoPeople(r.Context(), func(when, warn bool, url, key string, args ...any) {
		if when {
			page.Todo = append(page.Todo, templates.Todo{Msg: templates.M(key, args...), URL: url, Warn: warn})
		}
	})
	if err != nil {
		return err
	}
	log, err := s.db.StaffLog(r.Context(), 0, 0, logOfOverview)
	if err != nil {
		return err
	}
	page.Log = s.staffLines(r, log)
	return s.render(w, r, http.StatusOK, page)
}
