//go:build registries

package main

import (
	"go-micro.dev/v6/registry/etcd"
	"go-micro.dev/v6/registry/nats"
)

func init() {
	registries["etcd"] = etcd.NewEtcdRegistry
	registries["nats"] = nats.NewNatsRegistry
}
