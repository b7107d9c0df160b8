//go:build registries

package main

import (
	"github.com/micro/go-micro/v2/registry/etcd"
	"github.com/micro/go-plugins/registry/nats/v2"
)

func init() {
	registries["etcd"] = etcd.NewRegistry
	registries["nats"] = nats.NewRegistry
}
