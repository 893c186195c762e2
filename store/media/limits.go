package media

import "time"

// Limits of what is taken in. How many bytes a file may have is for the caller
// to say.
const (
	MaxPixels = 40_000_000 // of a picture, width times height
	MaxSide   = 32_000     // pixels of its longer side
	MaxFrames = 2_000      // of an animated picture

	// MaxCaptions is how many bytes captions may have: those of a film of three
	// hours have some 200 KB.
	MaxCaptions = 512 << 10

	maxFramePixels = 400_000_000 // of all frames of an animated picture together

	smallSide  = 640 // pixels of the longer side of the variant for lists
	smallBytes = 48 << 10
	smallJPEG  = 80 // quality of the variant for lists

	sniffBytes = 4 << 10 // that tell the type of a file
	copyBytes  = 64 << 10

	// memoryBudget bounds what all pictures that are worked on at once may take,
	// in bytes of pixels; one picture may take it all.
	memoryBudget = 96 << 20
	// maxPictureMemory is what one picture may take: 40 megapixels with an alpha
	// channel. It is worked on alone.
	maxPictureMemory = 165_000_000

	tempAge = 24 * time.Hour // after which an unfinished file is a leftover of a crash
)
