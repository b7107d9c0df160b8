// Command v2 is a go-micro v2.9.1 service, client and registry for our tests to talk to.
package main

import (
	"context"

	"github.com/micro/go-micro/v2/errors"
	"github.com/micro/go-micro/v2/metadata"
	"peer"
)

type micro struct{}

func (micro) Error(id, detail string, code int32) error { return errors.New(id, detail, code) }

func (micro) Headers(ctx context.Context) map[string]string {
	headers, _ := metadata.FromContext(ctx)
	return headers
}

func main() { peer.Main(micro{}) }
