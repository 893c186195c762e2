package templates

// ShowPanel is the form in which a member says what a timeline shows.
type ShowPanel struct {
	Action string // where it posts to
	Kinds  []ShownKind
}

// ShownKind is a tick of the panel.
type ShownKind struct {
	Name string // of the field; its words are timeline.show_ and this
	On   bool
}

// LeftOut are the kinds that are not shown.
func (p *ShowPanel) LeftOut() (list []ShownKind) {
	for _, k := range p.Kinds {
		if !k.On {
			list = append(list, k)
		}
	}
	return list
}
