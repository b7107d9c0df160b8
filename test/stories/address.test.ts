import { describe, expect, it } from 'vitest';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { type Finished, loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { type Served, serve } from '../support/serve.ts';

const name = 'go.micro.srv.greeter';
const who = (id: string): Handler => ({ name: 'Say', methods: { Who: unary(() => ({ id })) } });
const answer = (id: string): Finished => ({ code: 0, signal: null, stdout: `{\n\t"id": "${id}"\n}\n`, stderr: '' });

async function twoNodes(domain: string): Promise<readonly [Served, Served]> {
  const start = (id: string): Promise<Served> => serve({ domain, name, id, handlers: [who(id)] });
  return [await start('one'), await start('two')];
}

describe('story 16: a call to an address', () => {
  it('story 16: reaches that node and no other', async () => {
    const domain = unique('addr');
    const [one, two] = await twoNodes(domain);
    const call = (address: string): Promise<Finished> =>
      micro(['call', '--address', address, name, 'Say.Who'], loopback(domain));
    for (let round = 0; round < 3; round += 1) {
      expect(await call(two.address)).toEqual(answer('two'));
      expect(await call(one.address)).toEqual(answer('one'));
    }
  });

  it('story 16: goes through while discovery is down', async () => {
    const domain = unique('addr');
    const [, two] = await twoNodes(domain);
    // An address of no interface here: nothing can be asked there.
    const down = { ...loopback(domain), MICRO_REGISTRY_ADDRESS: '198.51.100.77' };
    expect(await micro(['call', name, 'Say.Who'], down)).toMatchObject({ code: 1, stdout: '' });
    expect(await micro(['call', name, '--address', two.address, 'Say.Who'], down)).toEqual(answer('two'));
    expect(await micro(['health', '--address', two.address, name], down)).toMatchObject({ code: 0, stdout: 'ok\n' });
  });

  it('story 16: fails when nobody is there', async () => {
    const domain = unique('addr');
    const [gone] = await twoNodes(domain);
    await gone.stop();
    const { code, stdout, stderr } = await micro(
      ['call', '--address', gone.address, name, 'Say.Who'],
      loopback(domain),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error calling go\.micro\.srv\.greeter\.Say\.Who: \{"id":"go\.micro\.client","code":500,/);
    expect(stderr).toContain('connection error');
  });
});
