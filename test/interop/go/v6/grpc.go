//go:build !registries

package main

import (
	clientgrpc "go-micro.dev/v6/client/grpc"
	servergrpc "go-micro.dev/v6/server/grpc"
)

// This release gives all of gRPC in a program its own way to write protobuf, which refuses what the client of etcd sends: a program
// speaks gRPC itself, or is registered in etcd.
func init() {
	clients["grpc"] = clientgrpc.NewClient
	servers["grpc"] = servergrpc.NewServer
}
