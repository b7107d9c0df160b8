import { fuzz } from './fuzz/fuzz.ts';
import { isolation } from './isolation.ts';
import type { Proof } from './proof.ts';
import { shutdown } from './shutdown.ts';

export const proofs: readonly Proof[] = [isolation, shutdown, fuzz];
