import type { Proof } from './proof.ts';

/** A proof by its name. It is read when it is wanted: together they use nearly everything there is. */
export interface Listed {
  readonly name: string;
  readonly load: () => Promise<Proof>;
}

export const proofs: readonly Listed[] = [
  { name: 'isolation', load: async () => (await import('./isolation.ts')).isolation },
  { name: 'shutdown under load', load: async () => (await import('./shutdown.ts')).shutdown },
  { name: 'flood', load: async () => (await import('./flood/flood.ts')).flood },
  { name: 'fuzz', load: async () => (await import('./fuzz/fuzz.ts')).fuzz },
  { name: 'restart', load: async () => (await import('./restart/restart.ts')).restart },
  { name: 'churn', load: async () => (await import('./churn/churn.ts')).churn },
  { name: 'heap', load: async () => (await import('./heap/heap.ts')).heap },
  { name: 'audit kill', load: async () => (await import('./audit/kill.ts')).auditKill },
  { name: 'audit level', load: async () => (await import('./audit/kill.ts')).auditLevel },
  { name: 'audit secrets', load: async () => (await import('./audit/secrets.ts')).auditSecrets },
  { name: 'slack redelivery', load: async () => (await import('./slack/redelivery.ts')).redelivery },
  { name: 'slack refresh', load: async () => (await import('./slack/refresh.ts')).refresh },
  { name: 'slack outage', load: async () => (await import('./slack/outage.ts')).outage },
  { name: 'slack noise', load: async () => (await import('./slack/noise.ts')).noise },
  { name: 'slack forged', load: async () => (await import('./slack/forged.ts')).forged },
  { name: 'slack hostile', load: async () => (await import('./slack/hostile.ts')).hostile },
  { name: 'xmpp life', load: async () => (await import('./xmpp/life.ts')).life },
  { name: 'xmpp attacks', load: async () => (await import('./xmpp/attacks.ts')).attacks },
];
