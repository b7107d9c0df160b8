package main

import (
	"fmt"

	"github.com/micro/go-micro/registry"
)

func (micro) List() (interface{}, error) {
	services, err := registry.NewRegistry().ListServices()
	names := []string{}
	for _, service := range services {
		names = append(names, service.Name)
	}
	return names, err
}

func (micro) Get(name string) (interface{}, error) {
	return registry.NewRegistry().GetService(name)
}

func (micro) Watch(found func(change interface{})) error {
	watcher, err := registry.NewRegistry().Watch()
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
