package main

import (
	"fmt"

	"go-micro.dev/v6/registry"
)

func (micro) List() (interface{}, error) {
	services, err := registry.NewMDNSRegistry().ListServices()
	names := []string{}
	for _, service := range services {
		names = append(names, service.Name)
	}
	return names, err
}

func (micro) Get(name string) (interface{}, error) {
	return registry.NewMDNSRegistry().GetService(name)
}

func (micro) Watch(found func(change interface{})) error {
	watcher, err := registry.NewMDNSRegistry().Watch()
	if err != nil {
		return err
	}
	for {
		result, err := watcher.Next()
		if err != nil {
			return fmt.Errorf("the watch ended: %w", err)
		}
		found(result)
	}
}
