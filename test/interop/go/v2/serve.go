package main

import (
	"github.com/micro/go-micro/v2/broker"
	"github.com/micro/go-micro/v2/client"
	"github.com/micro/go-micro/v2/debug/service/handler"
	"github.com/micro/go-micro/v2/registry"
	"github.com/micro/go-micro/v2/server"
	"github.com/micro/go-micro/v2/server/mucp"
	"peer"
)

// Serve does what the release's own service.Run does: the Debug handler is served too, and not advertised.
func (micro) Serve(service peer.Service, handlers ...interface{}) (peer.Running, error) {
	names := registry.NewRegistry()
	// Without an address it would look for one on an interface that is not the loopback.
	events := broker.NewBroker(broker.Addrs("127.0.0.1:0"), broker.Registry(names))
	if err := events.Connect(); err != nil {
		return peer.Running{}, err
	}
	srv := mucp.NewServer(
		server.Name(service.Name),
		server.Version(service.Version),
		server.Address(service.Address),
		server.Registry(names),
		server.Broker(events),
	)
	for _, each := range handlers {
		if err := srv.Handle(srv.NewHandler(each)); err != nil {
			return peer.Running{}, err
		}
	}
	debug := srv.NewHandler(handler.NewHandler(client.DefaultClient), server.InternalHandler(true))
	if err := srv.Handle(debug); err != nil {
		return peer.Running{}, err
	}
	if err := srv.Start(); err != nil {
		return peer.Running{}, err
	}
	options := srv.Options()
	return peer.Running{Node: options.Name + "-" + options.Id, Address: options.Address, Stop: srv.Stop}, nil
}
