package main

import (
	"fmt"

	"go-micro.dev/v6/registry"
	"peer"
)

func (micro) List(drivers peer.Drivers) (interface{}, error) {
	all, err := names(drivers)
	if err != nil {
		return nil, err
	}
	services, err := all.ListServices()
	names := []string{}
	for _, service := range services {
		names = append(names, service.Name)
	}
	return names, err
}

func (micro) Get(drivers peer.Drivers, name string) (interface{}, error) {
	all, err := names(drivers)
	if err != nil {
		return nil, err
	}
	found, err := all.GetService(name)
	return append([]*registry.Service{}, found...), err
}

func (micro) Watch(drivers peer.Drivers, begun func(), found func(change interface{})) error {
	all, err := names(drivers)
	if err != nil {
		return err
	}
	watcher, err := all.Watch()
	if err != nil {
		return err
	}
	begun()
	for {
		result, err := watcher.Next()
		if err != nil {
			return fmt.Errorf("the watch ended: %w", err)
		}
		found(result)
	}
}
