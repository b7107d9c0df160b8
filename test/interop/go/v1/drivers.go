package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/micro/go-micro/broker"
	"github.com/micro/go-micro/broker/nats"
	"github.com/micro/go-micro/registry"
	"github.com/micro/go-micro/registry/memory"
	"peer"
)

// registries are those with others behind them. A program that is built with the tag registries has more of them.
var registries = map[string]func(...registry.Option) registry.Registry{"mdns": registry.NewRegistry}

// names is the registry; a memory registry knows what it is told.
func names(drivers peer.Drivers) (registry.Registry, error) {
	if made, has := registries[drivers.Registry]; has {
		options := []registry.Option{}
		if drivers.RegistryAddress != "" {
			options = append(options, registry.Addrs(drivers.RegistryAddress))
		}
		if drivers.RegistryDomain != "" {
			options = append(options, domain(drivers.RegistryDomain))
		}
		return made(options...), nil
	} else if drivers.Registry != "memory" {
		return nil, fmt.Errorf("this program has no registry %s", drivers.Registry)
	}
	known := []*registry.Service{}
	if err := json.Unmarshal(drivers.Known, &known); err != nil {
		return nil, err
	}
	names := memory.NewRegistry()
	for _, service := range known {
		if err := names.Register(service); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// domain is where mdns looks and registers. All releases read it under this name.
func domain(name string) registry.Option {
	return func(options *registry.Options) {
		if options.Context == nil {
			options.Context = context.Background()
		}
		options.Context = context.WithValue(options.Context, "mdns.domain", name)
	}
}

// records are all that a memory registry holds.
func records(drivers peer.Drivers, names registry.Registry) ([]*registry.Service, error) {
	found := []*registry.Service{}
	if drivers.Registry != "memory" {
		return found, nil
	}
	services, err := names.ListServices()
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	for _, service := range services {
		if asked[service.Name] {
			continue
		}
		asked[service.Name] = true
		versions, err := names.GetService(service.Name)
		if err != nil {
			return nil, err
		}
		found = append(found, versions...)
	}
	return found, nil
}

// events is the broker, connected.
func events(drivers peer.Drivers, names registry.Registry) (broker.Broker, error) {
	options := []broker.Option{broker.Addrs(drivers.BrokerAddress), broker.Registry(names)}
	made := broker.NewBroker
	if drivers.Broker == "nats" {
		made = nats.NewBroker
	}
	events := made(options...)
	return events, events.Connect()
}
