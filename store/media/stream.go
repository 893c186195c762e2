package media

// takeStream keeps sound or video.
func (in *intake) takeStream(s *staged, mediaType string) (*Taken, error) {
	return nil, &RefusedError{Problem: Unreadable, Type: mediaType}
}
