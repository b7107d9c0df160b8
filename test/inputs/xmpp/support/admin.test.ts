import { expect, it } from 'vitest';
import { unique } from '../../../support/name.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';

eachServer('an administrator', (server, kind) => {
  it('makes rooms, looks into them and ends them', async () => {
    const { admin, conference } = server();
    await admin.createRoom('ops', { identities: 'anyone', name: 'Operations' });
    expect(await admin.occupants('ops')).toEqual([]);
    const alice = await person(server(), unique('alice'));
    await alice.join(`ops@${conference}`, 'Alice');
    expect(await admin.occupants('ops')).toEqual([
      { nick: 'Alice', jid: alice.jid, role: 'participant', affiliation: 'none' },
    ]);
    await admin.destroy('ops', `new-ops@${conference}`, 'too small');
    const farewell = await alice.sees(({ type, nick }) => type === 'unavailable' && nick === 'Alice');
    const destroy = farewell.element.getChild('x')?.getChild('destroy');
    expect(destroy?.attrs['jid']).toBe(`new-ops@${conference}`);
    await expect(admin.occupants('ops')).rejects.toThrow('error');
    await alice.end();
  });

  it('takes people out, and keeps them out', async () => {
    const { admin, conference } = server();
    const room = `party@${conference}`;
    await admin.createRoom('party');
    const bob = await person(server(), unique('bob'));
    await bob.join(room, 'Bob');
    await admin.kick('party', 'Bob', 'too loud');
    await bob.sees(({ codes }) => codes.includes(307));
    await bob.join(room, 'Bob');
    await admin.ban('party', bob.user.jid);
    await bob.sees(({ codes }) => codes.includes(301));
    await expect(bob.join(room, 'Bob')).rejects.toThrow('forbidden');
    await admin.affiliate('party', bob.user.jid, 'none');
    await bob.join(room, 'Bob');
    await admin.role('party', 'Bob', 'moderator');
    expect(await admin.occupants('party')).toMatchObject([{ nick: 'Bob', role: 'moderator' }]);
    await bob.end();
  });

  it('decides who may come in', async () => {
    const { admin, conference } = server();
    await admin.createRoom('members', { membersOnly: true });
    await admin.createRoom('secret', { password: 'sesame' });
    const carol = await person(server(), unique('carol'));
    await expect(carol.join(`members@${conference}`, 'C')).rejects.toThrow('registration-required');
    await admin.affiliate('members', carol.user.jid, 'member');
    await carol.join(`members@${conference}`, 'C');
    await expect(carol.join(`secret@${conference}`, 'C')).rejects.toThrow('not-authorized');
    await carol.join(`secret@${conference}`, 'C', { password: 'sesame' });
    await carol.end();
  });

  // Prosody cannot.
  if (kind === 'prosody') return;
  it('forbids what is said between two in a room', async () => {
    const { admin, conference } = server();
    const room = `public@${conference}`;
    await admin.createRoom('public', { privateMessages: false });
    const dora = await person(server(), unique('dora'));
    await dora.join(room, 'Dora');
    await dora.say(`${room}/Dora`, 'psst');
    await dora.hears(({ type, element }) => type === 'error' && element.getChild('error') !== undefined);
    await dora.end();
  });
});
