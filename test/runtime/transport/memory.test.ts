import { expect, test } from 'vitest';
import { memoryTransport } from '../../../src/runtime/transport/memory.ts';
import { transportContract } from '../../contract/transport.ts';
import { collector, echo } from './collector.ts';

transportContract('memory', memoryTransport, { maxBodyBytes: Number.POSITIVE_INFINITY });

test('networks are separate: one transport does not reach the other', async () => {
  const [ours, theirs] = [memoryTransport(), memoryTransport()];
  const { address } = await ours.listen(':0', echo);
  await expect(theirs.dial(address, collector())).rejects.toMatchObject({ code: 'unreachable' });
});

test('dropping what was not delivered is a reset', async () => {
  const transport = memoryTransport();
  const seen = collector();
  const { address } = await transport.listen(':0', (socket) => {
    socket.pause();
    return seen;
  });
  const socket = await transport.dial(address, collector());
  socket.send({}, 'never delivered');
  socket.destroy();
  expect(await seen.ended()).toMatchObject({ code: 'reset' });
  expect(seen.messages).toEqual([]);
});
