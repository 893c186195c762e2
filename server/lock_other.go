//go:build !unix

package server

import (
	"fmt"
	"os"
	"path/filepath"
)

// lockFolder has no lock to take on this system: whoever runs two servers on
// one folder is not stopped.
func lockFolder(folder string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(folder, "seedling.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return f, nil
}
