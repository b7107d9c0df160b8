//go:build registries

package main

import (
	"github.com/micro/go-micro/registry/etcd"
	"github.com/micro/go-plugins/registry/nats"
)

func init() {
	registries["etcd"] = etcd.NewRegistry
	registries["nats"] = nats.NewRegistry
}
