package templates

// byteUnits are the ends of the keys size.in_UNIT, each 1024 of the one before,
// as settings count them.
var byteUnits = [...]string{"b", "kb", "mb", "gb", "tb"}

// Bytes puts a size into words, in the largest unit of which there are ten or
// more: no fraction is needed then.
func (c *Catalogue) Bytes(n int64) string {
	unit := 0
	for n >= 10*1024 && unit < len(byteUnits)-1 {
		n = (n + 512) / 1024
		unit++
	}
	return c.T("size.in_"+byteUnits[unit], "n", int(n))
}
