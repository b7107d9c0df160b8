import { setMaxListeners } from 'node:events';
import { type Log, silent } from '../../log/log.ts';
import { newComplaints } from '../complaints.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { type KubernetesTls, newAccess } from './access.ts';
import { newApi } from './api.ts';
import { isBearable, labelSelector, slugOf } from './keys.ts';
import { newOutage } from '../outage.ts';
import { newOwnPod } from './own-pod.ts';
import { listPods } from './pods.ts';
import { newView, type View } from './view.ts';
import { watchPods } from './watch.ts';

export interface KubernetesOptions {
  /**
   * API servers, such as `https://10.0.0.1:6443`, with a path and a user if need be, or that of `kubectl proxy`. When one can't be
   * reached the next is asked. Empty: that of the cluster in which this process is a pod, with what the cluster gives its pods to get in.
   */
  readonly addresses: readonly string[];
  /** Default: the pod's own, or `default` when addresses are given. */
  readonly namespace?: string;
  /** The pod this process is. Default: `HOSTNAME`, which is wrong where the name of a pod is longer than that of a host can be. */
  readonly pod?: string;
  readonly token?: string;
  /** Read for each question, since tokens are replaced. Default: that of the account, when no address is given. */
  readonly tokenFile?: string;
  /** The folder with the `token`, `ca.crt` and `namespace` of the pod's service account. Default: where clusters put it. */
  readonly account?: string;
  readonly tls?: KubernetesTls;
  /** How long an answer may take; lists of more than 500 pods come in several. Default 5,000. */
  readonly timeoutMs?: number;
  /** How long a stream of a watch lasts before the next one goes on from there; one that died unnoticed is noticed then. Default 30,000. */
  readonly renewMs?: number;
  readonly log?: Log;
}

/**
 * Services are in labels and annotations of the pods they run in, as go-micro's plugin puts them there. This process can register
 * itself only: its own pod announces what is registered, in place of what it said of that name before. Times to live mean nothing
 * here: a record lasts until it is taken back or replaced, or its pod leaves the phase `Running`; a process that is killed within a
 * pod that goes on leaves its records behind until the next one registers. Needs a role that allows to list and watch pods, and to
 * patch them for registering. Of the records of one name in a pod go-micro sees the newest; this driver sees all of them.
 * Throws `invalid` at once for an address that is none, or without one outside of a cluster.
 */
export function kubernetesRegistry(options: KubernetesOptions): Registry {
  const { timeoutMs = 5000, renewMs = 30_000, log = silent, pod = process.env['HOSTNAME'] ?? '' } = options;
  const access = newAccess(options);
  const outage = newOutage(log, 'Kubernetes');
  const api = newApi({ access, outage, timeoutMs });
  const own = newOwnPod({ api, name: pod, timeoutMs });
  const stop = new AbortController();
  // Everybody who waits listens.
  setMaxListeners(0, stop.signal);
  const complain = newComplaints(log);
  let closing: Promise<void> | undefined;

  const open = (): void => {
    if (stop.signal.aborted) throw stop.signal.reason;
  };

  const onBroken = (where: string, slug: string, error: Error): void =>
    complain(`${where} ${slug} ${error.message}`, 'Kubernetes: an unreadable record is skipped', {
      pod: where,
      service: slug,
      error,
    });

  const viewOf = (service: string | undefined): View =>
    newView({ slug: service === undefined ? undefined : slugOf(service), onBroken });

  const records = async (service?: string): Promise<readonly ServiceRecord[]> => {
    open();
    const wait = { signal: stop.signal, timeoutMs };
    const { pods } = await listPods(api, { labelSelector: labelSelector(service) }, wait);
    open();
    const view = viewOf(service);
    view.replace(pods);
    return view.records();
  };

  return {
    name: 'kubernetes',
    listsNodes: true,
    keeps: true,
    get isOut() {
      return outage.isOn;
    },
    async register(service, { stays = false } = {}) {
      open();
      await own.put(service, stays);
    },
    async deregister(service) {
      open();
      await own.take(service);
    },
    async getService(name) {
      open();
      // A name that no pod can bear is one that nobody has registered.
      return isBearable(name) ? (await records(name)).filter((record) => record.name === name) : [];
    },
    listServices: () => records(),
    async watch(watch) {
      open();
      const { service } = watch;
      const view = viewOf(service);
      const pods = { api, labelSelector: labelSelector(service), view };
      return watchPods({ ...pods, timeoutMs, renewMs, watch, stop: stop.signal });
    },
    close() {
      closing ??= (async () => {
        stop.abort(new RegistryError('closed', 'the Kubernetes registry is closed'));
        try {
          await own.close();
        } catch (error) {
          log.warn('Kubernetes: not everything could be taken back', { error });
        }
        await api.close();
      })();
      return closing;
    },
  };
}
