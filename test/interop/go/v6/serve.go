package main

import (
	"fmt"

	"go-micro.dev/v6/server"
	"peer"
)

// servers by what they speak.
var servers = map[string]func(...server.Option) server.Server{"mucp": server.NewServer}

// Serve does what the release's own service.Run does: there is no Debug handler.
func (micro) Serve(service peer.Service, handlers []interface{}, subscribers map[string]interface{}) (peer.Running, error) {
	names, err := names(service.Drivers)
	if err != nil {
		return peer.Running{}, err
	}
	events, err := events(service.Drivers, names)
	if err != nil {
		return peer.Running{}, err
	}
	made, has := servers[service.Protocol]
	if !has {
		return peer.Running{}, fmt.Errorf("this program has no server of %s", service.Protocol)
	}
	options := []server.Option{
		server.Name(service.Name),
		server.Version(service.Version),
		server.Address(service.Address),
		server.Registry(names),
		server.Broker(events),
	}
	if service.TTL != 0 {
		options = append(options, server.RegisterTTL(service.TTL), server.RegisterInterval(service.Interval))
	}
	srv := made(options...)
	said := []server.HandlerOption{}
	for endpoint, metadata := range service.Metadata {
		said = append(said, server.EndpointMetadata(endpoint, metadata))
	}
	for _, each := range handlers {
		if err := srv.Handle(srv.NewHandler(each, said...)); err != nil {
			return peer.Running{}, err
		}
	}
	for topic, each := range subscribers {
		if err := srv.Subscribe(srv.NewSubscriber(topic, each)); err != nil {
			return peer.Running{}, err
		}
	}
	if err := srv.Start(); err != nil {
		return peer.Running{}, err
	}
	running := srv.Options()
	records, err := records(service.Drivers, names)
	return peer.Running{Node: running.Name + "-" + running.Id, Address: running.Address, Records: records, Stop: srv.Stop}, err
}
