import { onTestFinished } from 'vitest';
import { type KubernetesOptions, kubernetesRegistry } from '../../../src/discovery/kubernetes/kubernetes.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { type Cluster, startCluster } from '../../support/kubernetes.ts';
import type { Identity } from '../../support/tls.ts';

export interface World {
  readonly cluster: Cluster;
  /** A registry in this pod, closed with the test. */
  readonly registry: (pod: string, options?: Partial<KubernetesOptions>) => Registry;
}

/** A cluster with the running pods `a` and `b`, until the test ends. */
export async function newWorld(identity?: Identity): Promise<World> {
  const cluster = await startCluster(identity);
  cluster.pods.set('a', {});
  cluster.pods.set('b', {});
  const open: Registry[] = [];
  onTestFinished(async () => {
    cluster.thaw();
    await Promise.all(open.map((registry) => registry.close()));
    await cluster.kill();
  });
  return {
    cluster,
    registry(pod, options = {}) {
      const registry = kubernetesRegistry({ addresses: [cluster.url], pod, ...options });
      open.push(registry);
      return registry;
    },
  };
}
