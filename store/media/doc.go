// Package media keeps files by the SHA-256 of their content, and makes what
// strangers hand in fit to be kept and shown: the type is read from the bytes,
// limits are checked before anything is decoded, and what tells of a place, a
// device or a person leaves the file.
//
// It is not for who may see a file, who it belongs to or where it is served:
// rows of the store say that, and a file without a row is a leftover. It knows
// nothing of SQL and HTTP, and imports nothing of this project.
//
// Read [Files] first, then [Files.Take], by which everything comes in.
package media
