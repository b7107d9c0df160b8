// Package discover stands in for the one that finds agents in a dozen clouds, whose clients are a third of the build. It finds nobody.
package discover

import (
	"errors"
	"log"
)

type Provider interface{}

var Providers = map[string]Provider{}

type Discover struct{}

type Option func(*Discover)

func New(...Option) (*Discover, error) { return &Discover{}, nil }

func WithUserAgent(string) Option { return nil }

func WithProviders(map[string]Provider) Option { return nil }

func (*Discover) Names() []string { return nil }

func (*Discover) Addrs(string, *log.Logger) ([]string, error) {
	return nil, errors.New("no cloud is known here")
}
