package templates

// OverviewPage is /admin.
type OverviewPage struct {
	*Frame
	Todo                              []Todo
	Members, Active, Posts, Instances int   // members who can log in, those here in the last month, their posts, servers known
	Queue, Waiting                    int   // jobs that are due, deliveries that wait
	Database, Free                    int64 // bytes
	FreeKnown                         bool
	Hours                             Hours
	Owner                             bool // may look at the self-test
}

func (OverviewPage) name() string { return "admin_overview" }

// Todo is something that an admin may want to see to.
type Todo struct {
	Msg  Msg
	URL  string // where that is done
	Warn bool   // it should not wait
}

// Hours is a drawing of how many posts there were in each of some hours, and the
// same as numbers.
type Hours struct {
	Rows            []Hour
	Here, Elsewhere int // together
	Width, Height   int
	Base            int // y of the line on which the bars stand
}

// Hour is one column of the drawing: two bars, one on the other.
type Hour struct {
	From            Moment
	Here, Elsewhere int
	X, Width        int
	HereY, HereH    int
	OtherY, OtherH  int
	Label           bool // the hour is written below
}

// The drawing of hours, in its own units.
const (
	hourWidth  = 20
	hourGap    = 4
	hourHeight = 120
	hourLabels = 24 // below the bars
	hourEvery  = 6  // columns between two labels
)

// NewHours draws rows of which From, Here and Elsewhere are set.
func NewHours(rows []Hour) Hours {
	h := Hours{Rows: rows, Width: len(rows) * hourWidth, Height: hourHeight + hourLabels, Base: hourHeight}
	most := 1
	for _, r := range rows {
		most = max(most, r.Here+r.Elsewhere)
		h.Here, h.Elsewhere = h.Here+r.Here, h.Elsewhere+r.Elsewhere
	}
	for i := range rows {
		r := &rows[i]
		r.X, r.Width, r.Label = i*hourWidth+hourGap/2, hourWidth-hourGap, i%hourEvery == 0
		r.HereH, r.OtherH = barHeight(r.Here, most), barHeight(r.Elsewhere, most)
		r.HereY = hourHeight - r.HereH
		r.OtherY = r.HereY - r.OtherH
	}
	return h
}

// barHeight is the height of a bar: something is seen of whatever is not nothing.
func barHeight(n, most int) int {
	if n == 0 {
		return 0
	}
	return max(2, n*(hourHeight-8)/most)
}

// StoragePage is /admin/storage.
type StoragePage struct {
	*Frame
	Database, Log, Free         int64 // bytes
	FreeKnown, Full             bool
	At                          Moment // when the rest was counted; zero: not yet
	Counting                    bool   // it is being counted
	Kinds, Hosts                []FileSum
	CacheBytes, CacheLimit      int64
	Loose, Unneeded, Evicted    int // what the next upkeep removes
	UnneededBytes, EvictedBytes int64
	Strays                      int
	StrayBytes                  int64
	Bucket                      string // where files are, if not in the data folder
}

func (StoragePage) name() string { return "admin_storage" }

// FileSum is how many files there are of something.
type FileSum struct {
	Name  string // a host, or the end of a message's key
	Files int
	Bytes int64
}

// BackupPage is /admin/backup.
type BackupPage struct {
	*Frame
	Running  bool
	LastAt   Moment // zero: none
	LastIn   string
	FailedAt Moment // zero: the last one was made
	Failure  string // no_room, damaged or other
	Reason   string // as the system said it
	Folder   string
	Rows     []BackupRow
	Owner    bool   // may download
	Kept     string // how many stay: what was typed
}

func (BackupPage) name() string { return "admin_backup" }

// BackupRow is a copy of the database.
type BackupRow struct {
	Name    string
	At      Moment
	Bytes   int64
	Files   int
	Damaged bool
}

// FileTable is a table of files.
type FileTable struct {
	Title, Column string // message keys
	Hosts         bool   // the names are those of servers
	Rows          []FileSum
}

// KindTable is the table of files by kind.
func (p StoragePage) KindTable() FileTable {
	return FileTable{Title: "storage.files", Column: "storage.kind", Rows: p.Kinds}
}

// HostTable is the table of the cache by server.
func (p StoragePage) HostTable() FileTable {
	return FileTable{Title: "storage.hosts", Column: "storage.host", Hosts: true, Rows: p.Hosts}
}
