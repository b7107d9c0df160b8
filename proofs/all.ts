import { auditKill } from './audit/kill.ts';
import { auditSecrets } from './audit/secrets.ts';
import { churn } from './churn/churn.ts';
import { flood } from './flood/flood.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { heap } from './heap/heap.ts';
import { isolation } from './isolation.ts';
import type { Proof } from './proof.ts';
import { restart } from './restart/restart.ts';
import { shutdown } from './shutdown.ts';
import { forged } from './slack/forged.ts';
import { hostile } from './slack/hostile.ts';
import { noise } from './slack/noise.ts';
import { outage } from './slack/outage.ts';
import { redelivery } from './slack/redelivery.ts';
import { refresh } from './slack/refresh.ts';
import { attacks } from './xmpp/attacks.ts';
import { life } from './xmpp/life.ts';

export const proofs: readonly Proof[] = [
  isolation,
  shutdown,
  flood,
  fuzz,
  restart,
  churn,
  heap,
  auditKill,
  auditSecrets,
  redelivery,
  refresh,
  outage,
  noise,
  forged,
  hostile,
  life,
  attacks,
];
