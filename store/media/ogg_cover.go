package media

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
)

// maxOggTags is how many bytes of one packet of tags are searched for a cover,
// which base64 makes larger by a third.
const maxOggTags = maxCover/3*4 + 64<<10

// oggCoverName is the comment that holds a picture, as a block of FLAC in
// base64.
const oggCoverName = "METADATA_BLOCK_PICTURE="

// keepTags keeps a part of a packet of tags that is about to be emptied.
func (s *oggStream) keepTags(part []byte) {
	if len(s.tags)+len(part) <= maxOggTags {
		s.tags = append(s.tags, part...)
	}
}

// coverInTags finds the picture of a packet that has ended: a block of FLAC
// (RFC 9639 §8.8), or a comment of Vorbis and Opus, which begins with its length
// (RFC 7845 §5.2). None is no error.
func (s *oggStream) coverInTags() []byte {
	if s.flac {
		if len(s.tags) > 4 && s.tags[0]&0x7f == 6 {
			return pictureIn(s.tags)
		}
		return nil
	}
	at := bytes.Index(s.tags, []byte(oggCoverName))
	if at < 0 { // names are ASCII of either case; these are the spellings in use
		at = bytes.Index(s.tags, bytes.ToLower([]byte(oggCoverName)))
	}
	if at < 4 {
		return nil
	}
	n := int64(binary.LittleEndian.Uint32(s.tags[at-4:]))
	if n < int64(len(oggCoverName)) || int64(at)+n > int64(len(s.tags)) {
		return nil
	}
	block, err := base64.StdEncoding.DecodeString(string(s.tags[at+len(oggCoverName) : at+int(n)]))
	if err != nil {
		return nil
	}
	return pictureIn(block)
}
