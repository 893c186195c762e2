package media

import (
	"errors"
	"fmt"
	"syscall"
)

// ErrNoRoom says that the disk is full, or that what this process may write is
// used up: nobody who hands a file in can do anything about it.
var ErrNoRoom = errors.New("there is no room left for files")

// writing says what went wrong with a file of ours.
func writing(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return fmt.Errorf("media: %w: %w", ErrNoRoom, err)
		}
	}
	return fmt.Errorf("media: write: %w", err)
}

// Problem is what is wrong with a file that was handed in.
type Problem string

// The ways in which a file is refused.
const (
	Empty      Problem = "is empty"
	TooLarge   Problem = "has too many bytes"
	TooBig     Problem = "has too many pixels"
	TooLong    Problem = "has too many frames"
	Unknown    Problem = "is of no type that is accepted"
	Broken     Problem = "is damaged or not complete"
	Unreadable Problem = "is of a type that can't be decoded here"
)

// RefusedError says why a file is not taken. Nothing was kept.
type RefusedError struct {
	Problem Problem
	Type    string // what it seems to be, "" unknown
	Limit   int64  // TooLarge: bytes, TooBig: pixels, TooLong: frames
	Err     error  // what the decoder said, or nil
}

func (e *RefusedError) Error() string {
	text := "file " + string(e.Problem)
	if e.Type != "" {
		text = e.Type + " " + text
	}
	if e.Limit > 0 {
		text += fmt.Sprintf(", at most %d", e.Limit)
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Format is what people call the type of a picture that is Unreadable: "HEIC".
func (e *RefusedError) Format() string { return unreadable[e.Type] }

func (e *RefusedError) Unwrap() error { return e.Err }

// broken says that a file of a type can't be read to its end.
func broken(mediaType string, err error) error {
	var refused *RefusedError
	if errors.As(err, &refused) {
		return err
	}
	return &RefusedError{Problem: Broken, Type: mediaType, Err: err}
}
