import { dialTcp } from './tcp-dial.ts';

/** Whether somebody takes connections at `host:port`, within `timeoutMs`. False for what is no such address. */
export async function answers(address: string, timeoutMs: number): Promise<boolean> {
  try {
    const socket = await dialTcp(address, { timeoutMs, alpn: '' });
    socket.destroy();
    return true;
  } catch {
    return false;
  }
}
