package main

import (
	"time"

	"github.com/micro/go-micro/v2/registry"
)

// patient asks mdns again when nobody answered: the release waits 100 ms for an answer, which a busy machine does not always keep.
type patient struct{ registry.Registry }

func (p patient) GetService(name string, options ...registry.GetOption) ([]*registry.Service, error) {
	end := time.Now().Add(5 * time.Second)
	for {
		found, err := p.Registry.GetService(name, options...)
		if err != nil || len(found) > 0 || time.Now().After(end) {
			return found, err
		}
	}
}
