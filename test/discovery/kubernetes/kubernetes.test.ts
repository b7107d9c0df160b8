import { afterEach } from 'vitest';
import { kubernetesRegistry } from '../../../src/discovery/kubernetes/kubernetes.ts';
import { registryContract } from '../../contract/registry.ts';
import { type Cluster, startCluster } from '../../support/kubernetes.ts';

const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.kill()));
});

registryContract(
  'Kubernetes',
  async () => {
    const cluster = await startCluster();
    clusters.push(cluster);
    cluster.pods.set('a', {});
    cluster.pods.set('b', {});
    const addresses = [cluster.url];
    return { a: kubernetesRegistry({ addresses, pod: 'a' }), b: kubernetesRegistry({ addresses, pod: 'b' }) };
  },
  { expires: false, stays: true },
);
