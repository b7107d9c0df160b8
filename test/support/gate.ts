import { onTestFinished } from 'vitest';
import { type Gate, openGate } from './open-gate.ts';

/** Listens on the loopback interface until the test ends and hands everything on to `target`. */
export async function gate(target: string): Promise<Gate> {
  const open = await openGate(target);
  onTestFinished(() => open.close());
  return open;
}
