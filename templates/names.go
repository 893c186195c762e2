package templates

// Every page and its file in pages/. A test renders each of them.

func (HomePage) name() string            { return "home" }
func (ThreadPage) name() string          { return "thread" }
func (ComposePage) name() string         { return "compose" }
func (ConfirmPage) name() string         { return "confirm" }
func (HistoryPage) name() string         { return "history" }
func (ReactPage) name() string           { return "react" }
func (PeoplePage) name() string          { return "people_page" }
func (SavedPage) name() string           { return "saved" }
func (TagPage) name() string             { return "tag" }
func (ProfilePage) name() string         { return "profile" }
func (RemoteFollowPage) name() string    { return "remote_follow" }
func (NotificationsPage) name() string   { return "notifications" }
func (RequestsPage) name() string        { return "requests" }
func (SearchPage) name() string          { return "search" }
func (LandingPage) name() string         { return "landing" }
func (UnfoundedPage) name() string       { return "unfounded" }
func (LoginPage) name() string           { return "login" }
func (JoinPage) name() string            { return "join" }
func (JoinWaitingPage) name() string     { return "join_waiting" }
func (SetupPage) name() string           { return "setup" }
func (AboutPage) name() string           { return "about" }
func (RulesPage) name() string           { return "rules" }
func (PrivacyPage) name() string         { return "privacy" }
func (SourcePage) name() string          { return "source" }
func (ErrorPage) name() string           { return "error" }
func (MenuPage) name() string            { return "menu" }
func (ProfileSettingsPage) name() string { return "settings_profile" }
func (AppearancePage) name() string      { return "settings_appearance" }
func (SecurityPage) name() string        { return "settings_security" }
func (MigrationPage) name() string       { return "settings_migration" }
func (LeavePage) name() string           { return "settings_delete" }
func (AdminSettingsPage) name() string   { return "admin_settings" }
func (ReportPage) name() string          { return "report" }
func (ReportsPage) name() string         { return "mod_reports" }
func (ModReportPage) name() string       { return "mod_report" }
func (SignUpsPage) name() string         { return "signups" }
func (InvitesPage) name() string         { return "invites" }
func (PostDeliveryPage) name() string    { return "post_delivery" }
func (FederationPage) name() string      { return "admin_federation" }
func (HostPage) name() string            { return "admin_host" }
func (JobsPage) name() string            { return "admin_jobs" }
func (RelaysPage) name() string          { return "admin_relays" }
