import { expect, test } from 'vitest';
import { collector, echo } from '../../runtime/transport/collector.ts';
import type { World } from './world.ts';

/** Where one can listen and dial. */
export function addresses(world: World): void {
  const { transport, address } = world;

  test('cannot reach an address nobody listens on', async () => {
    const listener = await world.listen(echo);
    await listener.close();
    const seen = collector();
    const reached = world.dial(listener.address, seen).then((socket) => {
      socket.send({}, 'anybody there?');
      return seen.ended();
    });
    const expected = { name: 'TransportError', code: 'unreachable' };
    if (world.missesAtOnce) await expect(reached).rejects.toMatchObject(expected);
    else expect(await reached).toMatchObject(expected);
    expect(seen.messages).toEqual([]);
  });

  test.each(world.noAddresses)('does not dial %j', async (bad) => {
    await expect(transport.dial(bad, collector())).rejects.toMatchObject({ code: 'invalid' });
  });

  test('gives each listener an address of its own', async () => {
    const [one, other] = [await world.listen(echo), await world.listen(echo)];
    expect(one.address).not.toBe(other.address);
    const answers = collector();
    (await world.dial(other.address, answers)).send({}, 'hello');
    expect(await answers.received(1)).toEqual(['hello']);
  });

  test('a place can be taken again after its listener closed', async () => {
    const taken = await world.listen(echo);
    const same = taken.address;
    await taken.close();
    const again = await world.listen(echo, same);
    expect(again.address).toBe(same);
    const answers = collector();
    (await world.dial(same, answers)).send({}, 'hello');
    expect(await answers.received(1)).toEqual(['hello']);
  });

  if (world.hasPorts)
    test('listens on the first free port of a range, and says when there is none', async () => {
      const taken = await world.listen(echo);
      const port = Number(taken.address.slice(taken.address.lastIndexOf(':') + 1));
      const host = address.slice(0, -2);
      await expect(world.listen(echo, `${host}:${port}`)).rejects.toMatchObject({ code: 'unavailable' });
      const next = await world.listen(echo, `${host}:${port}-${Math.min(port + 50, 65_535)}`);
      expect(next.address.startsWith(`${host}:`)).toBe(true);
      expect(next.address).not.toBe(taken.address);
      const answers = collector();
      (await world.dial(next.address, answers)).send({}, 'hello');
      expect(await answers.received(1)).toEqual(['hello']);
    });
}
