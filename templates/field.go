package templates

// Field is one labelled control of a form, with its hint and its mistake.
type Field struct {
	Name  string // name attribute; the id is "f-" + Name
	Value string
	Label string // message key
	Hint  string // message key, or empty
	Type  string // of the input; textarea for long text; select for Choices
	Error *Msg
	Saved string // see FieldError

	Autocomplete, InputMode, Dir string
	Rows                         int
	Required, On                 bool
	Before, After                string // fixed text around the input, such as "@" and "@willowbend.example"
	Choices                      []Choice
	Suggestions                  []string // for filling in
}

// newField builds a Field from names and values by turns:
// field .Frame "name" .Form.Name "label" "join.name" "type" "text".
// The mistake comes from the frame's Errors.
func newField(f *Frame, name string, value any, options ...any) Field {
	fld := Field{Name: name, Type: "text", Error: errorOf(f, name)}
	for _, e := range f.Errors {
		if e.Field == name {
			fld.Saved = e.Saved
		}
	}
	switch v := value.(type) {
	case string:
		fld.Value = v
	case bool:
		fld.On, fld.Type, fld.Value = v, "checkbox", "1"
	}
	for i := 0; i+1 < len(options); i += 2 {
		fld.set(options[i].(string), options[i+1])
	}
	return fld
}

func (f *Field) set(option string, v any) {
	switch option {
	case "label":
		f.Label = v.(string)
	case "hint":
		f.Hint = v.(string)
	case "type":
		f.Type = v.(string)
	case "autocomplete":
		f.Autocomplete = v.(string)
	case "inputmode":
		f.InputMode = v.(string)
	case "dir":
		f.Dir = v.(string)
	case "rows":
		f.Rows = v.(int)
	case "required":
		f.Required = v.(bool)
	case "before":
		f.Before = v.(string)
	case "after":
		f.After = v.(string)
	case "choices":
		f.Choices = v.([]Choice)
	case "suggestions":
		f.Suggestions = v.([]string)
	default:
		panic("templates: field has no option " + option)
	}
}

func errorOf(f *Frame, field string) *Msg {
	for i := range f.Errors {
		if f.Errors[i].Field == field {
			return &f.Errors[i].Msg
		}
	}
	return nil
}

// mistakes is the frame's errors, for the summary above a form.
func mistakes(f *Frame) []FieldError { return f.Errors }
