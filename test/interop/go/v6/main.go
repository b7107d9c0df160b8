// Command v6 is a go-micro v6.10.0 service, client and registry for our tests to talk to.
package main

import (
	"context"

	"go-micro.dev/v6/errors"
	"go-micro.dev/v6/metadata"
	"peer"
)

type micro struct{}

func (micro) Error(id, detail string, code int32) error { return errors.New(id, detail, code) }

func (micro) Headers(ctx context.Context) map[string]string {
	headers, _ := metadata.FromContext(ctx)
	return headers
}

func main() { peer.Main(micro{}) }
