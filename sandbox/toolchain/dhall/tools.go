//go:build tools

package tools

import (
	_ "github.com/philandstuff/dhall-golang/v6/cmd"
)
