import type { Filter } from '../client/client.ts';

/** Keeps the versions that have this endpoint. */
export const filterEndpoint =
  (name: string): Filter =>
  (services) =>
    services.filter(({ endpoints }) => endpoints.some((endpoint) => endpoint.name === name));

/** Keeps the nodes whose metadata has this value. */
export const filterLabel =
  (key: string, value: string): Filter =>
  (services) =>
    services
      .map((service) => ({ ...service, nodes: service.nodes.filter(({ metadata }) => metadata[key] === value) }))
      .filter(({ nodes }) => nodes.length > 0);

/** Keeps this version. */
export const filterVersion =
  (version: string): Filter =>
  (services) =>
    services.filter((service) => service.version === version);
